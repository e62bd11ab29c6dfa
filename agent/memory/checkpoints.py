"""How a thread's state lies in SQLite: every value packed once, and only the newest state kept.

A checkpoint is written after every step of a run and holds the whole thread. Most of it is the same
frozen values as a step before, so each is written as compressed JSON once and its bytes are used
again: a step costs what it added, however much the thread holds.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import OrderedDict
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from pydantic import BaseModel, ValidationError

from agent.retry import set_up_unlocked
from agent.state import CHECKPOINT_TYPES
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable
    from pathlib import Path

DATABASE = "conversations.sqlite"
_FASTEST = 1
_BUSY_SECONDS = 30.0
_MAX_REMEMBERED = 256
_KINDS: dict[str, type[BaseModel]] = {
    kind.__name__: kind for kind in CHECKPOINT_TYPES if issubclass(kind, BaseModel)
}
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Packed:
    """One value of ours as bytes."""

    kind: str
    body: bytes


class _Recent(Generic[_Value]):
    """The values used last."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, _Value] = OrderedDict()

    def get(self, key: Hashable) -> _Value | None:
        """Return a value and mark it as used."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def put(self, key: Hashable, value: _Value) -> None:
        """Keep a value; the one unused for longest goes."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > _MAX_REMEMBERED:
            self._held.popitem(last=False)


class StateSerializer(JsonPlusSerializer):
    """Writes the frozen models of a state as compressed JSON, each once; loads no other type."""

    def __init__(self) -> None:
        allowed = (*CHECKPOINT_TYPES, Packed)
        super().__init__(
            allowed_msgpack_modules=[(kind.__module__, kind.__name__) for kind in allowed]
        )
        # The value is kept beside its bytes: an id is only unique while its object lives.
        self._packed: _Recent[tuple[BaseModel, Packed]] = _Recent()
        self._unpacked: _Recent[BaseModel] = _Recent()

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:  # noqa: ANN401 - the framework's own type
        """Return bytes and what they are."""
        return super().dumps_typed(_walk(obj, BaseModel, self._pack))

    def loads_typed(self, data: tuple[str, bytes]) -> Any:  # noqa: ANN401 - the framework's own type
        """Return what `dumps_typed` was given."""
        return _walk(super().loads_typed(data), Packed, self._unpack)

    def _pack(self, value: BaseModel) -> BaseModel | Packed:
        kind = type(value).__name__
        if _KINDS.get(kind) is not type(value):
            return value
        known = self._packed.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        text = value.model_dump_json(by_alias=True).encode()
        packed = Packed(kind, zlib.compress(text, _FASTEST))
        self._packed.put(id(value), (value, packed))
        return packed

    def _unpack(self, packed: Packed) -> BaseModel:
        key = (packed.kind, packed.body)
        value = self._unpacked.get(key)
        if value is None:
            value = _loaded(packed)
            self._unpacked.put(key, value)
            self._packed.put(id(value), (value, packed))
        return value


def _loaded(packed: Packed) -> BaseModel:
    try:
        return _KINDS[packed.kind].model_validate_json(zlib.decompress(packed.body))
    except (KeyError, zlib.error, ValidationError) as error:
        raise UnusableInputError(
            "a conversation of this version",
            f"one of another version or a damaged one ({packed.kind})",
            "Begin a new one, without --thread.",
        ) from error


def _walk(value: Any, kind: type[_Value], change: Callable[[_Value], Any]) -> Any:  # noqa: ANN401 - states hold any value
    """Return `value` with everything of a kind in its containers changed."""
    if isinstance(value, kind):
        return change(value)
    if type(value) is dict:
        return {name: _walk(inner, kind, change) for name, inner in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_walk(inner, kind, change) for inner in value)
    return value


class _Freed(sqlite3.Connection):
    """Lets go of its lock when it is closed, whatever was cancelled over it.

    SQLite keeps a closed connection, and its open transaction, until every cursor is gone; that of a cancelled
    question may wait long to be collected, and every other question of the home for it.
    """

    def close(self) -> None:
        """Take back what was not committed, and close."""
        with suppress(sqlite3.ProgrammingError):  # closed already
            self.rollback()
        super().close()


@asynccontextmanager
async def open_saver(home: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """Open a home's store of threads; more than one process may have it open."""
    path = home / DATABASE
    async with aiosqlite.connect(path, timeout=_BUSY_SECONDS, factory=_Freed) as connection:
        saver = AsyncSqliteSaver(connection, serde=StateSerializer())
        await set_up_unlocked(saver.setup, _BUSY_SECONDS)
        # The write-ahead log is safe against a killed process; only a power cut could lose a turn.
        await connection.execute("PRAGMA synchronous=NORMAL")
        yield saver


async def keep_newest(saver: AsyncSqliteSaver, thread_id: str) -> None:
    """Drop every state of a thread but its newest, so that the hundredth turn is like the tenth."""
    newest = (
        "SELECT checkpoint_id FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = '' "
        "ORDER BY checkpoint_id DESC LIMIT 1"
    )
    async with saver.lock:
        for table in ("checkpoints", "writes"):
            await saver.conn.execute(
                f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id <> ({newest})",  # noqa: S608 - constants
                (thread_id, thread_id),
            )
        await saver.conn.commit()
