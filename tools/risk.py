"""Scenarios: what a named shock has meant for each sector on this market's own past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from pydantic import Field

from tools.contracts import MACRO_PREFIX, MARKET_ENTITY, Fact, Gap, Horizon, ToolResult
from tools.measures import macro, returns, trading
from tools.scoring.panel import feature_panel
from tools.stress.scenarios import (
    ScenarioName,
    Shock,
    Unit,
    driver_change,
    resolve_series,
    shock_of,
)
from tools.stress.sensitivities import Sensitivity, sensitivity

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from tools.desk import Desk

WINDOW: Horizon = "1M"
"""Shocks are taken to play out over a month."""
YEARS = 5


class ScenarioResult(ToolResult):
    """What a shock has meant for each sector."""

    scenario: ScenarioName
    driver: str | None
    """What is shocked: a series, MARKET or its foreign flow; None where there is nothing for it."""
    magnitude: float
    unit: Unit
    usual_size: bool
    """Whether the size is the scenario's usual one."""
    order: tuple[str, ...] = ()
    """Sectors by estimated relative return, best first."""


class _Driver(NamedTuple):
    name: str
    change: NDArray[np.float64]
    """Change over each window, shape (n_days,)."""
    shock: float
    note: str


def run_scenario(
    desk: Desk,
    *,
    scenario: Annotated[ScenarioName, Field(description="The shock to assume.")],
    magnitude: Annotated[
        float | None,
        Field(
            description="Size of the shock without its sign, but below zero where oil or the dollar falls; "
            "omit for the usual size."
        ),
    ] = None,
    unit: Annotated[
        Unit | None,
        Field(
            description="Unit of magnitude: bp or percent for rates and spreads, percent for "
            "prices and the market, level for where a price or an index goes to, currency for amounts."
        ),
    ] = None,
) -> ScenarioResult:
    """Estimate what a named shock would mean for each sector, from five years of monthly windows.

    Returns each sector's relative and own return with their standard errors.
    """
    shock = shock_of(scenario, magnitude, unit)
    driver = _driver(desk, shock)
    if isinstance(driver, Gap):
        return _result(desk, shock, None, gaps=(driver,))
    facts, gaps, estimates = _estimates(desk, driver)
    relative = {code: entry.slope * driver.shock for code, entry in estimates.items()}
    notes = [*_size_notes(shock, driver, estimates), driver.note]
    return _result(
        desk,
        shock,
        driver.name,
        facts=(_shock_fact(desk, shock, driver), *facts),
        gaps=gaps,
        notes=tuple(note for note in notes if note),
        order=tuple(sorted(relative, key=lambda code: (-relative[code], code))),
    )


def _result(
    desk: Desk,
    shock: Shock,
    driver: str | None,
    *,
    facts: tuple[Fact, ...] = (),
    gaps: tuple[Gap, ...] = (),
    notes: tuple[str, ...] = (),
    order: tuple[str, ...] = (),
) -> ScenarioResult:
    return ScenarioResult(
        tool="run_scenario",
        market=desk.stamp,
        facts=facts,
        gaps=gaps,
        notes=notes,
        scenario=shock.scenario.name,
        driver=driver,
        magnitude=shock.magnitude,
        unit=shock.unit,
        usual_size=shock.usual,
        order=order,
    )


def _driver(desk: Desk, shock: Shock) -> _Driver | Gap:
    if shock.scenario.kind == "market":
        change = returns.window_return(desk.view, WINDOW)[MARKET_ENTITY].reindex(desk.view.days)
        size = driver_change(shock, latest=None, series_unit="")
        return _Driver(MARKET_ENTITY, _floats(change), size, "")
    if shock.scenario.kind == "flow":
        return _flow_driver(desk, shock)
    return _series_driver(desk, shock)


def _flow_driver(desk: Desk, shock: Shock) -> _Driver | Gap:
    if not desk.vocabulary.has_flows:
        return _gap(shock, "this market has no foreign flow data")
    view = desk.view
    ratio = trading.foreign_net_ratio(view, WINDOW)[MARKET_ENTITY].reindex(view.days)
    latest = None
    if shock.unit == "currency":
        net = desk.facts.get(f"{MARKET_ENTITY}.foreign_net_value.{WINDOW}")
        now = desk.facts.get(f"{MARKET_ENTITY}.foreign_net_ratio.{WINDOW}")
        if isinstance(net, Gap) or isinstance(now, Gap) or not float(now.value):
            return _gap(shock, "the value traded over the last month is not known")
        # traded value of the last window, so that an amount becomes a share of it
        latest = abs(float(net.value) / float(now.value))
    size = driver_change(shock, latest=latest, series_unit="")
    note = (
        "Foreign flow moves with prices of the same days; that does not show that it drives them."
    )
    return _Driver(f"{MARKET_ENTITY}.foreign_net_ratio", _floats(ratio), size, note)


