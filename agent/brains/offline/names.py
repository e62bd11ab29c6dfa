"""What a market can be asked about, as phrases: its sectors by any notion, its tickers, its series.

A notion resolves through the names of the market's own sectors: *steel* is Basic Resources in ICB,
Materials in GICS, Basic Materials in IDX-IC, and nothing where no home of it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import Phrase, phrase, shared_phrases, table, topic_phrases
from agent.brains.offline.text import fold, tokenize

if TYPE_CHECKING:
    from agent.brief.model import Language
    from tools.contracts import SectorName, Vocabulary

_CACHE: dict[int, tuple[Vocabulary, MarketNames]] = {}
_CACHED_MARKETS = 8
_SHORT_CODE = 2
"""A code this short ("A", "45") names its sector only behind the word sector."""


@dataclass(frozen=True)
class MarketNames:
    """The phrases of one market, by their first word, longest first."""

    by_word: dict[str, tuple[Phrase, ...]]
    known_words: frozenset[str]
    """Keys of every word of every phrase: spelling is corrected towards these."""
    concepts: dict[str, tuple[str, ...]]
    """Notion → sector codes of this market."""
    symbols: dict[str, str]
    """Upper-case ticker → kind."""
    sector_of: dict[str, str]
    proxies: dict[str, str]
    """Upper-case proxy → sector code."""
    series: dict[str, str]
    """Notion → the name the market has it under; absent where it has none."""
    exchange_rate: str
    """What "the exchange rate" is called where the market has none of its names."""


def market_names(vocabulary: Vocabulary) -> MarketNames:
    """Return the names of a market; built once a vocabulary."""
    held = _CACHE.get(id(vocabulary))
    if held is not None and held[0] is vocabulary:
        return held[1]
    names = _build(vocabulary)
    while len(_CACHE) >= _CACHED_MARKETS:
        _CACHE.pop(next(iter(_CACHE)))
    _CACHE[id(vocabulary)] = (vocabulary, names)
    return names


def resolve_concept(concept: str, sectors: tuple[SectorName, ...]) -> tuple[str, ...]:
    """Return the codes of the sectors a notion lives in; empty where this market has none."""
    for alternative in table("sectors")[concept]["homes"]:
        found = [
            sector.code for home in alternative for sector in sectors if _is_home(home, sector)
        ]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def sector_label(vocabulary: Vocabulary, code: str, language: Language) -> str:
    """Return a sector's name in a language."""
    for sector in vocabulary.sectors:
        if sector.code == code:
            return sector.name_vi if language == "vi" and sector.name_vi else sector.name
    return code


@cache
def _spoken(text: str) -> str:
    return " ".join(token.key for token in tokenize(text.replace("&", " and ")))


def _is_home(home: str, sector: SectorName) -> bool:
    names = [_spoken(sector.name), fold(sector.code)]
    if home.startswith("="):
        return _spoken(home[1:]) in names
    wanted = f" {_spoken(home)}"
    return any(wanted in f" {name}" for name in names)


def _build(vocabulary: Vocabulary) -> MarketNames:
    concepts = {
        concept: codes
        for concept in table("sectors")
        if (codes := resolve_concept(concept, vocabulary.sectors))
    }
    phrases = [*shared_phrases(), *_own_phrases(vocabulary)]
    known = frozenset(word for entry in phrases for word in entry.keys)
    phrases += [entry for entry in topic_phrases() if len(entry.keys) > 1]
    by_word: dict[str, list[Phrase]] = {}
    for entry in phrases:
        if entry.keys:
            by_word.setdefault(entry.keys[0], []).append(entry)
    return MarketNames(
        by_word={
            word: tuple(sorted(found, key=lambda entry: -len(entry.keys)))
            for word, found in by_word.items()
        },
        known_words=known,
        concepts=concepts,
        symbols={symbol.symbol.upper(): symbol.kind for symbol in vocabulary.symbols},
        sector_of={s.symbol.upper(): s.sector for s in vocabulary.symbols if s.sector},
        proxies={s.proxy.upper(): s.code for s in vocabulary.sectors if s.proxy},
        series=_series(vocabulary),
        exchange_rate="DXY" if vocabulary.currency == "USD" else f"USD_{vocabulary.currency}",
    )


def _own_phrases(vocabulary: Vocabulary) -> list[Phrase]:
    """Return the market's own names: sectors in both languages, longer symbol names, series."""
    series = (*vocabulary.series, *vocabulary.series_aliases)
    return [
        *(found for sector in vocabulary.sectors for found in _sector_phrases(sector)),
        *(
            phrase(symbol.name, (f"symbol:{symbol.symbol}",), vietnamese=False)
            for symbol in vocabulary.symbols
            if symbol.kind == "stock" and symbol.name.upper() not in {"", symbol.symbol.upper()}
        ),
        *(
            phrase(name.replace("_", " "), (f"own_series:{name}",), vietnamese=False)
            for name in series
        ),
    ]


def _sector_phrases(sector: SectorName) -> list[Phrase]:
    tag = (f"sector:{sector.code}",)
    forms = dict.fromkeys(
        (form, vietnamese)
        for name, vietnamese in ((sector.name, False), (sector.name_vi, True))
        for form in (name, name.replace("&", " and "), name.replace("&", " "))
        if form
    )
    found = [phrase(form, tag, vietnamese=vietnamese) for form, vietnamese in forms]
    codes = [f"{word} {sector.code}" for word in ("sector", "ngành", "nhóm", "industry")]
    if len(sector.code) > _SHORT_CODE:
        codes.append(sector.code)
    return [*found, *(phrase(code, tag, vietnamese=False) for code in codes)]


def _series(vocabulary: Vocabulary) -> dict[str, str]:
    known = {name.upper(): name for name in (*vocabulary.series, *vocabulary.series_aliases)}
    found = {}
    for notion, entry in table("series").items():
        for name in (entry["name"], *entry["series"]):
            if name.upper() in known:
                found[notion] = known[name.upper()]
                break
    return found
