"""Slots: how a value becomes text, and the only way a numeral enters prose.

::

    {{45.rel_return.1M}}       the fact, rendered with its sign and unit
    {{45.rel_return.1M|abs}}   the same without its sign, beside a word that carries the direction
    {{name:45}}                an entity's name in the brief's language
    {{then:45.rank.1M}}        the fact at the earlier date of a comparison, whose day is {{then:date}}

Rounding is faithful: a value that is not zero is never shown as zero, and a chance strictly
between 0 and 1 never as one of its ends or as an even chance. Decimals are added until that holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.lexicon import (
    CONFIDENCE,
    QUADRANTS,
    UNSIGNED_METRICS,
    entity_forms,
    entity_name,
    metric_forms,
    window_forms,
)
from agent.brief.lexicon_record import SHARES
from tools.contracts import MARKET_ENTITY, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language
    from tools.contracts import Vocabulary

__all__ = [
    "Slot", "UnknownSlotError", "citable", "entity_forms", "fill", "metric_forms", "render_value",
    "renderings", "slots_in", "window_forms",
]  # fmt: skip

SLOT = re.compile(r"\{\{\s*(?P<name>name:)?(?P<id>[^{}|]+?)\s*(?:\|\s*(?P<form>[a-z]+)\s*)?\}\}")
CURRENCY = re.compile(r"[A-Z]{3}")
PRICE = re.compile(r"(?P<currency>[A-Z]{3}) per (?P<thing>.+)")
CHANCES = frozenset({"probability", "breadth", "surrogate_agreement", *SHARES})
"""Fractions rendered in whole percents."""
MOVES = frozenset({"change", "shock", "surprise", "foreign_net_value"})
"""Differences: shown with a sign, and in percentage points where the unit is a percent."""
BALANCE = "index between"
"""How the unit of a balance around zero begins, such as the tone of the news: shown with a sign."""
NOISE = 1e-9
"""Sizes below this come from floating-point arithmetic and are shown as zero."""
CENTLESS = frozenset({"VND", "IDR"})
"""Currencies too small for cents."""
TILTED = "sd"
"""Unit of a tilt: relative return in standard deviations of its own, shown as the bare number it is."""
DEVIATIONS = frozenset({"flip_sd", "surprise"})
SD: Mapping[Language, str] = {"en": " standard deviations", "vi": " độ lệch chuẩn"}
MOST_DECIMALS = 12
COUNTED = frozenset({"days", "months", "calls"})
SCALES: Mapping[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1.0, "")),
    "vi": ((1e12, "nghìn tỷ"), (1e9, "tỷ"), (1e6, "triệu"), (1.0, "")),
}
THINGS_VI: Mapping[str, str] = {
    "ounce": "ounce", "barrel": "thùng", "thousand persons": "nghìn người", "USD": "USD",
    "thousand units, annual rate": "nghìn căn, quy năm", "bp": "điểm cơ bản",
    "standard deviations": "độ lệch chuẩn", "days": "ngày", "months": "tháng", "calls": "nhận định",
}  # fmt: skip


THEN = "then:"
"""What a slot's id begins with that stands for a fact of the earlier date of a comparison."""
THEN_DATE = "then:date"
"""The slot of that date itself."""


class UnknownSlotError(ValueError):
    """A draft holds a slot that no fact or entity fills, or that is not a slot at all."""


class Slot(NamedTuple):
    """One slot of a draft."""

    text: str
    """The slot as written, braces included."""
    id: str
    """The fact id, or the entity of a name slot."""
    is_name: bool
    absolute: bool
    start: int
    end: int


def slots_in(text: str) -> Iterator[Slot]:
    """Yield the slots of a text in order."""
    for match in SLOT.finditer(text):
        yield Slot(
            match.group(),
            match["id"].strip(),
            match["name"] is not None,
            match["form"] == "abs",
            *match.span(),
        )


