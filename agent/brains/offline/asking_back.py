"""Questions back: what an unknown name may have meant, and what an unclear question may want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from agent.brains.base import PlanDraft
from agent.brains.offline.lexicon import phrase, table
from agent.brains.offline.names import sector_label
from agent.brains.offline.text import fold
from agent.brains.offline.words import say
from agent.brief.model import Clarification

if TYPE_CHECKING:
    from agent.brains.offline.calls import Desk
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.reading import Strange
    from agent.brief.model import Language

_NEAREST = 3
_ALIKE = 70
"""Of 100: how like a name a spelling must be to be taken for it."""


def lost_names(clauses: tuple[Clause, ...], desk: Desk, strange: Strange) -> tuple[str, ...]:
    """Note the names this market does not know, with the nearest it does; return them."""
    sectors = dict.fromkeys(
        (*strange.sectors, *(words for c in clauses for words in c.entities.lost_sectors))
    )
    tickers = dict.fromkeys(
        (*strange.tickers, *(words for c in clauses for words in c.entities.lost_symbols))
    )
    for words in sectors:
        near = ", ".join(near_sectors(words, desk)) or say("none", desk.language)
        desk.note("lost_sector", words=words, near=near)
    for words in tickers:
        near = ", ".join(_near_symbols(words, desk)) or say("none", desk.language)
        desk.note("lost_symbol", words=words, near=near)
    return (*sectors, *tickers)


def near_sectors(words: str, desk: Desk) -> tuple[str, ...]:
    """Return the names of the sectors nearest to some words: by spelling, then by what they mean."""
    labels = [sector_label(desk.vocabulary, s.code, desk.language) for s in desk.vocabulary.sectors]
    alike = process.extract(
        fold(words), {name: fold(name) for name in sorted(labels)}, scorer=fuzz.ratio,
        score_cutoff=_ALIKE, limit=_NEAREST,
    )  # fmt: skip
    found = dict.fromkeys(name for _, _, name in alike)
    for concept in (*_kindred(words), *table("kindred")["anything"]["homes"]):
        for code in desk.names.concepts.get(concept, ())[:1]:
            found[sector_label(desk.vocabulary, code, desk.language)] = None
    return tuple(found)[:_NEAREST]


def _kindred(words: str) -> tuple[str, ...]:
    """Return the notions of sectors that some words belong near: fruit is food, lithium a metal."""
    spoken = f" {' '.join(phrase(words, (), vietnamese=False).keys)} "
    return tuple(
        home
        for entry in table("kindred").values()
        for text in entry["words"]
        if f" {' '.join(phrase(text, (), vietnamese=False).keys)} " in spoken
        for home in entry["homes"]
    )


def _near_symbols(words: str, desk: Desk) -> tuple[str, ...]:
    stocks = [s.symbol for s in desk.vocabulary.symbols if s.kind == "stock"]
    found = process.extract(words.upper(), sorted(stocks), limit=_NEAREST)
    return tuple(name for name, _, _ in found)


def clarify_name(words: str, desk: Desk) -> PlanDraft:
    """Ask which known name an unknown one stands for."""
    offered = [say("choice_stock", desk.language, name=n) for n in _near_symbols(words, desk)]
    if not words.isupper() or not offered:
        near = [say("choice_sector", desk.language, name=n) for n in near_sectors(words, desk)]
        offered = near or offered
    return PlanDraft(
        intent="clarify",
        language=desk.language,
        clarification=Clarification(
            question=say("clarify_name", desk.language, words=words),
            choices=tuple(offered[:_NEAREST]),
        ),
        notes=tuple(desk.notes),
    )


def clarify(language: Language, offered: tuple[str, ...]) -> PlanDraft:
    """Ask which of at most three questions was meant."""
    fallback = tuple(say(f"choice_{name}", language) for name in ("forecast", "market", "help"))
    return PlanDraft(
        intent="clarify",
        language=language,
        clarification=Clarification(
            question=say("clarify", language), choices=(offered or fallback)[:_NEAREST]
        ),
    )
