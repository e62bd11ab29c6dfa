"""The backdrop: where macro series stand and how they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.caution import surprise
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size
from tools.contracts import MACRO_PREFIX

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice

FIRST_SERIES = (
    "USDVND", "UST_10Y", "VIX", "FED_RATE", "CPI", "CPI_MOM", "PMI_Manufacturing", "WTI", "OIL",
    "BAA_SPREAD",
)  # fmt: skip
"""Series in the order in which a reader looks for them."""
BACKDROP = 2
"""Series that a full brief mentions."""
MOST_UNUSUAL = 2
"""Releases far from their habit that are named, the furthest one first."""
TOLD = 4
"""Series that get a sentence; the table holds the others."""


def macro(evidence: Evidence, voice: Voice) -> Piece:
    """Answer where the series asked for stand."""
    entities = evidence.series()
    if len(entities) > TOLD:
        first = [MACRO_PREFIX + series for series in FIRST_SERIES]
        entities = [e for e in first if e in entities] + [e for e in entities if e not in first]
    lines = [line for entity in entities[:TOLD] if (line := reading(entity, evidence, voice))]
    if not lines:
        return Piece(voice.say("no_macro"))
    unusual = sorted(
        (f for f in evidence.of_metric("surprise") if abs(number(f)) >= 1),
        key=lambda f: (-abs(number(f)), f.id),
    )
    extra = [surprise(f, voice) for f in unusual[:MOST_UNUSUAL]]
    if len(entities) > 1 and extra:
        return Piece.of(extra[0], lines, extra[1:])
    return Piece.of(lines[0], lines[1:], extra)


def backdrop(evidence: Evidence, voice: Voice) -> list[str]:
    """Return a sentence on each of the series that readers of a brief look at first."""
    known = [series for series in FIRST_SERIES if evidence.fact(MACRO_PREFIX + series, "latest")]
    return [reading(MACRO_PREFIX + series, evidence, voice) for series in known[:BACKDROP]]


def reading(entity: str, evidence: Evidence, voice: Voice) -> str:
    """Return a sentence on one series: its level, and its change over the window."""
    latest = evidence.fact(entity, "latest")
    if latest is None:
        return ""
    year = evidence.fact(entity, "yoy")
    if year is not None:
        key = "series_year_" + sign_key(number(year))
        return voice.say(key, name=name(entity), level=signed(latest), change=size(year))
    for window in (evidence.window, "1M", "3M"):
        change = evidence.fact(entity, "change", window)
        if change is not None and number(change) != 0:
            return voice.say(
                "series_" + sign_key(number(change)),
                name=name(entity),
                level=signed(latest),
                change=size(change),
                window=voice.window(window),
            )
    return voice.say("series", name=name(entity), level=signed(latest))
