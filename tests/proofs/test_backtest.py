"""The product on every market at hand, beside the single signal chosen on the past, and what a run costs.

The small version of each proof is in the suite: `tests/tools/backtest`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from agent.commands.backtest_tables import estimate, percent, signed
from agent.commands.record import as_markdown
from agent.commands.tables import markdown_table
from tests.clusters import two_workers
from tests.conftest import SHARED, clean_environment
from tools.backtest.layout import lay_out
from tools.backtest.past_chosen import past_chosen
from tools.backtest.pooling import Pooled, pooled
from tools.backtest.resampling import mean_over_dates
from tools.backtest.run import Plan, run_walk_forwards
from tools.backtest.walk_forward import as_frame, dates_to_predict, rankings
from tools.backtest.yardsticks import PRODUCT
from tools.scoring.panel import feature_panel
from tools.scoring.record import rank_ic
from tools.sources import open_market
from tools.view import AsOfView
from tools.workers import Workers

if TYPE_CHECKING:
    from tools.backtest.past_chosen import Rule
    from tools.backtest.report import WalkForwardReport
    from tools.backtest.walk_forward import Every
    from tools.contracts import Horizon

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("us", "id", "vnx")
MINUTES, GIGABYTES = 5.0, 4.0
RULES: tuple[Rule, ...] = ("mean", "t", "believed")


class Market(NamedTuple):
    name: str
    spec: str
    as_of: date
    horizons: tuple[Horizon, ...]
    every: Every


def markets() -> list[Market]:
    """Return the real markets on this machine."""
    ends = {"us": date(2019, 12, 31), "id": date(2022, 12, 30), "vnx": date(2023, 12, 29)}
    found = [
        Market(name, f"folder:{SHARED / 'markets' / name}", ends[name], ("1W", "1M"), "1W")
        for name in FOLDERS
        if (SHARED / "markets" / name).is_dir()
    ]
    return [*found, Market("industries", "industries", date(2017, 12, 31), ("1M", "3M"), "1M")]


@pytest.fixture(scope="module")
def reports() -> tuple[WalkForwardReport, ...]:
    found: list[WalkForwardReport] = []
    for market in markets():
        data = open_market(market.spec)
        plan = Plan(market.as_of, every=market.every)
        found += run_walk_forwards(data, market.horizons, plan)
    return tuple(found)


def command_cost(arguments: list[str], home: Path) -> tuple[float, float, float, str]:
    """Run a command line and return its seconds, its processor's seconds, its gigabytes, and what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    finished = subprocess.run(
        [sys.executable, str(ROOT / "chat.py"), *arguments],
        env={**clean_environment(), "SECTORVANE_HOME": str(home)},
        cwd=home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, busy, after.ru_maxrss / 1e6, finished.stdout


@pytest.mark.proof
def test_every_market_in_one_run(tmp_path: Path) -> None:
    """The full table with all baselines, both horizons, as JSON with predictions: minutes and memory."""
    rows = []
    for market in markets():
        target = tmp_path / f"{market.name}.parquet"
        horizons = [part for one in market.horizons for part in ("--horizon", one)]
        took, busy, memory, printed = command_cost(
            [
                "backtest", "--market", market.spec, "--as-of", market.as_of.isoformat(),
                *horizons, "--every", market.every, "--json", "--predictions", str(target),
            ],
            tmp_path,
        )  # fmt: skip
        runs: list[dict[str, Any]] = json.loads(printed)["runs"]
        frame = pd.read_parquet(target)
        counts = frame.groupby(["horizon", "date", "model"])["sector"].nunique()
        assert counts.groupby(["horizon", "date"]).nunique().eq(1).all()
        assert frame["score"].notna().all()
        models = [len(run["models"]) for run in runs]
        rows.append(
            (
                market.name, " ".join(market.horizons), max(models), len(frame),
                f"{took:.0f}", f"{busy:.0f}", f"{memory:.2f}",
            )
        )  # fmt: skip
        assert took < 60 * MINUTES
        assert memory < GIGABYTES
    print(f"One process each on {os.cpu_count()} cores; the highest memory so far.\n")
    heads = ("market", "horizons", "models", "predictions", "seconds", "processor", "gigabytes")
    print(markdown_table(heads, rows, numbers=True))


