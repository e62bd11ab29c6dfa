"""A shock is a sensible size in a sensible unit, or it is refused with what would be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import ToolInputError
from tools.stress.scenarios import SCENARIOS, driver_change, resolve_series, shock_of
from tools.stress.sensitivities import MIN_WINDOWS, sensitivity


class TestKnownValues:
    @pytest.mark.parametrize(
        ("name", "magnitude", "unit", "series_unit", "wanted"),
        [
            ("rate_hike", None, None, "percent", 0.25),
            ("rate_cut", 50, "bp", "percent", -0.50),
            ("rate_cut", 50, "bp", "fraction", -0.005),
            ("rate_hike", 0.5, "percent", "percent", 0.5),
            ("credit_stress", 100, None, "percentage points", 1.0),
            ("oil_shock", 40, "percent", "USD per barrel", 0.4),
            ("oil_shock", 10, "currency", "USD per barrel", 0.2),
            ("oil_shock", -20, "percent", "USD per barrel", -0.2),
            ("oil_shock", -10, "currency", "USD per barrel", -0.2),
            ("oil_shock", 60, "level", "USD per barrel", 0.2),
            ("oil_shock", 40, "level", "USD per barrel", -0.2),
            ("currency_devaluation", -5, None, "VND per USD", -0.05),
            ("volatility_spike", 10, "level", "index", 0.2),
            ("volatility_spike", 60, "level", "index", 0.2),
            ("market_crash", -10, None, "", -0.1),
            ("foreign_outflow", None, None, "", -0.02),
        ],
    )
    def test_a_shock_is_a_change_of_its_driver(
        self, name: str, magnitude: float | None, unit: str | None, series_unit: str, wanted: float
    ) -> None:
        shock = shock_of(name, magnitude, unit)  # type: ignore[arg-type]
        found = driver_change(shock, latest=50.0, series_unit=series_unit)
        assert found == pytest.approx(wanted)

    def test_there_are_the_nine_scenarios(self) -> None:
        assert set(SCENARIOS) == {
            "rate_hike", "rate_cut", "oil_shock", "currency_devaluation", "credit_stress",
            "volatility_spike", "foreign_outflow", "recession", "market_crash",
        }  # fmt: skip
        for entry in SCENARIOS.values():
            assert entry.unit in entry.units
            assert f"{entry.usual:g}" in entry.means

    @pytest.mark.parametrize(
        ("name", "series", "aliases", "wanted"),
        [
            ("rate_hike", ["FED_RATE", "UST_10Y", "VIX"], {}, "UST_10Y"),
            ("rate_hike", ["FED_RATE", "VIX"], {}, "FED_RATE"),
            ("rate_hike", ["POLICY"], {"InterestRate": "POLICY"}, "POLICY"),
            ("rate_hike", ["VIX"], {"InterestRate": "GONE"}, None),
            ("currency_devaluation", ["USDVND", "USD_IDX_X"], {}, "USDVND"),
            ("credit_stress", ["BAA_SPREAD"], {}, "BAA_SPREAD"),
            ("volatility_spike", ["VIX"], {}, "VIX"),
            ("oil_shock", ["CRUDE"], {}, "CRUDE"),
            ("recession", ["CRUDE"], {}, None),
        ],
    )
    def test_the_markets_own_series_stands_for_the_driver(
        self, name: str, series: list[str], aliases: dict[str, str], wanted: str | None
    ) -> None:
        assert resolve_series(SCENARIOS[name], series, aliases) == wanted  # type: ignore[index]

    def test_without_overlap_the_error_is_whites(self) -> None:
        rng = np.random.default_rng(4)
        x = rng.normal(size=200)
        y = 0.7 * x + rng.normal(size=200)
        found = sensitivity(x, y, overlap=1)
        assert found is not None
        centred = x - x.mean()
        slope = (centred @ y) / (centred @ centred)
        residual = y - y.mean() - slope * centred
        white = np.sqrt(np.sum((centred * residual) ** 2)) / (centred @ centred)
        assert found.slope == pytest.approx(slope)
        assert found.error == pytest.approx(white * np.sqrt(200 / 198))
        assert found.windows == 200

    def test_too_few_windows_or_a_still_driver_give_nothing(self) -> None:
        x = np.arange(float(4 * MIN_WINDOWS - 1))
        assert sensitivity(x, x, overlap=4) is None
        assert sensitivity(np.ones(100), x[:47].repeat(3)[:100], overlap=1) is None
        assert sensitivity(np.full(100, np.nan), np.ones(100), overlap=1) is None


class TestProperties:
    @given(st.integers(0, 999), st.floats(0.1, 10))
    def test_the_estimate_scales_with_the_units(self, seed: int, scale: float) -> None:
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=60), rng.normal(size=60)
        one, other = sensitivity(x, y, overlap=4), sensitivity(x * scale, y, overlap=4)
        assert one is not None
        assert other is not None
        assert other.slope * scale == pytest.approx(one.slope, rel=1e-9, abs=1e-12)
        assert other.error * scale == pytest.approx(one.error, rel=1e-9)

    @given(st.integers(0, 99))
    def test_overlapping_windows_know_less_than_they_count(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        daily = rng.normal(size=(2, 1500))
        x, y = (np.convolve(row, np.ones(20), "valid")[::5] for row in daily)
        honest, naive = sensitivity(x, y, overlap=4), sensitivity(x, y, overlap=1)
        assert honest is not None
        assert naive is not None
        assert honest.windows == naive.windows // 4
        assert honest.slope == naive.slope


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "magnitude", "unit", "match"),
        [
            ("oil_shock", 100, "bp", "percent or level or currency"),
            ("market_crash", 20, "bp", "use percent"),
            ("recession", 1000, "currency", "use percent"),
            ("rate_hike", 1, "currency", "bp or percent"),
            ("rate_hike", -25, "bp", "positive"),
            ("rate_hike", 0, "bp", "other than 0"),
            ("rate_hike", math.nan, "bp", "finite"),
            ("rate_hike", None, "percent", "needs a magnitude"),
            ("market_crash", 120, "percent", "less than 100"),
            ("oil_shock", -120, "percent", "less than 100"),
            ("oil_shock", -40, "level", "above 0"),
            ("volatility_spike", -10, "percent", "positive"),
            ("rate_hike", 1e300, "bp", "at most 10000"),
            ("rate_hike", 6, "level", "bp or percent"),
            ("meteor", None, None, "rate_hike"),
        ],
    )
    def test_a_size_that_makes_no_sense_is_refused(
        self, name: str, magnitude: float | None, unit: str | None, match: str
    ) -> None:
        with pytest.raises(ToolInputError, match=match):
            shock_of(name, magnitude, unit)  # type: ignore[arg-type]

    def test_points_need_a_level(self) -> None:
        shock = shock_of("volatility_spike", 10, "level")
        with pytest.raises(ToolInputError, match="percent"):
            driver_change(shock, latest=None, series_unit="index")

    def test_a_price_cannot_fall_below_nothing(self) -> None:
        with pytest.raises(ToolInputError, match="stands at 50"):
            driver_change(shock_of("oil_shock", -60, "currency"), latest=50.0, series_unit="USD")
