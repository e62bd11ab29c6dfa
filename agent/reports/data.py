"""What a report shows beside the brief: names in its language, rotation tails, the model's record.

All of it was gathered for the brief itself and stands in its run record, so that a report of an old
run needs neither the market nor the model.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from agent.brief.evidence import Evidence
from agent.brief.lexicon import entity_name
from agent.brief.model import Brief, BriefMarket, Language
from tools.contracts import Frozen, Horizon
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.conversation import Conversation
    from tools.desk import Desk

ROTATION = "get_sector_rotation"
RECORDED = ("get_sector_forecast", "explain_sector")
"""Tools whose answers hold the model's record."""


class Point(Frozen):
    """One point of a sector's way through the quadrants."""

    day: date
    rs_ratio: FiniteFloat
    rs_momentum: FiniteFloat


class Rotation(Frozen):
    """Where sectors stand against the benchmark, and how they came there."""

    tails: dict[str, tuple[Point, ...]]
    """Sector code → its points, oldest first; one point where no history is known."""
    names: dict[str, str] = Field(default_factory=dict)
    """Code → name in `language`."""
    asked: tuple[str, ...] = ()
    """Sectors to stress; empty: none more than another."""
    language: Language = "en"
    market: BriefMarket


class Hits(Frozen):
    """How often calls came true."""

    n: int
    hits: int
    rate: FiniteFloat
    low: FiniteFloat
    """Lower end of the 95 % interval."""
    high: FiniteFloat
    base_rate: FiniteFloat
    """What the better of two constant calls would have hit."""


class Bin(Frozen):
    """The record of about equally confident calls."""

    from_edge: FiniteFloat
    """Smallest distance of the stated probability from one half."""
    record: Hits | None = None


class Calibration(Frozen):
    """The model's out-of-sample calls against how confident they were."""

    horizon: Horizon
    first: date | None = None
    last: date | None = None
    calls: Hits | None = None
    bins: tuple[Bin, ...] = ()
    """Least confident first."""
    language: Language = "en"


class ReportData(Frozen):
    """What a report knows besides the brief."""

    names: dict[str, str] = Field(default_factory=dict)
    """Entity → name in the brief's language."""
    sectors: tuple[str, ...] = ()
    """Codes of the market's sectors; empty: those of the brief's scorecard."""
    asked: tuple[str, ...] = ()
    """Sectors the question is about; empty: all."""
    flow_window: str | None = None
    """Window of foreign flow in the brief's own heatmap; None: not known."""
    rotation: Rotation | None = None
    calibration: Calibration | None = None


NO_DATA = ReportData()
"""Nothing besides the brief."""


def report_data(brief: Brief, request: ComposeRequest, desk: Desk | None = None) -> ReportData:
    """Return what a report shows beside a brief.

    Parameters
    ----------
    brief
        The answer.
    request
        What it was written from, as its run record holds it.
    desk
        The market of the answer, asked for rotation tails where the answer did not need them; None
        leaves out what is not there.
    """
    language = brief.language
    codes = tuple(sector.code for sector in request.vocabulary.sectors)
    entities = dict.fromkeys((*codes, *(fact.entity for fact in brief.facts.values())))
    found = ((one, entity_name(one, request.vocabulary, language)) for one in entities)
    names = {entity: name for entity, name in found if name}
    asked = tuple(code for code in request.sectors if code in codes)
    return ReportData(
        names=names,
        sectors=codes,
        asked=asked,
        flow_window=Evidence(request).window_of("foreign_net_ratio"),
        rotation=_rotation(brief, request, desk, names, asked),
        calibration=_calibration(brief, request),
    )


def data_of(conversation: Conversation) -> ReportData:
    """Return what a report shows beside the last answer of a conversation."""
    from agent.records import load_record

    brief, record = conversation.last, conversation.record
    if brief is None:
        return NO_DATA
    if record is not None and record.run_id == brief.run_id:
        desk = conversation.desk
        same = desk.as_of == brief.market.as_of and desk.stamp.id == brief.market.id
        return report_data(brief, record.request, desk if same else None)
    try:
        return report_data(brief, load_record(conversation.settings.home, brief.run_id).request)
    except UnusableInputError:
        # Its record was deleted; the brief alone still makes a page.
        return NO_DATA


def _rotation(
    brief: Brief,
    request: ComposeRequest,
    desk: Desk | None,
    names: dict[str, str],
    asked: tuple[str, ...],
) -> Rotation | None:
    tails = _tails(request.answers.get(ROTATION, {}))
    if not tails and desk is not None and brief.scorecard is not None:
        from tools.outlook import get_sector_rotation

        tails = _tails(get_sector_rotation(desk).model_dump(include={"tails"}))
    known = {row.sector for row in brief.scorecard.sectors} if brief.scorecard else set(tails)
    tails = {code: points for code, points in (tails or _here(brief)).items() if code in known}
    if not tails:
        return None
    return Rotation(
        tails=tails, names=names, asked=asked, language=brief.language, market=brief.market
    )


def _tails(answer: dict[str, Any]) -> dict[str, tuple[Point, ...]]:
    """Return the tails of a tool's answer; none where it holds none that can be read."""
    try:
        tails = TypeAdapter(dict[str, tuple[Point, ...]]).validate_python(answer.get("tails", {}))
    except ValidationError:
        return {}
    return {code: points for code, points in tails.items() if points}


def _here(brief: Brief) -> dict[str, tuple[Point, ...]]:
    """Return where sectors stand by the brief's own facts."""
    found: dict[str, tuple[Point, ...]] = {}
    for fact in brief.facts.values():
        if fact.metric != "rs_ratio" or isinstance(fact.value, str):
            continue
        momentum = brief.facts.get(f"{fact.entity}.rs_momentum")
        if momentum is not None and not isinstance(momentum.value, str):
            point = Point(
                day=fact.observed_on, rs_ratio=fact.value, rs_momentum=float(momentum.value)
            )
            found[fact.entity] = (point,)
    return found


def _calibration(brief: Brief, request: ComposeRequest) -> Calibration | None:
    if brief.scorecard is None:
        return None
    for tool in RECORDED:
        answer = request.answers.get(tool, {})
        record = answer.get("record")
        if not record or answer.get("horizon", brief.horizon) != brief.horizon:
            continue
        try:
            return Calibration(
                horizon=brief.horizon,
                first=record.get("first"),
                last=record.get("last"),
                calls=_hits(record.get("calls")),
                bins=tuple(
                    Bin(from_edge=one["from_edge"], record=_hits(one.get("record")))
                    for one in record.get("bins", ())
                ),
                language=brief.language,
            )
        except (AttributeError, KeyError, TypeError, ValidationError):
            continue
    return None


def _hits(record: dict[str, Any] | None) -> Hits | None:
    if record is None:
        return None
    return Hits(**{name: record[name] for name in Hits.model_fields})
