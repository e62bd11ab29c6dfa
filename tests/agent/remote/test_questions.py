"""Whole questions with remote servers beside the market: what is asked, what is shown, what is kept."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from agent.conversation import Conversation
from agent.settings import load_settings
from tests.markets import write_market
from tests.proofs.numerals import unexplained
from tests.remote_servers import PLANTED, State, command, serve_http
from tools.sources import open_market

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.records import RunRecord

KEY = "vimo_" + "0123456789abcdef" * 2
FLOWS = "What are foreigners buying this week, and which sectors lead?"
SECTORS = ("Energy", "Materials", "Consumer Staples", "Financials", "Information Technology")
FACTS = """
[[remote.{name}.tools.get_sector_rotation.facts]]
metric = "return"
unit = "fraction"
scale = 0.01
rows = "data.sectors"
entity_path = "industry"
value = "avg_return"
window = "1D"
accumulate = "compound"
[[remote.{name}.tools.get_sector_heatmap.facts]]
metric = "return"
unit = "fraction"
scale = 0.01
rows = "data.sectors"
entity_path = "industry"
value = "avg_return"
window = "1D"
[[remote.{name}.tools.get_foreign_flow.facts]]
metric = "foreign_net_value"
unit = "VND"
scale = 1e9
value = "data.net_value"
window = "1D"
accumulate = "sum"
"""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one market for all questions here."""
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=300)


@pytest.fixture(scope="module")
def last_days(market: Path) -> list[date]:
    """List the market's last six trading days."""
    days = sorted(set(open_market(f"folder:{market}").prices["date"]))
    return [day.date() for day in days[-6:]]


def doing(day: date, **changes: Any) -> State:
    return State(
        day=day.isoformat(), sectors=SECTORS, returns=(1.0, -2.0, 0.5, 0.1, 0.2), **changes
    )


class Desk:
    """Asks questions of one market with the servers that a settings file names."""

    def __init__(self, home: Path, market: Path) -> None:
        self.home, self.market = home, market
        self.record: RunRecord | None = None

    def write(self, **servers: str) -> None:
        """Write the settings file: a table each, and what the answers mean."""
        tables = (
            f"[remote.{name}]\n{lines}\n{FACTS.format(name=name)}"
            for name, lines in servers.items()
        )
        (self.home / "sectorvane.toml").write_text("\n".join(tables), encoding="utf-8")

    def ask(self, question: str, today: date, as_of: date | None = None, times: int = 1) -> Brief:
        """Ask on a day, several times in one conversation."""
        flags = {"market": f"folder:{self.market}", "brain": "offline"}
        flags |= {"as_of": as_of.isoformat()} if as_of else {}
        environ = {"SECTORVANE_HOME": str(self.home), "VIMO_API_KEY": KEY}
        settings = load_settings(flags, environ, self.home)

        async def once() -> Brief:
            async with Conversation(settings, today=today) as conversation:
                for _ in range(times):
                    brief = await conversation.ask(question)
                self.record = conversation.record
                return brief

        return asyncio.run(once())


@pytest.fixture
def desk(home: Path, market: Path) -> Desk:
    return Desk(home, market)


def steps(brief: Brief) -> dict[str, tuple[dict[str, Any], dict[str, Any], str]]:
    return {
        entry.tool: (entry.arguments, entry.dropped_arguments, entry.status)
        for entry in brief.plan
        if "__" in entry.tool
    }


def test_one_question_works_on_both_catalogues_and_over_both_transports(
    desk: Desk, last_days: list[date], tmp_path: Path
) -> None:
    today = last_days[-1]
    doing(today).save(tmp_path / "state.json")
    program = json.dumps(list(command("vimo", tmp_path / "state.json")))
    with serve_http("article", doing(today)) as url:
        desk.write(vimo=f"command = {program}", wide=f'url = "{url}"')
        brief = desk.ask(FLOWS, today)
    assert steps(brief) == {
        "vimo__get_foreign_flow": ({}, {"timeframe": "1W"}, "ok"),
        "vimo__get_sector_rotation": ({}, {"period": "weekly"}, "ok"),
        "wide__get_foreign_flow": ({"timeframe": "1W"}, {}, "ok"),
        "wide__get_sector_heatmap": ({"period": "weekly"}, {}, "ok"),
    }
    assert brief.facts["MARKET.vimo_foreign_net_value.1D"].value == 120.5e9
    assert brief.facts["0500.vimo_return.1D"].value == pytest.approx(0.01)
    assert brief.facts["0500.wide_return.1W"].source == "wide/get_sector_heatmap"
    assert "vimo get_foreign_flow: asked without arguments" in brief.markdown
    assert "wide get_foreign_flow: asked timeframe=1W" in brief.markdown
    assert "**vimo get_foreign_flow: 1W**: the server takes no timeframe" in brief.markdown
    assert brief.review.passed


