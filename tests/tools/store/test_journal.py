"""The journal keeps every answer once, with the day it spoke of, whoever writes at the same time."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tools.errors import SourceDownError
from tools.store.journal import Journal, JournalEntry

if TYPE_CHECKING:
    from pathlib import Path

HEARD = datetime(2026, 9, 17, 9, 30, tzinfo=UTC)


def entry(**changes: Any) -> JournalEntry:
    values: dict[str, Any] = {
        "server": "vimo",
        "tool": "get_foreign_flow",
        "arguments": {},
        "answered_on": date(2026, 9, 17),
        "retrieved_at": HEARD,
        "text": '{"net": -120}',
        "details": {"unit": "unknown"},
    }
    return JournalEntry(**{**values, **changes})


def test_an_answer_comes_back_as_it_was_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new")
    written = entry(arguments={"b": 1, "a": "Ngân hàng"}, text="phiên “đỏ”\n1.234,5")
    assert journal.add(written)
    assert journal.entries() == (written,)


def test_the_same_answer_is_written_once_and_keeps_its_first_hour(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.add(entry())
    assert not journal.add(entry(retrieved_at=HEARD + timedelta(hours=3)))
    assert [one.retrieved_at for one in journal.entries()] == [HEARD]


def test_a_changed_answer_of_the_same_day_is_kept_beside_the_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add(entry())
    later = HEARD + timedelta(hours=6)
    assert journal.add(entry(text='{"net": -150}', retrieved_at=later))
    assert [one.text for one in journal.entries()] == ['{"net": -120}', '{"net": -150}']
    assert len(journal.entries(retrieved_by=HEARD)) == 1


def test_answers_are_found_by_server_tool_and_day(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for back in range(5):
        day = date(2026, 9, 17) - timedelta(days=back)
        journal.add(entry(answered_on=day))
        journal.add(entry(answered_on=day, tool="get_whale_activity"))
    found = journal.entries(tool="get_foreign_flow", since=date(2026, 9, 15))
    assert [one.answered_on.day for one in found] == [15, 16, 17]
    assert journal.entries(server="other") == ()
    assert len(journal.entries(until=date(2026, 9, 13))) == 2


def test_a_journal_that_was_never_written_is_empty_and_sound(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none")
    assert journal.entries() == ()
    assert journal.check() == ()
    assert not (tmp_path / "none").exists()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.path.write_bytes(b"not a database, far from it " * 100)
    with pytest.raises(SourceDownError, match=r"journal\.sqlite"):
        journal.entries()
    assert journal.check()


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    naive = datetime(2026, 9, 17, 9, 30)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="time zone"):
        Journal(tmp_path).add(entry(retrieved_at=naive))


def _write_many(folder: Path, name: str) -> None:
    journal = Journal(folder)
    for number in range(25):
        journal.add(entry(tool=name, text=str(number)))
        journal.add(entry(tool="both", text=str(number)))


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_many, args=(tmp_path, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    journal = Journal(tmp_path)
    assert len(journal.entries(tool="a")) == len(journal.entries(tool="b")) == 25
    assert len(journal.entries(tool="both")) == 25
