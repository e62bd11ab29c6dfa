"""The briefs of one market that a home keeps, newest first."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.records import RECORD_SUFFIX, load_record, records_folder
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.records import RunRecord

MOST_LISTED = 200
"""Briefs in the list of resources; older ones are still read by their id."""
_TALK = frozenset({"help", "smalltalk", "out_of_scope", "clarify"})
MOST_KNOWN = 2000
"""Records whose line is remembered."""
_RUN_ID = re.compile(r"[\w-]{1,64}")


class BriefLine(NamedTuple):
    """One brief in a list."""

    run_id: str
    market: str
    """As the settings name it (:func:`market_place`): two folders may call themselves the same."""
    as_of: str
    question: str
    is_brief: bool
    """Whether it says something of the market, and is no small talk."""


class Shelf:
    """Lists and reads the briefs of one market.

    Parameters
    ----------
    home
        Where run records are kept.
    market
        Name of the market in the settings; briefs of others are not told of.
    most_known
        Records whose line is remembered.
    """

    def __init__(self, home: Path, market: str, *, most_known: int = MOST_KNOWN) -> None:
        self._home = home
        self._most_known = most_known
        self._market = market_place(market)
        self._known: OrderedDict[str, BriefLine | None] = OrderedDict()
        # Every request reads in a thread of its own.
        self._lock = threading.Lock()

    def lines(self) -> Iterator[BriefLine]:
        """Yield the briefs, newest first; a file that is no record is passed over."""
        files = sorted(records_folder(self._home).glob(f"*{RECORD_SUFFIX}"), reverse=True)
        for path in files:
            line = self._line(path)
            if line is not None and line.market == self._market and line.is_brief:
                yield line

    def newest(self) -> RunRecord | None:
        """Return the newest brief that can be read, if there is one."""
        for line in self.lines():
            try:
                return load_record(self._home, line.run_id)
            except UnusableInputError:
                continue
        return None

    def read(self, run_id: str) -> RunRecord:
        """Return the record of one brief.

        Raises
        ------
        UnusableInputError
            When this market has none of this id, or its file is damaged.
        """
        path = records_folder(self._home) / f"{run_id}{RECORD_SUFFIX}"
        line = self._line(path) if _RUN_ID.fullmatch(run_id) and path.is_file() else None
        if line is None or line.market != self._market:
            raise UnusableInputError(
                "the run_id of a brief of this market",
                repr(run_id[:40]),
                "The list of resources has the newest.",
            )
        return load_record(self._home, run_id)

    def _line(self, path: Path) -> BriefLine | None:
        """Return what a list says of a record; read once, because a record never changes."""
        with self._lock:
            if path.stem in self._known:
                return self._known[path.stem]
        line = _read_line(path)
        with self._lock:
            self._known[path.stem] = line
            while len(self._known) > self._most_known:
                self._known.popitem(last=False)
        return line


def market_place(name: str) -> str:
    """Return a market's name in the settings so that it is the same from every working folder."""
    scheme, colon, path = name.partition(":")
    return f"folder:{Path(path).expanduser().resolve()}" if colon and scheme == "folder" else name


def _read_line(path: Path) -> BriefLine | None:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        brief = raw["brief"]
        return BriefLine(
            str(raw["run_id"]),
            market_place(str(raw["market_name"])),
            str(brief["market"]["as_of"]),
            str(brief["question"]),
            brief["intent"] not in _TALK,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
