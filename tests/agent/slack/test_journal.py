"""The journal: events once, questions until they are answered, parts of answers once."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.slack.journal import DONE_SECONDS, ENGAGED_SECONDS, SEEN_SECONDS, Journal, Work
from tests.fakes import Clock
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from pathlib import Path


def work_of(number: int, **changes: object) -> Work:
    known = {
        "id": f"w{number}", "kind": "message", "team": "T1", "channel": "C1",
        "thread_ts": f"{number}.0", "ts": f"{number}.0", "user": "U1", "question": "why?",
        "accepted_at": float(number),
    }  # fmt: skip
    return Work(**{**known, **changes})  # type: ignore[arg-type]


def test_a_question_is_taken_once_whichever_of_its_keys_comes(home: Path) -> None:
    journal = Journal(home)
    assert journal.accept(work_of(1), ("event 1", "message 1"))
    assert not journal.accept(work_of(2), ("event 2", "message 1"))
    assert not journal.accept(work_of(3), ("event 2", "message 9"))
    assert [work.id for work in journal.open_work()] == ["w1"]


def test_what_was_written_is_there_for_the_next_process(home: Path) -> None:
    first = Journal(home)
    first.accept(work_of(1), ("event 1",))
    first.accept(work_of(2), ("event 2",))
    first.note(work_of(1), state="answered", run_id="r1", stream_ts="9.9")
    first.close()
    again = Journal(home)
    assert [(work.id, work.state, work.run_id) for work in again.open_work()] == [
        ("w1", "answered", "r1"),
        ("w2", "accepted", ""),
    ]
    assert again.is_engaged("T1:C1:1.0")
    assert not again.first(("event 2",))


@pytest.mark.parametrize("state", ["done", "stopped", "failed"])
def test_what_has_ended_is_open_no_more(home: Path, state: str) -> None:
    journal = Journal(home)
    journal.accept(work_of(1), ("event 1",))
    journal.note(work_of(1), state=state)
    assert journal.open_work() == []


def test_a_part_is_new_then_begun_then_sent(home: Path) -> None:
    journal = Journal(home)
    assert journal.begin_part(work_of(1), "main") == "new"
    assert journal.begin_part(work_of(1), "main") == "begun"
    journal.part_sent(work_of(1), "main")
    assert journal.begin_part(work_of(1), "main") == "sent"
    assert journal.begin_part(work_of(2), "main") == "new"


def test_what_is_old_is_forgotten_and_what_is_open_never(home: Path) -> None:
    clock = Clock(1_000.0)
    journal = Journal(home, clock)
    journal.accept(work_of(1), ("event 1",))
    journal.accept(work_of(2), ("event 2",))
    journal.note(work_of(2), state="done")
    clock.seconds += max(SEEN_SECONDS, DONE_SECONDS) + 2_000.0
    journal.forget()
    assert journal.first(("event 1",))
    assert [work.id for work in journal.open_work()] == ["w1"]
    assert journal.work("w2") is None


def test_a_thread_that_was_long_silent_is_ours_no_more(home: Path) -> None:
    clock = Clock(1_000.0)
    journal = Journal(home, clock)
    for number in (1, 2):
        journal.accept(work_of(number), (f"event {number}",))
        journal.note(work_of(number), state="done")
    clock.seconds += ENGAGED_SECONDS
    journal.accept(work_of(3, thread_ts="2.0"), ("event 3",))
    clock.seconds += 1.0
    assert journal.is_engaged("T1:C1:1.0")
    journal.forget()
    assert not journal.is_engaged("T1:C1:1.0")
    assert journal.is_engaged("T1:C1:2.0")


def test_a_thread_of_a_command_is_known_once_it_has_its_message(home: Path) -> None:
    journal = Journal(home)
    work = work_of(1, thread_ts="")
    journal.accept(work, ("command 1",))
    assert work.thread == "T1:C1:w1"
    changed = journal.note(work, thread_ts="5.5")
    assert journal.is_engaged("T1:C1:5.5")
    assert changed.thread == "T1:C1:5.5"


def test_a_file_that_is_no_journal_is_said_with_what_to_do(home: Path) -> None:
    (home / "slack").mkdir()
    (home / "slack" / "journal.sqlite").write_text("not a database at all, but text\n" * 50)
    with pytest.raises(SourceDownError, match=r"move slack/journal\.sqlite"):
        Journal(home)


def test_a_failed_write_leaves_nothing_half_written(home: Path) -> None:
    journal = Journal(home)
    with sqlite3.connect(home / "slack" / "journal.sqlite", isolation_level=None) as other:
        other.execute("DROP TABLE engaged")
    other.close()
    with pytest.raises(sqlite3.Error):
        journal.accept(work_of(1), ("event 1",))
    assert journal.open_work() == []
    assert journal.first(("event 1",))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=25))
def test_whatever_events_come_no_message_is_taken_twice(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, int]]
) -> None:
    journal = Journal(tmp_path_factory.mktemp("home"))
    taken: list[int] = []
    for number, (event, message) in enumerate(events):
        if journal.accept(work_of(number), (f"event {event}", f"message {message}")):
            taken.append(message)
    journal.close()
    assert len(taken) == len(set(taken))
