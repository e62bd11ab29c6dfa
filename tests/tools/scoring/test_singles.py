"""The best simple alternative is chosen on the past alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tools.scoring.features import FEATURES, FITTED
from tools.scoring.panel import FeaturePanel
from tools.scoring.record import rank_ic
from tools.scoring.singles import chosen_singles

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS, SECTORS, HORIZON = 900, 6, 5
REFITS = range(0, DAYS, 63)
NAMES = [spec.name for spec in FEATURES]


def panel(leads: dict[str, float], seed: int = 5, since: int = 0) -> FeaturePanel:
    """Return a market of noise in which some inputs lead what follows, with a sign, from a row on."""
    rng = np.random.default_rng(seed)
    forward = rng.normal(size=(DAYS, SECTORS)) * 0.02
    values = rng.normal(size=(DAYS, SECTORS, len(FEATURES)))
    for name, lead in leads.items():
        values[since:, :, NAMES.index(name)] += lead * forward[since:] / 0.02
    forward[-HORIZON:] = np.nan
    days = pd.bdate_range("2015-01-01", periods=DAYS)
    none: NDArray[np.float64] = np.zeros((DAYS, 0))
    return FeaturePanel(
        days=days,
        known_from=days,
        sectors=tuple(f"S{i}" for i in range(SECTORS)),
        values=values,
        reference=np.zeros((DAYS, len(FEATURES))),
        past=np.full((DAYS, SECTORS), np.nan),
        forward=forward,
        drivers=none,
        driver_names=(),
        driving=np.zeros((DAYS, 0), dtype=bool),
        signals=np.zeros((DAYS, SECTORS, 0)),
        signal_names=(),
        states=none,
        state_names=(),
        listed=np.ones((DAYS, SECTORS), dtype=bool),
        horizon_rows=HORIZON,
        stride=5,
        year=252,
    )


@pytest.mark.parametrize(("lead", "sign"), [(1.0, 1), (-1.0, -1)])
def test_a_signal_that_has_led_is_taken_in_its_own_direction(lead: float, sign: int) -> None:
    found = chosen_singles(panel({"breadth": lead}), REFITS, DAYS)
    assert found is not None
    assert (found.now, found.sign) == ("breadth", sign)
    late = found.ic[-100:]
    assert np.nanmean(late) > 0.4


def test_the_first_year_goes_by_what_is_believed_in_most() -> None:
    market = panel({"breadth": 1.0})
    found = chosen_singles(market, REFITS, DAYS)
    assert found is not None
    grid = np.arange(0, 252, market.stride)
    measured = [spec for spec in FEATURES if spec.metric not in FITTED]
    most = max(measured, key=lambda spec: abs(spec.belief(monthly=False)))
    sign = 1 if most.belief(monthly=False) >= 0 else -1
    signal = market.values[grid][:, :, NAMES.index(most.name)]
    believed = sign * rank_ic(signal, market.forward[grid])
    assert found.ic[: len(grid)] == pytest.approx(believed)


def test_nothing_is_chosen_with_hindsight() -> None:
    """A signal that begins to lead late is not followed before its outcomes were known."""
    start = 500
    honest, later = panel({}), panel({"breadth": 1.0}, since=start)
    before, after = (chosen_singles(market, REFITS, DAYS) for market in (honest, later))
    assert before is not None
    assert after is not None
    first_refit = next(row for row in REFITS if row > start)
    rows = np.arange(0, DAYS, 5) < first_refit
    untouched = rows & (np.arange(0, DAYS, 5) < start)
    assert after.ic[untouched] == pytest.approx(before.ic[untouched], nan_ok=True)
    assert after.now == "breadth"


def test_outcomes_that_come_later_change_no_earlier_choice() -> None:
    market = panel({"breadth": 0.3})
    cut = 600
    forward = market.forward.copy()
    forward[cut:] = np.random.default_rng(8).normal(size=forward[cut:].shape)
    shuffled = replace(market, forward=forward)
    one, other = (chosen_singles(each, REFITS, DAYS) for each in (market, shuffled))
    assert one is not None
    assert other is not None
    assert one.ic[: cut // 5] == pytest.approx(other.ic[: cut // 5])


def test_a_market_without_signals_has_no_such_rule() -> None:
    market = panel({})
    empty = replace(market, values=np.full_like(market.values, np.nan))
    assert chosen_singles(empty, REFITS, DAYS) is None
