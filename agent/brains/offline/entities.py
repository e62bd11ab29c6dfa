"""Who words are about: sectors, tickers, series, and names this market does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import everyday, table
from agent.brains.offline.text import is_syllable

if TYPE_CHECKING:
    from agent.brains.offline.matching import Match
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.text import Token

_SHORTEST_TICKER, _LONGEST_TICKER = 3, 5
_NEIGHBOURS = frozenset(
    {"stock", "share", "ticker", "co phieu", "ma", "cp", "phieu", "con", "symbol"}
)
_FEW_WORDS = 6
_CURRENCIES = frozenset({"VND", "USD", "IDR"})


@dataclass(frozen=True, slots=True)
class Entities:
    """The names of a stretch of words, in its order."""

    sectors: tuple[str, ...] = ()
    homes: tuple[tuple[str, str], ...] = ()
    """(words, sector code) where a notion was read as the wider sector it lives in."""
    lost_sectors: tuple[str, ...] = ()
    """Notions of sectors that this market has no home for, as written."""
    symbols: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    """Tickers of sector funds, which are in `sectors` too."""
    lost_symbols: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    """Names for ``indicator_list``."""
    series_notions: tuple[str, ...] = ()
    cues: frozenset[str] = frozenset()


def read_entities(
    text: str,
    tokens: tuple[Token, ...],
    own: tuple[Token, ...],
    matches: tuple[Match, ...],
    cues: frozenset[str],
    names: MarketNames,
) -> Entities:
    """Return the names in a stretch.

    Parameters
    ----------
    text, tokens
        The whole question: whether it shouts in capitals decides what counts as a ticker.
    own, matches, cues
        The stretch's words, phrases and cues.
    names
        What the market knows.
    """
    listed = sum(token.raw in names.symbols for token in tokens)
    shouting = text.isupper() and len(tokens) > 2 and 2 * listed < len(tokens)
    symbols, lost, index_cue = _symbols(tokens, own, matches, names, shouting=shouting)
    sectors, homes, lost_sectors = _sectors(matches, cues, names, symbols)
    series, notions = _series(text, tokens, matches, cues, names)
    proxies = tuple(symbol for symbol in symbols if symbol in names.proxies)
    for proxy in proxies:
        sectors = tuple(dict.fromkeys((*sectors, names.proxies[proxy])))
    found: set[str] = {"index"} if index_cue else set()
    return Entities(
        sectors=sectors,
        homes=homes,
        lost_sectors=lost_sectors,
        symbols=tuple(symbol for symbol in symbols if symbol not in proxies),
        proxies=proxies,
        lost_symbols=lost,
        series=series,
        series_notions=notions,
        cues=frozenset(found),
    )


def _symbols(
    tokens: tuple[Token, ...],
    own: tuple[Token, ...],
    matches: tuple[Match, ...],
    names: MarketNames,
    *,
    shouting: bool,
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    position = {token.start: index for index, token in enumerate(tokens)}
    covered = {index: m for m in matches for index in range(m.first, m.last)}
    found: dict[int, str] = {}
    lost: dict[int, str] = {}
    index_cue = False
    for m in matches:
        if m.last - m.first == 1 and tokens[m.first].raw.upper() in names.symbols:
            continue
        for ticker in (*m.notions("company"), *m.notions("symbol")):
            (found if ticker in names.symbols else lost)[m.first] = (
                ticker if ticker in names.symbols else m.text
            )
    for token in own:
        at = position[token.start]
        upper = token.raw.upper()
        match = covered.get(at)
        if at in found or at in lost:
            continue
        if upper in names.symbols:
            if not _means_ticker(token, at, tokens, match, names, shouting=shouting):
                continue
            if names.symbols[upper] == "benchmark":
                index_cue = True
            else:
                index_cue = index_cue or names.symbols[upper] == "index"
                found[at] = upper
        elif match is None and _looks_lost(token, at, tokens, shouting=shouting):
            lost[at] = token.raw
    return (
        tuple(dict.fromkeys(found[at] for at in sorted(found))),
        tuple(dict.fromkeys(lost[at] for at in sorted(lost))),
        index_cue,
    )


def _beside(at: int, tokens: tuple[Token, ...]) -> bool:
    """Whether the word before is "mã", "cổ phiếu", "ticker", or the one after is "stock"."""
    before = tokens[at - 1].key if at else ""
    after = tokens[at + 1].key if at + 1 < len(tokens) else ""
    return before in _NEIGHBOURS or after in {"stock", "share"}


def _means_ticker(
    token: Token,
    at: int,
    tokens: tuple[Token, ...],
    match: Match | None,
    names: MarketNames,
    *,
    shouting: bool,
) -> bool:
    if token.marked:
        return False
    if match is not None and match.last - match.first > 1:
        return False
    upper = token.raw.upper()
    beside = _beside(at, tokens)
    if names.symbols[upper] == "benchmark" and len(tokens) <= _FEW_WORDS:
        return True
    if upper in _CURRENCIES:
        return beside or _ticker_nearby(at, tokens, names)
    if token.raw.isupper() and not shouting:
        return True
    if beside:
        return True
    if match is not None and not all(
        tag.startswith("company:") or tag == "cue:index" for tag in match.tags
    ):
        return False
    if any(t.marked for t in tokens) and not is_syllable(token.key):
        return True
    return token.raw.casefold() not in everyday("common")


def _ticker_nearby(at: int, tokens: tuple[Token, ...], names: MarketNames) -> bool:
    around = tokens[max(at - 2, 0) : at] + tokens[at + 1 : at + 3]
    return any(
        t.raw.upper() in names.symbols
        and t.raw.upper() not in _CURRENCIES
        and (t.raw.isupper() or t.raw not in everyday("common"))
        for t in around
    )


def _looks_lost(token: Token, at: int, tokens: tuple[Token, ...], *, shouting: bool) -> bool:
    raw = token.raw
    if not (_SHORTEST_TICKER <= len(raw) <= _LONGEST_TICKER and raw.isascii() and raw.isalnum()):
        return False
    if raw[0].isdigit() or raw.upper() in everyday("acronyms"):
        return False
    if raw.isupper() and not shouting:
        return True
    before = tokens[at - 1].key if at else ""
    return (
        before in {"ticker", "ma", "phieu", "symbol"}
        and raw.casefold() not in everyday("common")
        and raw.isalpha()
    )


def _sectors(
    matches: tuple[Match, ...],
    cues: frozenset[str],
    names: MarketNames,
    symbols: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
    codes: dict[str, None] = {}
    homes: dict[tuple[str, str], None] = {}
    lost: dict[str, None] = {}
    own_tickers = {symbol.casefold() for symbol in symbols}
    price_talk = "price" in cues or _series_talk(matches)
    for m in matches:
        own = m.notions("sector")
        if own:
            codes.update(dict.fromkeys(own))
            continue
        concepts = list(m.notions("concept"))
        for notion in m.notions("series"):
            entry = table("series")[notion]
            if entry.get("bare") is False and not price_talk:
                concepts.append(entry["sector"])
        if m.text.casefold() in own_tickers or not concepts:
            continue
        resolved = [code for concept in concepts[:1] for code in names.concepts.get(concept, ())]
        if not resolved:
            lost[m.text] = None
        codes.update(dict.fromkeys(resolved))
        homes.update({(m.text, code): None for code in resolved[:1]})
    brokers = names.concepts.get("brokers", ())
    slang = any(m.text.casefold() == "chứng" for m in matches) and bool(
        cues & {"flow", "whale", "hold"}
    )
    if not codes and not lost and slang:
        return tuple(brokers), (), ()
    if not codes and not lost and "market_word" in cues:
        return (), (), ()
    if (
        codes
        and brokers
        and any(m.text.casefold() in {"chứng khoán", "chung khoan", "chứng", "ck"} for m in matches)
    ):
        codes.update(dict.fromkeys(brokers))
    return tuple(codes), tuple(homes), tuple(lost)


def _series_talk(matches: tuple[Match, ...]) -> bool:
    """Whether other series are named, so that "oil" beside them means its price."""
    return any(
        table("series")[notion].get("bare") is not False
        for m in matches
        for notion in m.notions("series")
    )


def _series(
    text: str,
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    cues: frozenset[str],
    names: MarketNames,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: dict[str, None] = {}
    notions: dict[str, None] = {}
    price_talk = "price" in cues or _series_talk(matches)
    for m in matches:
        own = m.notions("own_series")
        if _is_amount(m, tokens):
            continue
        verbatim = m.text.replace(" ", "_")
        as_written = verbatim if "_" in verbatim and verbatim in text else ""
        for notion in m.notions("series"):
            entry = table("series")[notion]
            if entry.get("bare") is False and not price_talk:
                continue
            notions[notion] = None
            if as_written:
                found[as_written] = None
            elif not own:
                for name in _called(notion, entry, names):
                    found[name] = None
        if own:
            found[own[-1]] = None
    return tuple(found), tuple(notions)


_COUNTS = frozenset(
    ["billion", "million", "thousand", "bn", "mn", "ty", "trieu", "nghin", "ngan", "trillion"]
)


def _is_amount(m: Match, tokens: tuple[Token, ...]) -> bool:
    """Whether a currency only counts something: "500 dollars"."""
    before = tokens[m.first - 1] if m.first else None
    counted = before is not None and (before.raw[-1].isdigit() or before.key in _COUNTS)
    return counted and m.last - m.first == 1 and "cue:fx_word" in m.tags


def _called(notion: str, entry: dict[str, object], names: MarketNames) -> tuple[str, ...]:
    """Return what a notion is asked for by; a missing policy rate brings the American one along."""
    name = names.exchange_rate if notion == "FX" else str(entry["name"])
    held = names.series.get(notion, name)
    if notion == "InterestRate" and held != name:
        return (name, held)
    return (held,)