@pytest.mark.proof
def test_pooled_against_the_single_signal_chosen_on_the_past(
    reports: tuple[WalkForwardReport, ...],
) -> None:
    """The difference of rank correlations over all markets, with calibration and coverage beside it."""
    if len({report.market for report in reports}) < 4:
        pytest.skip(f"not all market folders are in {SHARED / 'markets'}")
    print(as_markdown(reports))
    found = {name: pooled(reports, name) for name in ("sectorvane", "ensemble", "composite")}
    print(_pooled_table(found))
    mine = found["sectorvane"]
    assert mine.gap.low is not None
    assert mine.gap.low > 0.0
    assert mine.calibration_error.value <= 0.03
    assert mine.calibration_error.value <= (mine.calibration_error.high or 0.0)
    assert abs(mine.coverage.value - 0.8) <= 0.03
    assert (mine.skill_half.high or 0.0) >= 0.0
    assert (mine.skill_known_rate.high or 0.0) >= 0.0
    assert mine.call_share > 0.3
    assert mine.resolution > 0.0


def _pooled_table(found: dict[str, Pooled]) -> str:
    def spread(one: Any, written: Any) -> str:
        return f"{written(one.value)}; calibrated {written(one.low)} to {written(one.high)}"

    def row(title: str, cell: Any) -> tuple[str, ...]:
        return (title, *(cell(one) for one in found.values()))

    three = lambda value: f"{value:.4f}"  # noqa: E731 - a format
    rows = [
        row("runs, dates, predictions", lambda p: f"{p.runs}, {p.dates:,}, {p.predictions:,}"),
        row("IC", lambda p: estimate(p.ic, signed)),
        row("IC of past_chosen", lambda p: estimate(p.bar, signed)),
        row("**difference**", lambda p: f"**{estimate(p.gap, signed)}**"),
        row("difference, runs equally", lambda p: estimate(p.gap_by_run, signed)),
        row("ceiling by hindsight", lambda p: signed(p.ceiling)),
        row("hits", lambda p: estimate(p.hit_rate, lambda v: percent(v, 1))),
        row("share of calls", lambda p: percent(p.call_share)),
        row("calibration error", lambda p: spread(p.calibration_error, three)),
        row("in the 80 % interval", lambda p: spread(p.coverage, lambda v: percent(v, 1))),
        row("resolution", lambda p: f"{p.resolution:.5f}"),
        row("reliability", lambda p: f"{p.reliability:.5f}"),
        row("Brier skill against ½", lambda p: estimate(p.skill_half, three)),
        row("against the known base rate", lambda p: estimate(p.skill_known_rate, three)),
    ]
    return markdown_table(("pooled", *found), rows)


@pytest.mark.proof
def test_calibration_of_every_run(reports: tuple[WalkForwardReport, ...]) -> None:
    """Each market and horizon beside the range of a perfectly calibrated forecaster, also where it is outside."""
    rows = []
    for report in reports:
        row = report.of("sectorvane")
        assert row.probability is not None
        assert row.interval is not None
        error, inside = row.probability.calibration_error, row.interval.coverage
        rows.append(
            (
                report.market, report.horizon, f"{error.value:.4f}",
                f"{error.low:.4f} to {error.high:.4f}",
                "inside" if error.value <= (error.high or 0.0) else "**OUTSIDE**",
                percent(inside.value, 1), f"{percent(inside.low, 1)} to {percent(inside.high, 1)}",
                "inside" if (inside.low or 1) <= inside.value <= (inside.high or 0) else "**OUTSIDE**",
                estimate(row.probability.skill_half, signed),
                estimate(row.probability.skill_known_rate, signed),
                percent(row.call_share), f"{row.probability.parts.resolution:.5f}",
            )
        )  # fmt: skip
        for skill in (row.probability.skill_half, row.probability.skill_known_rate):
            assert skill is not None
            assert (skill.high or 0.0) >= 0.0
    heads = (
        "market", "horizon", "calibration error", "calibrated", "it is", "in 80 %", "calibrated",
        "it is", "skill against ½", "against known base rate", "calls", "resolution",
    )  # fmt: skip
    print(markdown_table(heads, rows))
    assert sum("**OUTSIDE**" in row for row in rows) <= 1


