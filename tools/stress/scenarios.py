"""The nine scenarios: what moves, which way, how much is usual, and which units make sense.

A size is a magnitude, and the scenario gives its direction; only oil and currencies may go the other way, by a size
below zero. Rates move in basis points, prices and currencies in percent or by an amount, the market and foreign flow in
percent. A level is where a price or an index goes to.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tools.errors import ToolInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ScenarioName = Literal[
    "rate_hike",
    "rate_cut",
    "oil_shock",
    "currency_devaluation",
    "credit_stress",
    "volatility_spike",
    "foreign_outflow",
    "recession",
    "market_crash",
]
Unit = Literal["bp", "percent", "level", "currency"]
Kind = Literal["rate", "price", "index", "market", "flow"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One named shock."""

    name: ScenarioName
    kind: Kind
    direction: int
    """1 where the driver rises, -1 where it falls."""
    either_way: bool = False
    """Whether a size below zero turns it round: oil may fall as well."""
    usual: float
    """Usual size, in `unit`."""
    unit: Unit
    units: tuple[Unit, ...]
    """Units in which a size makes sense."""
    patterns: tuple[str, ...] = ()
    """Series that can stand for the driver, best first; empty for the market and its flow."""
    means: str
    """The usual shock, in words."""


LARGEST = 10_000.0
"""The largest size in basis points or percent that a sensitivity is stretched to."""
_RATE_UNITS: tuple[Unit, ...] = ("bp", "percent")
_RATES = (r"^UST_10Y", r"10Y", r"^UST_", r"T_?BOND", r"LONG_?RATE", r"YIELD", r"T_?BILL", r"RATE")
_MARKET_NOTE = "seen only through the market's own fall, as each sector's sensitivity to it"

