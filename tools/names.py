"""From what a caller said to what the market calls it, or to the nearest names it knows.

A name is never silently replaced by a similar one: what is not known is answered with what is near.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz import fuzz, process

from tools.errors import ToolInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.contracts import Vocabulary
    from tools.desk import Desk

Kind = Literal["sector", "symbol", "series"]

_NEAR = 70
"""Similarity out of 100 from which a search result is worth showing."""
_PART = 3
"""Letters from which a part of a name says anything."""
_SURE = 5
"""Letters from which a part may hold a slip: shorter ones must stand in the name as they are."""
_SUGGESTIONS = 3
_LONGEST_CODE = 8
"""Letters up to which an unknown symbol is taken for a mistyped code, not for a name."""
_LONGEST_QUOTE = 80


class Instrument(NamedTuple):
    """Something a market can be asked about."""

    kind: Kind
    code: str


def fold(text: str) -> str:
    """Return `text` in small letters without diacritics: ``Ngân hàng`` is ``ngan hang``."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = (char for char in plain if not unicodedata.combining(char))
    return " ".join("".join(letters).replace("_", " ").casefold().split())


def ways_to_say(vocabulary: Vocabulary) -> Iterator[tuple[str, Instrument]]:
    """Yield every name of every sector, symbol and series, with what it names."""
    for sector in vocabulary.sectors:
        for name in (sector.code, sector.name, sector.name_vi, sector.proxy):
            yield name, Instrument("sector", sector.code)
    for symbol in vocabulary.symbols:
        for name in (symbol.symbol, symbol.name):
            yield name, Instrument("symbol", symbol.symbol)
    for series in vocabulary.series:
        yield series, Instrument("series", series)
    for alias, series in vocabulary.series_aliases.items():
        yield alias, Instrument("series", series)


def search(vocabulary: Vocabulary, query: str, *, limit: int = 10) -> tuple[Instrument, ...]:
    """Return what sounds like `query`, nearest first, diacritics and case aside."""
    wanted = fold(query)
    best: dict[Instrument, float] = {}
    for name, instrument in ways_to_say(vocabulary):
        nearness = _nearness(wanted, fold(name))
        if nearness >= _NEAR and nearness > best.get(instrument, 0.0):
            best[instrument] = nearness
    ranked = sorted(best, key=lambda found: (-best[found], found.kind, found.code))
    return tuple(ranked[:limit])


def _nearness(wanted: str, name: str) -> float:
    if not wanted or not name:
        return 0.0
    if wanted == name:
        return 100.0
    part = fuzz.partial_ratio(wanted, name) if min(len(wanted), len(name)) >= _PART else 0.0
    if len(wanted) < _SURE and part < 100:
        part = 0.0
    whole = max(fuzz.ratio(wanted, name), fuzz.token_sort_ratio(wanted, name))
    return min(99.0, max(whole, 0.95 * part))


def nearest(wanted: str, names: Iterable[str], *, at_least: float = 0.0) -> tuple[str, ...]:
    """Return the known names nearest to `wanted`, at most three; `at_least` is out of 100."""
    found = process.extract(
        fold(wanted),
        sorted(set(names)),
        processor=fold,
        limit=_SUGGESTIONS,
        score_cutoff=at_least,
    )
    return tuple(name for name, _, _ in found)


def shortened(value: object) -> str:
    """Return a value as it is quoted in a message: whole where it is short."""
    text = repr(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def sector_named(desk: Desk, text: str) -> str:
    """Return the code of the sector that `text` names by any of its names.

    Raises
    ------
    ToolInputError
        When no sector is called that; names the nearest.
    """
    code = desk.facts.sector(text)
    if code is None:
        known = [name for row in desk.vocabulary.sectors for name in (row.code, row.name) if name]
        near = ", ".join(nearest(text, known))
        raise ToolInputError(
            f"There is no sector {shortened(text)} in {desk.stamp.name}. Nearest: {near}."
        )
    return code


def symbol_named(desk: Desk, text: str) -> str:
    """Return the symbol that `text` names.

    Raises
    ------
    ToolInputError
        When no share, fund or index is called that; names the nearest.
    """
    symbol = desk.facts.symbol(text)
    if symbol is None:
        rows = desk.vocabulary.symbols
        known = [row.symbol for row in rows]
        if len(text) > _LONGEST_CODE:
            known += [row.name for row in rows if row.name]
        near = ", ".join(nearest(text, known)) or "none, this market lists no symbols"
        raise ToolInputError(
            f"There is no symbol {shortened(text)} in {desk.stamp.name}. Nearest: {near}."
        )
    return symbol
