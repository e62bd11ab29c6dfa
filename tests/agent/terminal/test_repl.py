"""The conversation in a terminal, held with a stand-in for the conversation behind it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from agent.brief.model import Brief, BriefFact, BriefMarket, PlanEntry
from agent.terminal.readers import LineReader
from agent.terminal.repl import ProgressRelay, Repl, Streams
from agent.terminal.slash import COMMANDS
from tests.fakes import STAMP, VOCABULARY, fact
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path


class HeldConversation:
    """Answers every question with a brief that repeats it, and remembers what it was told."""

    def __init__(self, relay: ProgressRelay) -> None:
        self.asked: list[tuple[str, date | None]] = []
        self.last: Brief | None = None
        self.settings = SimpleNamespace(market="toy", model=None, brain_in_use="offline")
        self.desk = SimpleNamespace(stamp=STAMP)
        self.vocabulary = VOCABULARY
        self.told: list[tuple[str, object]] = []
        self.skipped: tuple[str, ...] = ()
        self.trace = None
        self.record = None
        self._relay = relay

    async def ask(
        self, question: str, *, compare: date | None = None, skip: tuple[str, ...] = ()
    ) -> Brief:
        self.skipped += skip
        self.asked.append((question, compare))
        if question == "unknown market":
            raise UnusableInputError("a market", "none", "Name one.")
        if question == "interrupted":
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(30)
        call = {"tool": "get_market_overview", "arguments": {"timeframe": "1M"}}
        self._relay("plan", {"calls": [call], "keys": ["k"], "held": []})
        self._relay("call", {"key": "k", "tool": call["tool"], "status": "ok", "ms": 3.0})
        self.last = answered(question)
        return self.last

    def set_market(self, name: str) -> None:
        self.told.append(("market", name))

    def set_as_of(self, as_of: date) -> None:
        self.told.append(("as_of", as_of))

    def set_lang(self, code: str) -> None:
        self.told.append(("lang", code))


def answered(question: str, *, language: Any = "en") -> Brief:
    return Brief(
        run_id="r",
        thread_id="t",
        question=question,
        language="vi" if "Vì" in question or "nào" in question else language,
        intent="brief",
        market=BriefMarket(
            id="toy", name="Toy market", as_of=STAMP.as_of, benchmark="TOY", simulated=False
        ),
        horizon="1M",
        plan=(PlanEntry(tool="get_market_overview", arguments={"timeframe": "1M"}, ms=3.0),),
        facts={"10.rel_return.1M": BriefFact.of(fact("10.rel_return.1M", 0.031))},
        markdown=f"# Answer to {question}\n",
    )


class Held(SimpleNamespace):
    """What a conversation left behind."""

    out: str
    err: str
    conversation: HeldConversation


def hold(*lines: str, as_json: bool = False) -> Held:
    relay = ProgressRelay()
    conversation = HeldConversation(relay)
    streams = Streams(io.StringIO("\n".join(lines) + "\n"), io.StringIO(), io.StringIO())
    repl = Repl(cast("Any", conversation), relay, streams, as_json=as_json)
    asyncio.run(repl.run(LineReader(streams.stdin)))
    return Held(
        out=cast("io.StringIO", streams.stdout).getvalue(),
        err=cast("io.StringIO", streams.stderr).getvalue(),
        conversation=conversation,
    )


class TestQuestions:
    def test_each_line_is_a_question_and_its_answer_goes_to_stdout(self) -> None:
        held = hold("first", "", "  second  ")
        assert [question for question, _ in held.conversation.asked] == ["first", "second"]
        assert held.out == "# Answer to first\n# Answer to second\n"

    def test_progress_goes_to_stderr_as_plain_lines(self) -> None:
        held = hold("first")
        assert "plan: 1 call to make" in held.err
        assert "✓ get_market_overview timeframe=1M (ok, 3 ms)" in held.err

    def test_nothing_holds_an_escape_code(self) -> None:
        held = hold("first", "/help", "/plan", "/facts")
        assert "\x1b" not in held.out + held.err

    def test_input_that_cannot_be_used_ends_the_question_and_not_the_conversation(self) -> None:
        held = hold("unknown market", "second")
        assert "Wanted a market; got none. Name one." in held.err
        assert held.out == "# Answer to second\n"

    @pytest.mark.skipif(os.name == "nt", reason="signals differ there")
    def test_an_interrupt_stops_the_question_and_leaves_the_conversation_open(self) -> None:
        held = hold("interrupted", "second")
        assert held.out == "Stopped.\n# Answer to second\n"

    def test_with_json_every_answer_is_one_line_and_stdout_holds_nothing_else(self) -> None:
        held = hold("first", "/help", "second", as_json=True)
        briefs = [json.loads(line) for line in held.out.splitlines()]
        assert [brief["question"] for brief in briefs] == ["first", "second"]
        assert all(brief["schema"] == "sectorvane.brief/1" for brief in briefs)

    def test_vietnamese_passes_through(self) -> None:
        assert "Ngành nào dẫn đầu?" in hold("Ngành nào dẫn đầu?").out


class TestSlashCommands:
    def test_plan_skip_asks_the_last_question_again_without_a_call(self) -> None:
        held = hold("first", "/plan skip overview", "/plan skip macro", "/plan what")
        assert held.conversation.asked == [("first", None), ("first", None)]
        assert held.conversation.skipped == ("get_market_overview",)
        assert "It made: get_market_overview." in held.err
        assert "/plan skip macro" in held.err

    def test_help_lists_every_command(self) -> None:
        out = hold("/help").out
        assert all(command.name in out and command.does in out for command in COMMANDS)

    def test_quit_leaves(self) -> None:
        assert hold("/quit", "never asked").conversation.asked == []

    def test_plan_shows_each_call_and_how_it_went(self) -> None:
        out = hold("first", "/plan").out
        assert "get_market_overview" in out
        assert "timeframe=1M" in out

    def test_facts_show_value_unit_dates_and_source(self) -> None:
        out = hold("first", "/facts rel_return").out
        for shown in ("10.rel_return.1M", "0.031", "fraction", "2020-06-30", "toy/prices.parquet"):
            assert shown in out

    def test_facts_that_match_nothing_say_so(self) -> None:
        assert "None of the 1 facts held has 'oil'" in hold("first", "/facts oil").out

    def test_why_asks_in_the_language_of_the_last_answer(self) -> None:
        english = hold("first", "/why Energy").conversation.asked[-1][0]
        vietnamese = hold("Ngành nào?", "/why Năng lượng").conversation.asked[-1][0]
        assert english.startswith("Why is Energy")
        assert vietnamese.startswith("Vì sao Năng lượng")

    def test_compare_asks_the_last_question_at_another_day_too(self) -> None:
        asked = hold("first", "/compare 2019-12-31").conversation.asked
        assert asked[-1] == ("first", date(2019, 12, 31))

    def test_market_date_and_language_are_set(self) -> None:
        held = hold("/market folder:a b", "/as-of 2019-12-31", "/as-of last", "/lang vi")
        assert held.conversation.told == [
            ("market", "folder:a b"),
            ("as_of", date(2019, 12, 31)),
            ("market", "toy"),
            ("lang", "vi"),
        ]
        assert "Toy market, as of 2020-06-30" in held.out
        assert "tiếng Việt" in held.out

    def test_save_writes_the_answer_by_the_ending(self, tmp_path: Path) -> None:
        hold("first", f"/save {tmp_path / 'a.md'}", f"/save {tmp_path / 'a.json'}")
        assert (tmp_path / "a.md").read_text(encoding="utf-8") == "# Answer to first\n"
        assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["question"] == "first"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.md"]

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("/hlep", "Did you mean /help?"),
            ("/zzz", "See /help."),
            ("/plan", "Ask a question first."),
            ("/facts", "Ask a question first."),
            ("/why", "/why Energy"),
            ("/as-of yesterday", "YYYY-MM-DD"),
            ("/lang fr", "en, vi or auto"),
            ("/save a.html", "Ask a question first."),
        ],
    )
    def test_a_command_that_cannot_be_used_says_what_to_do(self, line: str, told: str) -> None:
        held = hold(line, "still here")
        assert told in held.err
        assert "still here" in held.out

    @pytest.mark.parametrize("name", ["a.pdf", "a", "nowhere/a.md"])
    def test_an_answer_is_not_saved_to_a_file_of_another_kind(
        self, tmp_path: Path, name: str
    ) -> None:
        held = hold("first", f"/save {tmp_path / name}")
        assert "Wanted a file" in held.err
        assert list(tmp_path.iterdir()) == []
