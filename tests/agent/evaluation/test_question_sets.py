"""Question sets by use, repeats, and the comparison of two evaluations."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.evaluation.comparing import compare, read_evaluation
from agent.evaluation.questions import USES, read_sets, same_arguments
from agent.evaluation.report import Evaluation
from agent.evaluation.stability import repeat
from tools.errors import UnusableInputError

SETS = Path(__file__).parents[2] / "questions"
ROW = {"question": "banks?", "language": "en", "market": "vn", "expected": {"calls": []}}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class TestSets:
    def test_the_shipped_sets_hold_enough_questions_in_both_languages_and_an_unseen_part(
        self,
    ) -> None:
        questions = read_sets(SETS)
        assert len(questions) >= 400
        assert {question.language for question in questions} == {"en", "vi"}
        assert {question.use for question in questions} == set(USES)

    def test_an_unseen_question_stands_in_no_other_set(self) -> None:
        questions = read_sets(SETS)
        alone = {(q.question, q.history) for q in questions if q.use == "unseen"}
        others = {(q.question, q.history) for q in questions if q.use != "unseen"}
        assert not alone & others

    def test_a_set_is_named_after_its_file_and_used_as_the_list_says(self, tmp_path: Path) -> None:
        written(tmp_path, "kept.jsonl", json.dumps(ROW) + "\n")
        written(tmp_path, "sets.toml", 'kept = "unseen"\n')
        (question,) = read_sets(tmp_path)
        assert (question.source, question.use) == ("kept", "unseen")

    @pytest.mark.parametrize("text", ['kept = "new"\n', "kept = \n"])
    def test_an_unknown_use_is_refused(self, tmp_path: Path, text: str) -> None:
        written(tmp_path, "kept.jsonl", json.dumps(ROW) + "\n")
        written(tmp_path, "sets.toml", text)
        with pytest.raises(UnusableInputError):
            read_sets(tmp_path)

    def test_a_folder_without_sets_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableInputError):
            read_sets(tmp_path)

    def test_a_list_may_be_wanted_by_any_of_its_names(self) -> None:
        wanted = {"indicator_list": {"includes": [["CPI", "CPI_MOM"], ["GOLD"]]}}
        assert same_arguments(wanted, {"indicator_list": ["GOLD", "CPI_MOM", "VIX"]})
        assert not same_arguments(wanted, {"indicator_list": ["CPI"]})


class TestRepeats:
    async def test_a_repeat_that_differs_is_counted_by_what_differs(self) -> None:
        answers = iter([{"a": 1}, {"a": 1}, {"a": 2}])

        async def ask(question: str) -> Any:
            body: dict[str, Any] = {
                "plan": [],
                "facts": next(answers),
                "scorecard": None,
                "markdown": question,
            }
            return SimpleNamespace(model_dump=lambda **_: body)

        (found,) = await repeat(ask, 3, ["again"])
        assert (found.plan, found.facts, found.scorecard, found.prose) == (3, 2, 3, 3)
        assert not found.same
        assert not Evaluation(stability=(found,)).passed
        assert "| again | 3 | 3 | 2 | 3 | 3 |" in Evaluation(stability=(found,)).to_markdown()


def evaluation(hits: int, *failures: str) -> dict[str, Any]:
    rate = {"hits": hits, "n": 10, "low": 0.0, "high": 1.0}
    return {
        "schema": "sectorvane.eval/1",
        "planning": {
            "by_language": {"en": {"right": rate, "milliseconds": 2.0}},
            "failures": [{"question": question} for question in failures],
        },
    }


class TestComparison:
    def test_measures_and_questions_that_changed_sides_are_named(self) -> None:
        found = compare(evaluation(7, "a", "b"), evaluation(9, "b", "c"))
        right = next(one for one in found.measures if one.name == "right, en")
        assert (right.before, right.now) == (0.7, 0.9)
        assert (found.now_wrong, found.now_right) == (("c",), ("a",))
        assert "| right, en | 0.700 | 0.900 | +0.200 |" in Evaluation(change=found).to_markdown()

    @pytest.mark.parametrize("text", ["{", "[]", '{"schema": "other"}'])
    def test_what_is_no_evaluation_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UnusableInputError, match="--against"):
            read_evaluation(written(tmp_path, "before.json", text))

    def test_an_evaluation_read_back_is_the_one_written(self, tmp_path: Path) -> None:
        path = written(tmp_path, "before.json", Evaluation().to_json())
        assert compare(read_evaluation(path), evaluation(1)).measures == ()
