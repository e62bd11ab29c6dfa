"""A small SQLite file of a home that several processes share: opened for each use, laid out by the first."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from agent.retry import once_unlocked
from agent.settings import prepare_home
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BUSY_SECONDS = 10.0
"""How long a use waits for that of another process."""


class HomeFile:
    """What one home keeps of one kind.

    Parameters
    ----------
    home
        The folder of settings and data.
    wall
        Seconds since the epoch.
    """

    kept: ClassVar[str]
    """What is kept, as a message names it."""
    place: ClassVar[str]
    """Path of the file below the home."""
    schema: ClassVar[str]
    """Statements that do nothing where they were carried out before."""

    def __init__(self, home: Path, wall: Callable[[], float] = time.time) -> None:
        self._home = home
        self.wall = wall

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        """Yield the open file.

        Raises
        ------
        SourceDownError
            When it cannot be opened, read or written.
        """
        path = prepare_home(self._home) / self.place
        try:
            path.parent.mkdir(exist_ok=True)
            file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            once_unlocked(self._lay_out, file, BUSY_SECONDS)
            yield file
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            file.close()

    def _lay_out(self, file: sqlite3.Connection) -> None:
        file.execute("PRAGMA journal_mode = WAL")
        file.executescript(self.schema)

    def _unusable(self, error: Exception) -> SourceDownError:
        return SourceDownError(
            f"{self.kept} cannot be kept ({error}); move {self.place} in the home folder away to "
            "begin anew"
        )