@pytest.mark.proof
def test_other_rules_of_choosing_on_the_past() -> None:
    """The bar does not hang on its rule: by the mean, by t, and in the believed direction alone."""
    gaps: dict[str, list[tuple[np.ndarray, int]]] = {rule: [] for rule in RULES}
    rows = []
    for market in markets():
        view = AsOfView(open_market(market.spec), market.as_of)
        for horizon in market.horizons:
            panel = feature_panel(view, horizon)
            rows_of = dates_to_predict(panel, start=None, end=None, every=market.every)
            found = rankings(view, horizon)
            said = as_frame(
                panel,
                replace(found, walks={PRODUCT: found.walks[PRODUCT]}, baselines={}),
                rows_of,
                horizon,
            )
            (mine,) = lay_out(said, panel)
            own = rank_ic(mine.score, mine.outcome)
            cells = []
            for rule in RULES:
                chosen = past_chosen(panel, found.candidates, rule)
                alone = replace(found, walks={}, baselines={rule: chosen.scores})
                frame = as_frame(panel, alone, mine.rows, horizon)
                (bar,) = lay_out(frame, panel)
                gap = own - rank_ic(bar.score, bar.outcome)
                gaps[rule].append((gap, mine.overlap))
                cells.append(estimate(mean_over_dates(gap, mine.overlap), signed))
            rows.append((market.name, horizon, *cells))
    for rule in RULES:
        assert np.nanmean(np.concatenate([gap for gap, _ in gaps[rule]])) > 0.0
    means = [signed(float(np.nanmean(np.concatenate([g for g, _ in gaps[r]])))) for r in RULES]
    rows.append(("all dates", "", *means))
    print(markdown_table(("IC − chosen by", "horizon", *RULES), rows))


class Size(NamedTuple):
    days: int
    sectors: int
    shares: int


GROWN = {
    "days": (Size(1000, 10, 0), Size(2000, 10, 0), Size(4000, 10, 0), Size(8000, 10, 0)),
    "sectors": (Size(1500, 5, 0), Size(1500, 10, 0), Size(1500, 20, 0), Size(1500, 40, 0)),
    "shares": (Size(1500, 10, 10), Size(1500, 10, 20), Size(1500, 10, 40), Size(1500, 10, 80)),
}


