"""The macro series of the simulated market, as published: release dates, first figures and revisions.

Daily series are known the same day: oil, gold, the ten-year US yield and the dollar in dong move with the drivers that
sectors answer to, the volatility index follows the market's variance, the credit spread follows its own past.
Monthly ones come late: the managers' survey on the first weekday of the next month, consumer prices on the sixth with
a first figure that the next release revises. Both lean with the regime, so they tell something about it:

    survey(m) = 50 + 0.7 × (survey(m-1) - 50) + 1.3 × (SURVEY_LEAN(regime) + noise)
    inflation(m) = 0.28 + 0.4 × (inflation(m-1) - 0.28) + 0.22 × (PRICE_LEAN(regime) + noise)        in percent a month

The terms in the last brackets, as they can be worked out from the published figures, are the releases' surprises. The
policy rate is set on the fifteenth and follows published inflation only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.sources.demo.days import Days, month_ends, row_of
from tools.sources.demo.process import (
    MARKET_DAILY,
    RELEASE_PERSISTENCE,
    Floats,
    Ints,
    Process,
    stream,
)

if TYPE_CHECKING:
    from datetime import date

FIRST_MONTH = "2012-01"
YEAR = 15.87
"""Root of the trading days of a year."""
SURVEY_MEAN, SURVEY_PERSISTENCE, SURVEY_SCALE = 50.0, 0.7, 1.3
PRICE_MEAN, PRICE_PERSISTENCE, PRICE_SCALE = 0.28, 0.4, 0.22
SURVEY_LEAN: Floats = np.array([0.7, 0.3, -0.1, -0.8])
PRICE_LEAN: Floats = np.array([-0.5, 0.0, 0.9, -0.3])
FIRST_FIGURE_ERROR = 0.0006
PRICES_DAY, MEETING_DAY = 6, 15
UNITS = {
    "CPI": "index",
    "CREDIT_SPREAD": "percentage points",
    "GOLD": "USD per ounce",
    "OIL": "USD per barrel",
    "PMI": "index, 50 = no change",
    "POLICY_RATE": "percent",
    "US10Y": "percent",
    "USDVND": "VND per USD",
    "VIX": "index",
}
ALIASES = {
    "BAA_SPREAD": "CREDIT_SPREAD",
    "BRENT": "OIL",
    "InterestRate": "POLICY_RATE",
    "PMI_Manufacturing": "PMI",
    "SBV_RATE": "POLICY_RATE",
    "USD_VND": "USDVND",
    "UST_10Y": "US10Y",
    "WTI": "OIL",
}


class Months(NamedTuple):
    """The monthly figures, one row a month from :data:`FIRST_MONTH`."""

    ends: Days
    survey: Floats
    survey_published: Days
    first: Floats
    """Consumer prices as first published."""
    final: Floats
    """The same after revision, published with the next month's first figure."""
    prices_published: Days
    policy_rate: Floats
    meetings: Days


def months(seed: int, days: Days, regime: Ints, end: date) -> Months:
    """Return the monthly figures up to the month that holds `end`, the unpublished ones included."""
    ends = month_ends(FIRST_MONTH, end)
    at = np.searchsorted(days, ends, side="right") - 1
    state = np.where(at >= 0, regime[np.maximum(at, 0)], 1)
    draws = stream(seed, "months").standard_normal((len(ends), 3))
    survey, final = np.empty(len(ends)), np.empty(len(ends))
    gap, inflation, level = 0.0, PRICE_MEAN, 100.0
    for row in range(len(ends)):
        gap = SURVEY_PERSISTENCE * gap + SURVEY_SCALE * (SURVEY_LEAN[state[row]] + draws[row, 0])
        survey[row] = np.round(SURVEY_MEAN + gap, 1)
        pushed = PRICE_SCALE * (PRICE_LEAN[state[row]] + draws[row, 1])
        inflation = PRICE_MEAN + PRICE_PERSISTENCE * (inflation - PRICE_MEAN) + pushed
        level *= 1.0 + inflation / 100.0
        final[row] = np.round(level, 2)
    first = np.round(final * (1.0 + FIRST_FIGURE_ERROR * draws[:, 2]), 2)
    return Months(
        ends=ends,
        survey=survey,
        survey_published=_weekday(ends + 1),
        first=first,
        final=final,
        prices_published=_weekday(ends + PRICES_DAY),
        policy_rate=_policy_rate(final),
        meetings=_weekday(ends.astype("datetime64[M]").astype("datetime64[D]") + MEETING_DAY - 1),
    )


def _weekday(days: Days) -> Days:
    """Return the first Monday-to-Friday day on or after each day."""
    return np.asarray(np.busday_offset(days, 0, roll="forward"), dtype="datetime64[D]")


