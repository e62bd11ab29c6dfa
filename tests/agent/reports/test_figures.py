"""Plotly figures: valid, true to the brief, readable in both themes."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import pytest

from agent.reports import figures
from agent.reports.data import Calibration, Point, Rotation
from agent.reports.grid import STRONGEST, grid
from agent.reports.palette import DARK, LIGHT, themed
from agent.reports.placing import GAP, Side, Spot, box_at, sides
from tests.agent.brief import requests
from tests.agent.reports.briefs import HOSTILE, made, market_of, renamed, report

if TYPE_CHECKING:
    from agent.reports.palette import Palette
    from agent.reports.placing import Box
    from tests.agent.reports.briefs import Made

NARROW_PLOT = 288
"""Pixels of the plot's width on a page of 390."""


def drawn(one: Made) -> dict[str, dict[str, Any]]:
    """Return every figure of a brief, wide and narrow."""
    assert one.brief.scorecard is not None
    first = one.brief.scorecard.sectors[0].sector
    found = {
        f"{name} {narrow}": figure
        for narrow in (False, True)
        for name, figure in (
            ("heatmap", figures.heatmap(one.brief, one.data, narrow=narrow)),
            ("rotation", figures.rotation(one.data.rotation, narrow=narrow)),
            ("waterfall", figures.waterfall(one.brief, first, narrow=narrow)),
            ("flows", figures.flows(one.brief, one.data, narrow=narrow)),
            ("calibration", figures.calibration(one.data.calibration)),
        )
    }
    return {name: figure for name, figure in found.items() if figure is not None}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, by WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class TestValidity:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_plotly_takes_every_figure(self, theme: Any) -> None:
        graph_objects = pytest.importorskip("plotly.graph_objects", reason="Plotly is not here")
        for one in (report(), report("vi"), market_of(1), market_of(25), renamed(HOSTILE)):
            figures_of_one = drawn(one)
            assert len(figures_of_one) == 10
            for figure in figures_of_one.values():
                graph_objects.Figure(themed(figure, theme))

    def test_a_figure_is_plain_json(self) -> None:
        for figure in drawn(report()).values():
            assert json.loads(json.dumps(figure)) == figure

    def test_every_trace_is_of_a_kind_that_the_vendored_bundle_draws(self) -> None:
        kinds = {trace["type"] for figure in drawn(report()).values() for trace in figure["data"]}
        assert kinds == {"heatmap", "scatter", "bar"}

    def test_nothing_is_drawn_of_nothing(self) -> None:
        one = made(requests.nothing())
        assert figures.heatmap(one.brief, one.data) is None
        assert figures.rotation(one.data.rotation) is None
        assert figures.waterfall(one.brief, "8300") is None
        assert figures.flows(one.brief, one.data) is None
        assert figures.calibration(one.data.calibration) is None
        assert figures.calibration(Calibration(horizon="1M")) is None

    def test_two_sectors_of_one_name_keep_a_row_each(self) -> None:
        one = renamed(("Same", "Same", "Same", "Same"))
        figure = figures.flows(one.brief, one.data)
        assert figure is not None
        assert len(set(figure["data"][0]["y"])) == 4


class TestHeatmap:
    def test_every_cell_says_its_value(self) -> None:
        one = report()
        shown = grid(one.brief, one.data)
        assert shown is not None
        figure = figures.heatmap(one.brief, one.data)
        assert figure is not None
        texts = [text for row in figure["data"][0]["text"] for text in row if text]
        assert texts == [
            column.cells[row].text for row in range(len(shown.codes)) for column in shown.columns
        ]
        assert "+5.2%" in texts

    def test_a_colour_is_never_stronger_than_the_strongest(self) -> None:
        one = market_of(5)
        figure = figures.heatmap(one.brief, one.data)
        assert figure is not None
        sizes = [z for row in figure["data"][0]["z"] for z in row if z is not None]
        assert max(map(abs, sizes)) <= STRONGEST

    def test_a_sector_shown_alone_has_the_colours_it_has_among_all(self) -> None:
        every = report()
        alone = made(every.request.model_copy(update={"sectors": ("8300",)}))
        whole, single = grid(every.brief, every.data), grid(alone.brief, alone.data)
        assert whole is not None
        assert single is not None
        assert single.codes == ("8300",)
        at = whole.codes.index("8300")
        sizes = [column.cells[0].size for column in single.columns]
        assert sizes == [column.cells[at].size for column in whole.columns]
        assert len({abs(size) for size in sizes}) > 2

    def test_a_missing_value_has_no_colour(self) -> None:
        request = requests.request_of()
        facts = {key: f for key, f in request.facts.items() if key != "8600.rel_return.1W"}
        one = made(request.model_copy(update={"facts": facts}))
        figure = figures.heatmap(one.brief, one.data)
        assert figure is not None
        at = figure["layout"]["xaxis"]["ticktext"].index("1W")
        trace = figure["data"][0]
        missing = [(z[at], text[at]) for z, text in zip(trace["z"], trace["text"], strict=True)]
        assert (None, "–") in missing


