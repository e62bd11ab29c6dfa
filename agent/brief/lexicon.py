"""The words of a brief in both languages: windows, metrics, directions, ranks and names.

The composer writes with the first form of every entry; whoever checks a text reads all of them.
One table for both keeps them from drifting apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief import lexicon_en as en
from agent.brief import lexicon_vi as vi
from agent.brief.health_texts import audited_name
from agent.brief.lexicon_record import METRICS as RECORD_NAMES
from agent.brief.lexicon_record import SHARES
from tools import CATALOGUE
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language
    from tools.contracts import Vocabulary

Forms = tuple[str, ...]
PERIOD_ORDER = ("1D", "1W", "1M", "3M", "6M", "12M", "1Y", "3Y", "5Y")

WINDOWS: Mapping[Language, Mapping[str, Forms]] = {"en": en.WINDOWS, "vi": vi.WINDOWS}
"""Phrases of a window that has passed."""

AHEAD: Mapping[Language, Mapping[str, Forms]] = {"en": en.AHEAD, "vi": vi.AHEAD}
"""Phrases of a forecast horizon."""

LENGTHS: Mapping[Language, Mapping[str, str]] = {"en": en.LENGTHS, "vi": vi.LENGTHS}
"""Horizon → how a call of that length is called: ``one-month`` calls."""

FORECAST_METRICS = frozenset(
    {"score", "probability", "expected", "low", "high", "rank", "base_value"}
    | {"tilt", "mandate_rank", "surrogate_agreement", "surrogate_rank_correlation"}
)
"""Metrics whose period is a horizon ahead; so are ``contribution.*`` and ``flip_*``."""

UNSIGNED_METRICS = frozenset({
    "probability", "breadth", "volatility", "rel_volatility", "turnover", "flip_from", "flip_to",
    "scenario_error", "scenario_total_error", "missing_prices", "surrogate_agreement", *SHARES,
    *(f"coverage_{entry.name}" for entry in CATALOGUE),
})  # fmt: skip
"""Fractions that are shares of something, or sizes: shown without a sign."""
METRICS: Mapping[Language, Mapping[str, Forms]] = {
    "en": RECORD_NAMES["en"] | en.METRICS, "vi": RECORD_NAMES["vi"] | vi.METRICS,
}  # fmt: skip
"""Metric → how it is called; ``contribution.<group>`` is looked up as ``contribution``."""

SHORT: Mapping[Language, Mapping[str, str]] = {"en": en.SHORT, "vi": vi.SHORT}
"""Metric → its name at the head of a column, where the usual one is long."""

UP_WORDS: Mapping[Language, Forms] = {"en": en.UP_WORDS, "vi": vi.UP_WORDS}
"""Words that claim a positive value of the fact they speak of."""

DOWN_WORDS: Mapping[Language, Forms] = {"en": en.DOWN_WORDS, "vi": vi.DOWN_WORDS}
"""Words that claim a negative value."""

FLAT_WORDS: Mapping[Language, Forms] = {"en": en.FLAT_WORDS, "vi": vi.FLAT_WORDS}
"""Words that claim a value of exactly zero."""

FIRST_WORDS: Mapping[Language, Forms] = {"en": en.FIRST_WORDS, "vi": vi.FIRST_WORDS}
"""Rank words that claim the first place among all entities of the metric and window."""

LAST_WORDS: Mapping[Language, Forms] = {"en": en.LAST_WORDS, "vi": vi.LAST_WORDS}
"""Rank words that claim the last place."""

CALLS: Mapping[Language, Mapping[str, Forms]] = {"en": en.CALLS, "vi": vi.CALLS}
TIGHT_CALLS: Mapping[Language, Mapping[str, str]] = {"en": en.TIGHT_CALLS, "vi": vi.TIGHT_CALLS}
"""Calls where a line has little room."""
CONFIDENCE: Mapping[Language, Mapping[str, str]] = {"en": en.CONFIDENCE, "vi": vi.CONFIDENCE}
QUADRANTS: Mapping[Language, Mapping[str, str]] = {"en": en.QUADRANTS, "vi": vi.QUADRANTS}
GROUPS: Mapping[Language, Mapping[str, str]] = {"en": en.GROUPS, "vi": vi.GROUPS}
"""Scoring group → its name."""

SERIES: Mapping[Language, Mapping[str, str]] = {"en": en.SERIES, "vi": vi.SERIES}
"""Macro series → its name; a series that is not here goes by its own name."""

MARKET_NAME: Mapping[Language, Forms] = {"en": en.MARKET_NAME, "vi": vi.MARKET_NAME}

TESTED: Mapping[Language, Mapping[str, Forms]] = {"en": en.TESTED, "vi": vi.TESTED}
"""What a back-test speaks of."""


def is_ahead(metric: str) -> bool:
    """Whether a metric's period is a horizon ahead instead of a window that has passed."""
    return metric in FORECAST_METRICS or metric.startswith(("contribution.", "flip_"))


