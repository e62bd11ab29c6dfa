"""How much of what can be foreseen in the simulated market the product foresees, and that it sees nothing in none."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np
import pytest

from tools.backtest.walk_forward import product_walks
from tools.scoring.panel import feature_panel
from tools.scoring.record import rank_ic, t_quantile
from tools.sources.demo import Demo
from tools.sources.demo.days import EPOCH
from tools.sources.demo.oracle import oracle
from tools.view import AsOfView

SEEDS = range(1, 11)
ENDS = {10: date(2025, 1, 6), 30: date(2045, 1, 6)}
WARM_UP = 5
"""Years before the first forecast that counts."""
MODELS = ("composite", "ensemble", "sectorvane")


class Skill(NamedTuple):
    """Mean weekly rank correlation after the warm-up."""

    seed: int
    oracle: float
    models: dict[str, float]
    by_years: dict[int, tuple[float, float]]
    """The oracle's and the product's mean up to so many years of history."""


def skill(seed: int, signal: bool = True) -> Skill:
    """Walk the product through thirty years; a shorter history is the beginning of a longer one."""
    end = ENDS[30]
    view = AsOfView(Demo(seed, end=end, signal=signal).load(), end)
    panel = feature_panel(view, "1W")
    best = oracle(view, panel.horizon_rows).reindex(columns=list(panel.sectors)).to_numpy()
    rows = np.arange(WARM_UP * panel.year, len(panel.days), panel.stride)
    days = panel.days.to_numpy()[rows]

    def ic(scores: np.ndarray) -> np.ndarray:
        listed = np.where(panel.listed[rows], scores[rows], np.nan)
        return rank_ic(listed, panel.forward[rows])

    found = {name: ic(walk.scores) for name, walk in product_walks(view, panel).items()}
    known = ic(best)
    by_years = {}
    for years, last in ENDS.items():
        within = days <= np.datetime64(last)
        by_years[years] = (
            float(np.nanmean(known[within])), float(np.nanmean(found["sectorvane"][within])),
        )  # fmt: skip
    means = {name: float(np.nanmean(found[name])) for name in MODELS}
    return Skill(seed, float(np.nanmean(known)), means, by_years)


def ratio(best: list[float], said: list[float]) -> tuple[float, float, float]:
    """Return the ratio of means over seeds with its 95 % interval (jackknife, seeds are independent)."""
    over, under = np.array(said), np.array(best)
    whole = float(over.sum() / under.sum())
    without = (over.sum() - over) / (under.sum() - under)
    count = len(over)
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    half = t_quantile(count - 1) * error
    return whole, whole - half, whole + half


def walked(*, signal: bool) -> list[Skill]:
    # A forked child would inherit locks of threads that it has not.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(skill, SEEDS, [signal] * len(SEEDS)))


@pytest.mark.proof
def test_most_of_what_can_be_foreseen_is_foreseen() -> None:
    """Ten seeds, weekly, after five years: at least 80 % of the oracle's rank correlation at thirty years."""
    found = walked(signal=True)
    print(
        f"SIMULATED market from {EPOCH}, forecasts of a week, each week, after {WARM_UP} years.\n"
    )
    print("| Seed | oracle IC | composite | ensemble | sectorvane | of the oracle's |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for one in found:
        cells = " | ".join(f"{one.models[name]:+.3f}" for name in MODELS)
        share = one.models["sectorvane"] / one.oracle
        print(f"| {one.seed} | {one.oracle:+.3f} | {cells} | {100 * share:.0f} % |")
    print(
        "\n| History | mean oracle IC | mean product IC | ratio (95 %) |\n| ---: | ---: | ---: | ---: |"
    )
    shares = {}
    for years in ENDS:
        best, said = (
            list(part) for part in zip(*(one.by_years[years] for one in found), strict=True)
        )
        shares[years], low, high = ratio(best, said)
        print(
            f"| {years} years | {np.mean(best):.4f} | {np.mean(said):.4f} | "
            f"{100 * shares[years]:.1f} % ({100 * low:.1f} to {100 * high:.1f} %) |"
        )
    print(json.dumps({"ratio": {str(years): round(share, 4) for years, share in shares.items()}}))
    assert shares[30] >= 0.8


@pytest.mark.proof
def test_nothing_is_foreseen_where_nothing_can_be() -> None:
    """The same ten markets without their signal: the mean rank correlation is zero within its noise."""
    found = walked(signal=False)
    print("SIMULATED market with its signal switched off.\n")
    print("| Model | mean IC over ten seeds | 95 % |\n| :--- | ---: | ---: |")
    for name in MODELS:
        values = np.array([one.models[name] for one in found])
        half = t_quantile(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
        print(
            f"| {name} | {values.mean():+.4f} | {values.mean() - half:+.4f} to {values.mean() + half:+.4f} |"
        )
        assert abs(values.mean()) <= max(half, 0.004)
