"""How a sync goes, on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from tools.sources.base import FeedReport
    from tools.sync.run import Observer

_LONG_PAUSE_SECONDS = 5.0
"""Shorter pauses are the usual pace and not worth a line."""


@contextmanager
def progress_of(stream: TextIO, market_id: str) -> Iterator[Observer]:
    """Show a sync on `stream` as suits it, and end the bar when it is left."""
    if not stream.isatty():
        yield PlainLines(stream, market_id)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("[cyan]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}"),
    )
    console = Console(file=stream, highlight=False)
    with Progress(*columns, console=console, transient=True) as bar:
        yield Bar(bar, bar.add_task(f"sync {market_id}", total=0, now=""))


class Bar:
    """One bar over all feeds, with the feed that was last heard of beside it; failures stay as lines above."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task
        self._total = 0

    def planned(self, n_feeds: int) -> None:
        """Make the bar longer."""
        self._total += n_feeds
        self._bar.update(self._task, total=self._total)

    def stored(self, feed_key: str, n_rows: int) -> None:
        """Name what comes."""
        self._bar.update(self._task, now=f"{feed_key}: {n_rows} rows")

    def ended(self, report: FeedReport) -> None:
        """Go on by one feed."""
        self._bar.update(self._task, advance=1, now=report.feed_key)
        if report.status == "failed":
            self._bar.console.print(f"✗ {report.feed_key}: {report.message}", markup=False)

    def paused(self, provider: str, seconds: float, why: str) -> None:
        """Say for what nothing moves."""
        self._bar.update(self._task, now=f"{provider}: waiting {seconds:.0f} s ({why})")


class PlainLines:
    """A line where something is worth one: the plan, every tenth of the way, long pauses and failures."""

    def __init__(self, stream: TextIO, market_id: str) -> None:
        self._stream, self._market_id = stream, market_id
        self._total = self._done = self._rows = 0

    def planned(self, n_feeds: int) -> None:
        """Say how much there is."""
        self._total += n_feeds
        if n_feeds:
            self._say(f"sync {self._market_id}: {n_feeds} feeds to ask")

    def stored(self, feed_key: str, n_rows: int) -> None:  # noqa: ARG002 - a line a batch would be too many
        """Count rows."""
        self._rows += n_rows

    def ended(self, report: FeedReport) -> None:
        """Say how far it is."""
        self._done += 1
        if report.status == "failed":
            self._say(f"  ✗ {report.feed_key}: {report.message}")
        tenths = 10 * self._done // max(self._total, 1)
        if self._total <= 20 or tenths > 10 * (self._done - 1) // self._total:
            self._say(
                f"  {self._done} of {self._total} feeds, {self._rows} rows: {report.feed_key}"
            )

    def paused(self, provider: str, seconds: float, why: str) -> None:
        """Say why nothing moves for longer."""
        if seconds >= _LONG_PAUSE_SECONDS:
            self._say(f"  {provider}: waiting {seconds:.0f} s ({why})")

    def _say(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()