SCENARIOS: dict[ScenarioName, Scenario] = {
    entry.name: entry
    for entry in (
        Scenario(
            name="rate_hike", kind="rate", direction=1, usual=25, unit="bp", units=_RATE_UNITS,
            patterns=_RATES, means="interest rates rise by 25 basis points",
        ),
        Scenario(
            name="rate_cut", kind="rate", direction=-1, usual=25, unit="bp", units=_RATE_UNITS,
            patterns=_RATES, means="interest rates fall by 25 basis points",
        ),
        Scenario(
            name="oil_shock", kind="price", direction=1, either_way=True, usual=30, unit="percent",
            units=("percent", "level", "currency"), patterns=(r"^WTI", r"BRENT", r"OIL", r"CRUDE"),
            means="the oil price rises by 30 percent",
        ),
        Scenario(
            name="currency_devaluation", kind="price", direction=1, either_way=True, usual=5, unit="percent",
            units=("percent", "level", "currency"),
            patterns=(r"^USD_?[A-Z]{3}$", r"^DXY", r"DOLLAR", r"^FX_"),
            means="a dollar costs 5 percent more",
        ),
        Scenario(
            name="credit_stress", kind="rate", direction=1, usual=100, unit="bp",
            units=_RATE_UNITS,
            patterns=(r"BAA_SPREAD", r"CREDIT", r"SPREAD", r"DEFAULT", r"HIGH_YIELD"),
            means="credit spreads widen by 100 basis points",
        ),
        Scenario(
            name="volatility_spike", kind="index", direction=1, usual=50, unit="percent",
            units=("percent", "level"), patterns=(r"^VIX", r"VOLATILITY"),
            means="the volatility index rises by 50 percent",
        ),
        Scenario(
            name="foreign_outflow", kind="flow", direction=-1, usual=2, unit="percent",
            units=("percent", "currency"),
            means="foreigners sell 2 percent of traded value more than they buy",
        ),
        Scenario(
            name="recession", kind="market", direction=-1, usual=25, unit="percent",
            units=("percent",), means=f"the market falls by 25 percent ({_MARKET_NOTE})",
        ),
        Scenario(
            name="market_crash", kind="market", direction=-1, usual=20, unit="percent",
            units=("percent",), means=f"the market falls by 20 percent ({_MARKET_NOTE})",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shock:
    """A scenario with its size."""

    scenario: Scenario
    magnitude: float
    """Size in `unit`, without direction; below zero where the scenario is turned round."""
    unit: Unit
    usual: bool
    """Whether the size is the scenario's own."""


def shock_of(name: ScenarioName, magnitude: float | None, unit: Unit | None) -> Shock:
    """Check a size and its unit against a scenario.

    Raises
    ------
    ToolInputError
        For an unknown scenario, a unit that makes no sense for it, or an impossible size.
    """
    scenario = SCENARIOS.get(name)
    if scenario is None:
        raise ToolInputError(f"No scenario {name!r}; known: {', '.join(SCENARIOS)}.")
    if unit is not None and unit not in scenario.units:
        raise ToolInputError(
            f"A {name} cannot be given in {unit!r}; use {' or '.join(scenario.units)}, for example "
            f"{scenario.usual:g} {scenario.unit}."
        )
    if magnitude is None:
        if unit not in (None, scenario.unit):
            raise ToolInputError(
                f"A unit needs a magnitude, for example {scenario.usual:g} {scenario.unit}."
            )
        return Shock(scenario=scenario, magnitude=scenario.usual, unit=scenario.unit, usual=True)
    if not math.isfinite(magnitude) or magnitude == 0:
        raise ToolInputError(
            f"A magnitude must be a finite number other than 0, got {magnitude!r}."
        )
    if magnitude < 0 and unit == "level":
        raise ToolInputError(f"A level lies above 0, got {magnitude:g}.")
    if magnitude < 0 < scenario.direction and not scenario.either_way:
        raise ToolInputError(
            f"A {name} goes up; give its size as a positive number, got {magnitude:g}."
        )
    size, used = abs(magnitude), unit or scenario.unit
    falls = scenario.direction < 0 or magnitude < 0
    if falls and used == "percent" and size >= 100:
        raise ToolInputError(f"Nothing can fall by {size:g} percent; give less than 100.")
    if used in {"bp", "percent"} and size > LARGEST:
        raise ToolInputError(
            f"No sensitivity says anything of {size:g} {used}; give at most {LARGEST:g}."
        )
    signed = magnitude if scenario.either_way else size
    return Shock(scenario=scenario, magnitude=signed, unit=used, usual=False)


def driver_change(shock: Shock, *, latest: float | None, series_unit: str) -> float:
    """Return the shock as a change of the driver: in its unit for rates, else as a fraction.

    Parameters
    ----------
    shock
        Checked size.
    latest
        The driver's latest value, needed for sizes in points, in currency or as a level.
    series_unit
        Unit of the series.

    Raises
    ------
    ToolInputError
        When a size in points or currency cannot be set against a latest value.
    """
    sign, size = shock.scenario.direction, shock.magnitude
    if shock.scenario.kind == "rate":
        points = size / 100 if shock.unit == "bp" else size
        # rates stored as fractions move in fractions, those in percent move in percentage points
        in_points = "percent" in series_unit
        return sign * (points if in_points else points / 100)
    if shock.unit == "percent":
        return sign * size / 100
    if latest is None or latest <= 0:
        raise ToolInputError("The driver has no latest value; give the size in percent.")
    # an index that jumps to less than it stands at is meant to jump by so many points
    if shock.unit == "level" and not (shock.scenario.kind == "index" and size <= latest):
        return size / latest - 1
    if sign * size <= -latest:
        raise ToolInputError(f"The driver stands at {latest:g} and cannot fall by {abs(size):g}.")
    return sign * size / latest


def resolve_series(
    scenario: Scenario, series: Iterable[str], aliases: Mapping[str, str]
) -> str | None:
    """Return the market's own series that stands for a scenario's driver, or None.

    Examples
    --------
    >>> resolve_series(SCENARIOS["oil_shock"], ["GOLD", "WTI"], {})
    'WTI'
    """
    available = sorted(series)
    names = {name: name for name in available}
    names |= {alias: name for alias, name in aliases.items() if name in names}
    for pattern in scenario.patterns:
        for name in sorted(names):
            if re.search(pattern, name, re.IGNORECASE):
                return names[name]
    return None