def _series_driver(desk: Desk, shock: Shock) -> _Driver | Gap:
    view = desk.view
    name = resolve_series(
        shock.scenario, macro.market_series(view), dict(view.market.macro_aliases)
    )
    if name is None:
        return _gap(shock, "this market has no series that stands for its driver")
    latest = desk.facts.get(f"{MACRO_PREFIX}{name}.latest")
    if isinstance(latest, Gap):
        return _gap(shock, f"{name} has no value by {view.as_of}")
    size = driver_change(shock, latest=float(latest.value), series_unit=latest.unit)
    changes = macro.driver_changes(view, WINDOW)[name]
    return _Driver(name, _floats(changes), size, f"The driver is {name}.")


def _floats(series: pd.Series) -> NDArray[np.float64]:
    return series.to_numpy(dtype=np.float64)


def _gap(shock: Shock, why: str) -> Gap:
    return Gap(
        what=f"the {shock.scenario.name} scenario",
        why=why,
        effect="it cannot be estimated here",
    )


def _estimates(
    desk: Desk, driver: _Driver
) -> tuple[tuple[Fact, ...], tuple[Gap, ...], dict[str, Sensitivity]]:
    view = desk.view
    panel = feature_panel(view, WINDOW)
    total = returns.window_return(view, WINDOW).reindex(
        index=view.days, columns=list(panel.sectors)
    )
    last = len(panel.days)
    rows = np.arange(last - 1, max(last - YEARS * panel.year, 0) - 1, -panel.stride)[::-1]
    overlap = -(-panel.horizon_rows // panel.stride)
    facts: list[Fact] = []
    short: list[str] = []
    relative: dict[str, Sensitivity] = {}
    for column, code in enumerate(panel.sectors):
        change = driver.change[rows]
        own = sensitivity(change, panel.past[rows, column], overlap=overlap)
        whole = sensitivity(change, _floats(total[code])[rows], overlap=overlap)
        if own is None or whole is None:
            short.append(code)
            continue
        relative[code] = own
        facts += _facts(desk, code, driver, own, whole)
    gaps: tuple[Gap, ...] = ()
    if short:
        gaps = (
            Gap(
                what=f"sensitivities of {', '.join(short)}",
                why="fewer than twelve months in which both the sector and the driver have moved",
                effect="no estimate is given for them",
            ),
        )
    return tuple(facts), gaps, relative


def _facts(
    desk: Desk, code: str, driver: _Driver, own: Sensitivity, whole: Sensitivity
) -> list[Fact]:
    view = desk.view
    numbers = {
        "scenario_return": own.slope * driver.shock,
        "scenario_error": own.error * abs(driver.shock),
        "scenario_total_return": whole.slope * driver.shock,
        "scenario_total_error": whole.error * abs(driver.shock),
        "sensitivity": own.slope,
        "sensitivity_se": own.error,
    }
    table = view.market.files.get("prices", "prices")
    return [
        Fact(
            id=f"{code}.{metric}",
            value=value,
            unit="fraction" if metric.startswith("scenario") else "fraction per unit",
            entity=code,
            metric=metric,
            observed_on=view.last_day,
            published_on=view.published_on(view.last_day),
            source=f"{view.market.id}/{table}",
        )
        for metric, value in numbers.items()
    ]


def _shock_fact(desk: Desk, shock: Shock, driver: _Driver) -> Fact:
    """Return the assumed move of the driver: basis points for a rate, else a fraction."""
    view = desk.view
    series = driver.name in macro.market_series(view)
    entity = f"{MACRO_PREFIX}{driver.name}" if series else MARKET_ENTITY
    rate = shock.scenario.kind == "rate"
    points = shock.magnitude if shock.unit == "bp" else 100 * shock.magnitude
    return Fact(
        id=f"{entity}.shock",
        value=shock.scenario.direction * points if rate else driver.shock,
        unit="bp" if rate else "fraction",
        entity=entity,
        metric="shock",
        observed_on=view.last_day,
        published_on=view.published_on(view.last_day),
        source=f"{view.market.id}/scenario",
    )


def _size_notes(
    shock: Shock, driver: _Driver, estimates: dict[str, Sensitivity]
) -> tuple[str, ...]:
    notes = [
        "Estimates are sensitivities of monthly windows over the last five years times the shock; "
        "standard errors count the overlap of the windows.",
    ]
    if shock.usual:
        notes.insert(0, f"No size was given; the usual one is assumed: {shock.scenario.means}.")
    largest = max((entry.largest for entry in estimates.values()), default=0.0)
    if estimates and abs(driver.shock) > largest:
        notes.append(
            "The shock is larger than any monthly change in these five years: the estimate is "
            "stretched beyond what was ever seen."
        )
    return tuple(notes)
