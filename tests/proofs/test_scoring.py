"""The score taken apart, turned over and trained again: on the simulated market and on real folders."""

from __future__ import annotations

import json
import math
import re
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from tests.conftest import ROOT, SHARED, clean_environment
from tests.tools.scoring.estimators import estimated, groups_removed
from tests.tools.scoring.grown import with_trees
from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.fitting import fit_artefact, refit_day
from tools.scoring.flip import smallest_flip
from tools.scoring.linear import standardised
from tools.scoring.model import add_up, call_of, contributions_of, finite_contributions, scores
from tools.scoring.panel import FeaturePanel, feature_panel
from tools.scoring.schedule import refit_rows
from tools.scoring.surrogate import second_opinion
from tools.scoring.training import MODELS, Walked, walk_models
from tools.scoring.trees import fit_trees, members
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tools.scoring.artefact import Artefact
    from tools.scoring.model import Fit

REAL = ("us", "id", "vnx")
END = date(2026, 11, 20)
N = len(FEATURES)


class Past(NamedTuple):
    """One market walked through at one horizon, with what is in force at its end."""

    panel: FeaturePanel
    walked: Walked
    artefact: Artefact


def names() -> list[str]:
    return ["demo", "industries", *(name for name in REAL if (SHARED / "markets" / name).is_dir())]


def view_of(name: str) -> AsOfView:
    market = open_market(name if name not in REAL else f"folder:{SHARED / 'markets' / name}")
    return AsOfView(market, min(market.prices["date"].max().date(), END))


@cache
def past(name: str) -> Past:
    view = view_of(name)
    panel = feature_panel(view, "1M")
    walked = walk_models(panel, refit_rows(panel.days, monthly=view.market.monthly))
    return Past(panel, walked, fit_artefact(view, refit_day(view)))


@pytest.mark.proof
def test_score_is_base_plus_contributions_and_the_estimators_own_output() -> None:
    print("Every sector on every date of the walk at 1M; `groups missing`: the same rows without a")
    print(
        "quarter of their groups. The other computation is scikit-learn's, given the numbers kept.\n"
    )
    print("| Market | model | scores | with trees | base + contributions | from the estimators |"
          " groups missing |")  # fmt: skip
    print("| :--- | :--- | ---: | ---: | ---: | ---: | ---: |")
    rng = np.random.default_rng(1)
    for name in names():
        panel, walked, _ = past(name)
        for model in MODELS:
            walk, n, crooked = walked.walks[model], 0, 0
            inexact, apart, apart_missing = 0, 0.0, 0.0
            for position, fit in enumerate(walk.fits):
                rows = walk.fit_of_row == position
                listed = panel.listed[rows].ravel()
                values = walk.values[rows].reshape(-1, N)[listed]
                if not len(values):
                    continue  # no sector was listed yet
                said = walk.scores[rows].ravel()[listed]
                n, crooked = n + len(said), crooked + len(said) * bool(fit.trees)
                inexact += _inexact(fit, values, said)
                apart = max(apart, _apart(said, estimated(fit, values)))
                fewer = groups_removed(values, rng)
                less = scores(fit, fewer)
                inexact += _inexact(fit, fewer, less)
                apart_missing = max(apart_missing, _apart(less, estimated(fit, fewer)))
            print(f"| {name} | {model} | {n:,} | {crooked:,} | {inexact} differ | {apart:.1e} |"
                  f" {apart_missing:.1e} |")  # fmt: skip
            assert inexact == 0
            assert max(apart, apart_missing) < 1e-6


def _inexact(fit: Fit, values: NDArray[np.float64], said: NDArray[np.float64]) -> int:
    """Count scores that are not, to the last bit, base value plus contributions one after the other."""
    parts = contributions_of(fit, values)
    columns = [parts[group].tolist() for group in GROUPS]
    wrong = 0
    for score, *row in zip(said.tolist(), *columns, strict=True):
        known = {str(n): part for n, part in enumerate(row) if math.isfinite(part)}
        wrong += score != add_up(fit.intercept, known)
    return wrong


