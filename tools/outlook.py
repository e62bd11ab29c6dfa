"""Where sectors stand and where the model sees them: rotation, forecast, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import HORIZONS, Fact, Frozen, Gap, Horizon, Scorecard, SectorScore, ToolResult
from tools.health.failing import failing_gaps
from tools.measures import rotation
from tools.names import sector_named
from tools.scoring.explanation import InputPart
from tools.scoring.panel import horizon_exists
from tools.scoring.record import Record
from tools.scoring.surrogate import SecondOpinion

if TYPE_CHECKING:
    from tools.desk import Desk

TAIL_POINTS = 8
ROTATION_METRICS = ("rs_ratio", "rs_momentum", "quadrant")

AskedHorizon = Annotated[
    Horizon, Field(description="How far ahead: a week, a month or three months.")
]
AskedSector = Annotated[str, Field(description="Code, name or proxy of the sector.")]


class RotationPoint(Frozen):
    """One point of a sector's way through the quadrants."""

    day: date
    rs_ratio: float
    rs_momentum: float


class SectorRotation(ToolResult):
    """Relative-rotation coordinates and quadrant of every sector."""

    tails: dict[str, tuple[RotationPoint, ...]] = Field(default_factory=dict)
    """Sector → its last points, oldest first, five trading days (one month) apart."""


class SectorForecast(ToolResult):
    """The scorecard of one horizon, with the facts it was computed from."""

    horizon: Horizon
    scorecard: Scorecard | None = None
    """None where the market has no such horizon."""
    record: Record | None = None
    """How the model did out of sample before its last refit."""


class SectorExplanation(ToolResult):
    """One sector's score taken apart."""

    horizon: Horizon
    sector: str
    """Its code."""
    base_value: float | None = None
    row: SectorScore | None = None
    """The sector's row of the scorecard; None where the market has no such horizon."""
    inputs: tuple[InputPart, ...] = ()
    """Contribution of each input, largest first."""
    missing: tuple[str, ...] = ()
    """Inputs the market has in general but not for this sector now."""
    record: Record | None = None
    second_opinion: SecondOpinion | None = None
    """What a local surrogate of the model says of the same point, and how far it agrees."""


def get_sector_rotation(desk: Desk) -> SectorRotation:
    """Give every sector's relative-rotation quadrant: leading, weakening, lagging or improving."""
    codes = desk.view.sector_codes
    facts, gaps = desk.facts.collect(
        f"{code}.{metric}" for code in codes for metric in ROTATION_METRICS
    )
    tails = {
        code: tuple(
            RotationPoint(day=point.day, rs_ratio=point.rs_ratio, rs_momentum=point.rs_momentum)
            for point in rotation.tail(desk.view, code, TAIL_POINTS)
        )
        for code in codes
    }
    return SectorRotation(
        tool="get_sector_rotation",
        market=desk.stamp,
        facts=facts,
        gaps=gaps,
        notes=desk.facts.notes(facts),
        tails={code: points for code, points in tails.items() if points},
    )


def get_sector_forecast(desk: Desk, *, horizon: AskedHorizon) -> SectorForecast:
    """Rank every sector by its chance of beating the benchmark over the horizon.

    Returns probability, expected relative return with its 10 and 90 % range, call, confidence and
    contributions.
    """
    if not horizon_exists(desk.view, horizon):
        return SectorForecast(
            tool="get_sector_forecast",
            market=desk.stamp,
            gaps=(no_horizon(horizon),),
            horizon=horizon,
        )
    scorer = desk.scorer
    inputs = scorer.inputs(horizon)
    scorecard = scorer.score({fact.id: fact for fact in inputs}, horizon)
    record = scorer.record(horizon)
    return SectorForecast(
        tool="get_sector_forecast",
        market=desk.stamp,
        facts=(*_all_inputs(desk, inputs), *scorer.facts(scorecard), *scorer.record_facts(horizon)),
        gaps=forecast_gaps(desk, scorecard),
        notes=(*scorer.notes(horizon), *desk.facts.notes(inputs), record_note(record)),
        horizon=horizon,
        scorecard=scorecard,
        record=record,
    )


