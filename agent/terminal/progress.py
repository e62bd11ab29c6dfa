"""Live progress of a run on stderr: the plan, ticking off as its calls come back.

On a terminal the plan is redrawn in place and wiped when the answer comes; elsewhere each event is
one plain line, so that a log stays readable.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from rich.console import Console, RenderableType
    from rich.live import Live

_MARKS = {"ok": "✓", "cached": "✓", "held": "✓", "failed": "✗", "dropped": "–"}
_STYLES = {"": "dim", "failed": "red", "dropped": "yellow"}
_STAGES = {"score": "scoring", "compose": "writing", "review": "checking every number"}


class ProgressView(Protocol):
    """Shows events while it is entered."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def __call__(self, event: str, details: Mapping[str, Any]) -> None:
        """Show one event of a run."""
        ...


def progress_view(stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> ProgressView:
    """Return the view that suits `stream`: live on a terminal, plain lines elsewhere."""
    if stream.isatty():
        from rich.console import Console

        return LiveProgress(Console(file=stream, highlight=False), clock=clock)
    return PlainProgress(stream)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One planned call and how it went; an empty status is still waited for."""

    tool: str
    arguments: str
    status: str = ""
    ms: float = 0.0

    def __str__(self) -> str:
        mark = _MARKS.get(self.status, "·")
        named = f"{self.tool} {self.arguments}".rstrip()
        return f"{mark} {named} ({self.status}, {self.ms:.0f} ms)"


def _planned(details: Mapping[str, Any]) -> dict[str, _Line]:
    """Return the calls of a plan by key; what the conversation already holds is done at once."""
    calls = details.get("calls", ())
    keys = details.get("keys") or [str(place) for place in range(len(calls))]
    held = set(details.get("held", ()))
    return {
        key: _Line(
            tool=str(call.get("tool", "")),
            arguments=", ".join(
                f"{name}={_value(value)}" for name, value in call.get("arguments", {}).items()
            ),
            status="held" if key in held else "",
        )
        for key, call in zip(keys, calls, strict=False)
    }


def _answered(line: _Line | None, details: Mapping[str, Any]) -> _Line:
    """Return the line of a call that came back; a call nobody planned gets one of its own."""
    line = line or _Line(tool=str(details.get("tool", "")), arguments="")
    return replace(line, status=str(details.get("status", "ok")), ms=float(details.get("ms", 0.0)))


def _training(details: Mapping[str, Any]) -> str:
    """Say how far the training of the scoring model is."""
    if details["horizon"] is None:
        return "training the scoring model, once a quarter"
    return f"trained {details['done']} of {details['of']} horizons ({details['horizon']})"


def _value(value: object) -> str:
    return "+".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


class PlainProgress:
    """One line an event, without escape codes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: dict[str, _Line] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    def __call__(self, event: str, details: Mapping[str, Any]) -> None:
        """Print one event; tokens are left out."""
        if event == "plan":
            self._lines = _planned(details)
            waiting = sum(not line.status for line in self._lines.values())
            self._say(f"plan: {waiting} call{'' if waiting == 1 else 's'} to make")
        elif event == "call":
            self._say(f"  {_answered(self._lines.get(str(details.get('key'))), details)}")
        elif event == "train":
            self._say(_training(details))
        elif event in _STAGES:
            self._say(_STAGES[event])

    def _say(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()


class LiveProgress:
    """The plan as a list whose lines tick off, redrawn in place, gone when the answer comes."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.spinner import Spinner

        self._console = console
        self._spinner = Spinner("dots", style="cyan")
        self._clock = clock
        self._started = clock()
        self._lines: dict[str, _Line] = {}
        self._stage = "reading the question"
        self._characters = 0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        from rich.live import Live

        self._started = self._clock()
        self._live = Live(
            console=self._console, transient=True, refresh_per_second=8, get_renderable=self.draw
        )
        self._live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __call__(self, event: str, details: Mapping[str, Any]) -> None:
        """Take one event in; the next redraw shows it."""
        if event == "plan":
            self._lines = _planned(details)
            self._stage = "fetching" if self._lines else "answering"
        elif event == "call":
            key = str(details.get("key"))
            self._lines[key] = _answered(self._lines.get(key), details)
        elif event == "token":
            self._characters += len(str(details.get("text", "")))
        elif event == "train":
            self._stage = _training(details)
        else:
            self._stage = _STAGES.get(event, self._stage)

    def draw(self) -> RenderableType:
        """Return the plan as it stands."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        for line in self._lines.values():
            mark = Text(_MARKS.get(line.status, "·"), _STYLES.get(line.status, "green"))
            elapsed = f"{line.ms:.0f} ms" if line.ms else ""
            table.add_row(mark, line.tool, Text(line.arguments, "dim"), Text(elapsed, "dim"))
        written = f", {self._characters} characters" if self._characters else ""
        seconds = self._clock() - self._started
        stage = Text(f"{self._stage}{written}  {seconds:.1f} s", "cyan")
        self._spinner.update(text=stage)
        return Group(table, self._spinner)
