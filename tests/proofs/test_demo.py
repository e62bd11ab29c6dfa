"""The simulated market beside real ones, and the product beside the best possible forecasts of it."""

from __future__ import annotations

import time
from datetime import date
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
import pytest

from agent.commands.demo_backtest import as_markdown, means
from tests.conftest import SHARED
from tools.backtest.yardsticks import PRODUCT, Span, run_trial
from tools.measures.returns import rel_return
from tools.scoring.record import rank_ic
from tools.sources import open_market
from tools.sources.demo import Demo
from tools.sources.demo.oracle import omniscient, oracle
from tools.view import AsOfView

END = date(2026, 11, 20)
SEEDS = range(1, 11)
REAL = {"vn": date(2023, 12, 29), "id": date(2022, 12, 30)}
YEAR = 252**0.5


class Seen(NamedTuple):
    """Mean weekly rank correlation, and the share of signs that came true."""

    ic: float
    hits: float


def weekly(view: AsOfView) -> tuple[np.ndarray, np.ndarray]:
    """Return the last row of each week after the first year, and what followed every row."""
    gained = rel_return(view, "1W").reindex(columns=list(view.sector_codes)).to_numpy()
    outcome = np.full_like(gained, np.nan)
    outcome[:-5] = gained[5:]
    weeks = view.days.to_period("W")
    rows = np.flatnonzero(np.append(weeks[:-1] != weeks[1:], True))
    return rows[rows >= 252], outcome


def seen(view: AsOfView, forecast: pd.DataFrame) -> Seen:
    rows, outcome = weekly(view)
    said, came = forecast.to_numpy()[rows], outcome[rows]
    both = np.isfinite(said) & np.isfinite(came)
    return Seen(
        float(np.nanmean(rank_ic(said, came))), float(((said > 0) == (came > 0))[both].mean())
    )


@pytest.mark.proof
def test_ten_seeds_beside_the_best_possible_forecasts() -> None:
    """The oracle's weekly rank correlation lies in 0.06-0.15 and its hit rate in 52-57 % on each seed."""
    span = Span(END)
    began = time.perf_counter()
    trials = [run_trial(seed, span, yardsticks=True) for seed in SEEDS]
    took = time.perf_counter() - began
    print(as_markdown(trials, span).replace("# SIMULATED", "SIMULATED", 1))
    print(f"Ten seeds one after the other in {took:.1f} s.")
    for trial in trials:
        oracle, omniscient = trial.of("oracle"), trial.of("omniscient")
        assert 0.06 <= (oracle.ic or 0.0) <= 0.15
        assert oracle.hits is not None
        assert 0.52 <= oracle.hits.rate <= 0.57
        assert (oracle.ic or 0.0) < (omniscient.ic or 0.0)
    found = means(trials)
    product, best = found[PRODUCT]["ic"], found["oracle"]["ic"]
    assert product is not None
    assert best is not None
    assert product.mean < best.mean


@pytest.mark.proof
def test_the_yardsticks_worked_out_another_way() -> None:
    """The command's numbers are those of the forecasts' own tables, cut week by week."""
    print("| Seed | yardstick | IC | hits | made in |\n| ---: | :--- | ---: | ---: | ---: |")
    for seed in list(SEEDS)[:3]:
        began = time.perf_counter()
        demo = Demo(seed, end=END)
        view = AsOfView(demo.load(), END)
        took = time.perf_counter() - began
        trial = run_trial(seed, Span(END), yardsticks=True)
        for name, said in (("oracle", oracle(view, 5)), ("omniscient", omniscient(demo, view, 5))):
            own, told = seen(view, said), trial.of(name)
            assert told.hits is not None
            print(f"| {seed} | {name} | {own.ic:.4f} | {100 * own.hits:.2f} % | {took:.1f} s |")
            assert told.ic == pytest.approx(own.ic, abs=0.002)
            assert told.hits.rate == pytest.approx(own.hits, abs=0.002)


