"""Live progress of a run on stderr: the plan, ticking off as its calls come back.

On a terminal the plan is redrawn in place and wiped when the answer comes; elsewhere each event is one plain line,
so that a log stays readable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console, RenderableType
    from rich.live import Live

_MARKS = {"ok": "✓", "cached": "✓", "failed": "✗", "dropped": "–"}
_STAGES = {
    "score": "scoring",
    "compose": "writing",
    "review": "checking every number",
}


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


class PlainProgress:
    """One line an event, without escape codes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

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
        line = None
        if event == "plan":
            count = len(details.get("calls", ()))
            line = f"plan: {count} call{'' if count == 1 else 's'}" if count else "plan: nothing to fetch"
        elif event == "call":
            line = f"  {_call_line(details)}"
        elif event in _STAGES:
            line = _STAGES[event]
        if line is not None:
            print(line, file=self._stream, flush=True)


class LiveProgress:
    """The plan as a list whose lines tick off, redrawn in place, gone when the answer comes."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._started = clock()
        self._calls: list[tuple[str, str]] = []
        self._done: dict[int, Mapping[str, Any]] = {}
        self._stage = "reading the question"
        self._characters = 0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        from rich.live import Live

        self._started = self._clock()
        self._live = Live(
            console=self._console,
            transient=True,
            refresh_per_second=8,
            get_renderable=self._draw,
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
            self._calls = [_call_name(call) for call in details.get("calls", ())]
            self._done = {}
            self._stage = "fetching" if self._calls else "answering"
        elif event == "call":
            self._tick(details)
        elif event == "token":
            self._characters += len(str(details.get("text", "")))
        else:
            self._stage = _STAGES.get(event, self._stage)

    def _tick(self, details: Mapping[str, Any]) -> None:
        tool, arguments = _call_name(details)
        waiting = [place for place in range(len(self._calls)) if place not in self._done]
        exact = [place for place in waiting if self._calls[place] == (tool, arguments)]
        same_tool = [place for place in waiting if self._calls[place][0] == tool]
        for place in (exact or same_tool)[:1]:
            self._done[place] = details

    def _draw(self) -> RenderableType:
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        for place, (tool, arguments) in enumerate(self._calls):
            done = self._done.get(place)
            status = str(done.get("status", "ok")) if done else ""
            style = {"": "dim", "failed": "red", "dropped": "yellow"}.get(status, "green")
            elapsed = f"{float(done.get('ms', 0.0)):.0f} ms" if done else ""
            mark = _MARKS.get(status, "·")
            table.add_row(Text(mark, style), Text(tool), Text(arguments, "dim"), Text(elapsed, "dim"))
        written = f", {self._characters} characters" if self._characters else ""
        seconds = self._clock() - self._started
        table.add_row(Spinner("dots", style="cyan"), Text(f"{self._stage}{written}  {seconds:.1f} s", "cyan"))
        return table


def _call_name(call: object) -> tuple[str, str]:
    """Return tool and arguments of a planned call, which may be a mapping or a value with attributes."""
    if isinstance(call, Mapping):
        tool, arguments = call.get("tool", ""), call.get("arguments", {})
    else:
        tool, arguments = getattr(call, "tool", ""), getattr(call, "arguments", {})
    return str(tool), _shown(arguments if isinstance(arguments, Mapping) else {})


def _shown(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={_value(value)}" for key, value in arguments.items())


def _value(value: object) -> str:
    return "+".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


def _call_line(details: Mapping[str, Any]) -> str:
    tool, arguments = _call_name(details)
    status = str(details.get("status", "ok"))
    named = f"{tool} {arguments}".rstrip()
    return f"{_MARKS.get(status, '·')} {named} ({status}, {float(details.get('ms', 0.0)):.0f} ms)"
