"""The same results in the same order, wherever the parts are worked out."""

from __future__ import annotations

import socket
import threading

import numpy as np
import pytest

from tests.clusters import PATIENCE, two_workers
from tools.errors import SourceDownError, UnusableInputError
from tools.workers import Workers

WORDS = ["gold", "oil", "rate", "dollar", "credit"]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestKnownValues:
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_results_come_in_the_order_of_the_tasks(self, jobs: int) -> None:
        assert list(Workers(jobs=jobs).each(len, WORDS)) == [4, 3, 4, 6, 6]

    def test_one_process_works_out_a_part_only_when_it_is_asked_for(self) -> None:
        asked: list[str] = []
        results = Workers().each(asked.append, WORDS)
        next(results)
        assert asked == WORDS[:1]


class TestACluster:
    def test_parts_of_any_size_are_sent_without_a_word(self) -> None:
        parts = [np.ones(2_000_000), np.ones(3)]
        found: list[int] = []

        def work(scheduler: str) -> None:
            found.extend(Workers(scheduler=scheduler).each(len, parts))

        with two_workers() as scheduler:
            # What goes wrong in a thread of the library is never heard of: nothing comes back.
            working = threading.Thread(target=work, args=(scheduler,), daemon=True)
            working.start()
            working.join(PATIENCE)
        assert found == [2_000_000, 3]


class TestRefusals:
    def test_a_scheduler_that_does_not_answer_is_named(self) -> None:
        pytest.importorskip("distributed", reason="the extra scale is not installed")
        address = f"tcp://127.0.0.1:{a_free_port()}"
        with pytest.raises(SourceDownError, match=address):
            list(Workers(scheduler=address).each(len, WORDS))

    def test_what_is_no_address_is_refused(self) -> None:
        pytest.importorskip("distributed", reason="the extra scale is not installed")
        with pytest.raises(UnusableInputError, match="tcp://HOST:PORT"):
            list(Workers(scheduler="cluster").each(len, WORDS))
