"""Words the planner does not know: how many there are, and which of them stand where a name should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import everyday

if TYPE_CHECKING:
    from agent.brains.offline.matching import Match
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.text import Token

_AFTER_NAME = frozenset({"sector", "industry", "names", "space", "complex", "patch"})
"""English puts the name first: "the banana sector"."""
_BEFORE_ENGLISH = frozenset(
    {
        "vietnamese",
        "vietnam",
        "indonesian",
        "american",
        "local",
        "domestic",
        "global",
        "the",
        "of",
        "in",
        "on",
        "about",
        "for",
        "is",
        "are",
        "into",
        "from",
    }
)
_BEFORE_NAME = frozenset({"nganh", "nghanh", "nhom", "linh", "mang"})
"""Vietnamese puts it last: "ngành chuối"."""
_HEADS = frozenset(
    {"co", "phieu", "cong", "ty", "hang", "vuc", "doanh", "nghiep", "nghe", "san", "xuat"}
)
"""Words that may stand between: "nhóm cổ phiếu …", "lĩnh vực …"."""
_LOOSE = frozenset(
    {
        # what may stand before "sector" or after "ngành" without being a name
        "different", "individual", "single", "main", "major", "key", "big", "small", "large", "whole", "entire",
        "private", "public", "specific", "certain", "various", "favourite", "cyclical", "defensive", "hot", "safe",
        "two", "three", "four", "five", "six", "ten", "eleven", "twelve", "sixteen", "twenty", "several", "few",
        "each", "every", "this", "that", "these", "those", "same", "strong", "weak", "best", "worst", "top",
        "bottom", "leading", "lagging", "risky", "growth", "value", "cap", "domestic", "local", "my", "your", "market",
        "per", "by", "cross", "sub", "what", "which", "ticker", "code", "full", "company", "brand", "first", "second",
        "third", "real", "old", "new", "vn", "us", "hose",
        "dau", "tu", "tang", "giam", "manh", "yeu", "lon", "nho", "vua", "tot", "xau", "khac", "nao", "do", "nay",
        "kia", "ay", "cu", "the", "cao", "thap", "nong", "lanh", "on", "dinh", "re", "dat", "cung", "chung",
        "tren", "duoi", "trong", "ngoai", "cua", "theo", "hien", "tai", "trien", "vong", "tiem", "nang", "moi", "rieng",
        "chinh", "phu", "von", "hoa", "tru", "blue", "chip", "mid", "penny", "dan", "song", "thi", "truong",
        "ngan", "han", "dai", "trung", "ben", "vung", "xep", "hang", "dung", "loai", "ban", "mua", "gom", "xa", "nhat",
        "kem", "thu", "vi", "co", "so", "vn30", "smallcap", "midcap", "largecap", "le", "to", "tay", "noi",
        "luy", "cuc", "sieu", "chu", "ky", "phong", "rui", "ro", "an", "toan", "hap", "hoi", "phuc", "du", "kien",
    }
)  # fmt: skip
_LINKS = frozenset({"and", "va", "voi", "or", "hay", "hoac", "vs", "versus", "with"})
_TICKER_LENGTHS = (3, 4)


def unknown_words(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> tuple[str, ...]:
    """Return the words that no phrase explains and that are no closed-class words."""
    covered = {at for m in matches if not _foreign(m) for at in range(m.first, m.last)}
    return tuple(
        token.raw for at, token in enumerate(tokens) if at not in covered and _has_content(token)
    )


def unknown_sectors(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], names: MarketNames
) -> tuple[str, ...]:
    """Return names that stand where a sector's does and are none of this market's."""
    covered = {at: m for m in matches for at in range(m.first, m.last)}
    found: dict[str, None] = {}
    for at, token in enumerate(tokens):
        if token.raw.casefold() in _AFTER_NAME and _names_english(at - 1, tokens, covered, names):
            found[_compound(at - 1, tokens)] = None
        elif token.key in _BEFORE_NAME:
            behind = at + 1
            while behind < len(tokens) and tokens[behind].key in _HEADS:
                behind += 1
            if behind < len(tokens) and _may_name(behind, tokens, covered, names):
                found[tokens[behind].raw] = None
    return tuple(found)


def _compound(at: int, tokens: tuple[Token, ...]) -> str:
    """Return a word with the one a hyphen ties to it."""
    tied = at > 0 and tokens[at].start - tokens[at - 1].end == 1 and not tokens[at].apart
    spaced = tied and not _has_content(tokens[at])
    return f"{tokens[at - 1].raw}-{tokens[at].raw}" if spaced else tokens[at].raw


def unknown_tickers(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], names: MarketNames
) -> tuple[str, ...]:
    """Return small-letter tickers named in one breath with known ones: "hpg, qqx and vcb"."""
    covered = {at for m in matches for at in range(m.first, m.last)}
    known = {at for at, token in enumerate(tokens) if _is_ticker(token, names)}
    found: dict[str, None] = {}
    for at, token in enumerate(tokens):
        fits = len(token.raw) in _TICKER_LENGTHS and token.raw.isascii() and token.raw.isalpha()
        if at in covered or at in known or not fits or not _has_content(token):
            continue
        if token.raw.casefold() in everyday("common") or token.raw.upper() in everyday("acronyms"):
            continue
        if _linked(at, tokens) & known:
            found[token.raw.upper()] = None
    return tuple(found)


def _foreign(match: Match) -> bool:
    """Whether a phrase only says that the question is about something else."""
    return all(tag.startswith("topic:") for tag in match.tags)


def _linked(at: int, tokens: tuple[Token, ...]) -> set[int]:
    """Return the positions that a comma or a linking word ties to one."""
    tied = set()
    for step in (-1, 1):
        beside = at + step
        if not 0 <= beside < len(tokens):
            continue
        if tokens[beside].key in _LINKS:
            tied.add(beside + step)
        elif tokens[max(at, beside)].apart:
            tied.add(beside)
    return tied


def _is_ticker(token: Token, names: MarketNames) -> bool:
    upper = token.raw.upper()
    return upper in names.symbols and (
        token.raw.isupper() or token.raw.casefold() not in everyday("common")
    )


def _names_english(
    at: int, tokens: tuple[Token, ...], covered: dict[int, Match], names: MarketNames
) -> bool:
    if at > 0 and tokens[at].start - tokens[at - 1].end == 1 and not _has_content(tokens[at]):
        at -= 1  # "cruise-line"
    if at < 0 or not _may_name(at, tokens, covered, names):
        return False
    if at == 0:
        alone = at + 2 == len(tokens) or tokens[at + 2].apart
        return alone or tokens[at].raw[0].isupper()
    return tokens[at - 1].key in _BEFORE_ENGLISH


def _may_name(
    at: int, tokens: tuple[Token, ...], covered: dict[int, Match], names: MarketNames
) -> bool:
    token = tokens[at]
    if at in covered or token.key in _LOOSE or not token.raw.isalpha() or (token.apart and at == 0):
        return False
    if token.raw.upper() in names.symbols or len(token.raw) < _TICKER_LENGTHS[0]:
        return False
    return _has_content(token)


def _has_content(token: Token) -> bool:
    if len(token.key) < 2 or not any(char.isalpha() for char in token.raw):
        return False
    closed = everyday("closed")
    return not (token.key in closed or token.raw.casefold() in closed)