def citable(request: ComposeRequest) -> Mapping[str, Fact]:
    """Return what the slots of a request's prose may stand for, today's facts by their ids."""
    earlier = request.comparison
    if earlier is None:
        return request.facts
    days = {"observed_on": earlier.market.last_day, "published_on": earlier.market.as_of}
    day = Fact(
        id=THEN_DATE, value=earlier.market.as_of.isoformat(), unit="label", entity=MARKET_ENTITY,
        metric="date", source="", **days,
    )  # fmt: skip
    then = {f"{THEN}{key}": fact for key, fact in earlier.facts.items()}
    return {**request.facts, **then, THEN_DATE: day}


def fill(text: str, facts: Mapping[str, Fact], vocabulary: Vocabulary, language: Language) -> str:
    """Replace every slot of a text by its rendering.

    A name at the start of a sentence begins with a capital.

    Raises
    ------
    UnknownSlotError
        When a slot names a fact or entity that is not there, or braces are left over.
    """

    def one(match: re.Match[str]) -> str:
        if match["form"] not in (None, "abs"):
            raise UnknownSlotError(f"{match.group()}: the only form of a slot is |abs")
        key = match["id"].strip()
        if match["name"] is None:
            if key not in facts:
                raise UnknownSlotError(f"{match.group()}: no fact has the id {key!r}")
            return render_value(facts[key], language, absolute=match["form"] == "abs")
        name = entity_name(key, vocabulary, language)
        if name is None:
            raise UnknownSlotError(f"{match.group()}: this market has no entity {key!r}")
        opens = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?"
        return name[:1].upper() + name[1:] if opens else name

    filled = SLOT.sub(one, text)
    if "{{" in filled or "}}" in filled:
        raise UnknownSlotError(
            f"braces that are no slot in {text!r}; write {{{{FACT_ID}}}} or {{{{name:ENTITY}}}}"
        )
    return filled


def renderings(fact: Fact, language: Language) -> tuple[str, ...]:
    """Return every way a brief may show a fact: signed, without sign, and as in its tables."""
    shown = [
        render_value(fact, language, absolute=absolute, fine=fine)
        for fine in (False, True)
        for absolute in (False, True)
    ]
    return tuple(dict.fromkeys(shown))


def render_value(
    fact: Fact, language: Language, *, absolute: bool = False, fine: bool = False
) -> str:
    """Return a fact as a reader sees it.

    Parameters
    ----------
    fact
        The fact; a text value is translated where it is a known label.
    language
        ``vi`` writes a decimal comma and dots between thousands.
    absolute
        Without a sign, beside a direction word.
    fine
        As in a table: sigma for standard deviations, and one decimal more for log-odds and
        chances, so that the parts of a score are seen to add up.
    """
    if isinstance(fact.value, str):
        return (
            QUADRANTS[language].get(fact.value)
            or CONFIDENCE[language].get(fact.value)
            or fact.value
        )
    value = 0.0 if abs(fact.value) < NOISE else fact.value
    value = abs(value) if absolute else value
    signed = not absolute and fact.metric not in UNSIGNED_METRICS
    return _with_unit(value, fact, language, signed=signed, fine=fine)


def _with_unit(value: float, fact: Fact, language: Language, *, signed: bool, fine: bool) -> str:
    unit = fact.unit
    if unit == "fraction":
        return _percent(value, fact.metric, language, signed=signed, fine=fine)
    if unit == "rank":
        return _ordinal(round(value), language)
    if unit == "log-odds":
        return _number(value, 3 if fine else 2, language, signed=signed)
    if fact.metric in DEVIATIONS or unit == "standard deviations":
        return _number(value, 1, language, signed=signed and fact.metric == "surprise") + (
            "σ" if fine else SD[language]
        )
    if fact.metric == "sharpe" or unit in {"correlation", TILTED}:
        return _number(value, 2, language, signed=signed)
    if unit == "ratio":
        return _number(value, 1, language, signed=False) + ("×" if language == "en" else " lần")
    if unit.startswith("fraction per"):
        return _number(value, 3, language, signed=signed)
    if unit in {"count", "n"}:
        return _number(value, 0, language, signed=False)
    if unit.startswith("percent") or fact.metric == "yoy":
        return _points(value, fact, language, signed=signed)
    return _quantity(value, fact, language, signed=signed and is_move(fact))


