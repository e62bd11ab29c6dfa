"""Votes: one a reader and answer, the last word counts, and pressing twice changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agent.commands.records import runs
from agent.records import VOTES_FILE, delete_records, list_records, records_folder
from agent.settings import Settings
from agent.slack.feedback import read_vote
from agent.votes import Tally, Vote, Votes
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

RUN, OTHER = "20221231-084500-abcdef", "20221231-090000-fedcba"


class TestVotes:
    def test_a_vote_is_kept_beside_the_records(self, tmp_path: Path) -> None:
        assert Votes(tmp_path, lambda: 5.0).cast(RUN, "T1:U1", "up")
        assert (tmp_path / VOTES_FILE).exists()
        assert Votes(tmp_path).newest() == [Vote(RUN, "T1:U1", "up", 5.0)]

    def test_the_same_press_twice_is_one_vote(self, tmp_path: Path) -> None:
        votes = Votes(tmp_path)
        assert [votes.cast(RUN, "T1:U1", "up") for _ in range(3)] == [True, False, False]
        assert votes.of_run(RUN) == Tally(up=1, down=0)

    def test_the_last_word_counts(self, tmp_path: Path) -> None:
        times = iter((1.0, 2.0, 3.0))
        votes = Votes(tmp_path, lambda: next(times))
        assert votes.cast(RUN, "T1:U1", "up")
        assert votes.cast(RUN, "T1:U1", "down")
        assert not votes.cast(RUN, "T1:U1", "down")
        assert votes.of_run(RUN) == Tally(up=0, down=1)
        assert votes.newest()[0].at == 2.0

    def test_each_reader_and_each_answer_count_alone(self, tmp_path: Path) -> None:
        votes = Votes(tmp_path)
        for reader, vote in (("T1:U1", "up"), ("T1:U2", "up"), ("T2:U1", "down")):
            votes.cast(RUN, reader, "up" if vote == "up" else "down")
        votes.cast(OTHER, "T1:U1", "down")
        assert votes.tallies() == {RUN: Tally(2, 1), OTHER: Tally(0, 1)}

    def test_nobody_voted(self, tmp_path: Path) -> None:
        votes = Votes(tmp_path)
        assert votes.of_run(RUN) == Tally()
        assert not records_folder(tmp_path).exists()

    def test_votes_go_with_the_runs_they_are_about(self, tmp_path: Path) -> None:
        votes = Votes(tmp_path)
        votes.cast(RUN, "T1:U1", "up")
        votes.cast(OTHER, "T1:U1", "up")
        assert votes.forget([RUN, "unknown"]) == 1
        assert votes.tallies() == {OTHER: Tally(1, 0)}

    def test_the_file_is_no_run_record(self, tmp_path: Path) -> None:
        Votes(tmp_path).cast(RUN, "T1:U1", "up")
        assert list(list_records(tmp_path)) == []

    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        records_folder(tmp_path).mkdir()
        (tmp_path / VOTES_FILE).write_text("nothing of the kind" * 100, encoding="utf-8")
        with pytest.raises(SourceDownError, match="votes cannot be kept"):
            Votes(tmp_path).cast(RUN, "T1:U1", "up")


class TestRuns:
    def record(self, home: Path, run_id: str, thread: str) -> None:
        brief = {
            "market": {"id": "vn", "as_of": "2022-12-31"}, "intent": "brief", "question": "Which?",
        }  # fmt: skip
        told = {"run_id": run_id, "thread_id": thread, "started_at": "2022-12-31T08:45:00+00:00"}
        records_folder(home).mkdir(exist_ok=True)
        path = records_folder(home) / f"{run_id}.json"
        path.write_text(json.dumps(told | {"brief": brief}), encoding="utf-8")

    def test_the_list_of_runs_shows_what_readers_thought(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.record(tmp_path, RUN, "a")
        self.record(tmp_path, OTHER, "b")
        Votes(tmp_path).cast(RUN, "T1:U1", "up")
        assert runs(Settings(home=tmp_path), limit=5, as_json=False) == 0
        newest, oldest = capsys.readouterr().out.splitlines()
        assert newest.endswith("Which?")
        assert oldest.endswith("Which?  [helpful 1, not 0]")

    def test_a_deleted_conversation_takes_its_votes_along(self, tmp_path: Path) -> None:
        self.record(tmp_path, RUN, "a")
        self.record(tmp_path, OTHER, "b")
        votes = Votes(tmp_path)
        votes.cast(RUN, "T1:U1", "up")
        votes.cast(OTHER, "T1:U1", "up")
        assert delete_records(tmp_path, "a") == 1
        assert votes.tallies() == {OTHER: Tally(1, 0)}


class TestValues:
    def test_a_press_says_run_and_vote(self) -> None:
        assert read_vote(f"up {RUN}") == (RUN, "up")
        assert read_vote(f"down {RUN}") == (RUN, "down")

    @pytest.mark.parametrize("value", ["", "up", RUN, f"sideways {RUN}", "up ../../etc", "up a b"])
    def test_any_other_value_is_refused(self, value: str) -> None:
        with pytest.raises(UnusableInputError, match="feedback button"):
            read_vote(value)
