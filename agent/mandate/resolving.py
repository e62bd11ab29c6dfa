"""Which of a market's sectors a mandate means, by any name the market or the desk has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.model import BriefMandate
from tools import names
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.settings import Settings
    from tools.contracts import Vocabulary
    from tools.desk import Desk


def mandate_in_force(settings: Settings, desk: Desk) -> BriefMandate:
    """Return the mandate of the settings in the words of a market.

    Raises
    ------
    UnusableInputError
        When it includes a sector that the market does not have; names the nearest.
    """
    said = settings.mandate
    found: dict[str, None] = {}
    for text in said.sectors:
        found |= dict.fromkeys(_resolved(text, desk))
    return BriefMandate(
        sectors=tuple(sorted(found)),
        horizon=said.horizon,
        risk_tolerance=said.risk_tolerance,
        largest_tilt=said.largest_tilt,
        said="mandate" in settings.model_fields_set,
    )


def _resolved(text: str, desk: Desk) -> tuple[str, ...]:
    """Return the codes that one name means: a sector's own, a parent's industries, or the homes of a notion."""
    own = desk.facts.sector(text)
    if own is not None:
        return (own,)
    codes = _children(desk).get(names.fold(text)) or _of_notion(text, desk.vocabulary)
    if codes:
        return codes
    known = [name for row in desk.vocabulary.sectors for name in (row.name, row.code) if name]
    near = ", ".join(names.nearest(text, known))
    raise UnusableInputError(
        f"sectors of {desk.stamp.name} as `sectors` in [mandate]",
        repr(text),
        f"The nearest are {near}; correct the settings file.",
    )


def _children(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    """Return the industries of each parent sector, by the parent's code and name; none at the level of sectors."""
    table = desk.view.sectors
    found: dict[str, tuple[str, ...]] = {}
    if "parent" in table:
        for key in ("parent", "parent_name"):
            for parent, rows in table.groupby(key):
                found[names.fold(str(parent))] = tuple(map(str, rows.index))
    return found


def _of_notion(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the sectors in which a notion of the desk lives: ``banking``, ``chứng khoán``."""
    # The desk's words are a table of its own, read only where a market's names do not do.
    from agent.brains.offline.names import market_names
    from agent.brains.offline.text import tokenize

    known = market_names(vocabulary)
    keys = tuple(token.key for token in tokenize(text))
    codes: dict[str, None] = {}
    for phrase in known.by_word.get(keys[0], ()) if keys else ():
        if phrase.keys == keys:
            for tag in phrase.tags:
                kind, _, name = tag.partition(":")
                if kind == "concept":
                    codes |= dict.fromkeys(known.concepts.get(name, ()))
    return tuple(codes)
