"""The table of sectors by phase of the business cycle, as strategists write it down, and the phase as it was known.

The phase is read from one survey or activity series, by what was published at the end of each day: above or below its
neutral level, and rising or falling over six months. Above and rising is *mid*, above and falling *late*, below and
falling *recession*, below and rising *early*. A market without such a series has no phase, and the baseline is left
out of its table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.measures import macro

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from tools.view import AsOfView

Phase = Literal["early", "mid", "late", "recession"]
PHASES: tuple[Phase, ...] = ("early", "mid", "late", "recession")
NEUTRAL_PMI = 50.0
TREND_YEARS = 5
"""Past that the neutral level of a growth rate is the mean of."""
_SURVEYS = ("PMI", "PMI_Manufacturing", "PMI_MANUFACTURING", "ISM")
_GROWTH = ("IIP_YOY", "INDUSTRIAL_PRODUCTION", "GDP")
CONCEPTS: Mapping[str, str] = {
    "staples": r"staple|non-cyclical|non-durable|food|beverage",
    "real_estate": r"real estate|propert",
    "industrials": r"industrial|construction|manufactur|transport|infrastructure",
    "technology": r"technolog|business equipment|software",
    "communication": r"communicat|media",
    "financials": r"financ|bank|insurance|money",
    "health": r"health|pharma",
    "utilities": r"utilit",
    "energy": r"energy|oil|coal",
    "materials": r"material|chemical|resource|metal|mining",
    "discretionary": r"discretionary|cyclical|durable|retail|shops|automobile|travel",
}
"""What a sector is by its English name; the first that fits."""
TABLE: Mapping[str, tuple[int, int, int, int]] = {
    "discretionary": (1, 0, -1, -1),
    "financials": (1, 0, 0, -1),
    "real_estate": (1, 0, 0, -1),
    "industrials": (1, 1, 0, -1),
    "materials": (1, -1, 1, -1),
    "technology": (1, 1, -1, -1),
    "communication": (-1, 1, 0, 0),
    "energy": (-1, 0, 1, 0),
    "health": (-1, 0, 1, 1),
    "staples": (-1, 0, 1, 1),
    "utilities": (-1, -1, 1, 1),
}
"""Concept → preference in each of :data:`PHASES`: 1 favoured, -1 avoided."""


def concept_of(name: str) -> str | None:
    """Return what a sector is, or None where its name says nothing the table knows.

    Examples
    --------
    >>> concept_of("Construction & Materials"), concept_of("Other Industries")
    ('industrials', None)
    """
    found = (concept for concept, words in CONCEPTS.items() if re.search(words, name.lower()))
    return next(found, None)


def cycle_scores(view: AsOfView) -> NDArray[np.float64] | None:
    """Return the table's preference for each sector on each day.

    Returns
    -------
    ndarray of shape (n_days, n_sectors) or None
        NaN on days whose phase is not known; None in a market without a series that tells it, or whose sectors the
        table hardly knows.
    """
    phase = phases(view)
    names = view.sectors["name"]
    concepts = [concept_of(str(names[code])) for code in view.sector_codes]
    if phase is None or 2 * sum(concept is None for concept in concepts) > len(concepts):
        return None
    columns = np.array([TABLE.get(concept or "", (0, 0, 0, 0)) for concept in concepts], float).T
    out = np.full((len(view.days), len(concepts)), np.nan)
    known = phase >= 0
    out[known] = columns[phase[known]]
    return out


def phases(view: AsOfView) -> NDArray[np.int64] | None:
    """Return each day's position among :data:`PHASES`, -1 where it is not known; None without a series for it."""
    level = _activity(view)
    if level is None:
        return None
    change = level - level.shift(view.window_rows("6M") or 0)
    above, rising = level > 0, change > 0
    phase = np.select([~above & rising, above & rising, above & ~rising], [0, 1, 2], default=3)
    known = (level.notna() & change.notna()).to_numpy()
    return np.where(known, phase, -1).astype(np.int64)


def _activity(view: AsOfView) -> pd.Series | None:
    """Return activity against its neutral level, as known at the end of each day."""
    known = set(macro.series_names(view))
    aliases = view.market.macro_aliases
    survey = next((n for n in _resolved(_SURVEYS, aliases) if n in known), None)
    if survey is not None:
        return macro.in_force(view, survey) - NEUTRAL_PMI
    growth = next((n for n in _resolved(_GROWTH, aliases) if n in known), None)
    if growth is None:
        return None
    is_index = macro.vintages(view, growth).unit.startswith("index")
    rate = macro.yoy(view, growth) if is_index else macro.in_force(view, growth)
    year = 12 if view.market.monthly else 252
    return rate - rate.rolling(TREND_YEARS * year, min_periods=year).mean()


def _resolved(names: tuple[str, ...], aliases: Mapping[str, str]) -> list[str]:
    return [aliases.get(name, name) for name in names]
