"""The product beside the best possible forecasts of a market whose process is known."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tools.backtest.yardsticks import PRODUCT, YARDSTICKS, Span, run_trial, spread

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tools.backtest.yardsticks import Trial

SPAN = Span(date(2019, 6, 28))
SHORT = ("--as-of", "2018-03-29", "--start", "2017-01-01")


@pytest.fixture(scope="module")
def trial() -> Trial:
    return run_trial(2, SPAN, yardsticks=True)


class TestTrial:
    def test_all_are_asked_on_the_same_dates(self, trial: Trial) -> None:
        assert {skill.model for skill in trial.skills} == {PRODUCT, *YARDSTICKS}
        assert len({skill.dates for skill in trial.skills}) == 1
        assert (trial.first[:4], trial.last) == ("2016", "2019-06-28")

    def test_who_is_told_more_forecasts_better(self, trial: Trial) -> None:
        oracle, omniscient = (trial.of(name).ic for name in YARDSTICKS)
        assert oracle is not None
        assert omniscient is not None
        assert 0.0 < oracle < omniscient

    def test_yardsticks_call_every_sector_and_the_product_some(self, trial: Trial) -> None:
        assert trial.of("oracle").call_share == 1.0
        share = trial.of(PRODUCT).call_share
        assert share is not None
        assert 0.0 < share < 1.0

    def test_intervals_hold_their_means(self, trial: Trial) -> None:
        for skill in trial.skills:
            assert skill.ic is not None
            assert skill.ic_low is not None
            assert skill.ic_high is not None
            assert skill.hits is not None
            assert skill.ic_low < skill.ic < skill.ic_high
            assert skill.hits.low < skill.hits.rate < skill.hits.high

    def test_a_later_end_of_the_market_changes_no_past_forecast(self) -> None:
        """The same dates, told by a market that knows four more years: the record is the same."""
        first, last = date(2017, 1, 1), date(2018, 6, 29)
        early, late = (
            run_trial(2, Span(as_of, start=first, end=last), yardsticks=True)
            for as_of in (date(2018, 8, 1), date(2020, 6, 1))
        )
        assert early == late


class TestSpread:
    def test_it_is_the_mean_with_students_interval(self) -> None:
        found = spread([0.1, 0.2, None, 0.3])
        assert found is not None
        assert found.mean == pytest.approx(0.2)
        # 4.303 is the two-sided 95 % quantile of t with two degrees of freedom.
        assert found.high == pytest.approx(0.2 + 4.303 * 0.1 / np.sqrt(3), rel=0.03)

    def test_one_seed_has_no_interval_and_none_no_mean(self) -> None:
        alone = spread([0.1])
        assert alone is not None
        assert (alone.mean, alone.low, alone.high) == (0.1, None, None)
        assert spread([None]) is None


class TestCommand:
    def test_it_prints_every_seed_and_the_means(self, cli: Cli) -> None:
        finished = cli("backtest", "--seeds", "2", "--oracle", *SHORT)
        assert finished.returncode == 0, finished.stderr
        assert finished.stdout.startswith("# SIMULATED market demo, 2 seeds, horizon 1W, every 1W")
        for start in ("| 1 | +", "| 2 | +", "| oracle | +", "| omniscient | +", f"| {PRODUCT} | "):
            assert start in finished.stdout
        assert "seed 2 (2 of 2)" in finished.stderr

    def test_json_is_one_document_and_two_processes_find_the_same(self, cli: Cli) -> None:
        alone = cli("backtest", "--seeds", "2", "--oracle", "--json", *SHORT)
        both = cli("backtest", "--seeds", "2", "--oracle", "--json", "--jobs", "2", *SHORT)
        report = json.loads(alone.stdout)
        assert (report["schema"], report["simulated"]) == ("sectorvane.yardsticks/1", True)
        assert [trial["seed"] for trial in report["trials"]] == [1, 2]
        assert report["means"]["oracle"]["ic"]["mean"] > 0.0
        assert both.stdout == alone.stdout

    def test_without_seeds_it_is_the_market_of_the_settings(self, cli: Cli) -> None:
        finished = cli("backtest", "--oracle", "--seed", "5", "--horizon", "1M", *SHORT)
        assert "1 seed, horizon 1M, every 1W" in finished.stdout
        assert "| 5 | " in finished.stdout

    def test_without_the_oracle_it_is_the_product_alone(self, cli: Cli) -> None:
        finished = cli("backtest", "--seeds", "1", *SHORT)
        assert "oracle" not in finished.stdout
        assert f"| {PRODUCT} | " in finished.stdout

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--seeds", "2", "--market", "industries"], "demo"),
            (["--oracle", "--market", "folder:nowhere"], "demo"),
            (["--seeds", "0"], "--seeds"),
            (["--seeds", "2", "--predictions", "p.parquet"], "got --predictions."),
            (["--oracle", "--trade", "open", "--full"], "got --trade and --full."),
            (["--seeds", "2", "--horizon", "1W", "--horizon", "1M"], "got a second --horizon."),
            (["--oracle", "--as-of", "2999-12-31"], "2999-12-31"),
            (["--oracle", "--as-of", "2015-03-31"], "2016-01-05"),
            (["--oracle", "--start", "2030-01-01"], "enough history"),
        ],
        ids=" ".join,
    )
    def test_what_it_cannot_use_is_one_line(
        self, cli: Cli, arguments: list[str], told: str
    ) -> None:
        finished = cli("backtest", *arguments)
        assert finished.returncode == 2
        assert told in finished.stderr
        assert len(finished.stderr.splitlines()) == 1
