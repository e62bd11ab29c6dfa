"""The twelve industries: what their files hold, dated when it was known."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.conftest import ROOT, clean_environment
from tools.contracts import Fact, Gap
from tools.errors import UnusableInputError
from tools.facts import FactBook
from tools.sources import open_market
from tools.sources.industries import INDUSTRIES, data_file
from tools.view import AsOfView, check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData


@pytest.fixture(scope="module")
def industries() -> MarketData:
    return open_market("industries")


def latest(data: MarketData, fact_id: str, as_of: date) -> Fact:
    fact = FactBook(AsOfView(data, as_of)).get(fact_id)
    assert isinstance(fact, Fact)
    return fact


class TestPrices:
    def test_a_return_is_known_at_the_end_of_the_month_it_covers(
        self, industries: MarketData
    ) -> None:
        # The file stamps 0.0023 for the market's excess return on 1949-01-01; the bill rate was 0.001.
        view = AsOfView(industries, date(1949, 1, 31))
        assert view.last_day == date(1949, 1, 31)
        assert AsOfView(industries, date(1949, 1, 30)).last_day == date(1948, 12, 31)
        fact = FactBook(view).get("MARKET.return.1M")
        assert isinstance(fact, Fact)
        assert fact.value == pytest.approx(0.0023 + 0.0010, abs=1e-9)

    def test_levels_begin_at_one_hundred(self, industries: MarketData) -> None:
        first = industries.prices.groupby("symbol", observed=True)["close"].first()
        assert len(first) == 13
        assert (first == 100.0).all()

    def test_the_last_day_is_the_end_of_march_2017(self, industries: MarketData) -> None:
        assert check_as_of(industries, None, date(2026, 1, 1)) == date(2017, 3, 31)

    def test_returns_and_benchmark_are_both_total(self, industries: MarketData) -> None:
        """The bill rate is in the benchmark and in the industries, so that none is left between them."""
        view = AsOfView(industries, date(2017, 3, 31))
        returns = view.daily_returns.dropna()
        macro = view.macro[view.macro["series"] == "TBILL_1M"]
        bills = macro.set_index("observed_on")["value"].reindex(returns.index) / 100
        columns = np.column_stack([returns[list(view.sector_codes)], bills, np.ones(len(bills))])
        fit = np.linalg.lstsq(columns, returns["MARKET"].to_numpy(), rcond=None)[0]
        assert abs(fit[-2]) < 0.1
        excess = np.linalg.lstsq(columns, (returns["MARKET"] - bills).to_numpy(), rcond=None)[0]
        assert excess[-2] == pytest.approx(-1, abs=0.1)


class TestMacro:
    def test_core_cpi_is_known_on_the_twentieth_of_the_next_month(
        self, industries: MarketData
    ) -> None:
        before = latest(industries, "MACRO.CORE_CPI.latest", date(1987, 10, 19))
        after = latest(industries, "MACRO.CORE_CPI.latest", date(1987, 10, 20))
        assert before.observed_on == date(1987, 8, 31)
        assert (after.observed_on, after.published_on) == (date(1987, 9, 30), date(1987, 10, 20))
        assert after.source == "industries/core-cpi.csv.gz"

    def test_yields_are_known_at_the_months_end(self, industries: MarketData) -> None:
        assert latest(industries, "MACRO.BAA_YIELD.latest", date(1990, 5, 30)).observed_on == date(
            1990, 4, 30
        )
        assert latest(
            industries, "MACRO.BAA_AAA_SPREAD.latest", date(1990, 5, 31)
        ).observed_on == date(1990, 5, 31)

    def test_oil_begins_in_1986_and_is_known_the_same_day(self, industries: MarketData) -> None:
        fact = latest(industries, "MACRO.OIL.latest", date(1986, 1, 2))
        assert (fact.id, fact.value, fact.unit) == ("MACRO.WTI.latest", 25.56, "USD per barrel")
        early = FactBook(AsOfView(industries, date(1985, 12, 31)))
        assert isinstance(early.get("MACRO.WTI.latest"), Gap)
        assert "WTI" not in early.view.vocabulary.series

    def test_aliases(self, industries: MarketData) -> None:
        book = FactBook(AsOfView(industries, date(2010, 1, 31)))
        assert book.series("CPI") == "CORE_CPI"
        assert book.series("InterestRate") == "TBILL_1M"
        assert book.series("PMI") is None


class TestWhatItLacks:
    @pytest.mark.parametrize(
        ("fact_id", "why"),
        [
            ("Enrgy.return.1W", "the market is monthly"),
            ("Enrgy.return.1D", "the market is monthly"),
            ("Enrgy.whale_ratio.1M", "no volume"),
            ("Enrgy.foreign_net_ratio.1M", "no foreign flow data"),
            ("Enrgy.breadth", "no share prices"),
        ],
    )
    def test_it_is_a_gap(self, industries: MarketData, fact_id: str, why: str) -> None:
        gap = FactBook(AsOfView(industries, date(2017, 3, 31))).get(fact_id)
        assert isinstance(gap, Gap)
        assert why in gap.why

    def test_every_rendering_can_say_that_it_is_history(self, industries: MarketData) -> None:
        assert "1949–2017" in industries.market.history_note
        assert industries.market.monthly
        assert not industries.market.simulated


class TestReading:
    def test_sectors_have_names_and_proxies_of_their_own(self, industries: MarketData) -> None:
        assert sorted(INDUSTRIES) == list(industries.sectors.index)
        assert not set(industries.sectors.index) & set(industries.universe.index)
        assert industries.sectors.loc["Money", "name_vi"] == "Tài chính"

    def test_no_row_repeats_and_none_is_published_before_it_is_observed(
        self, industries: MarketData
    ) -> None:
        macro = industries.macro
        assert not macro.duplicated(["series", "observed_on", "published_on"]).any()
        assert (macro["published_on"] >= macro["observed_on"]).all()
        assert macro["value"].notna().all()
        assert not industries.prices.duplicated(["symbol", "date"]).any()
        assert isinstance(industries.prices["symbol"].dtype, pd.CategoricalDtype)

    def test_the_libraries_are_not_imported(self) -> None:
        code = (
            "import sys; from tools.sources import open_market; open_market('industries'); "
            "sys.exit(bool({'linearmodels', 'arch', 'scipy', 'statsmodels'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

    def test_a_missing_library_is_named(self) -> None:
        with pytest.raises(UnusableInputError, match=r"no_such_library.*history.*demo"):
            data_file("no_such_library", "x.csv")

    def test_without_the_extra_one_line_says_what_to_install(self, tmp_path: Path) -> None:
        code = """
import sys
from importlib.machinery import ModuleSpec

class NotInstalled:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return ModuleSpec(name, None) if name in ("linearmodels", "arch") else None

sys.meta_path.insert(0, NotInstalled)
import chat
sys.exit(chat.run(["Which sectors lead?", "--market", "industries"]))
"""
        asked = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True,
            env={**clean_environment(), "SECTORVANE_HOME": str(tmp_path)},
        )  # fmt: skip
        assert asked.returncode == 2
        assert asked.stdout == ""
        (line,) = asked.stderr.splitlines()
        assert "history" in line
