"""The program as a reader meets it: one process a test, real market, offline brain."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

QUESTION = "Which sectors are rotating in this month?"
VOLATILE = ("run_id", "thread_id")


def stable(text: str) -> dict[str, Any]:
    """Return a brief without what two runs may differ in."""
    brief: dict[str, Any] = json.loads(text)
    for name in VOLATILE:
        del brief[name]
    del brief["usage"]["seconds"]
    for call in brief["plan"]:
        del call["ms"]
        call["status"] = call["status"].replace("cached", "ok")
    return brief


class TestOneAnswer:
    def test_the_answer_is_on_stdout_and_progress_on_stderr(self, process: Cli) -> None:
        finished = process(QUESTION)
        assert finished.returncode == 0, finished.stderr
        assert "|" in finished.stdout
        assert "plan: " in finished.stderr
        assert "\x1b" not in finished.stdout + finished.stderr
        assert "Traceback" not in finished.stderr

    def test_json_is_one_document_of_the_schema(self, cli: Cli) -> None:
        brief = json.loads(cli(QUESTION, "--json").stdout)
        assert brief["schema"] == "sectorvane.brief/1"
        assert brief["question"] == QUESTION
        assert brief["usage"]["brain"] == "offline"
        assert brief["review"]["passed"]

    def test_another_process_gives_the_same_json(self, cli: Cli, process: Cli) -> None:
        assert stable(cli(QUESTION, "--json").stdout) == stable(process(QUESTION, "--json").stdout)

    def test_a_question_in_vietnamese_is_answered_in_vietnamese(self, cli: Cli) -> None:
        brief = json.loads(cli("Ngành nào đang dẫn đầu tháng này?", "--json").stdout)
        assert brief["language"] == "vi"

    def test_a_flag_fixes_language_and_horizon(self, cli: Cli) -> None:
        brief = json.loads(
            cli(
                "Which sectors lead this month?", "--lang", "vi", "--horizon", "3M", "--json"
            ).stdout
        )
        assert (brief["language"], brief["horizon"]) == ("vi", "3M")

    def test_the_chat_command_may_be_named(self, cli: Cli) -> None:
        named = stable(cli("chat", QUESTION, "--json").stdout)
        assert named == stable(cli("--json", QUESTION).stdout)

    def test_a_question_that_looks_like_an_option_comes_after_two_dashes(self, cli: Cli) -> None:
        assert cli("--", "--help me, which sectors lead?").returncode == 0

    def test_the_answer_is_saved_by_its_ending_and_nothing_else_is_left(
        self, cli: Cli, tmp_path: Path
    ) -> None:
        cli(QUESTION, "--out", "brief.md")
        finished = cli(QUESTION, "--out", "brief.json")
        markdown = (tmp_path / "brief.md").read_text(encoding="utf-8")
        brief = json.loads((tmp_path / "brief.json").read_text(encoding="utf-8"))
        assert brief["markdown"].strip() == markdown.strip() == finished.stdout.strip()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.json", "brief.md"]

    def test_a_comparison_names_both_days(self, cli: Cli) -> None:
        out = cli(QUESTION, "--as-of", "2024-09-30", "--compare", "2022-12-30").stdout
        assert "2022" in out
        assert "2024" in out

    def test_input_and_output_are_utf8_whatever_the_locale(self, process: Cli) -> None:
        env = {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        finished = process("Ngành nào đang dẫn đầu?", env=env)
        assert finished.returncode == 0, finished.stderr
        assert "ngành" in finished.stdout.lower()


class TestConversation:
    def test_a_pipe_is_answered_line_by_line(self, process: Cli) -> None:
        lines = f"{QUESTION}\n/plan\n/why Utilities\n/facts rank\n/quit\nnever asked\n"
        finished = process(stdin=lines)
        assert finished.returncode == 0, finished.stderr
        assert "get_sector" in finished.stdout
        assert "Utilities" in finished.stdout
        assert "never asked" not in finished.stdout

    def test_a_mistake_does_not_end_it(self, cli: Cli) -> None:
        finished = cli(stdin=f"/market atlantis\n/nonsense\n{QUESTION}\n")
        assert finished.returncode == 0
        assert "atlantis" in finished.stderr
        assert "|" in finished.stdout

    def test_with_json_stdout_is_a_brief_a_line(self, cli: Cli) -> None:
        finished = cli("--json", stdin=f"{QUESTION}\nWhy is Utilities ranked there?\n")
        briefs = [json.loads(line) for line in finished.stdout.splitlines()]
        assert len(briefs) == 2
        assert len({brief["thread_id"] for brief in briefs}) == 1

    def test_a_thread_is_taken_up_again_by_another_process(self, cli: Cli, process: Cli) -> None:
        first = json.loads(cli(QUESTION, "--json", "--thread", "kept").stdout)
        second = json.loads(process("why?", "--json", "--thread", "kept").stdout)
        assert first["thread_id"] == second["thread_id"] == "kept"
        assert second["intent"] != "clarify"


class TestRecords:
    def test_a_run_is_listed_and_rendered_again(self, cli: Cli) -> None:
        brief = json.loads(cli(QUESTION, "--json").stdout)
        listed = json.loads(cli("runs", "--json").stdout)
        assert brief["run_id"] in [line["run_id"] for line in listed]
        assert cli("replay", brief["run_id"]).stdout.strip() == brief["markdown"].strip()
        assert json.loads(cli("replay", brief["run_id"], "--json").stdout) == brief


class TestCassettes:
    def test_an_offline_conversation_is_recorded_and_replayed(
        self, cli: Cli, tmp_path: Path
    ) -> None:
        recorded = cli(QUESTION, "--json", "--record", "a.yaml")
        assert recorded.returncode == 0, recorded.stderr
        assert (tmp_path / "a.yaml").is_file()
        replayed = cli(QUESTION, "--json", "--replay", "a.yaml")
        assert stable(replayed.stdout) == stable(recorded.stdout)


class TestOtherCommands:
    def test_health_is_a_table_or_json(self, cli: Cli) -> None:
        assert "| prices | fresh |" in cli("health").stdout
        assert json.loads(cli("health", "--json").stdout)["tool"] == "get_data_health"

    def test_train_says_which_artefact_serves(self, cli: Cli) -> None:
        first, second = cli("train").stdout, cli("train").stdout
        assert "artefact" in first
        # All but the seconds at the end.
        assert first.rpartition("(")[0] == second.rpartition("(")[0]

    def test_doctor_finds_a_fresh_machine_in_order(self, cli: Cli) -> None:
        finished = cli("doctor", "--json")
        assert finished.returncode == 0, finished.stdout
        assert {"market", "home", "brain"} <= {row["what"] for row in json.loads(finished.stdout)}

    def test_backtest_walks_the_model_beside_its_baselines(self, cli: Cli, tmp_path: Path) -> None:
        import pandas as pd

        arguments = ["--start", "2010-01-31", "--horizon", "3M", "--predictions", "p.parquet"]
        finished = cli("backtest", *arguments, "--json")
        assert finished.returncode == 0, finished.stderr
        report = json.loads(finished.stdout)
        assert report["schema"] == "sectorvane.backtest/1"
        assert {"composite", "sectorvane", "momentum_12_1"} <= {
            m["model"] for m in report["models"]
        }
        columns = ["date", "sector", "horizon", "model"]
        columns += ["score", "probability", "expected", "low", "high"]
        assert list(pd.read_parquet(tmp_path / "p.parquet").columns) == columns

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--every", "1D"],
            ["--costs", "much"],
            ["--predictions", "p.csv"],
            ["--start", "soon"],
            ["--start", "2030-01-31"],
        ],
    )
    def test_backtest_refuses_what_it_cannot_use(self, cli: Cli, arguments: list[str]) -> None:
        finished = cli("backtest", *arguments)
        assert finished.returncode == 2, finished.stderr
        assert len(finished.stderr.splitlines()) == 1

    def test_eval_prints_the_catch_rate(self, cli: Cli) -> None:
        finished = cli("eval", "--mutations", "100")
        assert "| all | 100 |" in finished.stdout, finished.stderr

    def test_eval_refuses_a_question_set_that_is_not_there(self, cli: Cli) -> None:
        finished = cli("eval", "--mutations", "0", "--questions", "nowhere.jsonl")
        assert finished.returncode == 2
        assert "nowhere.jsonl" in finished.stderr

    def test_tools_are_served_on_stdio(self, process: Cli) -> None:
        hello = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        }
        finished = process("mcp", stdin=json.dumps(hello) + "\n")
        assert finished.returncode == 0, finished.stderr
        answer = json.loads(finished.stdout.splitlines()[0])
        assert answer["result"]["serverInfo"]["name"] == "sectorvane"

    def test_version_and_help(self, cli: Cli, process: Cli) -> None:
        assert cli("--version").stdout.startswith("sectorvane ")
        assert "--as-of" in process("--help").stdout
        assert "--predictions" in cli("backtest", "--help").stdout


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes differ there")
class TestInterruptions:
    @staticmethod
    def started(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "chat.py"), *arguments],
            env={**clean_environment(), "SECTORVANE_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def test_an_interrupt_ends_it_without_a_traceback(self, session_home: Path) -> None:
        with self.started(session_home, "backtest") as process:
            time.sleep(1.0)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        assert b"Traceback" not in err
        assert process.returncode in (0, 130)

    def test_a_reader_that_leaves_is_no_error(self, session_home: Path) -> None:
        with self.started(session_home, QUESTION, "--json") as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            err = process.stderr.read()
            process.wait(timeout=60)
        assert b"Traceback" not in err
        assert b"BrokenPipe" not in err
        assert process.returncode == 0