def moments(view: AsOfView) -> dict[str, float]:
    """Return what the generator was set by."""
    daily = view.daily_returns.iloc[-1800:]
    codes = list(view.sector_codes)
    sectors, market = daily[codes], daily["MARKET"]
    relative = sectors.sub(market, axis=0)
    shares = [name for name in view.members("MARKET") if name in daily] or [
        name for code in codes for name in view.members(code)
    ]
    among = sectors.corr().to_numpy()[np.triu_indices(len(codes), 1)]
    found: dict[str, float] = {
        "market volatility, a year": market.std() * YEAR,
        "market, autocorrelation": market.autocorr(1),
        "market, autocorrelation of size": market.abs().autocorr(1),
        "the same, 20 days apart": market.abs().autocorr(20),
        "market, excess kurtosis": float(cast("float", market.kurt())),
        "sector volatility, a year": sectors.std().mean() * YEAR,
        "relative volatility, a year": relative.std().mean() * YEAR,
        "relative, autocorrelation": _mean(relative, 1),
        "relative, autocorrelation of size": _mean(relative.abs(), 1),
        "correlation among sectors": float(np.nanmean(among)),
        "share volatility, a year": daily[shares].std().median() * YEAR,
    }
    return found | _flow_moments(view, relative, codes)


def _mean(frame: pd.DataFrame, lag: int) -> float:
    return float(frame.apply(lambda column: column.autocorr(lag)).mean())


def _flow_moments(view: AsOfView, relative: pd.DataFrame, codes: list[str]) -> dict[str, float]:
    names = ("flow ratio, deviation", "flow ratio, autocorrelation")
    links = ("flow and return, same day", "flow and return, next day", "flow and return, next week")
    if view.flow_net is None or view.traded_value is None:
        return dict.fromkeys((*names, *links), float("nan"))
    flow = pd.DataFrame({
        code: view.flow_net[view.members(code)].sum(axis=1)
        / view.traded_value[view.members(code)].sum(axis=1)
        for code in codes
    }).reindex(relative.index)  # fmt: skip
    flow = flow.replace([np.inf, -np.inf], np.nan)
    week, gained = flow.rolling(5).sum(), relative.rolling(5).sum()
    return dict(zip(names, (float(flow.std().mean()), _mean(flow, 1)), strict=True)) | {
        links[0]: float(flow.corrwith(relative).mean()),
        links[1]: float(flow.corrwith(relative.shift(-1)).mean()),
        links[2]: float(week.corrwith(gained.shift(-5)).mean()),
    }


@pytest.mark.proof
def test_moments_beside_real_markets() -> None:
    """What the simulated market is like, beside the real folders where they are on this machine."""
    views = {"demo, mean of ten seeds": None} | {
        name: AsOfView(open_market(f"folder:{SHARED / 'markets' / name}"), day)
        for name, day in REAL.items()
        if (SHARED / "markets" / name).is_dir()
    }
    seeds = pd.DataFrame([moments(AsOfView(Demo(seed, end=END).load(), END)) for seed in SEEDS])
    columns = {
        name: dict(seeds.mean()) if view is None else moments(view) for name, view in views.items()
    }
    lines = [
        "The newest 1,800 trading days of each; sectors' and shares' values are means over them.",
        "",
        "| Moment | lowest seed | highest seed | " + " | ".join(columns) + " |",
        "| :--- | ---: | ---: |" + " ---: |" * len(columns),
    ]
    for name in seeds.columns:
        shown = [
            seeds[name].min(),
            seeds[name].max(),
            *(column[name] for column in columns.values()),
        ]
        cells = " | ".join("–" if np.isnan(value) else f"{value:.3f}" for value in shown)
        lines.append(f"| {name} | {cells} |")
    print("\n".join(lines))
    assert 0.14 < seeds["market volatility, a year"].mean() < 0.26
    assert 0.3 < seeds["correlation among sectors"].mean() < 0.6
    assert seeds["flow and return, same day"].mean() > 0.1
    assert seeds["flow and return, next day"].mean() > 0.01