def _policy_rate(final: Floats) -> Floats:
    """Return the rate set in each month, a quarter of a point nearer to what published inflation asks for."""
    rates, rate = np.empty(len(final)), 4.5
    for row in range(len(final)):
        if row >= 14:
            # The newest revised figure on the fifteenth is that of two months before.
            wanted = 1.0 + 1.1 * (100.0 * final[row - 2] / final[row - 14] - 100.0)
            rate += 0.25 if wanted > rate + 0.375 else -0.25 if wanted < rate - 0.375 else 0.0
        rates[row] = max(rate, 0.5)
    return rates


def surprises(survey: Floats, first: Floats, final: Floats) -> Floats:
    """Return the surprises of each month's survey and first figure of consumer prices, months × 2.

    Only what the release of that month shows is used: earlier months as then revised. The first two months have none.
    """
    out = np.zeros((len(survey), 2))
    gap = survey - SURVEY_MEAN
    out[1:, 0] = (gap[1:] - SURVEY_PERSISTENCE * gap[:-1]) / SURVEY_SCALE
    now = 100.0 * (first[2:] / final[1:-1] - 1.0) - PRICE_MEAN
    before = 100.0 * (final[1:-1] / final[:-2] - 1.0) - PRICE_MEAN
    out[2:, 1] = (now - PRICE_PERSISTENCE * before) / PRICE_SCALE
    return np.clip(out, -4.0, 4.0)


def releases(days: Days, published: tuple[Days, Days], surprise: Floats) -> Floats:
    """Return the fading memory of the surprises published by the evening of each day, days × 2."""
    memory = np.zeros((len(days) + 1, 2))
    for kind, dates in enumerate(published):
        rows = row_of(days, dates)
        known = dates >= days[0]
        memory[rows[known], kind] += surprise[known, kind]
    for row in range(1, len(days)):
        memory[row] += RELEASE_PERSISTENCE * memory[row - 1]
    return memory[: len(days)]


def drivers(seed: int, n_days: int) -> Floats:
    """Return the standardised daily moves of oil, the ten-year yield, the exchange rate and gold."""
    return np.clip(stream(seed, "drivers").standard_normal((n_days, 6)), -4.5, 4.5)


def table(days: Days, monthly: Months, moves: Floats, process: Process, end: date) -> pd.DataFrame:
    """Return every figure published by `end`, sorted as a market's macro table is."""
    rows = [_rows(name, days, days, values) for name, values in _daily(moves, process).items()]
    later = monthly.prices_published[1:]
    rows += [
        _rows("PMI", monthly.ends, monthly.survey_published, monthly.survey),
        _rows("CPI", monthly.ends, monthly.prices_published, monthly.first),
        _rows("CPI", monthly.ends[:-1], later, monthly.final[:-1]),
        _rows("POLICY_RATE", monthly.meetings, monthly.meetings, monthly.policy_rate),
    ]
    whole = pd.concat(rows, ignore_index=True)
    whole = whole[whole["published_on"] <= pd.Timestamp(end)]
    for column in ("series", "unit"):
        whole[column] = pd.Categorical(whole[column], categories=sorted(set(whole[column])))
    return whole.sort_values(["series", "observed_on", "published_on"], ignore_index=True)


def _rows(name: str, observed: Days, published: Days, values: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": name,
            "observed_on": observed.astype("datetime64[us]"),
            "published_on": published.astype("datetime64[us]"),
            "value": values,
            "unit": UNITS[name],
        }
    )


def _daily(moves: Floats, process: Process) -> dict[str, Floats]:
    """Return the series that are known the same day."""
    oil, yields, spread = np.empty(len(moves)), np.empty(len(moves)), np.empty(len(moves))
    barrel, percent, points = 58.0, 2.4, 2.0
    for row, (of_oil, of_yield, _, _, of_spread, _) in enumerate(moves.tolist()):
        barrel *= 1.0 + 0.0015 * (65.0 - barrel) / 65.0 + 0.021 * of_oil
        percent = max(percent + 0.002 * (3.0 - percent) + 0.05 * of_yield, 0.4)
        points = max(points + 0.01 * (2.0 - points) + 0.03 * of_spread, 0.6)
        oil[row], yields[row], spread[row] = max(barrel, 12.0), percent, points
    fear = 100.0 * MARKET_DAILY * YEAR * np.sqrt(process.variance) * (1.0 + 0.03 * moves[:, 5])
    return {
        "CREDIT_SPREAD": np.round(spread, 2),
        "GOLD": np.round(1190.0 * np.cumprod(1.0 + 0.0002 + 0.009 * moves[:, 3]), 2),
        "OIL": np.round(oil, 2),
        "US10Y": np.round(yields, 2),
        "USDVND": np.round(21380.0 * np.cumprod(1.0 + 0.00006 + 0.0013 * moves[:, 2]), 0),
        "VIX": np.round(fear, 2),
    }
