"""A scenario is a measured sensitivity times the shock, with its error, or a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tools.contracts import Fact
from tools.errors import ToolInputError
from tools.risk import ScenarioResult, run_scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk

LONG = {"n_days": 700}


def values(result: ScenarioResult) -> dict[str, float]:
    return {fact.id: float(fact.value) for fact in result.facts}


class TestKnownValues:
    def test_a_crash_is_each_sectors_sensitivity_to_the_market(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        found = values(run_scenario(desk, scenario="market_crash", magnitude=10))
        index = desk.view.index
        month = index / index.shift(21) - 1
        ends = month.iloc[::-5].iloc[::-1][["4000", "MARKET"]].dropna()
        slope = np.polyfit(ends["MARKET"], ends["4000"], 1)[0]
        assert found["4000.scenario_total_return"] == pytest.approx(-0.1 * slope, abs=1e-9)
        assert found["4000.scenario_return"] == pytest.approx(-0.1 * (slope - 1), abs=1e-9)
        assert found["4000.scenario_error"] > 0
        assert found["MARKET.shock"] == -0.1

    def test_sensitivity_times_shock_is_the_scenario(self, open_desk: OpenDesk) -> None:
        found = values(
            run_scenario(open_desk(**LONG), scenario="rate_hike", magnitude=50, unit="bp")
        )
        assert found["MACRO.RATE.shock"] == 50
        for code in ("0500", "4000"):
            assert found[f"{code}.scenario_return"] == pytest.approx(
                0.5 * found[f"{code}.sensitivity"]
            )
            assert found[f"{code}.scenario_error"] == pytest.approx(
                0.5 * found[f"{code}.sensitivity_se"]
            )

    def test_the_usual_size_is_said(self, open_desk: OpenDesk) -> None:
        usual = run_scenario(open_desk(**LONG), scenario="oil_shock")
        asked = run_scenario(open_desk(**LONG), scenario="oil_shock", magnitude=30)
        assert usual.usual_size
        assert "30 percent" in usual.notes[0]
        assert not asked.usual_size
        assert usual.facts == asked.facts

    def test_a_cut_is_a_hike_turned_round(self, open_desk: OpenDesk) -> None:
        up = values(run_scenario(open_desk(**LONG), scenario="rate_hike"))
        down = values(run_scenario(open_desk(**LONG), scenario="rate_cut"))
        for fact_id, value in up.items():
            sign = -1 if "return" in fact_id or "shock" in fact_id else 1
            assert down[fact_id] == pytest.approx(sign * value)

    def test_the_order_is_by_relative_return(self, open_desk: OpenDesk) -> None:
        result = run_scenario(open_desk(**LONG), scenario="rate_hike")
        found = values(result)
        ordered = [found[f"{code}.scenario_return"] for code in result.order]
        assert ordered == sorted(ordered, reverse=True)

    def test_an_outflow_is_a_share_of_trading_or_an_amount(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        share = values(run_scenario(desk, scenario="foreign_outflow", magnitude=2))
        net = desk.facts.get("MARKET.foreign_net_value.1M")
        ratio = desk.facts.get("MARKET.foreign_net_ratio.1M")
        assert isinstance(net, Fact)
        assert isinstance(ratio, Fact)
        amount = 0.02 * float(net.value) / float(ratio.value)
        same = values(
            run_scenario(desk, scenario="foreign_outflow", magnitude=amount, unit="currency")
        )
        assert same == pytest.approx(share)

    def test_a_stretch_beyond_the_past_is_said(self, open_desk: OpenDesk) -> None:
        notes = run_scenario(open_desk(**LONG), scenario="oil_shock", magnitude=900).notes
        assert any("stretched" in note for note in notes)

    def test_oil_lifts_energy_on_real_funds(self, shared_market: Callable[[str], Path]) -> None:
        from datetime import date

        from tools.desk import Desk
        from tools.sources import open_market

        desk = Desk(open_market(f"folder:{shared_market('us')}"), date(2019, 12, 31))
        found = values(run_scenario(desk, scenario="oil_shock"))
        assert found["10.scenario_return"] > 4 * found["10.scenario_error"]

    def test_a_monthly_market_is_estimated_on_its_months(self, industries_desk: Desk) -> None:
        result = run_scenario(industries_desk, scenario="market_crash")
        assert len(result.order) == 12


class TestRefusals:
    def test_what_the_market_lacks_is_a_gap(self, open_desk: OpenDesk) -> None:
        bare = open_desk(**LONG, with_flows=False)
        for name in ("foreign_outflow", "currency_devaluation", "credit_stress"):
            result = run_scenario(bare, scenario=name)
            assert (result.facts, result.driver) == ((), None)
            assert result.gaps[0].effect == "it cannot be estimated here"

    def test_a_short_history_is_a_gap(self, open_desk: OpenDesk) -> None:
        result = run_scenario(open_desk(n_days=200), scenario="rate_hike")
        assert result.order == ()
        assert "fewer than twelve months" in result.gaps[0].why

    def test_a_wrong_unit_goes_back_to_the_caller(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="percent"):
            run_scenario(open_desk(**LONG), scenario="oil_shock", magnitude=5, unit="bp")
