"""A question over the wire: its events in order, stopped, left and come back to, refused in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from agent.errors import CannotAnswerError
from agent.web.app import LONGEST_QUESTION, MOST_BYTES
from agent.web.charting import chart_list
from tests.agent.reports.briefs import report
from tests.agent.web.served import BrokenBrain, HeldBrain, Reader, Told, keep, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLOWS = "What are foreigners buying this month?"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with served(tmp_path_factory.mktemp("home")) as server:
        found = Reader(server)
        yield found
        found.close()


@pytest.fixture(scope="module")
def flows(reader: Reader) -> list[Told]:
    return reader.answered(FLOWS)


class TestAnAnswer:
    def test_its_events_come_numbered_and_in_order(self, flows: list[Told]) -> None:
        assert [event.number for event in flows] == list(range(1, len(flows) + 1))
        names = [event.name for event in flows]
        assert names[0] == "asked"
        assert names.index("plan") < names.index("call") < names.index("stage")
        assert names.index("stage") < names.index("block") < names.index("answered")
        assert names[-1] == "answered"

    def test_the_plan_ticks_off_by_its_keys(self, flows: list[Told]) -> None:
        planned = next(event for event in flows if event.name == "plan").content["calls"]
        came = [event.content for event in flows if event.name == "call"]
        assert {call["key"] for call in planned} == {call["key"] for call in came}
        assert all(call["status"] == "ok" for call in came)

    def test_the_page_says_what_the_markdown_says(self, reader: Reader, flows: list[Told]) -> None:
        run = flows[-1].content["run"]
        markdown = reader.client.get(f"/api/answers/{run}/markdown").text
        html = "".join(event.content["html"] for event in flows if event.name == "block")
        headline = markdown.split("**")[3]
        assert headline in html
        assert "SIMULATED" in html

    def test_it_offers_what_to_ask_next(self, flows: list[Told]) -> None:
        offered = flows[-1].content["followups"]
        assert 1 <= len(offered) <= 3
        assert FLOWS not in offered

    def test_a_question_back_comes_with_choices(self, reader: Reader) -> None:
        told = reader.answered("compare")
        assert len(told[-1].content["choices"]) >= 2
        assert "<ol" not in "".join(e.content["html"] for e in told if e.name == "block")

    def test_its_charts_are_there_as_figures(self, reader: Reader, flows: list[Told]) -> None:
        path = f"/api/answers/{flows[-1].content['run']}/charts"
        charts = reader.client.get(path).json()["charts"]
        assert [chart["name"] for chart in charts] == ["flows"]
        drawn = reader.client.get(f"{path}/flows", params={"theme": "dark", "narrow": "1"}).json()
        assert drawn["figure"]["data"]
        assert drawn["note"]
        assert len(drawn["table"]["rows"]) > 2
        assert reader.client.get(f"{path}/pie").status_code == 400


class TestAConversation:
    def test_it_is_listed_and_can_be_continued(self, reader: Reader, flows: list[Told]) -> None:
        thread = flows[0].content["thread"]
        told = reader.answered("and last week?", thread)
        assert told[-1].content["plan"][0]["tool"] == "get_foreign_flow"
        listed = reader.client.get("/api/conversations").json()["conversations"]
        assert thread in [line["thread"] for line in listed]
        shown = reader.client.get(f"/api/conversations/{thread}").json()
        questions = [turn["answered"]["question"] for turn in shown["turns"]]
        assert questions == [FLOWS, "and last week?"]
        html = [event.content["html"] for event in told if event.name == "block"]
        assert shown["turns"][1]["blocks"] == html
        assert shown["run"] is None

    def test_an_unknown_one_is_refused_in_a_sentence(self, reader: Reader) -> None:
        answer = reader.client.get("/api/conversations/nobody")
        assert answer.status_code == 400
        assert "nobody" in answer.json()["sentence"]

    def test_the_market_is_named_in_both_languages(self, reader: Reader) -> None:
        desk = reader.client.get("/api/desk").json()
        assert desk["simulated"] is True
        assert set(desk["market"]) == {"en", "vi"}

    def test_an_old_answer_has_all_its_charts(self, home: Path) -> None:
        made = report()
        keep(home, made)
        with served(home) as server:
            reader = Reader(server)
            path = f"/api/answers/{made.brief.run_id}/charts"
            names = [chart["name"] for chart in reader.client.get(path).json()["charts"]]
            assert names == ["rotation", "waterfall", "flows", "calibration"]
            one = reader.client.get(f"{path}/waterfall").json()
            other = one["sectors"][-1]["code"]
            assert one["sector"] != other
            again = reader.client.get(f"{path}/waterfall", params={"sector": other}).json()
            assert again["sector"] == other
            assert again["figure"] != one["figure"]
            reader.close()

    @pytest.mark.parametrize(
        ("intent", "first"),
        [("track", "calibration"), ("explain", "waterfall"), ("rotation", "rotation")],
    )
    def test_the_chart_that_answers_the_question_comes_first(
        self, home: Path, intent: Literal["track", "explain", "rotation"], first: str
    ) -> None:
        made = report()
        brief = made.brief.model_copy(update={"intent": intent})
        keep(home, made._replace(brief=brief))
        names = [chart["name"] for chart in chart_list(home, brief.run_id)["charts"]]
        assert names[0] == first
        assert sorted(names) == ["calibration", "flows", "rotation", "waterfall"]


class TestWhatCannotBeAsked:
    @pytest.mark.parametrize(
        "content",
        [None, [], "text", {}, {"question": ""}, {"question": " \n"}, {"question": 7},
         {"question": "hello", "thread": 7}],
    )  # fmt: skip
    def test_what_is_no_question_is_refused(self, reader: Reader, content: object) -> None:
        answer = reader.client.post("/api/questions", json=content)
        assert answer.status_code == 400
        assert answer.json()["sentence"].startswith("Wanted a question")

    def test_a_huge_question_is_refused(self, reader: Reader) -> None:
        for size in (LONGEST_QUESTION + 1, MOST_BYTES, 40 * MOST_BYTES):
            answer = reader.post("/api/questions", {"question": "x" * size})
            assert answer.status_code == 413
            assert str(LONGEST_QUESTION) in answer.json()["sentence"]

    def test_another_kind_of_content_is_refused(self, reader: Reader) -> None:
        for headers, body in (
            ({}, b"question=hello"),
            ({"content-type": "application/json"}, b"{"),
        ):
            answer = reader.client.post("/api/questions", headers=headers, content=body)
            assert answer.status_code == 400

    def test_half_a_character_is_no_reason_to_fail(self, reader: Reader) -> None:
        headers = {"content-type": "application/json"}
        body = b'{"question": "hello \\ud800", "thread": null}'
        begun = reader.client.post("/api/questions", headers=headers, content=body).json()
        told = list(reader.follow(begun["run"], after=10**30))
        assert told[0].content["question"] == "hello ?"
        assert told[-1].name == "answered"

    @pytest.mark.parametrize(
        ("path", "status"), [("/api/runs/none/events", 404), ("/api/answers/none/markdown", 400)]
    )
    def test_what_is_not_there_is_said(self, reader: Reader, path: str, status: int) -> None:
        answer = reader.client.get(path)
        assert answer.status_code == status
        assert answer.json()["sentence"].endswith(".")


class TestInTheMiddleOfARun:
    def test_one_question_at_a_time_in_a_conversation(self, home: Path) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as server:
            reader = Reader(server)
            begun = reader.ask("hello")
            busy = reader.post("/api/questions", {"question": "hi", "thread": begun["thread"]})
            assert busy.status_code == 409
            assert busy.json()["run"] == begun["run"]
            other = reader.ask("hello again")
            brain.may_go_on.set()
            for run in (begun["run"], other["run"]):
                assert list(reader.follow(run))[-1].name == "answered"
            reader.close()

    def test_a_page_that_went_away_comes_back_to_the_rest(self, home: Path) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as server:
            reader = Reader(server)
            run = reader.ask("hello")["run"]
            seen: list[Told] = []
            for event in reader.follow(run):
                seen.append(event)
                if event.name == "stage":
                    break
            assert brain.reached.wait(60)
            brain.may_go_on.set()
            rest = list(reader.follow(run, after=seen[-1].number))
            assert [event.number for event in rest] == list(
                range(seen[-1].number + 1, seen[-1].number + 1 + len(rest))
            )
            assert rest[-1].name == "answered"
            assert list(reader.follow(run)) == seen + rest
            reader.close()

    def test_a_run_is_stopped_and_the_conversation_goes_on(self, home: Path) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as server:
            reader = Reader(server)
            begun = reader.ask("hello")
            assert brain.reached.wait(60)
            assert reader.post(f"/api/runs/{begun['run']}/stop").status_code == 202
            assert list(reader.follow(begun["run"]))[-1].name == "stopped"
            brain.may_go_on.set()
            assert reader.answered("hello", begun["thread"])[-1].name == "answered"
            reader.post(f"/api/runs/{begun['run']}/stop")
            assert reader.answered("thanks", begun["thread"])[-1].name == "answered"
            reader.close()

    def test_the_server_ends_while_a_page_listens(self, home: Path) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as server:
            reader = Reader(server)
            run = reader.ask("hello")["run"]
            assert brain.reached.wait(60)
            assert next(reader.follow(run)).name == "asked"
        reader.close()


class TestWhatGoesWrong:
    def test_a_question_without_an_answer_says_why(self, home: Path) -> None:
        brain = BrokenBrain(CannotAnswerError("There is no answer today."))
        with served(home, brain=brain) as server:
            reader = Reader(server)
            told = reader.answered("hello")
            assert told[-1].name == "failed"
            assert told[-1].content == {"sentence": "There is no answer today."}
            assert reader.answered("thanks", told[0].content["thread"])[-1].name == "answered"
            reader.close()

    def test_a_crash_is_one_sentence_and_the_conversation_opens_again(self, home: Path) -> None:
        with served(home, brain=BrokenBrain(RuntimeError("at /secret/path"))) as server:
            reader = Reader(server)
            told = reader.answered("hello")
            assert told[-1].name == "failed"
            assert "RuntimeError" in told[-1].content["sentence"]
            assert "/secret" not in told[-1].content["sentence"]
            assert reader.answered("thanks", told[0].content["thread"])[-1].name == "answered"
            reader.close()