def test_several_days_of_daily_answers_make_the_weekly_view(
    desk: Desk, last_days: list[date]
) -> None:
    state = doing(last_days[0])
    with serve_http("vimo", state) as url:
        desk.write(vimo=f'url = "{url}"\nper_minute = 60\ncache_seconds = 0')
        for day in last_days[:4]:
            state.day = day.isoformat()
            brief = desk.ask(FLOWS, day)
        assert "0500.vimo_return.1W" not in brief.facts
        assert any("the journal lacks" in gap.why for gap in brief.gaps)
        state.day = last_days[4].isoformat()
        brief = desk.ask(FLOWS, last_days[4])
    assert brief.facts["0500.vimo_return.1W"].value == pytest.approx(1.01**5 - 1)
    assert brief.facts["1500.vimo_return.1W"].value == pytest.approx(0.98**5 - 1)
    assert brief.facts["MARKET.vimo_foreign_net_value.1W"].value == pytest.approx(602.5e9)
    assert brief.facts["0500.vimo_return.1W"].observed_on == last_days[4]
    assert not any("the journal lacks" in gap.why for gap in brief.gaps)


@pytest.mark.parametrize("question", [FLOWS, "Khối ngoại mua gì tuần này và ngành nào dẫn dắt?"])
@pytest.mark.parametrize("mode", ["ok", "rate_limit_text", "web_page", "planted"])
def test_every_numeral_is_a_fact_or_stands_in_the_quotation(
    desk: Desk, last_days: list[date], question: str, mode: Any
) -> None:
    today = last_days[-1]
    with serve_http("vimo", doing(today, mode=mode)) as url:
        desk.write(vimo=f'url = "{url}"')
        brief = desk.ask(question, today)
    assert brief.review.passed
    assert desk.record is not None
    assert not unexplained(brief.markdown, desk.record.request)
    if mode == "ok":
        outside = brief.markdown.replace("```text", "```")
        assert unexplained(outside.replace("```", ""), desk.record.request), "120.5 is no fact"


def test_what_a_server_says_gives_no_order(desk: Desk, last_days: list[date]) -> None:
    today = last_days[-1]
    question = "How is the market today, and what are whales doing?"
    plain, planted = doing(today), doing(today, mode="planted")
    briefs = []
    for state in (plain, planted):
        with serve_http("vimo", state) as url:
            desk.write(vimo=f'url = "{url}"\ncache_seconds = 0')
            briefs.append(desk.ask(question, today))
    calm, loaded = briefs
    assert steps(calm) == steps(loaded)
    assert [entry.tool for entry in calm.plan] == [entry.tool for entry in loaded.plan]
    assert plain.calls == planted.calls
    assert set(calm.facts) == set(loaded.facts)
    assert PLANTED not in loaded.markdown
    assert loaded.markdown.count("```") == 2, "one quotation, opened and ended once"
    lines = [row for row in loaded.markdown.splitlines() if "Ignore your" in row]
    assert lines
    assert all(row.startswith("  > data.") for row in lines), "quoted and nowhere else"
    assert desk.record is not None
    shown_to_a_writer = desk.record.request.model_dump_json(exclude={"answers"})
    assert "Ignore your" not in shown_to_a_writer