def _apart(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return float(np.abs(one - two).max(initial=0.0))


@pytest.mark.proof
def test_contributions_are_the_shapley_values_of_the_shap_package() -> None:
    shap = pytest.importorskip("shap", reason="not installed; `make prove` installs it")
    rng = np.random.default_rng(2)
    rows = np.clip(rng.normal(size=(300, N)), -3, 3)
    target = np.sin(2 * rows).sum(axis=1) + rng.normal(size=300)
    print(
        "Trees: interventional TreeExplainer over the whole training sample, summed over the group's"
    )
    print("inputs. Lines: LinearExplainer with every input at its centre as background.\n")
    print("| Group | member | largest difference | largest contribution |")
    print("| :--- | :--- | ---: | ---: |")
    worst = 0.0
    for group in GROUPS:
        columns = [i for i, spec in enumerate(FEATURES) if spec.group == group]
        kept = fit_trees(rows, target, np.ones(300), [(group, columns)])
        for grown, (name, estimator, _) in zip(kept, members(300), strict=True):
            estimator.fit(rows[:, columns], target, sample_weight=np.ones(300))
            # the package samples a hundred rows unless told otherwise, and knows no boosting that begins at nothing
            sample = shap.maskers.Independent(rows[:, columns], max_samples=300)
            trees = [estimator] if name == "forest" else list(np.ravel(estimator.estimators_))
            values = sum(
                (1.0 if name == "forest" else grown.rate)
                * shap.TreeExplainer(tree, sample).shap_values(
                    rows[:60, columns], check_additivity=False
                )
                for tree in trees
            )
            own = grown.predict(rows[:60])
            apart = _apart(np.asarray(values).sum(axis=1), own)
            print(f"| {group} | {name} | {apart:.1e} | {np.abs(own).max():.3f} |")
            worst = max(worst, apart)
    fit = past("industries").walked.now["ensemble"]
    line = (np.array([entry.coefficient for entry in fit.inputs]), fit.intercept)
    background = np.zeros((1, N))
    values = shap.LinearExplainer(line, background).shap_values(rows)
    centre = np.array([entry.centre for entry in fit.inputs])
    scale = np.array([entry.scale for entry in fit.inputs])
    bare = fit.model_copy(update={"trees": (), "tree_weights": ()})
    lines = contributions_of(bare, centre + scale * rows)
    for group in GROUPS:
        columns = [i for i, spec in enumerate(FEATURES) if spec.group == group]
        apart = _apart(np.asarray(values)[:, columns].sum(axis=1), lines[group])
        print(f"| {group} | line | {apart:.1e} | {np.abs(lines[group]).max():.3f} |")
        worst = max(worst, apart)
    assert worst < 1e-6


class _Sample(NamedTuple):
    """One sector on one day under the fit in force."""

    fit: Fit
    raw: NDArray[np.float64]
    reference: NDArray[np.float64]
    pasts: Any
    sector: str


def samples(name: str, model: Any, n: int, *, trees: bool = False) -> list[_Sample]:
    panel, walked, artefact = past(name)
    walk, rng = walked.walks[model], np.random.default_rng(3)
    rows = rng.choice(np.arange(len(panel.days) // 3, len(panel.days)), n)
    found = []
    for row in rows.tolist():
        column = int(rng.choice(np.flatnonzero(panel.listed[row])))
        fit = walk.fits[int(walk.fit_of_row[row])]
        found.append(
            _Sample(
                with_trees(fit, row) if trees else fit,
                walk.values[row, column] + panel.reference[row],
                panel.reference[row],
                artefact.horizons["1M"].pasts[panel.sectors[column]],
                panel.sectors[column],
            )
        )
    return found


@pytest.mark.proof
def test_applying_a_flip_flips_the_call_and_nothing_nearer_does() -> None:
    print(
        "Sectors and dates drawn at random; `nearer`: a fine grid of every input's own moves, within"
    )
    print("its past range, that are smaller in standard deviations. The last rows add trees.\n")
    print("| Market | model | cases | with a flip | it flips | nearer ones found | within its past |"
          " median move |")  # fmt: skip
    print("| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in names():
        for model, trees in (("composite", False), ("ensemble", False), ("ensemble", True)):
            drawn = samples(name, model, 60, trees=trees)
            flips, flipped, nearer, inside, moves = 0, 0, 0, 0, []
            for case in drawn:
                flip, _ = smallest_flip(
                    case.fit, case.sector, "1M", case.raw, case.reference, case.pasts
                )
                now = _call(case, case.raw)
                nearer += _nearer(case, now, 100.0 if flip is None else flip.sd)
                if flip is None:
                    continue
                position = [s.fact_id(case.sector, "1M") for s in FEATURES].index(flip.input)
                known = case.pasts[FEATURES[position].name]
                moved = case.raw.copy()
                moved[position] = flip.to
                flips += 1
                flipped += _call(case, moved) == flip.new_call != now
                inside += known.low <= flip.to <= known.high
                moves.append(flip.sd)
            shown = f"{model}, trees added" if trees else model
            print(f"| {name} | {shown} | {len(drawn)} | {flips} | {flipped} | {nearer} | {inside} |"
                  f" {np.median(moves):.2f} sd |")  # fmt: skip
            assert flips == flipped == inside > 0
            assert nearer == 0


def _call(case: _Sample, raw: NDArray[np.float64]) -> str:
    parts = finite_contributions(case.fit, raw - case.reference)
    return call_of(add_up(case.fit.intercept, parts), case.fit.intercept)


def _nearer(case: _Sample, now: str, sd: float) -> int:
    """Count inputs of which a smaller move within their past changes the call."""
    found = 0
    for index, spec in enumerate(FEATURES):
        known = case.pasts.get(spec.name)
        if known is None or np.isnan(case.raw[index]):
            continue
        # trees compare in single precision
        reach = max(0.0, sd - 1e-5) * known.sd
        low = max(known.low, case.raw[index] - reach)
        high = min(known.high, case.raw[index] + reach)
        if low <= high:
            moved = np.repeat(case.raw[None, :], 50, axis=0)
            moved[:, index] = np.linspace(low, high, 50)
            said = scores(case.fit, moved - case.reference)
            found += any(call_of(score, case.fit.intercept) != now for score in said.tolist())
    return found


@pytest.mark.proof
def test_the_attribution_is_confirmed_by_a_surrogate_and_stable_from_day_to_day() -> None:
    print(
        "Surrogate: sectors and dates drawn at random. Neighbours: pairs of days of one refit on which"
    )
    print(
        "no input moved by more than a quarter of its standard deviation; Spearman's correlation of a"
    )
    print("sector's contributions over its groups.\n")
    print("| Market | model | signs confirmed | rank correlation | R² | ms each | neighbours |"
          " their correlation | tenth percentile | all neighbours |")  # fmt: skip
    print("| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in names():
        for model, trees in (("composite", False), ("ensemble", False), ("ensemble", True)):
            drawn = samples(name, model, 60, trees=trees)
            began = time.process_time()
            opinions = [second_opinion(case.fit, case.raw - case.reference) for case in drawn]
            ms = 1000 * (time.process_time() - began) / len(drawn)
            told = [one for one in opinions if one is not None]
            signs = float(np.mean([one.agreement for one in told]))
            order = float(np.mean([one.rank_correlation or 0.0 for one in told]))
            straight = float(np.median([one.r_squared for one in told]))
            near, whole = neighbours(name, model, trees=trees)
            shown = f"{model}, trees added" if trees else model
            print(f"| {name} | {shown} | {100 * signs:.0f} % | {order:.2f} | {straight:.3f} | {ms:.1f} |"
                  f" {near.size:,} | {near.mean():.3f} | {np.quantile(near, 0.1):.2f} |"
                  f" {whole.mean():.3f} |")  # fmt: skip
            # the added trees outweigh the lines, so that a straight line has little to confirm
            assert signs > (0.5 if trees else 0.85)
            assert ms < 50
            # neighbours in a monthly market are a month apart, and too few are quiet; a small move may cross the
            # threshold of a tree, so that trees alone are less steady than the models that serve
            assert near.size < 100 or near.mean() > (0.85 if trees else 0.9)


def neighbours(
    name: str, model: Any, *, trees: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rank correlations of a sector's contributions on neighbouring days: of quiet pairs, and of all."""
    panel, walked, _ = past(name)
    walk, quiet, found = walked.walks[model], [], []
    for position, fitted in enumerate(walk.fits):
        rows = np.flatnonzero(walk.fit_of_row == position)
        if len(rows) < 2 or not fitted.trained:
            continue
        fit = with_trees(fitted, position) if trees else fitted
        values = walk.values[rows]
        here = standardised(values, [(entry.centre, entry.scale) for entry in fit.inputs])
        parts = np.stack(list(contributions_of(fit, values).values()), axis=2)
        step = np.nan_to_num(np.abs(np.diff(here, axis=0))).max(axis=2)
        same = (np.isfinite(parts[1:]) == np.isfinite(parts[:-1])).all(axis=2)
        keep = same & panel.listed[rows][1:] & (np.isfinite(parts[1:]).sum(axis=2) >= 4)
        correlation = _rank_correlation(parts[:-1][keep], parts[1:][keep])
        found.append(correlation)
        quiet.append(correlation[step[keep] < 0.25])
    return np.concatenate(quiet), np.concatenate(found)


def _rank_correlation(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    from tools.scoring.record import rank_ic

    return rank_ic(one, two)


@pytest.mark.proof
def test_every_trap_sets_off_its_alarm(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.tools.scoring import test_look_ahead as traps
    from tests.tools.scoring.look_ahead import Pipeline, alarms

    data = traps.delisting_market(tmp_path_factory.mktemp("market"))
    print("| Planted into a copy of the pipeline | alarms |\n| :--- | :--- |")
    planted = {"nothing": (Pipeline(), "")} | traps.TRAPS
    for name, (pipeline, wanted) in planted.items():
        found = alarms(pipeline, data, traps.AS_OF)
        print(f"| {name} | {', '.join(sorted(found)) or 'none'} |")
        assert (wanted in found) if wanted else not found


class Ran(NamedTuple):
    """What a command line said, and what it took."""

    stdout: str
    seconds: float
    cpu: float


def command(home: Path, *arguments: str) -> Ran:
    """Run the command line in a process of its own."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, str(ROOT / "chat.py"), *arguments],
        env={**clean_environment(), "SECTORVANE_HOME": str(home)},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(done.stdout, time.perf_counter() - began, cpu)


@pytest.mark.proof
def test_training_takes_at_most_a_minute_and_slows_no_answer(tmp_path: Path) -> None:
    print("Seconds on the clock (of the processors) of whole processes, one after the other.\n")
    print("| Market | train | train --jobs 2 | first question, untrained | trained | asked again |"
          " artefact |")  # fmt: skip
    print("| :--- | ---: | ---: | ---: | ---: | ---: | ---: |")
    ask = ("chat", "Which sectors are rotating in?", "--brain", "offline")
    for name in names():
        market = ("--market", f"folder:{SHARED / 'markets' / name}" if name in REAL else name)
        homes = [tmp_path / f"{name}-{n}" for n in range(3)]
        ran = [
            command(homes[0], "train", *market),
            command(homes[1], "train", *market, "--jobs", "2"),
            command(homes[2], *ask, *market),
            command(homes[0], *ask, *market),
            command(homes[0], *ask, *market),
        ]
        written = [one for home in homes for one in home.glob("artefacts/*/*.json")]
        assert len({one.read_bytes() for one in written}) == 1
        size = written[0].stat().st_size / 1000
        took = " | ".join(f"{one.seconds:.1f} ({one.cpu:.1f})" for one in ran)
        print(f"| {name} | {took} | {size:.0f} kB |")
        assert ran[0].cpu < 60


@pytest.mark.proof
def test_an_artefact_is_the_same_bytes_wherever_it_is_trained(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")
    market = ("--market", "demo")
    ways: dict[str, tuple[str, ...]] = {
        "once": (), "twice": (), "two processes": ("--jobs", "2"),
    }  # fmt: skip
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as cluster:
        address = cluster.scheduler_address
        ways["a Dask cluster of two workers"] = ("--engine", "dask", "--scheduler", address)
        print("| Trained | seconds | artefact | scorecards |\n| :--- | ---: | :--- | :--- |")
        found = set()
        for way, options in ways.items():
            home = tmp_path / re.sub(r"\W+", "-", way)
            trained = command(home, "train", *market, *options)
            (written,) = home.glob("artefacts/*/*.json")
            asked = command(home, "chat", "Rank the sectors", *market, "--json")
            content = written.read_bytes()
            card = json.dumps(json.loads(asked.stdout)["scorecard"], sort_keys=True)
            found.add((content, card))
            print(
                f"| {way} | {trained.seconds:.1f} | {_short(content)} | {_short(card.encode())} |"
            )
    print(f"\nAs of {datetime.now(UTC):%Y-%m-%d}, horizons 1W, 1M and 3M, both models.")
    assert len(found) == 1


def _short(content: bytes) -> str:
    import hashlib

    return f"`{hashlib.sha256(content).hexdigest()[:12]}`, {len(content):,} bytes"