def write_walks(folder: Path, size: Size) -> Path:
    """Write a market of random walks; `shares` are those of each sector, none: sectors have proxies."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    days = pd.bdate_range("1990-01-01", periods=size.days)
    codes = [f"{number:02d}" for number in range(size.sectors)]
    names = [f"Sector {code}" for code in codes]
    proxies = [f"P{code}" for code in codes] if not size.shares else [""] * size.sectors
    universe = [("BENCH", "Benchmark", "", "benchmark")]
    if size.shares:
        universe += [
            (f"S{c}N{n}", f"Share {n}", c, "stock") for c in codes for n in range(size.shares)
        ]
    else:
        universe += [(f"P{code}", f"Index {code}", code, "sector") for code in codes]
    closes = 100 * np.cumprod(1 + rng.normal(0.0003, 0.01, (size.days, len(universe))), axis=0)
    symbols = [row[0] for row in universe]
    close = closes.ravel(order="F")
    pd.DataFrame(
        {
            "date": np.tile(days.to_numpy(), len(symbols)),
            "symbol": np.repeat(symbols, size.days),
            "open": close, "high": close * 1.01, "low": close * 0.99, "close": close,
            "volume": 1e6,
        }
    ).to_parquet(folder / "prices.parquet", index=False)  # fmt: skip
    pd.DataFrame(
        {"sector": codes, "name": names, "name_vi": names, "proxy": proxies}
    ).to_csv(folder / "sectors.csv", index=False)  # fmt: skip
    pd.DataFrame(universe, columns=["symbol", "name", "sector", "kind"]).to_csv(
        folder / "universe.csv", index=False
    )
    months = pd.date_range(days[0], days[-1], freq="ME")
    pd.DataFrame(
        {
            "series": "PMI", "observed_on": months, "published_on": months + pd.Timedelta(days=5),
            "value": 50 + rng.normal(0, 2, len(months)).round(1), "unit": "index, 50 = no change",
        }
    ).to_parquet(folder / "macro.parquet", index=False)  # fmt: skip
    (folder / "market.toml").write_text(
        'id = "walks"\nname = "Random walks"\ncurrency = "USD"\ntimezone = "UTC"\n'
        'benchmark = "BENCH"\nsector_scheme = "none"\nsimulated = true\nsource = "generated"\n'
        'licence = "none needed"\n[publication]\nprices_days = 0\n',
        encoding="utf-8",
    )
    return folder


@pytest.mark.proof
def test_time_against_dates_sectors_and_shares(tmp_path: Path) -> None:
    """Processor time of a whole walk-forward of one horizon, and the exponent of its growth."""
    rows, exponents = [], {}
    warm = write_walks(tmp_path / "warm", Size(700, 5, 0))
    _busy(warm)
    for what, sizes in GROWN.items():
        seconds = []
        for size in sizes:
            folder = write_walks(tmp_path / f"{what}-{getattr(size, what)}", size)
            seconds.append(_busy(folder))
            rows.append((what, size.days, size.sectors, size.shares, f"{seconds[-1]:.1f}"))
        grown = [getattr(size, what) for size in sizes]
        exponents[what] = float(np.polyfit(np.log(grown), np.log(seconds), 1)[0])
    heads = ("grown", "days", "sectors", "shares of each", "processor seconds")
    print(markdown_table(heads, rows, numbers=True))
    fitted = [(what, f"{value:.2f}") for what, value in exponents.items()]
    print(f"\n{markdown_table(('against', 'exponent'), fitted, numbers=True)}")
    assert exponents["days"] < 1.7
    assert exponents["sectors"] < 1.5
    assert exponents["shares"] < 1.2


def _busy(folder: Path) -> float:
    began = time.process_time()
    data = open_market(f"folder:{folder}")
    run_walk_forwards(data, ("1M",), Plan(date(2025, 1, 1), every="1W"))
    return time.process_time() - began


@pytest.mark.proof
def test_one_process_two_and_a_cluster_of_two_find_the_same() -> None:
    """The demo market at two horizons: the same predictions and report to the last bit."""
    data, plan = open_market("demo"), Plan(date(2019, 12, 31))
    horizons: tuple[Horizon, ...] = ("1W", "1M")
    texts, frames, rows = [], [], []
    with two_workers() as scheduler:
        for name, workers in (
            ("one process", Workers()),
            ("two processes", Workers(jobs=2)),
            ("a Dask cluster of two workers", Workers(scheduler=scheduler)),
        ):
            began = time.perf_counter()
            reports = run_walk_forwards(data, horizons, plan, workers)
            rows.append((name, f"{time.perf_counter() - began:.1f}"))
            texts.append(json.dumps([report.to_json() for report in reports]))
            frames.append(pd.concat([report.predictions for report in reports]))
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frames[0], frame, check_exact=True)
    assert len(set(texts)) == 1
    print(f"{len(frames[0]):,} predictions, identical.\n")
    print(markdown_table(("where", "seconds"), rows, numbers=True))
