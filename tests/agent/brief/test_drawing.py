"""Charts in characters say where sectors stand, with and without colour, in any window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent.brief.drawing import HEIGHTS, MOST_MARKS, Mark, lines, marked, plane
from agent.brief.labels import label
from agent.brief.lexicon import QUADRANTS
from tests.agent.brief import requests
from tests.agent.brief.requests import fact, request_of
from tests.agent.brief.test_terminal import plain, printed
from tools.measures.rotation import quadrant

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

COORDINATE = st.floats(80, 120, allow_nan=False)
TAIL = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=8).map(tuple)
TAILS = st.dictionaries(st.integers(0, 60).map(str), TAIL, min_size=1, max_size=40)
WHERE = {
    "8300": (103.0, 101.0), "8600": (96.0, 98.5), "7500": (104.0, 99.0), "9500": (98.0, 101.2),
}  # fmt: skip
"""One sector a quadrant."""


def asked_for(language: Language = "en", *, drawn: bool = True, **changes: Any) -> ComposeRequest:
    """Return a question about rotation, with the history that its tools gave."""
    request = request_of("rotation", language, **changes)
    facts = dict(request.facts)
    for code, (ratio, momentum) in WHERE.items():
        for metric, value in (("rs_ratio", ratio), ("rs_momentum", momentum)):
            facts[f"{code}.{metric}"] = fact(f"{code}.{metric}", value, "index")
    tails = {
        code: [
            {"day": "2022-12-01", "rs_ratio": ratio - 1.0, "rs_momentum": momentum},
            {"day": "2022-12-08", "rs_ratio": ratio, "rs_momentum": momentum},
        ]
        for code, (ratio, momentum) in WHERE.items()
    }
    paths = {code: [0.0, 0.01 * at, -0.02, 0.03 * (at - 1)] for at, code in enumerate(WHERE)}
    answers = {"get_sector_rotation": {"tails": tails}, "get_sector_heatmap": {"paths": paths}}
    return request.model_copy(update={"facts": facts, "answers": answers if drawn else {}})


class TestLines:
    @given(
        st.dictionaries(
            st.text("ab", min_size=1, max_size=3),
            st.lists(st.floats(-1, 1), min_size=1, max_size=30),
            max_size=5,
        ),
        st.integers(2, 20),
    )
    def test_a_line_is_of_heights_and_keeps_to_its_width(
        self, paths: dict[str, list[float]], width: int
    ) -> None:
        for name, line in lines(paths, width).items():
            assert set(line) <= set(HEIGHTS)
            assert 1 <= len(line) <= max(width, 2)
            assert len(line) == min(len(paths[name]), width)

    def test_its_ends_are_the_lowest_and_the_highest(self) -> None:
        assert lines({"a": [0.0, 0.5, 1.0]}, 9)["a"] == "▁▅█"

    def test_a_calm_line_is_not_blown_up_beside_a_wild_one(self) -> None:
        drawn = lines({"wild": [0.0, 1.0], "calm": [0.0, 0.01]}, 9)
        assert drawn["wild"] == "▁█"
        low, high = sorted(HEIGHTS.index(one) for one in drawn["calm"])
        assert high - low <= 1

    def test_a_line_without_moves_is_flat(self) -> None:
        assert len(set(lines({"a": [0.2, 0.2, 0.2]}, 9)["a"])) == 1

    def test_a_thinned_line_keeps_its_ends(self) -> None:
        path = [1.0, *[0.5] * 20, 0.0]
        drawn = lines({"a": path}, 7)["a"]
        assert (drawn[0], drawn[-1]) == ("█", "▁")


class TestPlane:
    @given(TAILS, st.integers(20, 60), st.integers(6, 14))
    def test_every_letter_stands_once_in_its_own_quadrant(
        self, tails: dict[str, Any], across: int, down: int
    ) -> None:
        marks = marked(tails)
        width, height = 2 * across + 1, 2 * down + 1
        names = dict.fromkeys(("leading", "weakening", "lagging", "improving"), "")
        rows = plane(marks, names, width, height).plain.split("\n")
        assert len(rows) == height
        assert {len(row) for row in rows} == {width}
        at = {
            letter: (column, row)
            for row, line in enumerate(rows)
            for column, letter in enumerate(line)
            if letter.isupper()
        }
        assert set(at) == {mark.letter for mark in marks}
        for mark in marks:
            column, row = at[mark.letter]
            right, up = column > width // 2, row < height // 2
            now = mark.tail[-1]
            assert (right, up) == (now[0] >= 100, now[1] >= 100)
            assert mark.quadrant == quadrant(*now)

    def test_further_out_is_drawn_further_out(self) -> None:
        marks = [
            Mark("A", "a", "leading", ((105.0, 104.0),)),
            Mark("B", "b", "leading", ((102.0, 101.0),)),
        ]
        rows = plane(marks, QUADRANTS["en"], 61, 21).plain.split("\n")
        found = {
            letter: (rows[row].index(letter), row)
            for letter in "AB"
            for row in range(21)
            if letter in rows[row]
        }
        assert found["A"][0] > found["B"][0]
        assert found["A"][1] < found["B"][1]

    def test_two_sectors_in_one_place_stand_side_by_side(self) -> None:
        marks = marked({"a": [(103.0, 102.0)], "b": [(103.0, 102.0)]})
        drawn = plane(marks, QUADRANTS["en"], 41, 13).plain
        assert drawn.count("A") == drawn.count("B") == 1

    def test_a_crowd_is_cut_to_those_furthest_out_and_those_asked_about(self) -> None:
        tails = {f"{i:02}": [(100.0 + i / 10, 100.0)] for i in range(40)}
        codes = {mark.code for mark in marked(tails, asked=("01",))}
        assert len(codes) == MOST_MARKS
        assert {"01", "39"} <= codes
        assert "02" not in codes


class TestTerminal:
    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize("width", [60, 80, 100, 160])
    def test_charts_fit_the_window_and_name_everybody(self, language: Language, width: int) -> None:
        request = asked_for(language)
        text = plain(printed(request, width=width, drawn=True))
        assert max(cell_len(line) for line in text.splitlines()) <= width
        chart = text.split(label("plane", language))[1]
        for sector in requests.SECTORS:
            name = sector.name if language == "en" else sector.name_vi
            assert name in chart
        assert ("103.0/101.0" if language == "en" else "103,0/101,0") in chart
        for name in QUADRANTS[language].values():
            assert chart.count(name) >= 2

    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize("width", [80, 160])
    def test_a_path_stands_with_every_ranked_sector(self, language: Language, width: int) -> None:
        text = plain(printed(asked_for(language), width=width, drawn=True))
        ranked = text.split(label("ranking", language))[1].split(label("plane", language))[0]
        for sector in requests.SECTORS:
            name = sector.name if language == "en" else sector.name_vi
            assert re.search(rf"{re.escape(name)}.*[{HEIGHTS}]{{4}}", ranked)
        assert label("path_note", language)[:30] in ranked

    def test_without_history_nothing_is_drawn(self) -> None:
        request = asked_for(drawn=False)
        assert printed(request, drawn=True) == printed(request)
        assert "Rotation chart" not in plain(printed(asked_for()))

    def test_a_pipe_still_gets_the_markdown(self) -> None:
        request = asked_for()
        assert printed(request, terminal=False, drawn=True) == printed(request, terminal=False)

    def test_letters_carry_the_chart_without_colour(self) -> None:
        request = asked_for()
        shown = printed(request, width=80, drawn=True, colours=None)
        assert "\x1b[38" not in shown
        chart = plain(shown).split("Rotation chart")[1].split("leading     A")[0]
        assert {"A", "B", "C", "D"} <= set(chart)

    @pytest.mark.parametrize(("language", "width"), [("en", 66), ("vi", 72)])
    def test_a_narrow_window_gets_the_heatmap_in_two_parts_with_whole_words(
        self, language: Language, width: int
    ) -> None:
        text = plain(printed(request_of("brief", language), width=width))
        heat = text.split(label("heatmap", language))[1].split(label("ranking", language))[0]
        assert "…" not in heat
        assert heat.count("\n" + ("Sector " if language == "en" else "Ngành ")) == 2
        for sector in requests.SECTORS:
            name = sector.name if language == "en" else sector.name_vi
            assert re.search(rf"^{re.escape(name)} ", heat, re.MULTILINE)
