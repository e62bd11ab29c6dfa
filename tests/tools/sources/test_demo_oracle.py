"""The two yardsticks of the simulated market: what they may know, and that one of them knows more."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tools.measures.returns import rel_return
from tools.scoring.record import rank_ic
from tools.sources.demo import Demo
from tools.sources.demo.oracle import beliefs, forecast, omniscient, oracle
from tools.sources.demo.process import DEMAND_PERSISTENCE, autoregression, transition
from tools.view import AsOfView

END = date(2021, 9, 15)


@pytest.fixture(scope="module")
def demo() -> Demo:
    return Demo(3, end=END)


@pytest.fixture(scope="module")
def view(demo: Demo) -> AsOfView:
    return AsOfView(demo.load(), END)


@pytest.mark.parametrize("as_of", [date(2016, 2, 1), date(2018, 3, 7), date(2020, 10, 31)])
def test_the_oracle_says_of_a_day_what_it_would_have_said_then(view: AsOfView, as_of: date) -> None:
    then, now = oracle(view.at(as_of), 5), oracle(view, 5)
    now = now.loc[then.index, then.columns]
    assert np.nanmax(np.abs(now - then)) < 1e-12
    assert (now.isna() == then.isna()).all().all()


def test_the_oracle_believes_in_the_true_regime_more_often_than_chance(
    demo: Demo, view: AsOfView
) -> None:
    held = beliefs(view).regime
    true = demo.state().process.regime
    assert held.sum(axis=1) == pytest.approx(1.0)
    assert (held.argmax(axis=1) == true).mean() > 0.5


def test_the_oracle_sees_demand(demo: Demo, view: AsOfView) -> None:
    held, true = beliefs(view).demand, demo.state().process.demand
    assert np.corrcoef(held[:, 0], true[:, 0])[0, 1] > 0.5


def test_the_omniscient_forecast_is_the_better_one(demo: Demo, view: AsOfView) -> None:
    gained = rel_return(view, "1W").reindex(columns=list(view.sector_codes)).to_numpy()
    outcome = np.full_like(gained, np.nan)
    outcome[:-5] = gained[5:]
    seen, known = (
        np.nanmean(rank_ic(frame.to_numpy(), outcome))
        for frame in (oracle(view, 5), omniscient(demo, view, 5))
    )
    assert 0.05 < seen < known


def test_forecasts_are_relative_to_the_benchmark() -> None:
    from tools.sources.demo.oracle import weights

    values = forecast(np.eye(4), np.ones((4, 12)), np.zeros((4, 2)), 21)
    assert values @ weights() == pytest.approx(np.zeros(4), abs=1e-12)


def test_regimes_are_a_chain() -> None:
    assert transition().sum(axis=1) == pytest.approx(1.0)


def test_demand_has_unit_variance_and_the_persistence_it_should() -> None:
    path = autoregression(np.random.default_rng(0).standard_normal((20000, 1)), DEMAND_PERSISTENCE)
    assert path.std() == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(path[1:, 0], path[:-1, 0])[0, 1] == pytest.approx(0.9, abs=0.01)
