"""The commands of memory, typed into a real conversation on a small market."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest

from agent.conversation import Conversation
from agent.preferences import load_preferences
from agent.records import list_records
from agent.settings import load_settings
from agent.terminal.readers import LineReader
from agent.terminal.repl import ProgressRelay, Repl, Streams
from tests.markets import write_market

if TYPE_CHECKING:
    from pathlib import Path

FLOW = "What did foreigners buy this month?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=150, n_sectors=3)


class Said(NamedTuple):
    out: str
    err: str
    thread: str


async def hold(home: Path, folder: Path, *lines: str, trace: bool = False) -> Said:
    """Type lines into a conversation and return what was shown."""
    flags = {"market": f"folder:{folder}", "as_of": date(2021, 7, 1), "home": home}
    streams = Streams(io.StringIO("\n".join(lines) + "\n"), io.StringIO(), io.StringIO())
    relay = ProgressRelay()
    async with Conversation(load_settings(flags, {}, home), progress=relay) as conversation:
        repl = Repl(conversation, relay, streams, trace=trace)
        await repl.run(LineReader(streams.stdin))
        thread = conversation.thread_id
    assert isinstance(streams.stdout, io.StringIO)
    assert isinstance(streams.stderr, io.StringIO)
    return Said(streams.stdout.getvalue(), streams.stderr.getvalue(), thread)


async def test_a_conversation_is_named_listed_and_taken_up(tmp_path: Path, folder: Path) -> None:
    first = await hold(tmp_path, folder, FLOW, "/name foreign money", "/threads")
    assert "is called 'foreign money' now" in first.out
    assert f"› {first.thread}" in " ".join(first.out.split())
    second = await hold(tmp_path, folder, "/resume Foreign Money", "/plan", FLOW, "/resume nobody")
    assert "Back in 'foreign money': 1 question, began with: " + FLOW in second.out
    assert "get_foreign_flow" in second.out
    assert "plan: 0 calls to make" in second.err
    assert "'nobody'" in second.err
    assert second.thread == first.thread


async def test_a_conversation_is_deleted_with_its_run_records(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, FLOW, "thanks", "/name gone", "/delete gone", "/threads")
    assert "Deleted the conversation 'gone' with its memory and 2 run records." in said.out
    assert "No conversations yet." in said.out
    assert list(list_records(tmp_path)) == []


async def test_a_whole_conversation_is_exported(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, FLOW, "thanks", f"/export {tmp_path / 'talk.md'}")
    assert "Exported 2 answers" in said.out
    assert "> thanks" in (tmp_path / "talk.md").read_text(encoding="utf-8")


async def test_the_watch_list_is_what_my_sectors_means(tmp_path: Path, folder: Path) -> None:
    said = await hold(
        tmp_path, folder,
        "/watch add energy, Materials", "/watch remove Materials", "/watch add nowhere",
        "How are my sectors doing this month?",
        "Danh mục của tôi tháng này thế nào?",
    )  # fmt: skip
    assert load_preferences(tmp_path).watch == ("Energy",)
    assert "Watched: Energy, Materials." in said.out
    assert "'nowhere'" in said.err
    assert "Your watch-list: Energy." in said.out
    assert "Danh mục theo dõi của bạn: Energy." in said.out


async def test_preferences_are_kept_and_shown(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, "/prefs lang vi", "/prefs horizon 2W", "/prefs")
    assert load_preferences(tmp_path).lang == "vi"
    assert "a horizon, 1W, 1M or 3M" in said.err
    assert "not set" in said.out


@pytest.mark.parametrize(
    ("edit", "gap"),
    [
        ("skip macro", "**get_macro_indicators**: you asked to leave it out"),
        ("/plan skip macro", "**get_macro_indicators**: you asked to leave it out"),
    ],
)
async def test_a_call_that_is_left_out_is_named_and_not_made(
    tmp_path: Path, folder: Path, edit: str, gap: str
) -> None:
    said = await hold(tmp_path, folder, "Give me the full brief", edit, "/plan")
    first, _, second = said.err.partition("checking every number")
    assert "get_macro_indicators" in first
    assert "get_macro_indicators" not in second
    assert gap in said.out
    assert "left out at the reader's wish" in " ".join(said.out.split())


async def test_cost_counts_the_answer_and_the_conversation(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, FLOW, FLOW, "/cost")
    lines = [line.split() for line in said.out.splitlines()]
    assert ["last", "answer", "0", "0", "0", "0", "0.0000"] in lines
    assert ["conversation", "1", "0", "0", "0", "0.0000"] in lines
    assert "no language model" in said.out


async def test_the_timeline_is_shown_where_it_is_wanted(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, FLOW, "/trace", trace=True)
    for shown in (said.out, said.err):
        assert "  get_foreign_flow" in shown
        assert "█" in shown


async def test_a_new_conversation_remembers_nothing(tmp_path: Path, folder: Path) -> None:
    said = await hold(tmp_path, folder, FLOW, "/new", "/plan", "/export talk.md")
    assert said.err.count("Ask a question first.") == 2


@pytest.mark.parametrize("line", ["/name", "/resume", "/delete", "/export", "/watch add"])
async def test_what_a_command_needs_is_said(tmp_path: Path, folder: Path, line: str) -> None:
    assert "For example: " + line in (await hold(tmp_path, folder, line)).err


async def test_a_ranking_without_a_group_shows_nothing_of_it(tmp_path: Path, folder: Path) -> None:
    flags = {"market": f"folder:{folder}", "as_of": date(2021, 7, 1), "home": tmp_path}
    async with Conversation(load_settings(flags, {}, tmp_path)) as conversation:
        whole = await conversation.ask("rank the sectors")
        without = await conversation.ask("drop the flows and rank again")
    shown = [name for name in without.facts if "contribution.flow" in name]
    assert any("contribution.flow" in name for name in whole.facts)
    assert shown == []
    ranked = [call.status for call in without.plan if call.tool == "get_sector_forecast"]
    assert ranked == ["cached"], (
        "the scorecard at hand is ranked again; only what it lacked is asked for"
    )
    assert without.scorecard is not None
    assert all("flow" not in row.contributions for row in without.scorecard.sectors)
    assert "**foreign flow**: you asked to leave it out" in without.markdown
    assert without.review.passed
