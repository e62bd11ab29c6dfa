"""Conversations are found again, named, exported and forgotten, and stay small however long."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from agent.conversation import Conversation
from agent.memory.checkpoints import DATABASE, StateSerializer, open_saver
from agent.memory.export import export
from agent.memory.threads import open_threads
from agent.records import list_records
from agent.settings import load_settings
from agent.state import CHECKPOINT_TYPES, CallOutcome
from tests.fakes import FACTS, STAMP
from tests.markets import write_market
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.settings import Settings

AS_OF = date(2022, 3, 1)
FLOW = "What did foreigners buy this month?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy")


def settings(home: Path, folder: Path) -> Settings:
    return load_settings({"market": f"folder:{folder}", "as_of": AS_OF, "home": home}, {}, home)


async def asked(home: Path, folder: Path, *questions: str, thread: str | None = None) -> str:
    async with Conversation(settings(home, folder), thread=thread) as conversation:
        for question in questions:
            await conversation.ask(question)
        return conversation.thread_id


def rows(home: Path, table: str, thread: str) -> int:
    with sqlite3.connect(home / DATABASE) as connection:
        (count,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE thread_id = ?",  # noqa: S608 - a constant
            (thread,),
        ).fetchone()
    connection.close()
    return int(count)


class TestThreads:
    async def test_the_conversation_spoken_in_last_is_listed_first(
        self, tmp_path: Path, folder: Path
    ) -> None:
        first = await asked(tmp_path, folder, FLOW)
        second = await asked(tmp_path, folder, "thanks")
        await asked(tmp_path, folder, "thanks", thread=first)
        async with open_threads(tmp_path) as threads:
            lines = await threads.all()
        assert [(line.thread_id, line.questions) for line in lines] == [(first, 2), (second, 1)]
        assert lines[0].first_question == FLOW
        assert lines[0].tool_calls == 1

    async def test_a_name_finds_a_conversation_as_its_id_does(
        self, tmp_path: Path, folder: Path
    ) -> None:
        thread = await asked(tmp_path, folder, FLOW)
        async with open_threads(tmp_path) as threads:
            await threads.rename(thread, "  Khối   ngoại ")
            assert (await threads.find("khối ngoại")).thread_id == thread
        assert await asked(tmp_path, folder, "thanks", thread="Khối ngoại") == thread

    async def test_a_name_belongs_to_one_conversation(self, tmp_path: Path, folder: Path) -> None:
        first = await asked(tmp_path, folder, "thanks")
        second = await asked(tmp_path, folder, "thanks")
        async with open_threads(tmp_path) as threads:
            await threads.rename(first, "mine")
            with pytest.raises(UnusableInputError, match="another conversation"):
                await threads.rename(second, "Mine")
            with pytest.raises(UnusableInputError, match="Did you mean mine"):
                await threads.find("mien")

    @pytest.mark.parametrize("name", ["", "   ", "/etc", "a" * 61, "_x"])
    async def test_a_name_that_is_none_is_refused(
        self, tmp_path: Path, folder: Path, name: str
    ) -> None:
        thread = await asked(tmp_path, folder, "thanks")
        async with open_threads(tmp_path) as threads:
            with pytest.raises(UnusableInputError, match="letters"):
                await threads.rename(thread, name)

    async def test_deleting_takes_the_memory_and_the_run_records_of_that_one_only(
        self, tmp_path: Path, folder: Path
    ) -> None:
        gone = await asked(tmp_path, folder, FLOW, "thanks")
        kept = await asked(tmp_path, folder, FLOW)
        async with open_threads(tmp_path) as threads:
            _, records = await threads.delete(gone)
            left = await threads.all()
        assert records == 2
        assert [line.thread_id for line in left] == [kept]
        assert len(list(list_records(tmp_path))) == 1
        assert rows(tmp_path, "checkpoints", gone) == rows(tmp_path, "writes", gone) == 0
        assert rows(tmp_path, "checkpoints", kept) == 1

    async def test_a_conversation_taken_up_remembers_its_last_answer(
        self, tmp_path: Path, folder: Path
    ) -> None:
        thread = await asked(tmp_path, folder, FLOW)
        async with Conversation(settings(tmp_path, folder)) as conversation:
            assert conversation.last is None
            await conversation.take_up(thread)
            assert conversation.last is not None
            assert conversation.last.question == FLOW
            again = await conversation.ask(FLOW)
            assert again.usage.tool_calls == 0
            conversation.begin_anew()
            assert await conversation.history() == ()


class TestExport:
    async def test_a_conversation_is_exported_whole_and_in_order(
        self, tmp_path: Path, folder: Path
    ) -> None:
        thread = await asked(tmp_path, folder, FLOW, "thanks")
        async with open_threads(tmp_path) as threads:
            line = await threads.rename(thread, "flows")
        assert export(tmp_path, line, tmp_path / "talk.md") == 2
        assert export(tmp_path, line, tmp_path / "talk.json") == 2
        text = (tmp_path / "talk.md").read_text(encoding="utf-8")
        document = json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))
        assert text.startswith("# flows\n")
        assert text.index(f"> {FLOW}") < text.index("> thanks")
        assert document["schema"] == "sectorvane.conversation/1"
        assert [turn["brief"]["question"] for turn in document["turns"]] == [FLOW, "thanks"]
        assert str(folder) not in (tmp_path / "talk.json").read_text(encoding="utf-8")

    async def test_another_ending_is_refused(self, tmp_path: Path, folder: Path) -> None:
        thread = await asked(tmp_path, folder, "thanks")
        async with open_threads(tmp_path) as threads:
            line = await threads.find(thread)
        with pytest.raises(UnusableInputError, match=r"\.md or \.json"):
            export(tmp_path, line, tmp_path / "talk.html")


class TestStates:
    OUTCOME = CallOutcome(
        key="k", tool="get_market_overview", arguments={"timeframe": "1M"}, status="ok",
        market=STAMP, facts=FACTS["get_market_overview"], answer={"days": [1, 2.5, None, "ba"]},
    )  # fmt: skip

    def test_a_state_comes_back_as_it_was(self) -> None:
        state = {"outcomes": {"k": self.OUTCOME}, "turns": (), "left": [None, 1, "x"]}
        written = StateSerializer().dumps_typed(state)
        back = StateSerializer().loads_typed(written)
        assert back["outcomes"] == {"k": self.OUTCOME}
        assert back["left"] == [None, 1, "x"]

    def test_a_value_is_packed_once(self) -> None:
        serializer = StateSerializer()
        packed = serializer._pack(self.OUTCOME)
        assert serializer._pack(self.OUTCOME) is packed
        assert serializer._pack(self.OUTCOME.model_copy()) is not packed

    def test_only_the_types_of_a_state_are_loaded(self) -> None:
        _, written = StateSerializer().dumps_typed({"outcome": self.OUTCOME})
        forged = written.replace(b"CallOutcome", b"CallOutcomf")
        with pytest.raises(UnusableInputError, match="of this version"):
            StateSerializer().loads_typed(("msgpack", forged))

    def test_every_type_of_a_state_has_a_name_of_its_own(self) -> None:
        names = [kind.__name__ for kind in CHECKPOINT_TYPES]
        assert len(set(names)) == len(names)

    async def test_a_thread_keeps_one_state_however_many_questions(
        self, tmp_path: Path, folder: Path
    ) -> None:
        sizes = []
        for _ in range(3):
            thread = await asked(tmp_path, folder, FLOW, "thanks", thread="long")
            sizes.append((rows(tmp_path, "checkpoints", thread), self._bytes(tmp_path)))
        assert [count for count, _ in sizes] == [1, 1, 1]
        assert sizes[2][1] < 1.3 * sizes[0][1]

    @staticmethod
    def _bytes(home: Path) -> int:
        with sqlite3.connect(home / DATABASE) as connection:
            (size,) = connection.execute(
                "SELECT sum(length(checkpoint)) FROM checkpoints"
            ).fetchone()
        connection.close()
        return int(size)


class TestTenAtOnce:
    async def test_ten_conversations_in_one_process_never_mix_their_facts(
        self, tmp_path: Path
    ) -> None:
        """Ten markets of the same names and different numbers, asked by turns at the same time."""
        homes = tmp_path / "home"
        folders = [
            write_market(tmp_path / f"m{place}" / "toy", seed=place, n_days=150, n_sectors=3)
            for place in range(10)
        ]
        questions = (FLOW, "How is Energy doing this month?", "and over the last week?")

        async def hold(folder: Path, home: Path, *, together: bool) -> list[Any]:
            answers = []
            async with Conversation(settings(home, folder)) as conversation:
                for question in questions:
                    brief = await conversation.ask(question)
                    answers.append((brief.facts, brief.thread_id == conversation.thread_id))
                    if together:
                        await asyncio.sleep(0)
            return answers

        together = await asyncio.gather(*(hold(f, homes, together=True) for f in folders))
        for place, folder in enumerate(folders):
            alone = await hold(folder, tmp_path / f"alone{place}", together=False)
            assert together[place] == alone
        own = {str(answers[0][0]) for answers in together}
        assert len(own) == 10, "the markets must differ for a mix-up to show"

    async def test_a_new_home_may_be_opened_by_many_at_the_same_moment(
        self, tmp_path: Path
    ) -> None:
        """Laying out the file is where SQLite refuses to wait; one opening in a hundred met it."""
        for attempt in range(25):
            home = tmp_path / str(attempt)
            home.mkdir()
            together = (self._opened(home) for _ in range(16))
            assert await asyncio.gather(*together) == [0] * 16

    @staticmethod
    async def _opened(home: Path) -> int:
        async with (
            open_saver(home) as saver,
            saver.conn.execute("SELECT count(*) FROM checkpoints") as cursor,
        ):
            ((count,),) = await cursor.fetchall()
            return int(count)


async def test_a_question_broken_off_locks_nobody_out(home: Path) -> None:
    home.mkdir(exist_ok=True)
    async with open_saver(home) as saver:
        # What a cancelled question leaves behind: a cursor half read, and a write without its commit.
        left = await saver.conn.execute("SELECT 1 UNION SELECT 2")
        await left.fetchone()
        await saver.conn.execute("DELETE FROM writes")
    with sqlite3.connect(home / DATABASE, timeout=0, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
    other.close()
    del left
