"""Which served tools come nearest, by what is served and never by a version."""

from __future__ import annotations

import pytest

from agent.remote.connection import Served
from agent.remote.routes import WAYS, Near, compare, nearest
from agent.remote.settings import RemoteServer, RemoteTool
from tests.remote_servers import ARTICLE, HOSTED, VIMO, Tools

PLAIN = RemoteServer(url="http://127.0.0.1:1/")
SINCE_1_2 = ("get_ta_narrative", "get_bctc_summary", "get_foreign_flow", "get_sector_rotation",
             "get_whale_activity", "get_market_snapshot")  # fmt: skip


def served(tools: Tools) -> dict[str, Served]:
    return {
        name: Served(name, "", {"properties": known, "required": list(needed)})
        for name, (known, needed) in tools.items()
    }


OLDER = served({name: VIMO[name] for name in SINCE_1_2})


def names(logical: str, known: dict[str, Served]) -> list[str]:
    return [near.tool for near in nearest(logical, known, PLAIN)]


def test_every_logical_tool_has_a_nearest_one_in_the_published_catalogue() -> None:
    assert all(nearest(logical, served(VIMO), PLAIN) for logical in WAYS)


@pytest.mark.parametrize("logical", WAYS)
def test_a_tool_served_under_its_own_name_is_the_nearest(logical: str) -> None:
    both = {**served(VIMO), **served(ARTICLE)}
    assert names(logical, both) == [logical]


def test_an_older_catalogue_answers_with_what_it_has() -> None:
    assert names("get_macro_indicators", OLDER) == ["get_market_snapshot"]
    assert names("get_stock_analysis", OLDER) == ["get_ta_narrative", "get_bctc_summary"]
    assert names("get_market_overview", OLDER) == ["get_market_snapshot"]


def test_the_hosted_catalogue_knows_shares_only() -> None:
    found = {logical: names(logical, served(HOSTED)) for logical in WAYS}
    assert found.pop("get_stock_analysis") == ["get_ta_signals", "get_bctc_profile"]
    assert not any(found.values())


def test_a_tool_of_ours_that_is_not_one_of_the_six_has_no_nearest() -> None:
    assert names("get_sector_rotation", served(VIMO)) == []
    assert names("run_backtest", served(VIMO)) == []


class TestComparing:
    def asked(self, near: Near, schema: Tools, **wanted: object) -> tuple[object, object, object]:
        ask = compare(near, wanted, served(schema)[near.tool], PLAIN)
        return ask.sent, ask.dropped, ask.lacking

    def test_only_what_is_declared_is_sent_and_the_rest_is_recorded(self) -> None:
        sent = self.asked(Near("get_foreign_flow", {}), VIMO, timeframe="1M", sector="Banks")
        assert sent == ({}, {"timeframe": "1M", "sector": "Banks"}, ())

    def test_a_window_that_becomes_a_number_of_days_is_not_dropped(self) -> None:
        near = nearest("get_market_overview", served(VIMO), PLAIN)[1]
        assert self.asked(near, VIMO, timeframe="1M") == ({"days": 22}, {}, ())

    def test_a_value_outside_the_served_choices_is_dropped_and_lacking_where_needed(self) -> None:
        near = Near("get_foreign_flow", {})
        assert self.asked(near, ARTICLE, timeframe="3M") == (
            {},
            {"timeframe": "3M"},
            ("timeframe",),
        )

    def test_an_argument_that_nobody_has_is_lacking(self) -> None:
        assert self.asked(Near("get_stock_info", {"symbol": "$symbol"}), VIMO) == (
            {},
            {},
            ("symbol",),
        )

    def test_fixed_arguments_of_the_settings_beat_ours(self) -> None:
        tools = {"get_macro_snapshot": RemoteTool(arguments={"category": "us"})}
        known = PLAIN.model_copy(update={"tools": tools})
        near = nearest("get_macro_indicators", served(VIMO), known)[0]
        ask = compare(near, {}, served(VIMO)["get_macro_snapshot"], known)
        assert ask.sent == {"category": "us"}

    def test_a_schema_that_is_none_declares_nothing(self) -> None:
        odd = Served("x", "", {"properties": "?", "required": "?"})
        ask = compare(Near("x", {}), {"timeframe": "1W"}, odd, PLAIN)
        assert (ask.sent, ask.dropped, ask.lacking) == ({}, {"timeframe": "1W"}, ())
