"""``sectorvane train``: the scoring artefact of a market's quarter, trained where none is at hand."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from agent.commands.desk import open_desk
from agent.commands.tables import markdown_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agent.settings import Settings
    from tools.desk import Desk
    from tools.scoring.fitting import Trained

_WHY = {
    "young": "too little of a past to compare the two",
    "not_behind": "not behind the composite by more than chance",
    "behind": "the ensemble was behind the composite by more than chance",
}


def train(settings: Settings) -> int:
    """Train and save the scoring artefact, with progress on stderr, and say what it serves."""
    started = time.monotonic()
    with training_view(sys.stderr) as tell:
        desk = open_desk(settings, tell=tell)
        artefact = desk.scorer.artefact
    seconds = time.monotonic() - started
    head = (
        f"{desk.stamp.name}: artefact {artefact.content_hash} of the refit on "
        f"{artefact.refit_on} serves {', '.join(_horizons(desk))} as of {desk.as_of} "
        f"({seconds:.1f} s)."
    )
    sys.stdout.write(f"{head}\n\n{_served(desk)}\n")
    return 0


def _horizons(desk: Desk) -> list[str]:
    """Return the market's horizons, shortest first."""
    from tools.contracts import HORIZONS

    return [horizon for horizon in HORIZONS if horizon in desk.scorer.artefact.horizons]


def _served(desk: Desk) -> str:
    """Return a table of the model in force at each horizon with its record."""
    artefact, name = desk.scorer.artefact, desk.scorer_name
    rows = []
    for horizon in _horizons(desk):
        fit = artefact.horizons[horizon]
        served = fit.in_force(name)
        record = served.record
        rows.append(
            (
                horizon,
                served.model,
                "asked for" if name != "auto" else _WHY[fit.choice.reason],
                "none" if record.mean_ic is None else f"{record.mean_ic:+.3f}",
                record.dates,
            )
        )
    heads = ("horizon", "model", "why", "IC out of sample", "dates")
    return markdown_table(heads, rows)


@contextmanager
def training_view(stream: TextIO) -> Iterator[Callable[[Trained], None]]:
    """Show a training on `stream` horizon by horizon: a bar on a terminal, plain lines elsewhere."""
    if not stream.isatty():
        yield lambda trained: _say(stream, trained)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("[cyan]training"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.description}"),
    )
    console = Console(file=stream, highlight=False)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading the market", total=None)

        def tell(trained: Trained) -> None:
            now = f"{trained.horizon} done" if trained.horizon else "walking through the past"
            bar.update(task, completed=trained.done, total=trained.of, description=now)

        yield tell


def _say(stream: TextIO, trained: Trained) -> None:
    if trained.horizon is None:
        text = f"training {trained.of} horizons, once for this quarter's data"
    else:
        text = f"  trained {trained.horizon} ({trained.done} of {trained.of})"
    stream.write(f"{text}\n")
    stream.flush()
