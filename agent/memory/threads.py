"""The conversations of a home: listed, named, found again, deleted.

They lie beside the states they describe, in the same database and through the same connection, so
that a conversation being held and a list of all never wait for each other.
"""

from __future__ import annotations

import difflib
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from agent.memory.checkpoints import open_saver
from agent.records import delete_records
from agent.settings import prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Any

    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    from agent.brief.model import Usage

_TABLE = """
    CREATE TABLE IF NOT EXISTS threads (
        thread_id TEXT PRIMARY KEY,
        name TEXT UNIQUE,
        started_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        market TEXT NOT NULL,
        first_question TEXT NOT NULL,
        questions INTEGER NOT NULL DEFAULT 0,
        model_calls INTEGER NOT NULL DEFAULT 0,
        tool_calls INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        usd REAL NOT NULL DEFAULT 0,
        unpriced INTEGER NOT NULL DEFAULT 0
    )
"""
_NAME = re.compile(r"[^\W_][\w .,:&()\-]{0,59}")
_NEAR_ENOUGH = 0.5


class ThreadLine(NamedTuple):
    """One conversation in a list, with what it has used."""

    thread_id: str
    name: str | None
    started_at: datetime
    last_at: datetime
    market: str
    """As it was last asked for: ``demo``, ``folder:…``."""
    first_question: str
    questions: int
    model_calls: int
    tool_calls: int
    input_tokens: int
    output_tokens: int
    usd: float
    unpriced: int
    """Questions answered by a model whose price is not known."""

    @property
    def called(self) -> str:
        """What a reader calls it: its name, else its id."""
        return self.name or self.thread_id


class Asked(NamedTuple):
    """One answered question, as far as a list needs it."""

    thread_id: str
    market: str
    question: str
    usage: Usage


class Threads:
    """The conversations of a home; use :func:`open_threads`, or a saver that is open already."""

    def __init__(self, home: Path, saver: AsyncSqliteSaver) -> None:
        self._home = home
        self._saver = saver

    async def setup(self) -> None:
        """Make the table where it is missing."""
        await self._write(_TABLE)

    async def all(self) -> list[ThreadLine]:
        """Return the conversations, the one spoken in last first."""
        columns = ", ".join(ThreadLine._fields)
        rows = await self._saver.conn.execute_fetchall(
            f"SELECT {columns} FROM threads ORDER BY last_at DESC, thread_id"  # noqa: S608 - constants
        )
        return [_line(tuple(row)) for row in rows]

    async def get(self, thread_id: str) -> ThreadLine | None:
        """Return one conversation by its id, None before its first answer."""
        return next((line for line in await self.all() if line.thread_id == thread_id), None)

    async def resolve(self, wanted: str) -> str:
        """Return the id of the conversation of this name; any other text is an id already."""
        lines = await self.all()
        if any(line.thread_id == wanted for line in lines):
            return wanted
        return next((line.thread_id for line in lines if _same(line.name, wanted)), wanted)

    async def find(self, wanted: str) -> ThreadLine:
        """Return the conversation of this name or id.

        Raises
        ------
        UnusableInputError
            When there is none, naming the nearest.
        """
        lines = await self.all()
        for line in lines:
            if line.thread_id == wanted or _same(line.name, wanted):
                return line
        known = [line.called for line in lines]
        near = difflib.get_close_matches(wanted, known, 1, _NEAR_ENOUGH)
        todo = f"Did you mean {near[0]}?" if near else "`sectorvane conversations` lists them."
        raise UnusableInputError("the name or id of a conversation", repr(wanted), todo)

    async def note(self, asked: Asked) -> None:
        """Count one more answer of a conversation."""
        used = asked.usage
        now = datetime.now(UTC).isoformat()
        spent = (used.model_calls, used.tool_calls, used.input_tokens, used.output_tokens)
        priced = (used.usd or 0.0, int(used.usd is None))
        await self._write(
            "INSERT INTO threads VALUES (?, NULL, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (thread_id) DO UPDATE SET last_at = excluded.last_at, "
            "market = excluded.market, questions = questions + 1, "
            "model_calls = model_calls + excluded.model_calls, "
            "tool_calls = tool_calls + excluded.tool_calls, "
            "input_tokens = input_tokens + excluded.input_tokens, "
            "output_tokens = output_tokens + excluded.output_tokens, usd = usd + excluded.usd, "
            "unpriced = unpriced + excluded.unpriced",
            (asked.thread_id, now, now, asked.market, asked.question, *spent, *priced),
        )

    async def rename(self, wanted: str, name: str) -> ThreadLine:
        """Give a conversation a name, by which it can be found as by its id.

        Raises
        ------
        UnusableInputError
            When there is no such conversation, the name is taken, or it is none.
        """
        line = await self.find(wanted)
        text = " ".join(name.split())
        if not _NAME.fullmatch(text):
            raise UnusableInputError(
                "a name of at most 60 letters, digits and spaces", repr(name), "Choose another."
            )
        for other in await self.all():
            taken = other.thread_id == text or _same(other.name, text)
            if taken and other.thread_id != line.thread_id:
                raise UnusableInputError(
                    "a name of its own", f"{text!r}, another conversation's", "Choose another."
                )
        await self._write("UPDATE threads SET name = ? WHERE thread_id = ?", (text, line.thread_id))
        return line._replace(name=text)

    async def delete(self, wanted: str) -> tuple[ThreadLine, int]:
        """Forget a conversation: its state, and its run records, whose number is returned.

        Raises
        ------
        UnusableInputError
            When there is none of this name or id.
        """
        line = await self.find(wanted)
        await self._saver.adelete_thread(line.thread_id)
        await self._write("DELETE FROM threads WHERE thread_id = ?", (line.thread_id,))
        return line, delete_records(self._home, line.thread_id)

    async def _write(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        async with self._saver.lock:
            await self._saver.conn.execute(statement, values)
            await self._saver.conn.commit()


@asynccontextmanager
async def open_threads(home: Path) -> AsyncIterator[Threads]:
    """Open a home's conversations."""
    async with open_saver(prepare_home(home)) as saver:
        threads = Threads(home, saver)
        await threads.setup()
        yield threads


def _line(row: tuple[Any, ...]) -> ThreadLine:
    line = ThreadLine(*row)
    return line._replace(
        started_at=datetime.fromisoformat(row[2]), last_at=datetime.fromisoformat(row[3])
    )


def _same(name: str | None, wanted: str) -> bool:
    return name is not None and name.casefold() == " ".join(wanted.split()).casefold()
