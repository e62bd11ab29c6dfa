"""The files of a history: one that is read, one before it, and one that is written.

DuckDB lets one process write a file or many read it, never both at once. So nobody reads the file that is written:
a writer works on a copy, ``working.duckdb``, in transactions, and *publishes* it by giving it the name of the next
generation, ``history-000007.duckdb``, and swapping ``manifest.json``. A published file never changes again; any number
of processes read it, and one that still reads the last generation keeps what it opened. The generation before is
kept as the last good state.

A kill leaves one of these behind, and each is taken up by the next writer: a half copy (``*.new``, made again), a
working file (gone on with: its transactions are whole), or a renamed file that no manifest names yet (it becomes the
working file again). The lock of the one writer is held by the kernel and goes with its process.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
WORKING = "working.duckdb"
LOCK = "writer.lock"
_HISTORY = "history-{:06d}.duckdb"
_CHUNK = 1 << 22
Taken = Literal["new", "left", "copied"]


class Published(NamedTuple):
    """A published generation, as the manifest knows it."""

    generation: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """Its file."""
        return _HISTORY.format(self.generation)


class Manifest(NamedTuple):
    """What a reader may open."""

    current: Published
    previous: Published | None
    """The last good state before."""
    published_at: str


class HistoryFiles:
    """The folder of one market's history."""

    def __init__(self, folder: Path, market_id: str) -> None:
        self.folder = folder
        self.market_id = market_id
        self.working = folder / WORKING

    def damaged(self, what: str) -> SourceDownError:
        """Return the error that names what is broken and the command that mends it."""
        return SourceDownError(
            f"The history of market {self.market_id} is damaged: {what}. "
            f"Run `sectorvane sync --market {self.market_id} --repair` to go back to the last good state."
        )

    def manifest(self) -> Manifest | None:
        """Return what is published, None where nothing is.

        Raises
        ------
        SourceDownError
            When the manifest cannot be read.
        """
        try:
            told: Any = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            return Manifest(
                Published(**told["current"]),
                Published(**told["previous"]) if told["previous"] else None,
                str(told["published_at"]),
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self.damaged(f"{MANIFEST} cannot be read") from error

    def published(self) -> Path | None:
        """Return the file to read, None where nothing is published; a file of another size is damaged."""
        while (manifest := self.manifest()) is not None:
            path = self.folder / manifest.current.name
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                if self.manifest() != manifest:
                    continue
                raise self.damaged(f"{path.name} is missing") from None
            if size != manifest.current.bytes:
                raise self.damaged(f"{path.name} has {size} of {manifest.current.bytes} bytes")
            return path
        return None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer.

        Raises
        ------
        SourceDownError
            When another process is; it is named.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise SourceDownError(
                    f"Another process (pid {lock.read().strip() or 'unknown'}) is writing the history of market "
                    f"{self.market_id}. Wait until it has finished; questions can be asked meanwhile."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def take_up(self) -> Taken:
        """Make the working file ready, and return what it is; only the one writer calls this.

        ``new``: there is none yet; ``left``: an earlier writer's; ``copied``: just now, from what is published.
        """
        for half in self.folder.glob("*.new*"):
            half.unlink()
        # Where a killed process sorted what did not fit into its memory.
        shutil.rmtree(self.working.with_name(f"{WORKING}.tmp"), ignore_errors=True)
        if self.working.exists():
            return "left"
        manifest = self.manifest()
        current = manifest.current.generation if manifest else 0
        unnamed = self.folder / _HISTORY.format(current + 1)
        if unnamed.exists():
            unnamed.rename(self.working)
            return "left"
        if manifest is None:
            return "new"
        self._copy(manifest.current)
        return "copied"

    def _copy(self, published: Published) -> None:
        source, half = self.folder / published.name, self.working.with_suffix(".new")
        self.published()
        shutil.copyfile(source, half)
        if sha256_of(half) != published.sha256:
            half.unlink()
            raise self.damaged(f"{published.name} is not as it was written")
        half.rename(self.working)

    def publish(self, generation: int, file: Path) -> Published:
        """Make a closed file the published generation; the one before stays, older ones go."""
        manifest = self.manifest()
        synced(file)
        new = Published(generation, file.stat().st_size, sha256_of(file))
        file.rename(self.folder / new.name)
        self.write_manifest(Manifest(new, manifest.current if manifest else None, _now()))
        if file != self.working:
            self.drop_working()
        kept = {new.name, manifest.current.name if manifest else ""}
        for old in self.folder.glob("history-*.duckdb"):
            if old.name not in kept:
                old.unlink()
        return new

    def write_manifest(self, manifest: Manifest) -> None:
        """Swap the manifest; whoever reads sees the old or the new one, never a part."""
        told = {
            "current": manifest.current._asdict(),
            "previous": manifest.previous._asdict() if manifest.previous else None,
            "published_at": manifest.published_at,
        }
        half = self.folder / f"{MANIFEST}.new"
        half.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        synced(half)
        half.rename(self.folder / MANIFEST)
        synced(self.folder)

    def drop_working(self) -> None:
        """Remove the working file and its log."""
        for path in (self.working, self.working.with_name(f"{WORKING}.wal")):
            path.unlink(missing_ok=True)

    def is_sound(self, published: Published) -> bool:
        """Return whether a generation is there, byte for byte as it was published."""
        path = self.folder / published.name
        try:
            return path.stat().st_size == published.bytes and sha256_of(path) == published.sha256
        except OSError:
            return False


def synced(path: Path) -> None:
    """See a file, or the names in a folder, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
