"""Every shipped cassette, played: the same briefs byte for byte, with facts that are right."""

from __future__ import annotations

import socket
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from agent.cassette import cassette_info, replay
from tests.conversations import ALL, FOLDER, SCRIPTED, WEAK, Shipped, held, together
from tools.desk import Desk
from tools.sources import open_market

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from agent.brief.model import Brief

each = pytest.mark.parametrize("shipped", ALL, ids=lambda shipped: shipped.name)


@pytest.fixture(scope="module")
def home(new_home: Callable[[], Path]) -> Path:
    return new_home()


@pytest.fixture(scope="module")
def played(home: Path) -> Any:
    @cache
    def play(shipped: Shipped) -> list[Brief]:
        with replay(shipped.cassette) as known:
            return held(shipped, home, known.base_url or "", known.model or "")

    return play


@cache
def desk(as_of: date) -> Desk:
    return Desk(open_market("industries"), as_of)


@each
def test_a_conversation_gives_its_briefs_again_byte_for_byte(shipped: Shipped, played: Any) -> None:
    assert together(played(shipped)).encode() == shipped.briefs.read_bytes()


@each
def test_every_brief_passed_its_review(shipped: Shipped, played: Any) -> None:
    assert all(brief.review.passed for brief in played(shipped))


@each
def test_every_fact_is_what_the_market_says(shipped: Shipped, played: Any) -> None:
    for brief in played(shipped):
        assert brief.facts
        book = desk(brief.market.as_of).facts
        known = {f.id: f for f in book.collect(brief.facts)[0]}
        assert known
        for name, fact in known.items():
            shown = brief.facts[name].value
            assert (
                shown == pytest.approx(fact.value)
                if isinstance(shown, float)
                else shown == fact.value
            )


@each
def test_the_cassette_says_what_answered(shipped: Shipped) -> None:
    first = shipped.cassette.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# Answered by: {cassette_info(shipped.cassette).label}"
    assert ("SCRIPTED" in first) == (shipped in SCRIPTED)
    assert ("REAL but very weak" in first) == (shipped is WEAK)


def test_every_file_belongs_to_a_conversation() -> None:
    wanted = {path for shipped in ALL for path in (shipped.cassette, shipped.briefs)}
    assert set(FOLDER.iterdir()) == wanted


def of(name: str) -> Shipped:
    return next(shipped for shipped in ALL if shipped.name == name)


def test_the_vietnamese_brief_is_vietnamese(played: Any) -> None:
    (brief,) = played(of("vietnamese_brief"))
    assert brief.language == "vi"


def test_a_follow_up_fetches_only_what_is_missing(played: Any) -> None:
    first, second = played(of("follow_up"))
    assert first.thread_id == second.thread_id
    assert "cached" in {entry.status for entry in second.plan}


def test_an_invented_number_is_repaired(played: Any) -> None:
    (brief,) = played(of("invents_a_number"))
    assert (brief.review.repairs, brief.review.fallback) == (1, False)
    assert "7.7%" not in brief.markdown
    assert "12%" not in brief.markdown


def test_a_model_that_keeps_inventing_is_replaced_by_the_deterministic_text(played: Any) -> None:
    (brief,) = played(of("keeps_inventing"))
    assert (brief.review.repairs, brief.review.fallback) == (1, True)


def test_an_unknown_tool_is_not_called_and_is_listed_as_dropped(played: Any) -> None:
    (brief,) = played(of("unknown_tool_and_wrong_arguments"))
    assert {e.tool: e.status for e in brief.plan}["buy_shares"] == "dropped"


def test_a_failed_tool_is_named_in_the_brief(played: Any) -> None:
    (brief,) = played(of("a_tool_fails"))
    assert "failed" in {entry.status for entry in brief.plan}
    assert any("get_stock_analysis" in gap.what for gap in brief.gaps)


def test_a_server_that_fails_to_the_end_leaves_a_deterministic_brief_that_says_so(
    played: Any,
) -> None:
    (brief,) = played(of("server_error"))
    assert brief.usage.model_calls == 0
    assert {"the language model's plan", "the language model's prose"} <= {
        g.what for g in brief.gaps
    }


def test_a_request_refused_for_a_while_and_a_cut_stream_leave_no_trace_in_the_brief(
    played: Any,
) -> None:
    plain = together(played(of("english_brief")))
    assert together(played(of("too_many_requests"))) == plain
    assert together(played(of("cut_stream"))) == plain


def test_nothing_listens_while_cassettes_are_played() -> None:
    for shipped in SCRIPTED:
        address = (cassette_info(shipped.cassette).base_url or "").removesuffix("/v1")
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) != 0