def explain_sector(desk: Desk, *, sector: AskedSector, horizon: AskedHorizon) -> SectorExplanation:
    """Say why a sector scores as it does: each group's weight, and what would flip the call."""
    code = sector_named(desk, sector)
    if not horizon_exists(desk.view, horizon):
        return SectorExplanation(
            tool="explain_sector",
            market=desk.stamp,
            gaps=(no_horizon(horizon),),
            horizon=horizon,
            sector=code,
        )
    if code not in desk.view.sector_codes:
        return SectorExplanation(
            tool="explain_sector",
            market=desk.stamp,
            gaps=(_no_score(desk, code, f"it has no price by {desk.view.last_day}"),),
            horizon=horizon,
            sector=code,
        )
    scorer = desk.scorer
    scorecard = scorer.scorecard(horizon)
    if not scorecard.sectors:
        why = f"no input of the score is known by {desk.view.last_day}"
        return SectorExplanation(
            tool="explain_sector",
            market=desk.stamp,
            gaps=(*forecast_gaps(desk, scorecard), _no_score(desk, code, why)),
            notes=scorer.notes(horizon),
            horizon=horizon,
            sector=code,
        )
    found = scorer.explain(code, horizon)
    facts = (
        *_facts_of(code, (*scorer.inputs(horizon), *scorer.facts(scorecard))),
        *scorer.opinion_facts(found),
        *scorer.record_facts(horizon),
    )
    return SectorExplanation(
        tool="explain_sector",
        market=desk.stamp,
        facts=facts,
        gaps=forecast_gaps(desk, scorecard),
        notes=(*scorer.notes(horizon), record_note(found.record)),
        horizon=horizon,
        sector=code,
        base_value=found.base_value,
        row=found.sector,
        inputs=found.inputs,
        missing=found.missing,
        record=found.record,
        second_opinion=found.second_opinion,
    )


def no_horizon(horizon: Horizon) -> Gap:
    """Return the gap of a horizon that a monthly market does not have."""
    return Gap(
        what=f"the {horizon} forecast",
        why="this market is monthly",
        effect="no forecast shorter than a month can be made",
    )


def forecast_gaps(desk: Desk, scorecard: Scorecard) -> tuple[Gap, ...]:
    """Return what the scorecard had to do without, and the feeds that fail their checks."""
    gaps = [*failing_gaps(desk.view), *signals_left_out(desk)]
    if scorecard.missing_groups:
        gaps.append(
            Gap(
                what=f"score groups: {', '.join(scorecard.missing_groups)}",
                why="this market has no facts for them",
                effect="the score leaves them out, and no call is of high confidence",
            )
        )
    return tuple(gaps)


def signals_left_out(desk: Desk) -> tuple[Gap, ...]:
    """Return the gap of a level that has no place for the signals about sectors."""
    since = desk.view.market.signals_left_out.values()
    if not any(day <= desk.as_of for day in since):
        return ()
    return (
        Gap(
            what="signals about sectors",
            why="they are about whole sectors, not the industries that are ranked here",
            effect="news and other signals are left out, and no number stands in for them",
        ),
    )


def record_note(record: Record) -> str:
    """Return the verdict on the model's record in words; its numbers are facts."""
    if record.calls is None:
        return "The model has no out-of-sample record here that is long enough to judge."
    if record.calls.low > record.calls.base_rate:
        return "Out of sample, the model's calls here have come true more often than the base rate."
    if record.ic_low is not None and record.ic_low > 0:
        return (
            "Out of sample, the model's calls here have come true no more often than the base rate, "
            "within the error, but its ranking has been better than chance."
        )
    return (
        "Out of sample, the model's calls here have come true no more often than the base rate, "
        "within the error: treat its ranking as weak evidence."
    )


def _all_inputs(desk: Desk, inputs: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Add the macro tilts of the other horizons, so that the facts can score all of them."""
    known = {fact.id: fact for fact in inputs}
    for other in HORIZONS:
        if horizon_exists(desk.view, other):
            known |= {fact.id: fact for fact in desk.scorer.inputs(other)}
    return tuple(known.values())


def _facts_of(code: str, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.entity == code)


def _no_score(desk: Desk, code: str, why: str) -> Gap:
    return Gap(
        what=f"the score of {desk.facts.name(code)}",
        why=why,
        effect="nothing can be said about it at this date",
    )