def window_forms(period: str | None, language: Language, *, ahead: bool = False) -> Forms:
    """Return every phrase of a window or horizon, its label last; the first is written."""
    if period is None:
        return ()
    phrases = (AHEAD if ahead else WINDOWS)[language].get(period, ())
    return (*phrases, period)


def window(period: str | None, language: Language, *, ahead: bool = False) -> str:
    """Return the phrase that the composer writes for a window: ``over one month``."""
    forms = window_forms(period, language, ahead=ahead)
    return forms[0] if forms else ""


def metric_forms(metric: str, language: Language) -> Forms:
    """Return every way a metric is called; an unknown one goes by its own name."""
    if metric.startswith("contribution."):
        group = metric.partition(".")[2]
        return (GROUPS[language].get(group, group), *METRICS[language]["contribution"])
    audited = audited_name(metric, language)
    if audited:
        return (audited,)
    return METRICS[language].get(metric, (metric.replace("_", " "),))


def metric_name(metric: str, language: Language) -> str:
    """Return what a metric is called in a table."""
    return metric_forms(metric, language)[0]


def short_name(metric: str, language: Language) -> str:
    """Return what a metric is called at the head of a column."""
    return SHORT[language].get(metric) or metric_name(metric, language)


def group_name(group: str, language: Language) -> str:
    """Return what a scoring group is called."""
    return GROUPS[language].get(group, group.replace("_", " "))


def entity_name(entity: str, vocabulary: Vocabulary, language: Language) -> str | None:
    """Return an entity's name, or None where the market has no such entity."""
    forms = entity_forms(entity, vocabulary, language)
    return forms[0] if forms else None


def entity_forms(entity: str, vocabulary: Vocabulary, language: Language) -> Forms:
    """Return every form under which a text may name an entity; the first one is written."""
    if entity == MARKET_ENTITY:
        names = [s for s in vocabulary.symbols if s.kind == "benchmark"]
        marks = tuple(form for s in names for form in (s.symbol, s.name))
        # a symbol like FF_MARKET is a code of its file, which no reader would say
        if marks and "_" in marks[0]:
            return _unique((*MARKET_NAME[language], *marks))
        return _unique((*marks[:1], *MARKET_NAME[language], *marks[1:]))
    if entity in TESTED[language]:
        return TESTED[language][entity]
    if entity.startswith(MACRO_PREFIX):
        return _series_forms(entity.removeprefix(MACRO_PREFIX), vocabulary, language)
    for sector in vocabulary.sectors:
        if sector.code == entity:
            both = (sector.name, sector.name_vi)
            return _unique(both if language == "en" else both[::-1])
    return next((_unique((s.symbol, s.name)) for s in vocabulary.symbols if s.symbol == entity), ())


def _series_forms(series: str, vocabulary: Vocabulary, language: Language) -> Forms:
    if series not in vocabulary.series:
        return ()
    name = SERIES[language].get(series, series.replace("_", " "))
    aliases = tuple(alias for alias, meant in vocabulary.series_aliases.items() if meant == series)
    return _unique((name, name.removeprefix("the "), series, *aliases))


def _unique(forms: Forms) -> Forms:
    return tuple(dict.fromkeys(form for form in forms if form))
