"""What a provider allows is kept, by this process and the next."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import pytest

from tools.errors import SourceDownError
from tools.sources.feeds import Quota
from tools.sync.quota import QuotaBook, QuotaSpentError

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """Seconds that a test moves."""

    def __init__(self, at: float = 1_790_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def test_fifty_a_day_stay_fifty_whoever_asks(tmp_path: Path) -> None:
    clock, quota = Clock(), Quota(per_day=50)
    for _ in range(50):
        assert QuotaBook(tmp_path, clock).take("VIMO", quota) == 0.0
        clock.at += 60
    with pytest.raises(QuotaSpentError, match="VIMO allows 50 calls a day") as caught:
        QuotaBook(tmp_path, clock).take("VIMO", quota)
    assert caught.value.retry_after == pytest.approx(86_400 - 50 * 60)
    clock.at += caught.value.retry_after or 0.0
    assert QuotaBook(tmp_path, clock).take("VIMO", quota) == 0.0
    with pytest.raises(QuotaSpentError):
        QuotaBook(tmp_path, clock).take("VIMO", quota)


def test_a_fourth_call_in_a_minute_waits_for_the_first_to_be_a_minute_old(tmp_path: Path) -> None:
    clock, quota = Clock(), Quota(per_minute=3)
    book = QuotaBook(tmp_path, clock)
    for _ in range(3):
        assert book.take("VIMO", quota) == 0.0
        clock.at += 10
    assert book.take("VIMO", quota) == pytest.approx(30)
    clock.at += 30.001
    assert book.take("VIMO", quota) == 0.0
    assert book.take("VIMO", quota) == pytest.approx(10, abs=0.01)


def test_less_than_one_a_minute_is_one_in_a_longer_while(tmp_path: Path) -> None:
    clock, quota = Clock(), Quota(per_minute=0.5)
    book = QuotaBook(tmp_path, clock)
    assert book.take("slow", quota) == 0.0
    clock.at += 100
    assert book.take("slow", quota) == pytest.approx(20)


def test_providers_do_not_count_for_one_another(tmp_path: Path) -> None:
    book = QuotaBook(tmp_path, Clock())
    assert book.take("a", Quota(per_day=1)) == 0.0
    assert book.take("b", Quota(per_day=1)) == 0.0
    with pytest.raises(QuotaSpentError):
        book.take("a", Quota(per_day=1))


def test_a_clock_that_was_set_back_locks_nobody_out(tmp_path: Path) -> None:
    clock, quota = Clock(), Quota(per_day=1)
    QuotaBook(tmp_path, clock).take("a", quota)
    clock.at -= 40 * 86_400
    assert QuotaBook(tmp_path, clock).take("a", quota) == 0.0


def test_without_a_limit_nothing_is_written(tmp_path: Path) -> None:
    book = QuotaBook(tmp_path, Clock())
    assert book.take("free", Quota()) == 0.0
    assert not book.path.exists()


def test_a_book_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    book = QuotaBook(tmp_path)
    book.path.write_bytes(b"not a database " * 100)
    with pytest.raises(SourceDownError, match=r"quotas\.sqlite"):
        book.take("a", Quota(per_day=1))


def _take_many(home: Path, taken: multiprocessing.Queue[int]) -> None:
    count = 0
    for _ in range(30):
        try:
            QuotaBook(home).take("shared", Quota(per_day=20))
            count += 1
        except QuotaSpentError:
            continue
    taken.put(count)


def test_two_processes_share_one_quota(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    taken: multiprocessing.Queue[int] = spawn.Queue()
    takers = [spawn.Process(target=_take_many, args=(tmp_path, taken)) for _ in range(2)]
    for taker in takers:
        taker.start()
    counts = [taken.get(timeout=60) for _ in takers]
    for taker in takers:
        taker.join()
    assert sum(counts) == 20
    assert QuotaBook(tmp_path).made_today("shared") == 20
