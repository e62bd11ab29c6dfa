"""The list of briefs, read by many at once."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, cast

from agent.mcp.shelf import Shelf
from agent.records import RECORD_SUFFIX, records_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


class Watched:
    """A path that lets others act between two looks at its name."""

    def __init__(self, path: Path, meanwhile: Callable[[], object]) -> None:
        self._path = path
        self._meanwhile = meanwhile

    @property
    def stem(self) -> str:
        """Return the name, after a moment in which another thread is at work."""
        other = threading.Thread(target=self._meanwhile)
        other.start()
        # Where the shelf is held meanwhile, the other has to wait for us.
        other.join(0.1)
        return self._path.stem

    def read_text(self, encoding: str) -> str:
        """Return the text."""
        return self._path.read_text(encoding=encoding)


def test_a_brief_that_another_thread_pushes_out_is_listed_all_the_same(home: Path) -> None:
    folder = records_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    market = {"id": "toy", "as_of": "2020-06-30"}
    brief = {"market": market, "question": "why?", "intent": "brief"}
    paths = [folder / f"20200630-{number:06d}{RECORD_SUFFIX}" for number in range(2)]
    for path in paths:
        record = {"run_id": path.stem, "market_name": "toy", "brief": brief}
        path.write_text(json.dumps(record), encoding="utf-8")
    shelf = Shelf(home, "toy", most_known=1)
    known = shelf._line(paths[0])
    watched = cast("Any", Watched(paths[0], lambda: shelf._line(paths[1])))
    assert shelf._line(watched) == known
    assert len(list(shelf.lines())) == len(paths)


def test_two_markets_that_call_themselves_the_same_do_not_share_a_shelf(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    brief = {
        "market": {"id": "us", "as_of": "2020-06-30"}, "question": "why?", "intent": "brief",
    }  # fmt: skip
    names = {"20200630-000001": "us", "20200630-000002": "folder:us"}
    for run_id, name in names.items():
        record = {"run_id": run_id, "market_name": name, "brief": brief}
        path = folder / f"{run_id}{RECORD_SUFFIX}"
        path.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [line.run_id for line in Shelf(home, "us").lines()] == ["20200630-000001"]
    here = Shelf(home, f"folder:{tmp_path / 'us'}")
    assert [line.run_id for line in here.lines()] == ["20200630-000002"]
