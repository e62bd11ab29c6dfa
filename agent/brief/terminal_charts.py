"""What a terminal draws beside a brief: paths beside the ranking, and the plane of relative rotation.

Drawn from the answers of the brief's own tools alone; where they gave no history, nothing is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from agent.brief.drawing import CORNERS, QUADRANT_STYLES, lines, marked, plane
from agent.brief.labels import label
from agent.brief.lexicon import QUADRANTS, entity_name
from agent.brief.slots import render_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

    from agent.brains.base import ComposeRequest
    from agent.brief.drawing import Mark
    from agent.brief.model import Language
    from tools.contracts import Fact

HEATMAP, ROTATION = "get_sector_heatmap", "get_sector_rotation"
PATH = 13
"""Most characters of a path."""
SHORTEST_PATH = 7
GAP = 3
"""Characters between two columns of paths, and between two entries of a legend."""
WIDEST_PLANE, LOWEST_PLANE, HIGHEST_PLANE = 99, 13, 25
AHEAD, BEHIND = "#1f6f9f", "#b3500b"


class Charts(NamedTuple):
    """What can be drawn beside one brief."""

    language: Language
    paths: dict[str, tuple[float, ...]]
    """Sector's name → its relative return along three months."""
    tails: dict[str, tuple[tuple[float, float], ...]]
    """Sector's code → its way through the plane, where the question was about rotation."""
    names: dict[str, str]
    asked: tuple[str, ...]
    facts: Mapping[str, Fact]


def charts_of(request: ComposeRequest | None) -> Charts | None:
    """Return what the answers behind a brief allow to draw; None without them."""
    if request is None:
        return None
    language = request.language
    codes = [sector.code for sector in request.vocabulary.sectors]
    names = {code: entity_name(code, request.vocabulary, language) or code for code in codes}
    paths = request.answers.get(HEATMAP, {}).get("paths", {})
    tails = request.answers.get(ROTATION, {}).get("tails", {})
    return Charts(
        language=language,
        paths={names[code]: tuple(path) for code, path in paths.items() if code in names and path},
        tails={code: _points(tail) for code, tail in tails.items() if code in names and tail},
        names=names,
        asked=tuple(request.sectors),
        facts=request.facts,
    )


def _points(tail: Sequence[Mapping[str, Any]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(point["rs_ratio"]), float(point["rs_momentum"])) for point in tail)


def paths_beside(rows: Sequence[Sequence[str]], charts: Charts, room: int) -> dict[str, Text]:
    """Return a drawn path for every row that names a sector; nothing where too little room is left.

    Parameters
    ----------
    rows
        Cells of a table, one of each row a sector's name.
    charts
        What can be drawn.
    room
        Characters that the table leaves free.
    """
    named = {cell for row in rows for cell in row if cell in charts.paths}
    if not named or room < SHORTEST_PATH:
        return {}
    return _drawn({name: charts.paths[name] for name in named}, min(PATH, room))


def paths_alone(charts: Charts, order: Sequence[str], width: int) -> RenderableType | None:
    """Return the paths as a block of their own, for windows too narrow to hold them beside a table."""
    known = [name for name in order if name in charts.paths]
    if not known:
        return None
    longest = max(cell_len(name) for name in known)
    paired = (width - GAP) // 2 - longest - 1
    columns = 2 if paired >= SHORTEST_PATH else 1
    room = min(PATH, paired if columns == 2 else width - longest - 1)
    if room < SHORTEST_PATH:
        return None
    drawn = _drawn({name: charts.paths[name] for name in known}, room)
    grid = Table.grid(padding=(0, 1, 0, 0))
    for column in range(columns):
        grid.add_column(no_wrap=True)
        grid.add_column(no_wrap=True, min_width=room + (GAP - 1 if column + 1 < columns else 0))
    tall = -(-len(known) // columns)
    for row in range(tall):
        cells: list[Text] = []
        for name in known[row::tall]:
            cells += [Text(name), drawn[name]]
        grid.add_row(*cells)
    return Group(grid, Text(label("path_note", charts.language), style="italic"))


def _drawn(paths: Mapping[str, tuple[float, ...]], width: int) -> dict[str, Text]:
    return {
        name: Text(line, style=AHEAD if paths[name][-1] >= 0 else BEHIND)
        for name, line in lines(paths, width).items()
    }


def rotation_chart(charts: Charts, width: int) -> RenderableType | None:
    """Return the plane of relative rotation with its legend; None where the question was not about it."""
    marks = marked(charts.tails, charts.asked)
    across = _odd(min(width, WIDEST_PLANE))
    if not marks or across < 2 * max(map(cell_len, QUADRANTS[charts.language].values())) + 5:
        return None
    down = _odd(min(HIGHEST_PLANE, max(LOWEST_PLANE, across // 4)))
    drawn = plane(marks, QUADRANTS[charts.language], across, down)
    note = label("plane_note", charts.language)
    if len(marks) < len(charts.tails):
        note = f"{note} {label('plane_most', charts.language)}"
    return Group(drawn, Text(""), _legend(marks, charts, width), Text(note, style="italic"))


def _odd(number: int) -> int:
    return number - 1 + number % 2


def _legend(marks: Sequence[Mark], charts: Charts, width: int) -> Table:
    """Return who each letter is and where it stands, the quadrants in turn."""
    names = QUADRANTS[charts.language]
    room = width - max(map(cell_len, names.values())) - GAP
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for quadrant in (*CORNERS[0][::-1], *CORNERS[1][::-1]):
        entries = [
            Text.assemble(
                (mark.letter, f"bold {QUADRANT_STYLES[quadrant]}"),
                f" {charts.names[mark.code]} ",
                (_stands(mark.code, charts), "dim"),
            )
            for mark in marks
            if mark.quadrant == quadrant
        ]
        if entries:
            grid.add_row(
                Text(names[quadrant], style=QUADRANT_STYLES[quadrant]), _filled(entries, room)
            )
    return grid


def _filled(entries: Sequence[Text], room: int) -> Text:
    """Return entries one after the other, a new line begun where the next would be broken."""
    shown, used = Text(), 0
    for entry in entries:
        if used and used + GAP + entry.cell_len > room:
            shown.append("\n")
            used = 0
        elif used:
            shown.append(" " * GAP)
            used += GAP
        shown.append_text(entry)
        used += entry.cell_len
    return shown


def _stands(code: str, charts: Charts) -> str:
    """Return the coordinates of a sector as the brief shows them."""
    found = [charts.facts.get(f"{code}.{metric}") for metric in ("rs_ratio", "rs_momentum")]
    return "/".join(render_value(fact, charts.language) for fact in found if fact is not None)
