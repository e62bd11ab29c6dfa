"""What a text may claim: the facts of a request, indexed by what they look like and by whom they are about."""

# Tables of words read better in long lines.
# ruff: noqa: E501
from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from agent.brief.lexicon import TESTED, entity_forms, is_ahead
from agent.brief.reviewing.words import tokens_of, without_marks
from agent.brief.slots import citable, render_value, renderings
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY, parse_fact_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.base import ComposeRequest
    from tools.contracts import Fact, SectorScore

CORE = r"[+-]?(?:(?:{currency}) )?\d(?:[\d.,]*\d)?"
PLAIN = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "\u2011": "-", "’": "'",
}  # fmt: skip
MARKET_FORMS = """the benchmark|the market|the index|benchmark|vn - index|vn index|the wider market|the broad market|the whole market|whole market
    |thị trường|thị trường chung|trên toàn thị trường|toàn thị trường|chỉ số|chỉ số chung|chỉ số chuẩn|chỉ số tham chiếu"""

QUADRANT_PARTS = {
    "pace": {
        "leading": "gaining",
        "improving": "gaining",
        "weakening": "losing",
        "lagging": "losing",
    },
    "strength": {
        "leading": "strong",
        "weakening": "strong",
        "improving": "weak",
        "lagging": "weak",
    },
}
"""What a quadrant says of relative strength and of its momentum."""
RECORDED = (
    "hit_rate", "base_rate", "mean_ic", "call_share", "calls", "base_value", "stated_rate",
    "interval_held", "baseline_", "choice_gap", "record_",
)  # fmt: skip
"""Metrics of the model's record, whose period is the horizon of its calls."""

RECORD_ENDS = ("record_first", "record_last")
"""Metrics whose values are days: between which the model's record was made."""