def is_move(fact: Fact) -> bool:
    """Whether a fact is a difference, or a balance around zero."""
    moves = fact.metric in MOVES or fact.metric.endswith("_change")
    return moves or fact.unit.startswith(BALANCE)


def _percent(value: float, metric: str, language: Language, *, signed: bool, fine: bool) -> str:
    decimals = 0 if metric in CHANCES and not fine else 1
    shown = _number(
        value * 100,
        decimals,
        language,
        signed=signed,
        avoid=(50.0, 100.0) if metric in CHANCES else (),
    )
    return shown + "%"


def _points(value: float, fact: Fact, language: Language, *, signed: bool) -> str:
    """Render a series in percent: a level as ``1.75%``, a difference as ``+0.25 pp``."""
    points = " pp" if language == "en" else " điểm %"
    if is_move(fact) or fact.metric.endswith(("_se", "sensitivity")):
        return _number(value, 2, language, signed=signed) + points
    growth = "on" in fact.unit.split() or fact.metric == "yoy"
    suffix = points if fact.unit == "percentage points" else "%"
    return _number(value, 2, language, signed=signed and growth) + suffix


def _quantity(value: float, fact: Fact, language: Language, *, signed: bool) -> str:
    unit = fact.unit
    if CURRENCY.fullmatch(unit):
        return _money(value, unit, language, signed=signed)
    price = PRICE.fullmatch(unit)
    if price:
        return _price(value, price["currency"], price["thing"], language, signed=signed)
    if unit.startswith(BALANCE):
        return _number(value, 2, language, signed=signed)
    if unit.startswith("index") or unit in {"", "label"}:
        return _number(value, 1, language, signed=signed)
    whole = abs(value) >= 1000 or unit in COUNTED or (unit == "bp" and value == round(value))
    decimals = 0 if whole else 1
    thing = THINGS_VI.get(unit, unit) if language == "vi" else unit
    text = _number(value, decimals, language, signed=signed)
    return text if any(c.isdigit() for c in thing) else f"{text} {thing}"


def _price(value: float, currency: str, thing: str, language: Language, *, signed: bool) -> str:
    text = _number(
        value, 0 if abs(value) >= 1000 or currency in CENTLESS else 2, language, signed=signed
    )
    if CURRENCY.fullmatch(thing):
        return f"{text} {currency}" + (f" per {thing}" if language == "en" else f"/{thing}")
    return (
        f"{text} {currency} per {thing}"
        if language == "en"
        else f"{text} {currency}/{THINGS_VI.get(thing, thing)}"
    )


def _money(value: float, currency: str, language: Language, *, signed: bool) -> str:
    """Render an amount with three figures and its scale, as in ``IDR 1.91 trillion``."""
    size = abs(value)
    scale, word = next((s for s in SCALES[language] if size >= s[0] * 0.9995), SCALES[language][-1])
    figures = size / scale
    decimals = 2 if figures < 9.995 else 1 if figures < 99.95 else 0
    amount = _number(figures, decimals, language, signed=False)
    sign = "-" if value < 0 else "+" if signed and value > 0 else ""
    if language == "en":
        return f"{sign}{currency} {amount} {word}".rstrip()
    name = "đồng" if currency == "VND" else currency
    return " ".join(part for part in (f"{sign}{amount}", word, name) if part)


def _number(
    value: float, decimals: int, language: Language, *, signed: bool, avoid: tuple[float, ...] = ()
) -> str:
    """Render with so many decimals, more while that would show zero or one of `avoid`."""
    shown = value
    for places in range(decimals, MOST_DECIMALS + 1):
        shown = float(f"{value:.{places}f}")
        decimals = places
        if value == 0 or shown == value or shown not in (0.0, *avoid):
            break
    if shown == 0:
        shown = 0.0
    text = f"{shown:+,.{decimals}f}" if signed and shown != 0 else f"{shown:,.{decimals}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def _ordinal(rank: int, language: Language) -> str:
    if language == "vi":
        return f"hạng {rank}"
    if rank % 100 in {11, 12, 13}:
        return f"{rank}th"
    return f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th') }".replace(" ", "")