class TestRotation:
    def test_a_tail_ends_at_its_marker(self) -> None:
        one = report()
        figure = figures.rotation(one.data.rotation)
        assert figure is not None
        assert one.data.rotation is not None
        for tail, head in zip(figure["data"][::2], figure["data"][1::2], strict=True):
            assert (tail["x"][-1], tail["y"][-1]) == (head["x"][0], head["y"][0])
            points = one.data.rotation.tails[tail["legendgroup"]]
            assert tail["x"] == [point.rs_ratio for point in points]
            assert head["customdata"][0][1] == points[-1].day.isoformat()

    def test_many_sectors_have_short_tails(self) -> None:
        figure = figures.rotation(market_of(25).data.rotation)
        assert figure is not None
        assert {len(tail["x"]) for tail in figure["data"][::2]} == {3}

    def test_every_point_lies_within_the_axes(self) -> None:
        figure = figures.rotation(market_of(12).data.rotation)
        assert figure is not None
        for axis, values in (("xaxis", "x"), ("yaxis", "y")):
            low, high = figure["layout"][axis]["range"]
            assert all(low < v < high for trace in figure["data"] for v in trace[values])

    def test_a_name_keeps_to_the_plot_of_a_phone(self) -> None:
        days = [date(2022, 12, 1), date(2022, 12, 8)]
        heads = {"a": (103.0, 102.6), "b": (90.0, 92.0), "c": (113.8, 106.0)}
        names = {"a": "Industrial Goods & Services", "b": "Retail", "c": "Oil"}
        tails = {
            code: tuple(Point(day=day, rs_ratio=x, rs_momentum=y) for day in days)
            for code, (x, y) in heads.items()
        }
        shown = Rotation(tails=tails, names=names, market=report().brief.market)
        figure = figures.rotation(shown, narrow=True)
        assert figure is not None
        low, high = figure["layout"]["xaxis"]["range"]
        for head in figure["data"][1::2]:
            beside = len(head["text"][0]) * 6.0 + GAP
            at = (head["x"][0] - low) / (high - low) * NARROW_PLOT
            if head["textposition"].endswith("left"):
                assert at - beside >= 0, head["text"]
            if head["textposition"].endswith("right"):
                assert at + beside <= NARROW_PLOT, head["text"]

    def test_asked_sectors_are_stressed(self) -> None:
        figure = figures.rotation(report(sectors=("8600",)).data.rotation)
        assert figure is not None
        strong = {t["name"]: t["opacity"] for t in figure["data"][1::2]}
        assert strong.pop("Real Estate") == 1.0
        assert max(strong.values()) < 0.5

    def test_facts_alone_make_points_without_tails(self) -> None:
        known = {
            f.id: f
            for f in (
                requests.fact("8300.rs_ratio", 101.2), requests.fact("8300.rs_momentum", 99.1),
                requests.fact("8600.rs_ratio", 98.0),
            )
        }  # fmt: skip
        request = requests.request_of()
        one = made(request.model_copy(update={"facts": {**request.facts, **known}}))
        assert one.data.rotation is not None
        assert list(one.data.rotation.tails) == ["8300"]
        assert len(one.data.rotation.tails["8300"]) == 1


class TestHostileNames:
    def test_tags_in_names_are_escaped_for_plotly(self) -> None:
        for figure in drawn(renamed(HOSTILE)).values():
            text = json.dumps(figure)
            assert "<script" not in text
            assert "<img" not in text


class TestThemes:
    def test_no_colour_stands_twice_in_a_scheme(self) -> None:
        assert len(set(LIGHT)) == len(LIGHT)

    def test_every_colour_of_a_figure_has_its_other(self) -> None:
        for figure in drawn(report()).values():
            dark = json.dumps(themed(figure, "dark"))
            assert not [colour for colour in LIGHT if f'"{colour}"' in dark]

    @pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
    def test_ink_can_be_read_on_every_shade(self, palette: Palette) -> None:
        shades = ("far_below", "below", "even", "above", "far_above", "surface", "faint")
        for shade in shades:
            assert contrast(palette.ink, getattr(palette, shade)) >= 4.5, shade

    @pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
    def test_names_can_be_read_on_every_quadrant(self, palette: Palette) -> None:
        quadrants = ("leading", "improving", "weakening", "lagging")
        for name, field in product(quadrants, quadrants):
            assert contrast(getattr(palette, name), getattr(palette, f"{field}_field")) >= 4.5
        assert contrast(palette.muted, palette.surface) >= 4.5

    def test_the_scale_tells_up_from_down_without_red_and_green(self) -> None:
        for palette in (LIGHT, DARK):
            ends = (palette.far_below, palette.far_above)
            below, above = (int(end[5:7], 16) - int(end[1:3], 16) for end in ends)
            assert below < 0 < above


class TestPlaces:
    def test_names_of_many_sectors_seldom_cover_each_other(self) -> None:
        spots = [Spot(100 + 37 * (i % 5), 60 + 29 * (i // 5), 90) for i in range(25)]
        chosen = sides(spots, size=(860, 520), line=16)
        boxes = [box_at(spot, side, 16) for spot, side in zip(spots, chosen, strict=True)]
        all_right = [box_at(spot, Side(1, 0), 16) for spot in spots]

        def covered(found: list[Box]) -> float:
            return sum(a.overlap(b) for i, a in enumerate(found) for b in found[:i])

        assert covered(boxes) < 0.7 * covered(all_right)

    def test_the_edges_of_columns_rise(self) -> None:
        figure = figures.heatmap(report().brief, report().data)
        assert figure is not None
        assert all(a < b for a, b in pairwise(figure["data"][0]["x"]))
