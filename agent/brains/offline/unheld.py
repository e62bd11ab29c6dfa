"""What people ask of a market that no price, flow or release tells: accounts, owners, calendars, opinions.

Answering with what is at hand would put a forecast under the words "P/E ratio". The words below are the field's own, so
they decide alone; beside them only another clause, or something else plainly asked for, is still answered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from agent.brains.offline.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

Subject = Literal["accounts", "calendar", "owners", "opinions", "elsewhere", "far"]

_KEPT = 64
_WORDS: dict[Subject, str] = {
    "accounts": r"p e(?: ratios?| multiples?)?|pe (?:ratios?|multiples?|of|cua|nganh|nhom)|p b|pb ratios?"
    r"|peg ratios?"
    r"|price (?:to )?(?:earnings|book|sales)|ev ebitda|ebitda|ebit|eps(?: (?:forecasts?|estimates?"
    r"|outlook))?|roe|roa|roic|nims?|npls?(?: ratios?)?"
    r"|earnings (?:per share|growth|reports?|results?|calls?|beats?|miss\w*|come|came|yields?|estimates?"
    r"|quality|of|at)"
    r"|(?:quarterly|annual|yearly|corporate|company|bank|s) (?:earnings|profits?|results)"
    r"|revenues?|sales (?:growth|figures)|net income|net profits?|profitability"
    r"|profits? (?:of|at|for|growth|margins?|warnings?|outlook)"
    r"|(?:gross|net|operating|profit|interest) margins?|net interest margins?"
    r"|dividends?(?: yields?| payouts?)?|payout ratios?|buybacks?|book values?|balance sheets?"
    r"|cash flow statements?|free cash flows?|cash on hand|annual reports?|financial statements?|fundamentals?"
    r"|debt (?:to equity|ratios?|levels?|loads?)|leverage ratios?|market cap\w*|free float|shares outstanding"
    r"|valuations?|(?:under|over)valued|fair values?|intrinsic values?|cheapest|most expensive"
    r"|how much (?:cash|debt) (?:do|does|has|have|is)|how many (?:employees|branches|stores|customers"
    r"|staff|workers|people work)"
    r"|corporate bonds?|trai phieu (?:doanh nghiep|cua)|(?:apartment|house|home|land|condo|flat) prices?"
    r"|dinh gia|gia tri (?:so sach|noi tai|hop ly)|co tuc|doanh thu|doanh so|lnst|bctc|kqkd|bao cao tai chinh"
    r"|bao cao thuong nien|ket qua kinh doanh|loi nhuan (?:quy|sau thue|truoc thue|rong|gop|nam (?:ngoai|truoc))"
    r"|(?:ke hoach|tang truong|bien) loi nhuan|von hoa(?! (?:lon|vua|nho|cao|thap|trung binh))|von chu so huu"
    r"|ty le no xau|no xau (?:cua|tai|nganh|nhom)|no vay|don bay tai chinh|bien lai(?: rong)?|luu chuyen tien te"
    r"|(?:yeu to|phan tich|nen tang) co ban|bao nhieu (?:nhan vien|chi nhanh|cua hang|lao dong)"
    r"|gia (?:chung cu|nha dat|dat nen|can ho|nha o)|met vuong|per square \w+|square (?:met(?:er|re)s?"
    r"|foot|feet)|sqm|m2",
    "calendar": r"when (?:is|are|does|do|will|s)\b.{0,40}\b(?:reports?|earnings|results|meetings?|meet|agm|ipo)"
    r"|(?:next|upcoming) (?:\w+ ){0,2}(?:meetings?|ipos?|listings?|agm)"
    r"|(?:earnings|economic|results|fomc|ipo|event) calendar|ex (?:dividend|rights)(?: date)?|ex date"
    r"|earnings dates?"
    r"|lich (?:hop|cong bo|chia|chot|su kien)|(?:ngay )?chot quyen|gdkhq|dhcd|dai hoi (?:dong )?co dong"
    r"|(?:khi nao|bao gio|ngay nao|hom nao)\b.{0,30}\b(?:cong bo|bao cao|hop|dai hoi|len san|niem yet)",
    "owners": r"(?:biggest|largest|major|main|top|key|controlling|majority|institutional|strategic)"
    r" (?:share|stock)holders?|(?:share|stock)holders? (?:of|in|list|structure)|ownership structure"
    r"|insiders?|who owns"
    r"|foreign (?:room|ownership)(?: limits?)?"
    r"|co dong (?:lon|noi bo|chien luoc|nha nuoc)|co cau co dong|nguoi noi bo|giao dich noi bo"
    r"|room (?:ngoai|nuoc ngoai|con|khoi ngoai)|ty le so huu",
    "opinions": r"target prices?|price targets?|analysts?(?: s)? (?:ratings?|consensus|estimates?"
    r"|recommendations?|opinions?|targets?|coverage)"
    r"|consensus (?:ratings?|estimates?|eps|targets?)|broker(?:s|age)? (?:ratings?|recommendations?)"
    r"|credit ratings?|esg|khuyen nghi cua|xep hang tin nhiem"
    r"|danh gia cua (?:cac )?(?:chuyen gia|cong ty chung khoan|ctck)",
    "elsewhere": r"msci(?: \w+)?|nikkei|topix|hang seng|shanghai composite|csi 300|kospi|sensex|nifty|dax"
    r"|ftse 100|cac 40|euro stoxx"
    r"|straits times|taiex|dow jones|nasdaq|russell \d+"
    r"|(?:cpi|inflation|gdp|pmi|unemployment|policy rates?|interest rates?|lam phat|lai suat)"
    r" (?:of|in|for|cua|tai|o) (?:the )?(?:japan|china|korea|thailand|india|germany|france|uk|britain|europe"
    r"|eurozone|singapore|australia|malaysia|philippines|taiwan|nhat ban|trung quoc|han quoc|thai lan"
    r"|an do|chau au)",
}  # fmt: skip
"""Subject → the words that name it, folded; "the P/E of banks" has no slash here."""
_NAMED: dict[Subject, re.Pattern[str]] = {
    subject: re.compile(rf"\b(?:{words})\b") for subject, words in _WORDS.items()
}
_YEAR = re.compile(r"\b20\d\d\b")
_YEARS_AHEAD = 2
_TESTED = re.compile(
    r"\b(?:back ?test\w*|strateg\w+|buy and hold|kiem dinh|chien luoc|mua va giu"
    r"|data|du lieu|so lieu|cap nhat)\b"
)
"""Of a strategy "profit" is its return, and of the data "when" is how fresh they are."""


class Unheld(NamedTuple):
    """Something that the data of a market do not hold."""

    subject: Subject
    rest: str
    """The text without the words that name it."""


def unheld(
    text: str, symbols: Collection[str], named: Collection[str], as_of: date
) -> Unheld | None:
    """Return what a text asks for that its market does not hold, if anything.

    Parameters
    ----------
    text
        A question, or a clause of one.
    symbols
        Upper-case tickers of the market: a word that is one of them is answered.
    named
        Names of its series and signals; so are those.
    as_of
        The day of the question: years far ahead of it are beyond any forecast.
    """
    plain = _plain(text)
    if _TESTED.search(plain):
        return None
    theirs = {_plain(name.replace("_", " ")) for name in named}
    for subject, pattern in _NAMED.items():
        if any(not _is_held(m[0], plain, symbols, theirs) for m in pattern.finditer(plain)):
            return Unheld(subject, " ".join(pattern.sub(" ", plain).split()))
    years = [year for year in _YEAR.findall(plain) if int(year) >= as_of.year + _YEARS_AHEAD]
    return Unheld("far", plain.replace(years[0], " ")) if years else None


def _is_held(words: str, plain: str, symbols: Collection[str], theirs: Collection[str]) -> bool:
    """Whether words are a ticker, a series or signal, or part of one that the text spells out."""
    spelled = (name for name in theirs if f" {name} " in f" {plain} ")
    return words.upper() in symbols or any(
        words == name or (" " in name and not set(words.split()).isdisjoint(name.split()))
        for name in spelled
    )


@lru_cache(maxsize=_KEPT)
def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
