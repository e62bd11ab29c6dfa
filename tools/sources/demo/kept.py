"""The simulated market kept on disk, so that a question does not wait for it to be generated again.

A file holds the four tables of one seed and end as Parquet, in an archive whose checksums are looked at on every read.
It is named by the code that generates the market as well, so that changed code never meets an older file. It is
written beside its place and then moved there, and what cannot be read or written is generated instead: a file that is
cut, damaged or gone costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tools.sources.demo.source import Demo, market_of

if TYPE_CHECKING:
    from datetime import date

    from tools.sources.base import MarketData

TABLES = ("prices", "flows", "macro", "signals")
ENDING = ".market"
MOST_KEPT = 4
"""Files that a folder holds at most; each is of about 13 MB."""
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError)

_log = logging.getLogger(__name__)


def kept_file(folder: Path, seed: int, end: date) -> Path:
    """Return where the market of a seed and an end is kept."""
    return folder / f"demo-{seed}-{end}-{code_version()}{ENDING}"


def code_version() -> str:
    """Return a hash of the code that generates the market and keeps it."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def load_kept(folder: Path, seed: int, end: date) -> MarketData:
    """Return the simulated market, from its file where there is a sound one; else generate and keep it.

    Parameters
    ----------
    folder
        Made where it is missing.
    seed, end
        As in :class:`tools.sources.demo.source.Demo`.
    """
    demo, path = Demo(seed, end=end), kept_file(folder, seed, end)
    try:
        tables = _read(path)
    except FileNotFoundError:
        pass
    except _UNREADABLE as error:
        _log.info("%s is generated again: %s", path.name, error)
    else:
        return market_of(seed, **tables)
    market = demo.load()
    try:
        _write(path, market)
        _prune(folder)
    except OSError as error:
        _log.info("%s is not kept: %s", path.name, error)
    return market


def _read(path: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a file; every byte of them is compared with its checksum."""
    with zipfile.ZipFile(path) as archive:
        return {name: pd.read_parquet(io.BytesIO(archive.read(name))) for name in TABLES}


def _write(path: Path, market: MarketData) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".partial", delete=False) as partial:
        try:
            with zipfile.ZipFile(partial, "w") as archive:
                for name in TABLES:
                    table: pd.DataFrame = getattr(market, name)
                    archive.writestr(name, table.to_parquet(index=False, compression="lz4"))
            partial.close()
            Path(partial.name).replace(path)
        except BaseException:
            partial.close()
            Path(partial.name).unlink(missing_ok=True)
            raise


def _prune(folder: Path) -> None:
    """Take the oldest files away: every day adds one."""
    files = sorted(folder.glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[MOST_KEPT:]:
        path.unlink(missing_ok=True)
