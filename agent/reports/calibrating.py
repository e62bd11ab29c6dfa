"""The calibration chart's bins: what the model said, and how often it came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.reports.words import word

if TYPE_CHECKING:
    from agent.brief.model import Language
    from agent.reports.data import Calibration, Hits


class Stated(NamedTuple):
    """About equally confident calls."""

    low: float
    """Smallest stated chance."""
    high: float | None
    """Largest; None: there is none above."""
    hits: Hits


def known_bins(record: Calibration | None) -> list[Stated]:
    """Return the bins that have a record, least confident first."""
    if record is None:
        return []
    edges = [0.5 + one.from_edge for one in record.bins]
    ends: list[float | None] = [*edges[1:], None]
    return [
        Stated(edge, end, one.record)
        for edge, end, one in zip(edges, ends, record.bins, strict=False)
        if one.record is not None
    ]


def stated(one: Stated, language: Language) -> str:
    """Return which chances a bin holds, in words."""
    low = percent(one.low, language)
    if one.high is None:
        return word("or_more", language, low=low)
    return f"{low.removesuffix('%')}–{percent(one.high, language)}"


def percent(value: float, language: Language) -> str:
    """Return a share as a percentage with one decimal."""
    text = f"{100 * value:.1f}%"
    return text if language == "en" else text.replace(".", ",")
