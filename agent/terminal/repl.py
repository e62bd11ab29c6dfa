"""The conversation in a terminal: read a line, answer it, show it, until the reader leaves.

A wrong name or a missing key ends a question, not the conversation. An interrupt stops the question
being answered; at the prompt it clears the line.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, TextIO

from agent.preferences import load_preferences
from agent.terminal.output import show, show_trace
from agent.terminal.progress import ProgressView, progress_view
from agent.terminal.readers import LineReader, PromptReader, Reader
from agent.terminal.slash import dispatch
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from agent.brief.model import Brief
    from agent.conversation import Conversation
    from agent.settings import Settings
    from tools.contracts import MarketStamp


class Streams(NamedTuple):
    """The three ends of a terminal."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO

    @classmethod
    def of_process(cls) -> Streams:
        """Return the process's own."""
        return cls(sys.stdin, sys.stdout, sys.stderr)


class ProgressRelay:
    """Hands the events of a run to the view that is open at the moment, if any."""

    def __init__(self) -> None:
        self._view: ProgressView | None = None

    def __call__(self, event: str, details: dict[str, object]) -> None:
        """Pass an event on."""
        if self._view is not None:
            self._view(event, details)

    @contextmanager
    def shown_on(self, stream: TextIO) -> Iterator[None]:
        """Show events on `stream` until the block ends."""
        with progress_view(stream) as view:
            self._view = view
            try:
                yield
            finally:
                self._view = None


class Repl:
    """A conversation and the terminal it is held in."""

    def __init__(
        self,
        conversation: Conversation,
        relay: ProgressRelay,
        streams: Streams,
        *,
        as_json: bool = False,
        trace: bool = False,
    ) -> None:
        self._conversation = conversation
        self._relay = relay
        self._streams = streams
        self._as_json = as_json
        self._trace = trace

    @property
    def conversation(self) -> Conversation:
        """The conversation behind the terminal."""
        return self._conversation

    @property
    def last(self) -> Brief | None:
        """The latest answer."""
        return self._conversation.last

    @property
    def stamp(self) -> MarketStamp:
        """The market and date in use."""
        return self._conversation.desk.stamp

    async def run(self, reader: Reader) -> None:
        """Hold the conversation until the lines end or the reader leaves."""
        while (line := await reader.read()) is not None:
            text = line.strip()
            if text and not await self._take(text):
                return

    async def ask(
        self, question: str, *, compare: date | None = None, skip: tuple[str, ...] = ()
    ) -> None:
        """Ask and show the answer; an interrupt stops the question only."""
        brief = None
        with self._relay.shown_on(self._streams.stderr), _interruptible() as stopped:
            # Not a task of its own: connections that the conversation opens belong to this one.
            try:
                brief = await self._conversation.ask(question, compare=compare, skip=skip)
            except asyncio.CancelledError:
                if not stopped():
                    raise
        if brief is None:
            self.say("Stopped.")
        else:
            show(
                brief,
                self._streams.stdout,
                as_json=self._as_json,
                one_line=True,
                record=self._conversation.record,
            )
            if self._trace and self._conversation.trace is not None:
                show_trace(self._conversation.trace, self._streams.stderr)

    def set_market(self, name: str) -> None:
        """Change the market; the date becomes the new market's last."""
        self._conversation.set_market(name)

    def set_as_of(self, day: date | None) -> None:
        """Change the date; None: the market's last."""
        if day is None:
            self._conversation.set_market(self._conversation.settings.market)
        else:
            self._conversation.set_as_of(day)

    def set_lang(self, code: str) -> None:
        """Fix the language of answers, or free it with ``auto``."""
        self._conversation.set_lang(code)

    def say(self, text: str) -> None:
        """Show a plain sentence."""
        stream = self._streams.stderr if self._as_json else self._streams.stdout
        stream.write(f"{text}\n")
        stream.flush()

    def table(self, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Show a table, as wide as it needs where nothing limits it."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        stream = self._streams.stderr if self._as_json else self._streams.stdout
        width = None if stream.isatty() else 200
        table = Table(*heads, box=SIMPLE_HEAD, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console(file=stream, width=width, highlight=False).print(table)

    async def _take(self, text: str) -> bool:
        try:
            if text.startswith("/"):
                return await dispatch(self, text)
            await self.ask(text)
        except SectorvaneError as error:
            self._streams.stderr.write(f"{error}\n")
            self._streams.stderr.flush()
        return True


async def converse(
    settings: Settings, *, thread: str | None = None, as_json: bool = False, trace: bool = False
) -> None:
    """Hold a conversation: at a prompt on a terminal, line by line from a pipe."""
    from agent.conversation import Conversation

    streams = Streams.of_process()
    relay = ProgressRelay()
    async with Conversation(settings, thread=thread, progress=relay) as conversation:
        repl = Repl(conversation, relay, streams, as_json=as_json, trace=trace)
        reader: Reader = LineReader(streams.stdin)
        if streams.stdin.isatty() and streams.stdout.isatty():
            repl.say(_welcome(conversation))
            reader = PromptReader(
                settings.home / "history",
                lambda: conversation.vocabulary,
                lambda: _status(conversation),
                watched=lambda: load_preferences(settings.home).watch,
            )
        await repl.run(reader)
        if isinstance(reader, PromptReader) and conversation.last is not None:
            repl.say(f"Take this conversation up again with --thread {conversation.thread_id}")


def _welcome(conversation: Conversation) -> str:
    stamp = conversation.desk.stamp
    simulated = " SIMULATED data." if stamp.simulated else ""
    return (
        f"Sectorvane on {stamp.name}, as of {stamp.as_of}.{simulated} Research, not advice.\n"
        "Ask where money is moving between sectors, in English or Vietnamese. "
        "/help lists commands, /quit leaves."
    )


def _status(conversation: Conversation) -> str:
    stamp = conversation.desk.stamp
    settings = conversation.settings
    brain = settings.model or settings.brain_in_use
    return f"{stamp.id} · as of {stamp.as_of} · {brain} · /help"


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let an interrupt cancel what the current task awaits, where the platform allows it.

    Yields a function that says whether an interrupt came, and takes its cancellation back.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    interrupts: list[int] = []

    def interrupt() -> None:
        interrupts.append(1)
        if task is not None:
            task.cancel()

    def stopped() -> bool:
        for _ in interrupts:
            if task is not None:
                task.uncancel()
        return bool(interrupts)

    installed = False
    with suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGINT, interrupt)
        installed = True
    try:
        yield stopped
    finally:
        if installed:
            loop.remove_signal_handler(signal.SIGINT)
