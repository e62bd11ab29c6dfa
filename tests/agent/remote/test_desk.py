"""Which calls are made beside a plan, at which pace, of which day, and what their answers become."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from agent.remote.collecting import collect
from agent.remote.settings import RemoteFact, RemoteTool
from tests.agent.remote.room import FLOW, MAPPED, MONDAY, room_with, server, serving, task
from tests.remote_servers import serve_http

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agent.remote.desk import RemoteDesk
    from agent.state import CallOutcome
    from tests.agent.remote.room import Room
    from tests.remote_servers import State

SIX = (
    task("get_market_overview", timeframe="1W"),
    task("get_sector_heatmap", period="weekly", benchmark="VN30"),
    task("get_macro_indicators", indicator_list=["CPI", "WTI"]),
    task("get_foreign_flow", timeframe="1W", sector="40"),
    task("get_whale_activity", timeframe="1W"),
    task("get_stock_analysis", symbol="OILX"),
)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


@pytest.fixture
def state() -> State:
    return serving()


@pytest.fixture
def vimo(state: State) -> Iterator[str]:
    with serve_http("vimo", state) as address:
        yield address


@pytest.fixture
def article(state: State) -> Iterator[str]:
    with serve_http("article", state) as address:
        yield address


def values(came: list[CallOutcome]) -> dict[str, float | str]:
    return {fact.id: fact.value for outcome in came for fact in outcome.facts}


class TestWhatIsReallyAsked:
    async def test_the_six_names_become_the_nearest_tools_of_a_server_without_arguments(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            came, gaps = await room.outcomes(*SIX)
        assert {outcome.status for outcome in came} == {"ok"}
        assert dict(state.calls) == {
            "get_market_snapshot": {},
            "get_index_history": {"days": 6},
            "get_sector_rotation": {},
            "get_macro_snapshot": {"category": "vietnam"},
            "get_foreign_flow": {},
            "get_whale_activity": {},
            "get_stock_info": {"symbol": "OILX"},
            "get_technical_signals": {"symbol": "OILX"},
            "get_bctc_summary": {"symbol": "OILX"},
            "get_opinion": {"symbol": "OILX"},
        }
        assert (
            "vimo get_foreign_flow: 1W, Financials: the server takes no timeframe, sector; "
            "its answer is of its latest session and the whole market" in gaps
        )
        assert any(gap.startswith("vimo get_macro_snapshot: CPI, WTI: ") for gap in gaps)
        assert any(gap.startswith("vimo get_sector_rotation: weekly, VN30: ") for gap in gaps)

    async def test_a_server_with_the_same_six_tools_is_given_every_argument(
        self, home: Path, article: str, state: State
    ) -> None:
        async with room_with(home, wide=server(article)) as room:
            came, gaps = await room.outcomes(*SIX)
        assert dict(state.calls) == {
            "get_market_overview": {"timeframe": "1W"},
            "get_sector_heatmap": {"period": "weekly", "benchmark": "VN30"},
            "get_macro_indicators": {"indicator_list": ["CPI", "WTI"]},
            "get_foreign_flow": {"timeframe": "1W", "sector": "Financials"},
            "get_whale_activity": {"timeframe": "1W"},
            "get_stock_analysis": {"symbol": "OILX"},
        }
        assert {outcome.status for outcome in came} == {"ok"}
        assert not gaps
        assert "10.wide_return.1W" in values(came), "the asked window is the fact's"

    async def test_single_posts_of_the_hosted_catalogue_answer_about_a_share(
        self, home: Path, state: State
    ) -> None:
        with serve_http("hosted", state, plain=True) as url:
            async with room_with(home, vimo=server(url)) as room:
                came, gaps = await room.outcomes(*SIX)
        assert [name for name, _arguments in state.calls] == ["get_ta_signals", "get_bctc_profile"]
        assert len(came) == 2
        assert not gaps

    async def test_what_was_dropped_stands_in_the_plan(self, home: Path, vimo: str) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            added = await room.desk().additions(SIX[3:4], room=9, timeout_seconds=9.0)
        (one,) = added.tasks
        assert one.beside
        assert one.call.tool == "vimo__get_foreign_flow"
        assert one.call.arguments == {}
        assert one.dropped_arguments == {"timeframe": "1W", "sector": "Financials"}

    async def test_a_tool_that_the_settings_name_is_asked_beside_ours(
        self, home: Path, vimo: str, state: State
    ) -> None:
        news = RemoteTool(
            answers=("get_stock_analysis",), arguments={"symbol": "$symbol", "days": 3}
        )
        tools = {"get_news_sentiment": news}
        async with room_with(home, vimo=server(vimo, tools=tools)) as room:
            await room.outcomes(SIX[5])
        assert state.calls[0] == ("get_news_sentiment", {"symbol": "OILX", "days": 3})

    async def test_a_server_for_other_markets_is_not_asked(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo, markets=("vn",))) as room:
            came, gaps = await room.outcomes(*SIX)
        assert (came, gaps, state.calls) == ([], [], [])


class TestPace:
    async def test_the_most_useful_is_asked_first_and_the_rest_is_named(
        self, home: Path, vimo: str, state: State
    ) -> None:
        plan = (task("get_whale_activity", "required", timeframe="1D"), *SIX[:4])
        async with room_with(home, vimo=server(vimo, per_minute=3, per_day=50)) as room:
            came, gaps = await room.outcomes(*plan)
        asked = [name for name, _arguments in state.calls]
        assert asked == ["get_sector_rotation", "get_foreign_flow", "get_market_snapshot"]
        unasked = [gap for gap in gaps if "quota of this server" in gap]
        assert {gap.split(":")[0] for gap in unasked} == {
            "vimo get_index_history", "vimo get_macro_snapshot", "vimo get_whale_activity",
        }  # fmt: skip
        assert len(came) == 3

    async def test_what_was_left_is_asked_by_a_later_question_and_the_rest_is_not_asked_again(
        self, home: Path, vimo: str, state: State
    ) -> None:
        plan = SIX[:5]
        known = server(vimo, per_minute=3)
        async with room_with(home, vimo=known) as room:
            await room.outcomes(*plan)
        async with room_with(home, vimo=known, day=MONDAY) as room:
            room.hub.ledger.wall = lambda: room.clock() + 61.0
            came, gaps = await room.outcomes(*plan)
        assert len(state.calls) == 6
        assert len({name for name, _arguments in state.calls}) == 6
        assert {outcome.status for outcome in came} == {"ok"}
        assert not any("quota" in gap for gap in gaps)

    async def test_two_questions_in_a_minute_share_its_quota(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo, per_minute=3)) as room:
            await room.outcomes(SIX[3], SIX[4])
            came, gaps = await room.outcomes(SIX[0], SIX[1])
            beyond = task("vimo__get_macro_snapshot")
            refused = await room.desk().call(beyond, timeout_seconds=9.0)
        assert len(state.calls) == 3
        assert len(came) == 1
        assert any("quota of this server" in gap for gap in gaps)
        assert "quota of this server" in refused.error

    async def test_the_calls_of_one_question_stay_within_its_limit(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            came, gaps = await room.outcomes(*SIX, room=2)
            none, _gaps = await room.outcomes(*SIX, room=-1)
        assert (len(came), len(state.calls), none) == (2, 2, [])
        assert any("more calls than one question may make" in gap for gap in gaps)

    async def test_an_answer_of_the_day_is_kept_until_the_next_session(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            for day in (WEEK[0], WEEK[0], WEEK[1]):
                room.clock.day = day
                state.day = day.isoformat()
                await room.outcomes(SIX[4])
        assert len(state.calls) == 2

    async def test_an_answer_of_the_day_before_is_good_for_an_hour_only(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, day=WEEK[1], vimo=server(vimo)) as room:
            start = room.clock()
            for seconds in (0.0, 3000.0, 4000.0, 4500.0):
                room.hub.ledger.wall = lambda seconds=seconds: start + seconds  # type: ignore[misc]
                await room.outcomes(SIX[4])
        assert len(state.calls) == 2


class TestPointInTime:
    async def test_a_past_day_sees_what_was_heard_by_then_and_asks_nobody(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            await room.outcomes(SIX[3])
            room.clock.day = WEEK[2]
            state.day, state.net_flow = WEEK[2].isoformat(), -7.0
            await room.outcomes(SIX[3])
            n_calls = len(state.calls)
            came, _gaps = await room.outcomes(SIX[3], desk=room.desk(WEEK[1], live=False))
            late, _gaps = await room.outcomes(SIX[3], desk=room.desk(WEEK[3], live=False))
        assert len(state.calls) == n_calls
        assert values(came) == {"MARKET.vimo_foreign_net_value.1D": 120.5e9}
        assert values(late) == {"MARKET.vimo_foreign_net_value.1D": -7e9}

    async def test_a_past_day_before_the_first_answer_is_one_gap(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            await room.outcomes(SIX[3])
            before = room.desk(MONDAY - timedelta(days=3), live=False)
            came, gaps = await room.outcomes(*SIX, desk=before)
        assert not came
        assert len(gaps) == 1
        assert "nothing of it was journalled by the as-of date" in gaps[0]

    async def test_an_answer_that_came_again_changed_did_not_change_what_was_known(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo, cache_seconds=0)) as room:
            await room.outcomes(SIX[3])
            room.clock.day = WEEK[1]
            state.net_flow = 99.0
            now, _gaps = await room.outcomes(SIX[3])
            then, _gaps = await room.outcomes(SIX[3], desk=room.desk(MONDAY, live=False))
        assert values(now)["MARKET.vimo_foreign_net_value.1D"] == 99e9
        assert values(then)["MARKET.vimo_foreign_net_value.1D"] == 120.5e9

    @pytest.mark.parametrize(
        ("days", "why"), [(8, "too long before the as-of date"), (-1, "after the as-of date")]
    )
    async def test_an_answer_of_another_time_is_refused(
        self, home: Path, vimo: str, state: State, days: int, why: str
    ) -> None:
        state.day = (MONDAY - timedelta(days=days)).isoformat()
        async with room_with(home, vimo=server(vimo)) as room:
            came, gaps = await room.outcomes(SIX[3])
        assert [outcome.status for outcome in came] == ["failed"]
        assert any(why in gap for gap in gaps)

    async def test_what_was_published_later_is_no_fact_yet(
        self, home: Path, vimo: str, state: State
    ) -> None:
        state.generated = WEEK[1].isoformat()
        async with room_with(home, day=WEEK[1], vimo=server(vimo)) as room:
            came, gaps = await room.outcomes(SIX[3], desk=room.desk(MONDAY))
            later, _gaps = await room.outcomes(SIX[3])
        assert not values(came)
        assert any("published after the as-of date" in gap for gap in gaps)
        assert values(later) == {"MARKET.vimo_foreign_net_value.1D": 120.5e9}

    async def test_where_the_server_is_a_session_ahead_the_journalled_one_counts(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo, cache_seconds=0)) as room:
            await room.outcomes(SIX[3])
            room.clock.day = WEEK[1]
            state.day, state.net_flow = WEEK[1].isoformat(), -7.0
            came, _gaps = await room.outcomes(SIX[3], desk=room.desk(MONDAY))
        assert values(came) == {"MARKET.vimo_foreign_net_value.1D": 120.5e9}


class TestSeveralDays:
    async def daily(self, room: Room, state: State, days: list[date]) -> None:
        """Ask once on each of some days."""
        for place, day in enumerate(days):
            room.clock.day = day
            state.day = day.isoformat()
            state.net_flow = 10.0 * (place + 1)
            await room.outcomes(SIX[1], SIX[3])

    async def week(self, room: Room, desk: RemoteDesk) -> tuple[dict[str, float | str], list[str]]:
        came, gaps = await room.outcomes(SIX[1], SIX[3], desk=desk)
        weekly = {name: value for name, value in values(came).items() if name.endswith(".1W")}
        return weekly, [gap for gap in gaps if " over 1W: " in gap]

    async def test_five_days_of_answers_make_a_week(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            await self.daily(room, state, WEEK)
            weekly, gaps = await self.week(room, room.desk())
        assert not gaps
        assert weekly == {
            "10.vimo_return.1W": pytest.approx(1.01**5 - 1, abs=1e-12),
            "40.vimo_return.1W": pytest.approx(0.98**5 - 1, abs=1e-12),
            "MARKET.vimo_foreign_net_value.1W": pytest.approx(150e9),
        }

    async def test_a_week_with_a_day_missing_is_a_gap_that_names_the_day(
        self, home: Path, vimo: str, state: State
    ) -> None:
        async with room_with(home, vimo=server(vimo)) as room:
            await self.daily(room, state, [*WEEK[:2], *WEEK[3:]])
            weekly, gaps = await self.week(room, room.desk())
        assert not weekly
        assert len(gaps) == 2
        assert all(f"the journal lacks {WEEK[2]}" in gap for gap in gaps)

    async def test_a_day_that_was_heard_of_late_completes_no_week_before(
        self, home: Path, vimo: str, state: State
    ) -> None:
        next_monday = MONDAY + timedelta(days=7)
        async with room_with(home, vimo=server(vimo, cache_seconds=0)) as room:
            await self.daily(room, state, [*WEEK[:2], *WEEK[3:]])
            room.clock.day = next_monday
            state.day = WEEK[2].isoformat()
            await room.outcomes(SIX[1], SIX[3])
            weekly, gaps = await self.week(room, room.desk(WEEK[4], live=False))
            now = room.desk(WEEK[4])
            complete, _gaps = await self.week(room, now)
        assert not weekly
        assert gaps
        assert complete["MARKET.vimo_foreign_net_value.1W"] == pytest.approx(140e9)

    async def test_the_week_as_of_a_past_day_is_what_the_journal_held_then(
        self, home: Path, vimo: str, state: State
    ) -> None:
        next_monday = MONDAY + timedelta(days=7)
        async with room_with(home, vimo=server(vimo)) as room:
            await self.daily(room, state, [*WEEK, next_monday])
            on_friday, _gaps = await self.week(room, room.desk(WEEK[4], live=False))
            on_monday, _gaps = await self.week(room, room.desk(next_monday, live=False))
            _none, gaps = await self.week(room, room.desk(WEEK[3], live=False))
        assert on_friday["MARKET.vimo_foreign_net_value.1W"] == pytest.approx(150e9)
        assert on_monday["MARKET.vimo_foreign_net_value.1W"] == pytest.approx(200e9)
        assert gaps


class TestUnits:
    async def test_without_a_unit_an_answer_is_a_quotation_and_no_fact(
        self, home: Path, vimo: str
    ) -> None:
        async with room_with(home, vimo=server(vimo, tools={})) as room:
            came, _gaps = await room.outcomes(SIX[3])
        assert not came[0].facts
        quote = came[0].answer["quote"]
        assert "data.net_value: 120.5" in quote["lines"]
        assert quote["not_sent"] == "timeframe=1W, sector=Financials"

    async def test_an_indicator_becomes_a_macro_fact_by_its_own_key(
        self, home: Path, vimo: str
    ) -> None:
        mapping = RemoteFact(
            metric="level",
            unit="percent",
            rows="data.rows",
            entity_path="indicator_key",
            value="value",
        )
        known = server(
            vimo,
            tools={"get_macro_snapshot": RemoteTool(facts=(mapping,))},
            entities={"VN_CPI_YOY": "MACRO.CPI"},
        )
        async with room_with(home, vimo=known) as room:
            came, _gaps = await room.outcomes(SIX[2])
        (fact,) = came[0].facts
        assert (fact.id, fact.value, fact.unit) == ("MACRO.CPI.vimo_level", 3.2, "percent")
        assert (fact.observed_on, fact.published_on) == (MONDAY, MONDAY)

    async def test_a_measure_of_ours_is_replaced_only_where_the_settings_prefer_the_server(
        self, home: Path, vimo: str
    ) -> None:
        async with room_with(home, vimo=server(vimo, prefer="remote")) as room:
            came, _gaps = await room.outcomes(SIX[1], SIX[3])
        assert {"10.return.1D", "MARKET.foreign_net_value.1D"} <= set(values(came))

    async def test_a_measure_in_another_unit_never_stands_for_ours(
        self, home: Path, vimo: str
    ) -> None:
        foreign = FLOW.model_copy(update={"unit": "VND"})
        tools = {**MAPPED, "get_foreign_flow": RemoteTool(facts=(foreign,))}
        async with room_with(home, vimo=server(vimo, prefer="remote", tools=tools)) as room:
            came, _gaps = await room.outcomes(SIX[3])
        assert set(values(came)) == {"MARKET.vimo_foreign_net_value.1D"}

    async def test_a_sector_that_the_market_does_not_know_is_named_and_an_alias_is_followed(
        self, home: Path, vimo: str, state: State
    ) -> None:
        state.sectors = ("Ngân hàng", "Năng lượng")
        async with room_with(home, vimo=server(vimo)) as room:
            came, gaps = await room.outcomes(task("get_sector_heatmap", period="daily"))
        assert set(values(came)) == {"10.vimo_return.1D"}, "a Vietnamese name is known"
        assert any("it names what this market does not know" in gap for gap in gaps)
        assert came[0].answer["quote"]["unknown"] == "Ngân hàng"
        aliased = server(vimo, entities={"ngan hang": "Financials"}, cache_seconds=0)
        async with room_with(home, vimo=aliased) as room:
            came, _gaps = await room.outcomes(task("get_sector_heatmap", period="daily"))
        assert set(values(came)) == {"10.vimo_return.1D", "40.vimo_return.1D"}


async def test_the_mapped_tools_can_be_asked_without_a_question(
    home: Path, vimo: str, state: State
) -> None:
    async with room_with(home, vimo=server(vimo)) as room:
        for day in WEEK:
            room.clock.day = day
            state.day = day.isoformat()
            came = await collect(room.hub, room.desk())
            again = await collect(room.hub, room.desk())
        weekly, _gaps = await room.outcomes(SIX[3])
    assert {outcome.status for outcome in (*came, *again)} == {"ok"}
    assert len(state.calls) == 2 * len(WEEK), "an answer of the day is not asked for again"
    assert values(weekly)["MARKET.vimo_foreign_net_value.1W"] == pytest.approx(602.5e9)
