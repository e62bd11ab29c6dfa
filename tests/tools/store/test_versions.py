"""The rules of versions, held against the plainest way to follow them, and against their own promises."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.store.versions import UNSAID, Versions, new_versions

RETRIEVED = 50
LAG = 1


class Row(NamedTuple):
    """What a provider says of one observation."""

    observed: int
    published: int
    first: float
    second: float


ROWS = st.lists(
    st.builds(
        Row,
        st.integers(0, 3),
        st.one_of(st.just(UNSAID), st.integers(4, 9)),
        st.sampled_from([1.0, 2.0, float("nan")]),
        st.sampled_from([5.0, 6.0, float("nan")]),
    ),
    max_size=8,
)
ANSWERS = st.lists(ROWS, min_size=1, max_size=4)
Held = list[tuple[int, int, tuple[float, ...]]]


def as_versions(rows: list[Row]) -> Versions:
    return Versions(
        np.asarray([[0, row.observed] for row in rows], dtype=np.int64).reshape(-1, 2),
        np.asarray([row.published for row in rows], dtype=np.int64),
        np.asarray([[row.first, row.second] for row in rows]).reshape(-1, 2),
    )


def stored(known: Held, rows: list[Row], retrieved: int = RETRIEVED) -> Held:
    """Return what the store holds after an answer."""
    held = sorted(known, key=lambda one: one[1])
    before = Versions(
        np.asarray([[0, one[0]] for one in held], dtype=np.int64).reshape(-1, 2),
        np.asarray([one[1] for one in held], dtype=np.int64),
        np.asarray([one[2] for one in held]).reshape(-1, 2),
    )
    first = np.asarray([row.observed + LAG for row in rows], dtype=np.int64)
    new = new_versions(as_versions(rows), before, first=first, retrieved=retrieved)
    added = zip(new.keys, new.published, new.values, strict=True)
    return held + [(int(key[1]), int(day), tuple(values.tolist())) for key, day, values in added]


def plainly(known: Held, rows: list[Row], retrieved: int = RETRIEVED) -> Held:
    """Follow the rules of :mod:`tools.store.versions` row by row, as they are written there."""
    held = list(known)
    said: dict[tuple[int, int], Row] = {(row.observed, row.published): row for row in rows}
    in_turn = sorted(said.values(), key=lambda row: (row.published == UNSAID, row.published))
    for row in in_turn:
        own = sorted((one for one in held if one[0] == row.observed), key=lambda one: one[1])
        values = (row.first, row.second)
        if row.published == UNSAID:
            if not own:
                held.append((row.observed, row.observed + LAG, values))
                continue
            base, day = own[-1], max(retrieved, own[-1][1])
        else:
            in_force = [one for one in own if one[1] <= row.published]
            if not in_force:
                held.append((row.observed, row.published, values))
                continue
            base, day = in_force[-1], row.published
            if base[1] == day and differs(values, base[2]):
                base, day = own[-1], max(retrieved, own[-1][1])
        if differs(values, base[2]):
            told = tuple(
                new if new == new else old for new, old in zip(values, base[2], strict=True)
            )
            held.append((row.observed, day, told))
    return held


def differs(values: tuple[float, ...], base: tuple[float, ...]) -> bool:
    return any(new == new and new != old for new, old in zip(values, base, strict=True))


def shown(held: Held) -> list[str]:
    return sorted(repr(one) for one in held)


@given(answers=ANSWERS)
def test_whole_answers_are_settled_as_row_by_row(answers: list[list[Row]]) -> None:
    ours: Held = []
    theirs: Held = []
    for rows in answers:
        ours, theirs = stored(ours, rows), plainly(theirs, rows)
        assert shown(ours) == shown(theirs)


@given(answers=ANSWERS, rows=ROWS)
def test_the_same_answer_again_stores_nothing(answers: list[list[Row]], rows: list[Row]) -> None:
    held: Held = []
    for answer in [*answers, rows]:
        held = stored(held, answer)
    once = shown(held)
    assert shown(stored(held, said_once(rows))) == once or has_conflict(rows)


def said_once(rows: list[Row]) -> list[Row]:
    return list({(row.observed, row.published): row for row in rows}.values())


def has_conflict(rows: list[Row]) -> bool:
    """Whether an answer says different things of one observation: what counts then depends on what was known."""
    by_day: dict[int, set[tuple[float, float]]] = {}
    for row in rows:
        by_day.setdefault(row.observed, set()).add((row.first, row.second))
    return any(len(said) > 1 for said in by_day.values())


@given(answers=ANSWERS)
def test_nothing_that_was_stored_is_ever_changed(answers: list[list[Row]]) -> None:
    held: Held = []
    for rows in answers:
        later = stored(held, rows)
        assert shown(held) == shown(sorted(later[: len(held)], key=lambda one: one[1]))
        held = later


@given(answers=ANSWERS)
def test_what_was_known_before_a_retrieval_is_known_ever_after(answers: list[list[Row]]) -> None:
    """A provider that dates nothing cannot change the past: changes count from their retrieval."""
    held: Held = []
    for number, rows in enumerate(answers):
        retrieved = RETRIEVED + number
        undated = [row._replace(published=UNSAID) for row in rows]
        later = stored(held, undated, retrieved)
        known = {one[0] for one in held}
        assert all(one[1] >= retrieved for one in later[len(held) :] if one[0] in known)
        held = later