def plain(text: str) -> str:
    """Return a text in NFC with ordinary spaces, minus signs and apostrophes."""
    return "".join(PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


class Ground:
    """The facts of a request as a reviewer looks them up.

    Parameters
    ----------
    request
        What the prose was to be made of.
    """

    def __init__(self, request: ComposeRequest) -> None:
        self.request = request
        self.facts = request.facts
        self.language = request.language
        self.sectors = tuple(sector.code for sector in request.vocabulary.sectors)

    @cached_property
    def core(self) -> re.Pattern[str]:
        """A numeral with its sign and the currency before it, units behind it left out."""
        codes = sorted({self.request.market.currency or "USD", "USD"})
        return re.compile(CORE.format(currency="|".join(map(re.escape, codes))))

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols of the market, the benchmark left out."""
        known = self.request.vocabulary.symbols
        return tuple(one.symbol for one in known if one.kind != "benchmark")

    @cached_property
    def shown(self) -> dict[str, tuple[tuple[str, tuple[Fact, ...]], ...]]:
        """Numeral core → the whole renderings that begin with it, the longest first, each with its facts."""
        whole: dict[str, dict[tuple[str, bool], Fact]] = defaultdict(dict)
        for fact in self._citable():
            if not isinstance(fact.value, str):
                for text in self._renderings(fact):
                    whole[plain(text)][fact.id, self.is_earlier(fact)] = fact
        cores: dict[str, list[tuple[str, tuple[Fact, ...]]]] = defaultdict(list)
        for text, facts in whole.items():
            match = self.core.search(text)
            if match is not None:
                cores[match.group()].append((text, tuple(facts.values())))
        return {
            core: tuple(sorted(rows, key=lambda row: -len(row[0]))) for core, rows in cores.items()
        }

    def _renderings(self, fact: Fact) -> tuple[str, ...]:
        if fact.unit == "log-odds":
            return renderings(fact, self.language)
        return self.render(fact), self.render(fact, absolute=True)

    def _citable(self) -> tuple[Fact, ...]:
        return (*self.facts.values(), *self.earlier.values())

    @cached_property
    def earlier(self) -> dict[str, Fact]:
        """The facts of the earlier date that is compared with; the same ids, other values."""
        compared = self.request.comparison
        return compared.facts if compared is not None else {}

    @cached_property
    def earlier_days(self) -> frozenset[date]:
        """The dates that a sentence names to speak of the earlier facts."""
        compared = self.request.comparison
        if compared is None:
            return frozenset()
        today = {self.request.market.as_of, self.request.market.last_day}
        return frozenset({compared.market.as_of, compared.market.last_day} - today)

    def is_earlier(self, fact: Fact) -> bool:
        """Whether a fact is of the earlier date."""
        return self.earlier.get(fact.id) is fact

    def cited(self, key: str) -> Fact | None:
        """Return the fact that a slot stands for, or None."""
        return self._slots.get(key)

    @cached_property
    def _slots(self) -> Mapping[str, Fact]:
        return citable(self.request)

    def beside(self, fact: Fact) -> dict[str, Fact]:
        """Return the facts of the date that a fact is of."""
        return self.earlier if self.is_earlier(fact) else self.facts

    @cached_property
    def names(self) -> dict[tuple[str, ...], frozenset[str]]:
        """Tokens of a name → the entities it may mean."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for entity in self.entities:
            for form in self._forms(entity):
                found[tokens_of(form)].add(entity)
        for phrase in MARKET_FORMS.split("|"):
            found[tokens_of(phrase)].add(MARKET_ENTITY)
        found.pop((), None)
        return {tokens: frozenset(entities) for tokens, entities in found.items()}

    def _forms(self, entity: str) -> set[str]:
        forms = self._spoken(entity)
        forms |= {without_marks(form) for form in forms if len(form) > 3 and not form.isascii()}
        return {form for form in forms if form and not (form.isdigit() or len(form) == 1)}

    def _spoken(self, entity: str) -> set[str]:
        vocabulary = self.request.vocabulary
        if entity in self._symbol_names:
            return {entity, self._symbol_names[entity]}
        if entity in TESTED["en"]:
            return {form for forms in TESTED.values() for form in forms[entity]}
        forms = {
            form for language in ("en", "vi") for form in entity_forms(entity, vocabulary, language)
        }
        forms |= {sector.proxy for sector in vocabulary.sectors if sector.code == entity}
        return forms | ({self.request.market.benchmark} if entity == MARKET_ENTITY else set())

    @cached_property
    def _symbol_names(self) -> dict[str, str]:
        return {one.symbol: one.name for one in self.request.vocabulary.symbols}

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Every entity a text may name."""
        vocabulary = self.request.vocabulary
        held = {fact.entity for fact in self.facts.values()}
        return (
            *self.sectors,
            *self.symbols,
            *(MACRO_PREFIX + series for series in vocabulary.series),
            MARKET_ENTITY,
            *(tested for tested in TESTED["en"] if tested in held),
        )

    @cached_property
    def first_tokens(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """First token of a name → the names that begin with it, the longest first."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for tokens in self.names:
            found[tokens[0]].append(tokens)
        return {key: tuple(sorted(rows, key=len, reverse=True)) for key, rows in found.items()}

    @cached_property
    def lower_names(self) -> frozenset[str]:
        """Names of one word that are written small."""
        return frozenset(
            form for entity in self.entities for form in self._forms(entity) if form.islower()
        )

    @cached_property
    def dates(self) -> frozenset[date]:
        """Every date a brief may show: of the market, of a fact, of the comparison."""
        days = {self.request.market.as_of, self.request.market.last_day}
        earlier = self.request.comparison
        if earlier is not None:
            days |= {earlier.market.as_of, earlier.market.last_day}
        for fact in self._citable():
            days |= {fact.observed_on, fact.published_on}
            if fact.metric in RECORD_ENDS:
                days.add(date.fromisoformat(str(fact.value)))
        return frozenset(days)

    @cached_property
    def scores(self) -> dict[str, SectorScore]:
        """The scorecard's rows by sector."""
        card = self.request.scorecard
        return {row.sector: row for row in card.sectors} if card is not None else {}

    def label(self, entity: str, kind: str) -> str | None:
        """Return an entity's quadrant, call or confidence, or None where it has none."""
        if kind in QUADRANT_PARTS:
            return QUADRANT_PARTS[kind].get(self.label(entity, "quadrant") or "")
        row = self.scores.get(entity)
        if kind == "half":
            return None if row is None else self._half(row)
        if kind == "edge":
            return "some" if row is not None and row.call != "none" else None
        if kind != "quadrant":
            return getattr(row, kind, None)
        held = self.facts.get(f"{entity}.quadrant")
        if held is not None:
            return str(held.value)
        return row.quadrant if row is not None else None

    def _half(self, row: SectorScore) -> str:
        """Return the half of the ranking that a row stands in; the place in the middle is in the upper one."""
        return "upper" if 2 * row.rank <= len(self.scores) + 1 else "lower"

    @cached_property
    def _by_metric(self) -> dict[tuple[str, str], list[Fact]]:
        found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts.values():
            if not isinstance(fact.value, str):
                found[fact.entity, fact.metric].append(fact)
                found[fact.entity, fact.metric.partition(".")[0]].append(fact)
        return found

    def about(self, entity: str, metric: str) -> list[Fact]:
        """Return the numeric facts of an entity's metric, over every window."""
        return self._by_metric.get((entity, metric), [])

    def dates_of(self, facts: list[Fact]) -> frozenset[date]:
        """Return the dates of some facts and of the market."""
        market = self.request.market
        days = {market.as_of, market.last_day}
        if any(self.is_earlier(fact) for fact in facts):
            days |= self.earlier_days
        return frozenset(days.union(*({fact.observed_on, fact.published_on} for fact in facts)))

    def peers(self, fact: Fact) -> dict[str, float]:
        """Return the values of all sectors (or, for a symbol, all symbols) for the metric and period of a fact."""
        family = self.sectors if fact.entity in self.sectors else self.symbols
        tail = fact.id.removeprefix(fact.entity)
        found = {}
        for entity in family:
            other = self.beside(fact).get(entity + tail)
            if other is not None and not isinstance(other.value, str):
                found[entity] = float(other.value)
        return found

    def render(self, fact: Fact, *, absolute: bool = False, fine: bool = False) -> str:
        """Return a fact as the brief would show it."""
        return render_value(fact, self.language, absolute=absolute, fine=fine)

    @property
    def horizon(self) -> str:
        """The horizon of the scorecard, else of the question."""
        card = self.request.scorecard
        return card.horizon if card is not None else self.request.horizon

    def flip_metric(self, sector: str) -> str:
        """Return the metric whose move would flip a sector's call; empty text where there is none."""
        row = self.scores.get(sector)
        return parse_fact_id(row.flip.input).metric if row is not None and row.flip else ""

    def flip_period(self, sector: str) -> str | None:
        """Return the window of the input whose move would flip a sector's call."""
        row = self.scores.get(sector)
        return parse_fact_id(row.flip.input).period if row is not None and row.flip else None

    def forecast(self, fact: Fact) -> bool:
        """Whether the fact speaks of the time ahead."""
        return is_ahead(fact.metric) or fact.metric.startswith(RECORDED)