def test_a_key_is_found_nowhere(desk: Desk, last_days: list[date]) -> None:
    today = last_days[-1]
    state = doing(today)
    with serve_http("vimo", state) as url:
        desk.write(vimo=f'url = "{url}"')
        brief = desk.ask(FLOWS, today)
        state.mode = "bad_key"
        failed = desk.ask("How is the market today?", today)
    assert set(state.keys) == {KEY}
    assert KEY not in brief.model_dump_json() + failed.model_dump_json()
    for path in desk.home.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes()


def test_a_past_day_asks_nobody_and_a_simulated_market_neither(
    desk: Desk, last_days: list[date], tmp_path: Path
) -> None:
    state = doing(last_days[-1])
    with serve_http("vimo", state) as url:
        desk.write(vimo=f'url = "{url}"')
        past = desk.ask(FLOWS, last_days[-1], as_of=last_days[0])
        desk.market = write_market(tmp_path / "made up", n_days=300, simulated=True)
        simulated = desk.ask(FLOWS, last_days[-1])
    assert state.calls == []
    assert any("nothing of it was journalled" in gap.why for gap in past.gaps)
    assert not any("remote" in gap.what for gap in simulated.gaps)


def test_a_follow_up_spends_nothing_and_repeats_no_remote_call_by_name(
    desk: Desk, last_days: list[date]
) -> None:
    state = doing(last_days[-1])
    with serve_http("vimo", state) as url:
        desk.write(vimo=f'url = "{url}"')
        brief = desk.ask(FLOWS, last_days[-1], times=2)
    assert len(state.calls) == 2
    assert {status for _asked, _dropped, status in steps(brief).values()} == {"ok"}


def test_a_server_that_is_away_leaves_the_answer_as_it_was(
    desk: Desk, last_days: list[date]
) -> None:
    alone = desk.ask(FLOWS, last_days[-1])
    desk.write(vimo='command = ["no-such-program-here"]')
    brief = desk.ask(FLOWS, last_days[-1])
    assert brief.facts == alone.facts
    assert brief.scorecard == alone.scorecard
    assert [gap.what for gap in brief.gaps if gap not in alone.gaps] == ["remote server vimo"]


def test_journalled_answers_are_signals_of_the_next_conversation(
    desk: Desk, last_days: list[date]
) -> None:
    from agent.remote.signals import with_remote_signals
    from tools.contracts import Fact
    from tools.desk import Desk as MarketDesk

    today = last_days[-1]
    with serve_http("vimo", doing(today)) as url:
        desk.write(vimo=f'url = "{url}"')
        desk.ask(FLOWS, today)
    flags = {"market": f"folder:{desk.market}"}
    settings = load_settings(flags, {"SECTORVANE_HOME": str(desk.home)}, desk.home)
    plain = open_market(f"folder:{desk.market}")
    data = with_remote_signals(plain, settings.remote, desk.home)
    assert data.signals is not None
    heard = data.signals["published_on"].max().date()
    known = MarketDesk(data, heard).facts.get("0500.vimo_return")
    assert isinstance(known, Fact)
    assert known.value == pytest.approx(0.01)
    assert (known.unit, known.observed_on) == ("fraction", today)
    assert MarketDesk(data, today).view.signals is None, "nobody had heard it on its own day"
    assert with_remote_signals(plain, {}, desk.home) is plain


@pytest.mark.parametrize("broken", ["remote/ledger.sqlite", "journal.sqlite"])
def test_a_broken_file_of_ours_is_a_gap_and_the_question_is_answered(
    desk: Desk, last_days: list[date], broken: str
) -> None:
    state = doing(last_days[-1])
    with serve_http("vimo", state) as url:
        desk.write(vimo=f'url = "{url}"\nper_minute = 3')
        whole = desk.ask(FLOWS, last_days[-1])
        (path,) = (p for p in desk.home.rglob(broken.rpartition("/")[2]))
        for beside in path.parent.glob(f"{path.name}-*"):
            beside.unlink()
        path.write_bytes(b"this was a database once" * 400)
        brief = desk.ask(FLOWS, last_days[-1])
    ours = {name: fact for name, fact in whole.facts.items() if "vimo" not in name}
    assert {name: fact for name, fact in brief.facts.items() if "vimo" not in name} == ours
    assert any("cannot be" in gap.why for gap in brief.gaps)
    assert brief.review.passed
