"""What of a question the market's data can answer where it also asks for what they do not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agent.brains.base import PlanDraft
from agent.brains.offline.classifier import OUTSIDE
from agent.brains.offline.reading import read_question
from agent.brains.offline.unheld import unheld
from agent.brains.offline.words import say
from agent.brief.model import Clarification

if TYPE_CHECKING:
    from agent.brains.base import PlanRequest
    from agent.brains.offline.calls import Desk
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.reading import Reading
    from agent.brains.offline.unheld import Subject

_ASKED = frozenset(
    {
        "flow", "whale", "macro", "index", "market", "news", "track", "health", "brief", "rotation", "forecast",
        "heatmap", "compare", "explain",
    }
)  # fmt: skip
"""What a clause of its own has to ask for to be answered."""
_ASKED_BESIDE = frozenset(
    {
        "flow",
        "whale",
        "rotation_strong",
        "heatmap_strong",
        "forecast_strong",
        "news_strong",
        "track",
    }
)
"""What is answered though the same clause also asks for something that is not held."""


_PARTS = re.compile(r"[,;?]|\b(?:and|plus|và|va|còn)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compare|versus|vs|so sánh|so sanh|so với|so voi)\b", re.IGNORECASE)
"""What is compared on what no data hold is not half answered."""


_NAMING = frozenset(
    {"sector_word", "flow", "whale", "macro", "index", "market", "market_word", "news", "track"}
)
"""What says by itself what a part is about."""


class Held(NamedTuple):
    """What is left of a question once what no data hold is taken out of it."""

    lacking: Subject | None
    """What was taken out, if anything."""
    reading: Reading | None
    """The rest; None where nothing is left to answer."""


def held_part(reading: Reading, names: MarketNames, request: PlanRequest) -> Held:
    """Return the part of a question that a market's data can answer.

    A move that is supposed is always a scenario: what it does to margins is asked of prices.
    """
    words = request.vocabulary
    named = (*words.series, *words.series_aliases, *words.signals)

    def found(text: str) -> Subject | None:
        missing = unheld(text, names.symbols, named, request.as_of)
        return missing.subject if missing else None

    whole = unheld(reading.text, names.symbols, named, request.as_of)
    if whole is None or any(c.shocks and c.has("hypothetical") for c in reading.clauses):
        return Held(None, reading)
    spared = tuple(c for c in reading.clauses if found(c.text) is None and _asks(c))
    if spared:
        return Held(whole.subject, reading._replace(clauses=spared))
    again = read_question(whole.rest, names, request.as_of)
    parts = [] if _COMPARED.search(reading.text) else _PARTS.split(reading.text)
    apart = read_question(
        ", ".join(p for p in parts if p.split() and not found(p)) or "?", names, request.as_of
    )
    if apart is not None and any(_asks(c) and _names_any(c) for c in apart.clauses):
        return Held(whole.subject, apart)
    # "and how is it doing" leans on a name beside what was taken out
    leans = apart is not None and any(c.has("pronoun") and _looks(c) for c in apart.clauses)
    if leans and again is not None and any(c.sectors or c.symbols for c in again.clauses):
        return Held(whole.subject, again)
    beside = again is not None and any(c.cues & _ASKED_BESIDE for c in again.clauses)
    return Held(whole.subject, again if beside else None)


def nothing_held(subject: Subject, offered: tuple[str, ...], desk: Desk) -> PlanDraft:
    """Say what the data lack, and offer what they can tell."""
    said = say(f"unheld_{subject}", desk.language)
    return PlanDraft(
        intent=OUTSIDE,
        language=desk.language,
        clarification=Clarification(
            question=f"{said} {say('unheld_instead', desk.language)}", choices=offered
        ),
    )


def _asks(clause: Clause) -> bool:
    return bool(clause.cues & _ASKED or clause.windows)


def _names_any(clause: Clause) -> bool:
    return bool(clause.sectors or clause.symbols or clause.cues & _NAMING)


def _looks(clause: Clause) -> bool:
    return _asks(clause) or clause.has("analyse")
