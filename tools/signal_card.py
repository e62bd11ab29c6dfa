"""The signal card: what the model's own forecasts have been worth in this market, and what they have not.

Everything on it was measured before the last refit, out of sample, on what would have been served at each date. The
verdicts are rules on intervals, so that nobody words them more kindly than the record is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tools.contracts import HORIZONS, Gap, Horizon, ToolResult
from tools.outlook import no_horizon, record_note
from tools.scoring.choice import Choice
from tools.scoring.features import FEATURES
from tools.scoring.model import VERSIONS
from tools.scoring.panel import horizon_exists
from tools.scoring.record import Record

if TYPE_CHECKING:
    from tools.desk import Desk

COVERED = 0.8
"""Share of outcomes that a forecast's interval is to hold."""
Verdict = Literal["better", "mixed", "chance", "worse", "short"]
Calibration = Literal["honest", "overconfident", "underconfident"]
Width = Literal["honest", "narrow", "wide"]
Against = Literal["ahead", "level", "behind"]
Standing = Literal["above", "even", "below"]

AskedHorizon = Annotated[
    Horizon,
    Field(description="Which forecasts are judged: those of a week, a month or three months."),
]


class SignalCard(ToolResult):
    """The model's own out-of-sample record of one market and horizon, with its verdicts."""

    horizon: Horizon
    model: Literal["composite", "ensemble"] | None = None
    """The model that serves now; None where the market has no such horizon."""
    version: str = ""
    """As scorecards call it, for example ``ensemble/1``."""
    artefact: str = ""
    """Content hash of its parameters."""
    choice: Choice | None = None
    """Why the rule serves it; None where a reader asked for one model by name."""
    record: Record | None = None
    """Hit rates, rank correlation, coverage, calls by confidence, and the best simple alternative."""
    verdict: Verdict = "short"
    """Calls and ranking both beyond chance, one of them, neither, one of them below chance, or too short to judge."""
    calls: Standing | None = None
    """Where the interval of the hit rate lies beside the base rate."""
    ranking: Standing | None = None
    """Where the interval of the mean rank correlation lies beside zero."""
    calibration: Calibration | None = None
    """Whether calls come true as often as they say."""
    coverage: Width | None = None
    """Whether the forecast intervals hold as many outcomes as they are to hold."""
    baseline: Against | None = None
    """Where the model stands beside the best single signal chosen on the past at each refit."""
    baseline_name: str = ""
    """What that signal measures now, in English."""
    beside: dict[Horizon, Record] = Field(default_factory=dict)
    """The records of the market's other horizons; their main numbers are among the facts too."""


def get_signal_card(desk: Desk, *, horizon: AskedHorizon = "1M") -> SignalCard:
    """Tell how good the model's own forecasts of this market have been out of sample.

    Returns hits against the base rate, order, calibration, coverage of the intervals, and the best simple alternative.
    """
    if not horizon_exists(desk.view, horizon):
        return SignalCard(
            tool="get_signal_card",
            market=desk.stamp,
            gaps=(no_horizon(horizon),),
            horizon=horizon,
        )
    scorer = desk.scorer
    record, model = scorer.record(horizon), scorer.model(horizon)
    baseline = record.baseline
    others = [h for h in HORIZONS if h != horizon and horizon_exists(desk.view, h)]
    return SignalCard(
        tool="get_signal_card",
        market=desk.stamp,
        facts=(
            *scorer.card_facts(horizon),
            *(fact for other in others for fact in scorer.beside_facts(other)),
        ),
        gaps=() if record.calls is not None else (_too_short(horizon),),
        notes=(*scorer.notes(horizon), record_note(record)),
        horizon=horizon,
        model=model,
        version=VERSIONS[model],
        artefact=scorer.artefact_id,
        choice=scorer.choice(horizon),
        record=record,
        verdict=verdict_of(record),
        calls=calls_of(record),
        ranking=ranking_of(record),
        calibration=calibration_of(record),
        coverage=coverage_of(record),
        baseline=baseline_of(record),
        baseline_name="" if baseline is None else meaning_of(baseline.signal),
        beside={other: scorer.record(other) for other in others},
    )


def verdict_of(record: Record) -> Verdict:
    """Return what a portfolio manager may conclude from calls and ranking together."""
    known = [standing for standing in (calls_of(record), ranking_of(record)) if standing]
    if not known:
        return "short"
    if "below" in known:
        return "mixed" if "above" in known else "worse"
    if all(standing == "above" for standing in known):
        return "better"
    return "mixed" if "above" in known else "chance"


def calls_of(record: Record) -> Standing | None:
    """Return where the hit rate's interval lies beside the base rate."""
    calls = record.calls
    return None if calls is None else _beside(calls.low, calls.high, calls.base_rate)


def ranking_of(record: Record) -> Standing | None:
    """Return where the rank correlation's interval lies beside zero."""
    if record.ic_low is None or record.ic_high is None:
        return None
    return _beside(record.ic_low, record.ic_high, 0.0)


def calibration_of(record: Record) -> Calibration | None:
    """Return whether what the calls said of themselves lies within the interval of what came true."""
    calls = record.calls
    if calls is None or calls.stated is None:
        return None
    words: dict[Standing, Calibration] = {
        "above": "underconfident", "even": "honest", "below": "overconfident",
    }  # fmt: skip
    return words[_beside(calls.low, calls.high, calls.stated)]


def coverage_of(record: Record) -> Width | None:
    """Return whether the interval of the coverage holds the share that was promised."""
    held = record.coverage
    words: dict[Standing, Width] = {"above": "wide", "even": "honest", "below": "narrow"}
    return None if held is None else words[_beside(held.low, held.high, COVERED)]


def baseline_of(record: Record) -> Against | None:
    """Return where the model stands beside the best simple alternative."""
    other = record.baseline
    words: dict[Standing, Against] = {"above": "ahead", "even": "level", "below": "behind"}
    return None if other is None else words[_beside(other.gap_low, other.gap_high, 0.0)]


def meaning_of(signal: str) -> str:
    """Return what an input measures, in English."""
    return next((spec.meaning for spec in FEATURES if spec.name == signal), signal)


def _too_short(horizon: Horizon) -> Gap:
    return Gap(
        what=f"the record of the {horizon} calls",
        why="too few separate windows of that length had ended before the last refit",
        effect="how good these calls are is unknown, and none has more than low confidence",
    )


def _beside(low: float, high: float, level: float) -> Standing:
    """Return where an interval lies beside a level."""
    return "above" if low > level else "below" if high < level else "even"
