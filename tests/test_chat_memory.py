"""Conversations, preferences and run records from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agent.preferences import Preferences, save_preferences
from tests.markets import write_market

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Cli, Finished

    Ask = Callable[..., Finished]

FLOW = "What did foreigners buy this month?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=150, n_sectors=3)


@pytest.fixture
def own(cli: Cli, home: Path) -> Ask:
    """Run a command line in a home of the test's own."""

    def run(*arguments: str, **further: str) -> Finished:
        return cli(*arguments, env={"SECTORVANE_HOME": str(home), **further})

    return run


def about(folder: Path) -> tuple[str, ...]:
    return ("--market", f"folder:{folder}", "--as-of", "2021-07-01")


def test_a_conversation_is_named_taken_up_exported_and_deleted(
    own: Ask, folder: Path, tmp_path: Path
) -> None:
    assert own(FLOW, "--thread", "first", *about(folder)).returncode == 0
    assert own("conversations", "--name", "first", "tiền ngoại").returncode == 0
    again = own(FLOW, "--thread", "tiền ngoại", "--json", *about(folder))
    brief = json.loads(again.stdout)
    assert (brief["thread_id"], brief["usage"]["tool_calls"]) == ("first", 0)
    (line,) = json.loads(own("conversations", "--json").stdout)
    assert (line["thread_id"], line["name"], line["questions"]) == ("first", "tiền ngoại", 2)
    assert "| first | tiền ngoại | 2 |" in own("conversations").stdout
    target = tmp_path / "talk.md"
    assert "2 answers" in own("conversations", "--export", "first", str(target)).stdout
    assert target.read_text(encoding="utf-8").startswith("# tiền ngoại")
    assert "2 run records" in own("conversations", "--delete", "tiền ngoại").stdout
    assert "No conversations" in own("conversations").stdout
    assert "No runs" in own("runs").stdout


@pytest.mark.parametrize(
    "arguments",
    [("--delete", "x"), ("--name", "x", "y"), ("--export", "x", "talk.md")],
)
def test_a_conversation_that_is_not_there_is_one_plain_line(
    own: Ask, arguments: tuple[str, ...]
) -> None:
    finished = own("conversations", *arguments)
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "'x'" in finished.stderr


def test_run_records_are_given_whole_one_a_line(own: Ask, folder: Path) -> None:
    for _ in range(2):
        own(FLOW, *about(folder))
    records = [json.loads(line) for line in own("runs", "--jsonl").stdout.splitlines()]
    assert [record["schema"] for record in records] == ["sectorvane.run/1"] * 2
    assert {record["brief"]["question"] for record in records} == {FLOW}
    assert len(own("runs", "--jsonl", "--limit", "1").stdout.splitlines()) == 1


def test_preferences_stand_behind_everything_else(own: Ask, folder: Path, home: Path) -> None:
    save_preferences(home, Preferences(market=f"folder:{folder}", lang="vi"))
    preferred = json.loads(own(FLOW, "--json", "--as-of", "2021-07-01").stdout)
    assert (preferred["market"]["id"], preferred["language"]) == ("toy", "vi")
    asked = own(FLOW, "--json", "--lang", "en", "--as-of", "2021-07-01").stdout
    assert json.loads(asked)["language"] == "en"


def test_preferences_that_cannot_be_read_are_named(own: Ask, home: Path) -> None:
    (home / "preferences.toml").write_text("lang = 3", encoding="utf-8")
    finished = own(FLOW)
    assert finished.returncode == 2
    assert "preferences.toml" in finished.stderr


def test_the_timeline_goes_to_stderr(own: Ask, folder: Path) -> None:
    finished = own(FLOW, "--trace", *about(folder))
    assert "  get_foreign_flow" in finished.stderr
    assert "█" not in finished.stdout


def test_traces_that_cannot_be_sent_are_one_plain_line(
    own: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    finished = own(FLOW, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")
    assert finished.returncode == 2
    assert "sectorvane[trace]" in finished.stderr
