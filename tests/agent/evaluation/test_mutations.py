"""Mistakes made on purpose: each is false, and the maker knows nothing of the reviewer."""

# Sentences under test are kept whole; a seeded generator guards no secret.
from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from agent.brief.compose import write
from agent.brief.markdown import render
from agent.evaluation import mutations, opposites, pieces
from agent.evaluation.mutations import KINDS, mutate
from agent.evaluation.pieces import Page
from tests.agent.brief.review_facts import invented


def imported(path: str) -> set[str]:
    """Return what a module imports."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    found = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    return found | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


@pytest.mark.parametrize("module", [mutations, opposites, pieces])
def test_the_maker_of_mistakes_imports_neither_the_reviewer_nor_its_words(module: object) -> None:
    names = imported(str(module.__file__))  # type: ignore[attr-defined]
    assert not [name for name in names if "review" in name or "lexicon" in name]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_kind_of_mistake_changes_the_page_in_one_place(
    kind: mutations.Kind, language: str
) -> None:
    request = invented(5, language)  # type: ignore[arg-type]
    page = render(request, write(request))
    for seed in range(5):
        mutation = mutate(page, request, kind, random.Random(seed))
        assert mutation is not None
        assert mutation.markdown != page
        assert mutation.before in page
        assert mutation.after in mutation.markdown


def test_the_same_seed_makes_the_same_mistake() -> None:
    request = invented(6)
    page = render(request, write(request))
    made = [mutate(page, request, KINDS[0], random.Random(3)) for _ in range(2)]
    assert made[0] == made[1]


def test_a_page_without_numbers_or_names_offers_no_place() -> None:
    request = invented(1, intent="smalltalk")
    page = render(request, write(request))
    assert mutate(page, request, "values swapped", random.Random(1)) is None


def test_a_name_is_found_whole_and_a_date_is_no_number() -> None:
    request = invented(1)
    page = Page("Food & Beverage rose 3.2% by 2019-12-31.\n", request)
    (sentence,) = page.sentences()
    assert [name.text for name in page.named(sentence)] == ["Food & Beverage"]
    assert [number.text for number in page.numbers(sentence)] == ["3.2"]


def test_a_rename_that_would_be_true_is_no_mistake() -> None:
    request = invented(1)
    twin = request.facts["10.return.1M"]
    facts = {
        key: fact.model_copy(update={"value": twin.value})
        if key.endswith(".return.1M")
        and fact.entity in {row.code for row in request.vocabulary.sectors}
        else fact
        for key, fact in request.facts.items()
    }
    same = request.model_copy(update={"facts": facts})
    text = "Energy returned {} over one month.\n".format(Page("", same).render(twin))
    assert mutate(text, same, "values swapped", random.Random(1)) is None
