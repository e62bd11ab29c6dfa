"""``sectorvane backtest --oracle`` and ``--seeds``: the product on many simulated markets, beside their yardsticks."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.tables import markdown_table
from agent.settings import DEFAULT_MARKET
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agent.settings import Settings
    from tools.backtest.yardsticks import Skill, Span, Spread, Trial
    from tools.workers import Workers

    Written = Callable[[float], str]

SCHEMA = "sectorvane.yardsticks/1"
_SIMULATED = f"{DEFAULT_MARKET}:"


class Trials(NamedTuple):
    """Which simulated markets are walked through, and beside what."""

    seeds: int | None
    """Seeds 1 to this number; None: the seed of the settings' market."""
    yardsticks: bool
    as_json: bool


def backtest_seeds(settings: Settings, span: Span, wanted: Trials) -> int:
    """Walk the product, and the yardsticks where wanted, through the simulated markets of many seeds."""
    seeds = _seeds(settings, wanted.seeds)
    trials = list(_trials(seeds, span, wanted, settings.workers))
    text = as_json(trials, span) if wanted.as_json else as_markdown(trials, span)
    sys.stdout.write(text)
    return 0


def _seeds(settings: Settings, count: int | None) -> list[int]:
    from tools.sources.demo import DEFAULT_SEED

    market = settings.market
    if market != DEFAULT_MARKET and not market.startswith(_SIMULATED):
        raise UnusableInputError(
            "the market demo, the only one whose process is known",
            repr(market),
            "Use --market demo, or leave --seeds and --oracle out.",
        )
    if count is not None:
        return list(range(1, count + 1))
    seed = market.removeprefix(_SIMULATED)
    return [int(seed) if seed.isdigit() else DEFAULT_SEED]


def _trials(seeds: list[int], span: Span, wanted: Trials, workers: Workers) -> Iterator[Trial]:
    """Yield the trials in the order of their seeds, told on stderr as they come."""
    from functools import partial

    from tools.backtest.yardsticks import run_trial

    one = partial(run_trial, span=span, yardsticks=wanted.yardsticks)
    yield from _told(workers.each(one, seeds), len(seeds), time.monotonic())


def _told(trials: Iterator[Trial], count: int, started: float) -> Iterator[Trial]:
    for number, trial in enumerate(trials, 1):
        sys.stderr.write(
            f"seed {trial.seed} ({number} of {count}) after {time.monotonic() - started:.1f} s\n"
        )
        yield trial


def means(trials: list[Trial]) -> dict[str, dict[str, Spread | None]]:
    """Return each forecaster's mean rank correlation and hit rate over the seeds."""
    from tools.backtest.yardsticks import spread

    found = {}
    for model in _models(trials):
        skills = [trial.of(model) for trial in trials]
        found[model] = {
            "ic": spread([skill.ic for skill in skills]),
            "hit_rate": spread([skill.hits.rate if skill.hits else None for skill in skills]),
        }
    return found


def _models(trials: list[Trial]) -> list[str]:
    """Return the forecasters, the yardsticks first."""
    from tools.backtest.yardsticks import YARDSTICKS

    names = [skill.model for skill in trials[0].skills]
    return sorted(names, key=lambda name: name not in YARDSTICKS)


def as_json(trials: list[Trial], span: Span) -> str:
    """Return the trials as one JSON document."""
    document = {
        "schema": SCHEMA,
        "market": DEFAULT_MARKET,
        "simulated": True,
        "as_of": span.as_of.isoformat(),
        "horizon": span.horizon,
        "every": span.every,
        "trials": [trial.model_dump(mode="json") for trial in trials],
        "means": {
            model: {name: one.model_dump() if one else None for name, one in row.items()}
            for model, row in means(trials).items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_markdown(trials: list[Trial], span: Span) -> str:
    """Return a table with a row for each seed, one with the means, and what to hold of them."""
    models = _models(trials)
    head = ["seed", *(f"{model} {what}" for model in models for what in ("IC", "hits %"))]
    rows = [
        [trial.seed, *(cell for model in models for cell in _cells(trial.of(model)))]
        for trial in trials
    ]
    summary = [
        (model, _spread(row["ic"], _signed), _spread(row["hit_rate"], _percent))
        for model, row in means(trials).items()
    ]
    parts = [
        f"# SIMULATED market demo, {len(trials)} seed{'s' if len(trials) > 1 else ''}, "
        f"horizon {span.horizon}, every {span.every}",
        f"{min(trial.first for trial in trials)} to {max(trial.last for trial in trials)}. "
        "Behind ± is half of an interval of 95 %.",
        markdown_table(head, rows, numbers=True),
        markdown_table(("mean over seeds", "IC", "hits %"), summary, numbers=True),
        "\n".join(f"- {note}" for note in _notes(models)),
    ]
    return "\n\n".join(parts) + "\n"


def _notes(models: list[str]) -> Iterator[str]:
    yield "IC is the mean rank correlation of forecasts and relative returns."
    yield "The product calls some sectors, and its hits are over those calls; refits are on schedule."
    if "oracle" in models:
        yield (
            "The oracle knows the process and sees what was published: the best honest forecast. The omniscient one "
            "is told the hidden state as well: the ceiling. Both call every sector."
        )


def _cells(skill: Skill) -> tuple[str, str]:
    hits = skill.hits
    return (
        _between(skill.ic, skill.ic_low, skill.ic_high, _signed),
        _between(hits.rate, hits.low, hits.high, _percent) if hits else "none",
    )


def _spread(one: Spread | None, written: Written) -> str:
    return _between(one.mean, one.low, one.high, written) if one else "none"


def _between(value: float | None, low: float | None, high: float | None, written: Written) -> str:
    if value is None:
        return "none"
    if low is None or high is None:
        return written(value)
    return f"{written(value)} ± {written((high - low) / 2.0).lstrip('+')}"


def _signed(value: float) -> str:
    return f"{value:+.3f}"


def _percent(value: float) -> str:
    return f"{100.0 * value:.1f}"
