"""The product beside the best possible forecasts of a market whose process is known.

Three forecasters are asked on the same dates of one simulated market: the *oracle*, which knows the parameters and
filters the hidden state from what was published by then; the *omniscient*, which is told the hidden state; and the
*product*, refitted on schedule as in any walk-forward. The first is what an honest forecast could have reached, the
second what none could pass, so what the product lacks to the first is its own, and the rest is noise.

Yardsticks call every sector up or down; the product calls some, and its hit rate is over those.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.backtest.measures import Measures, measures
from tools.backtest.walk_forward import COLUMNS, PRODUCT_MODELS, decision_rows, predictions
from tools.contracts import Frozen
from tools.scoring.panel import feature_panel
from tools.scoring.record import HitRate, t_quantile
from tools.sources.demo import Demo
from tools.sources.demo.oracle import omniscient, oracle
from tools.view import AsOfView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tools.backtest.walk_forward import Every
    from tools.contracts import Horizon
    from tools.scoring.panel import FeaturePanel

PRODUCT = PRODUCT_MODELS[-1]
YARDSTICKS = ("oracle", "omniscient")


class Span(NamedTuple):
    """Which dates are forecast, and how far ahead."""

    as_of: date
    """Nothing published later is used, outcomes included; the market ends on it."""
    horizon: Horizon = "1W"
    every: Every = "1W"
    start: date | None = None
    end: date | None = None


class Skill(Frozen):
    """How one forecaster did on one market."""

    model: str
    dates: int
    ic: float | None
    """Mean rank correlation with what followed."""
    ic_low: float | None
    ic_high: float | None
    hits: HitRate | None
    call_share: float | None


class Trial(Frozen):
    """All forecasters on the market of one seed."""

    seed: int
    first: str
    last: str
    skills: tuple[Skill, ...]

    def of(self, model: str) -> Skill:
        """Return how one forecaster did."""
        return next(skill for skill in self.skills if skill.model == model)


class Spread(Frozen):
    """The mean over seeds with its 95 % interval; seeds are independent markets."""

    mean: float
    low: float | None
    """None for a single seed."""
    high: float | None


def run_trial(seed: int, span: Span, *, yardsticks: bool) -> Trial:
    """Walk the product, and the yardsticks where they are wanted, through the market of one seed."""
    demo = Demo(seed, end=span.as_of)
    view = AsOfView(demo.load(), span.as_of)
    horizon, every = span.horizon, span.every
    frames = [
        predictions(view, horizon, start=span.start, end=span.end, every=every, models=(PRODUCT,))
    ]
    if yardsticks:
        panel = feature_panel(view, horizon)
        rows = decision_rows(panel, start=span.start, end=span.end, every=every)
        ahead = panel.horizon_rows
        for name, said in zip(
            YARDSTICKS, (oracle(view, ahead), omniscient(demo, view, ahead)), strict=True
        ):
            frames.append(_called(panel, said, rows, name, horizon))
    found = measures(pd.concat(frames, ignore_index=True), view, horizon)
    days = frames[0]["date"]
    return Trial(
        seed=seed,
        first=days.min().date().isoformat(),
        last=days.max().date().isoformat(),
        skills=tuple(_skill(entry) for entry in found),
    )


def _called(
    panel: FeaturePanel, said: pd.DataFrame, rows: np.ndarray, name: str, horizon: Horizon
) -> pd.DataFrame:
    """Return a yardstick's forecasts as predictions that call every sector up or down."""
    values = said.reindex(columns=list(panel.sectors)).to_numpy(dtype=float)[rows]
    at, column = np.nonzero(panel.listed[rows] & np.isfinite(values))
    score = values[at, column]
    frame = pd.DataFrame(
        {
            "date": panel.known_from[rows[at]],
            "sector": np.array(panel.sectors, dtype=object)[column],
            "horizon": horizon,
            "model": name,
            "score": score,
            "probability": np.where(score > 0, 1.0, 0.0),
        }
    )
    return frame.reindex(columns=list(COLUMNS))


def _skill(found: Measures) -> Skill:
    return Skill(
        model=found.model,
        dates=found.dates,
        ic=found.mean_ic,
        ic_low=found.ic_low,
        ic_high=found.ic_high,
        hits=found.hits,
        call_share=found.call_share,
    )


def spread(values: Sequence[float | None]) -> Spread | None:
    """Return the mean of one number over seeds, those without it left out; None where none has it."""
    known = np.array([value for value in values if value is not None])
    if not known.size:
        return None
    mean = float(known.mean())
    if known.size == 1:
        return Spread(mean=mean, low=None, high=None)
    half = t_quantile(known.size - 1) * float(known.std(ddof=1)) / math.sqrt(known.size)
    return Spread(mean=mean, low=mean - half, high=mean + half)
