"""From a proposed plan to one that may run: validated, completed, deduplicated, within budget.

A brain proposes; this module disposes. It is pure: the same proposal on the same market gives the
same plan.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.brains.base import PlannedCall
from agent.brief.model import Intent, Language, PlanEntry
from agent.state import CallTask
from tools.contracts import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agent.brains.base import PlanDraft, ToolSpec
    from agent.state import CallOutcome
    from tools.contracts import Horizon, Vocabulary

NO_CALLS: frozenset[Intent] = frozenset({"help", "smalltalk", "out_of_scope", "clarify"})
"""Intents that leave before anything is gathered."""
SCORED: frozenset[Intent] = frozenset(
    {"brief", "rotation", "compare", "explain", "portfolio", "track"}
)
"""Intents whose answer needs a scorecard."""

_FORECAST = "get_sector_forecast"
SCORING = frozenset({_FORECAST, "explain_sector"})
"""Tools whose answers are told with the scorecard."""
COMPARED = frozenset({_FORECAST, "get_sector_heatmap", "get_sector_rotation"})
"""Tools whose answers a comparison of two dates repeats at the earlier one."""
_REQUIRED: dict[Intent, tuple[str, ...]] = {
    "brief": (
        "get_market_overview",
        "get_sector_heatmap",
        "get_macro_indicators",
        "get_foreign_flow",
        "get_whale_activity",
        _FORECAST,
    ),
    "rotation": (_FORECAST, "get_sector_heatmap"),
    "compare": (_FORECAST, "get_sector_heatmap"),
    "portfolio": (_FORECAST, "get_sector_heatmap"),
    "explain": (_FORECAST,),
    "track": (_FORECAST,),
    "flow": ("get_foreign_flow",),
    "macro": ("get_macro_indicators",),
    "whale": ("get_whale_activity",),
    "health": ("get_data_health",),
}
"""Calls an intent needs; tools whose arguments only the question knows are not here."""
_WINDOW_ARGUMENT = {"1W": ("1W", "weekly"), "1M": ("1M", "monthly"), "3M": ("3M", "monthly")}
_LEFT_OUT: dict[Language, Gap] = {
    "en": Gap(
        what="left out at the reader's wish",
        why="you asked to leave it out",
        effect="its facts are missing from this answer",
    ),
    "vi": Gap(
        what="bỏ theo yêu cầu của người hỏi",
        why="bạn yêu cầu bỏ qua",
        effect="câu trả lời này không có các số liệu của nó",
    ),
}
_PROPERTIES = "properties"


class Plan(NamedTuple):
    """The calls to make, those already answered, and what was refused."""

    tasks: tuple[CallTask, ...]
    held: tuple[CallTask, ...]
    refused: tuple[PlanEntry, ...]
    gaps: tuple[Gap, ...]


def settle_calls(
    draft: PlanDraft,
    *,
    horizon: Horizon,
    language: Language,
    specs: Iterable[ToolSpec],
    vocabulary: Vocabulary,
    view_key: str,
    outcomes: Mapping[str, CallOutcome],
    max_calls: int,
    skip: tuple[str, ...] = (),
) -> Plan:
    """Validate, complete, deduplicate and limit the proposed calls.

    A call that the thread already holds an answer for, on the same view and with the same
    arguments, is not made again.
    """
    schemas = {spec.name: spec.input_schema for spec in specs}
    refused: list[PlanEntry] = []
    gaps: list[Gap] = []
    tasks: dict[str, CallTask] = {}
    intents = tuple(dict.fromkeys((draft.intent, *draft.intents)))
    if draft.intent in NO_CALLS:
        return Plan((), (), (), ())
    for call in (*draft.calls, *_required(draft, intents, horizon, language, vocabulary, schemas)):
        if call.tool in skip:
            refused.append(_refusal(call, _LEFT_OUT[language].what))
            gaps.append(_LEFT_OUT[language].model_copy(update={"what": call.tool}))
            continue
        verdict = _check(call, schemas)
        if isinstance(verdict, PlanEntry):
            refused.append(verdict)
            continue
        arguments, dropped = verdict
        checked = call.model_copy(update={"arguments": arguments})
        key = call_key(view_key, call.tool, arguments)
        tasks.setdefault(key, CallTask(key=key, call=checked, dropped_arguments=dropped))
    ordered = list(tasks.values())
    for task in ordered[max_calls:]:
        refused.append(_refusal(task.call, "beyond the limit of calls for one question"))
        gaps.append(
            Gap(
                what=task.call.tool,
                why="the plan holds more calls than one question may make",
                effect="its facts are missing from this answer",
            )
        )
    kept = ordered[:max_calls]
    held = tuple(task for task in kept if is_held(outcomes.get(task.key)))
    return Plan(tuple(task for task in kept if task not in held), held, tuple(refused), tuple(gaps))


def call_key(view_key: str, tool: str, arguments: Mapping[str, Any]) -> str:
    """Return what identifies an answer: the view's content, the tool, its canonical arguments."""
    canonical = json.dumps(
        dict(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(f"{view_key}\n{tool}\n{canonical}".encode()).hexdigest()[:24]


def is_held(outcome: CallOutcome | None) -> bool:
    """Whether a thread already has this answer; a failure is asked again."""
    return outcome is not None and outcome.status == "ok"


def _required(
    draft: PlanDraft,
    intents: tuple[Intent, ...],
    horizon: Horizon,
    language: Language,
    vocabulary: Vocabulary,
    schemas: Mapping[str, dict[str, Any]],
) -> list[PlannedCall]:
    """Return the calls that the intents need and the draft does not have."""
    proposed = {call.tool for call in draft.calls}
    reason = "cần cho loại câu hỏi này" if language == "vi" else "needed for this kind of question"
    wanted = dict.fromkeys(tool for intent in intents for tool in _REQUIRED.get(intent, ()))
    if draft.complete:
        # One sector's inputs alone would rank it among sectors of which nothing is known.
        wanted = {_FORECAST: None} if "explain_sector" in proposed else {}
    return [
        PlannedCall(
            tool=tool,
            arguments=_default_arguments(schemas[tool], horizon, vocabulary),
            reason=reason,
            origin="required",
        )
        for tool in wanted
        if tool not in proposed and tool in schemas
    ]


def _default_arguments(
    schema: Mapping[str, Any], horizon: Horizon, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Fill a tool's required arguments from the horizon and the market."""
    properties: dict[str, Any] = schema.get(_PROPERTIES, {})
    arguments: dict[str, Any] = {}
    for name in schema.get("required", ()):
        allowed = _enum(properties.get(name, {}))
        if allowed:
            fitting = [value for value in _WINDOW_ARGUMENT[horizon] if value in allowed]
            arguments[name] = fitting[0] if fitting else allowed[-1]
        elif name == "indicator_list":
            arguments[name] = list(vocabulary.series)
    return arguments


def _check(
    call: PlannedCall, schemas: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]] | PlanEntry:
    """Compare a call with its tool's schema: kept and dropped arguments, or why it is refused."""
    schema = schemas.get(call.tool)
    if schema is None:
        return _refusal(call, "there is no tool of this name")
    properties: dict[str, Any] = schema.get(_PROPERTIES, {})
    kept = {
        name: value
        for name, value in call.arguments.items()
        if name in properties and value is not None
    }
    dropped = {name: value for name, value in call.arguments.items() if name not in properties}
    for name in schema.get("required", ()):
        if name not in kept:
            return _refusal(call, f"its argument {name} is missing")
    for name, value in kept.items():
        if not _fits(value, properties[name]):
            return _refusal(call, f"its argument {name} does not fit the tool")
    return kept, dropped


def _refusal(call: PlannedCall, why: str) -> PlanEntry:
    return PlanEntry(
        tool=call.tool,
        arguments=call.arguments,
        reason=f"{call.reason}: {why}" if call.reason else why,
        origin=call.origin,
        status="dropped",
    )


_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a value fits the part of JSON Schema that the tools use: enum, type, items, anyOf."""
    if "anyOf" in schema:
        return any(_fits(value, option) for option in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if "const" in schema:
        return bool(value == schema["const"])
    kind = schema.get("type")
    if kind == "null":
        return value is None
    if kind is None:
        return True
    if isinstance(value, bool) and kind != "boolean":
        return False
    if not isinstance(value, _KINDS.get(kind, (object,))):
        return False
    if kind == "array" and "items" in schema:
        return all(_fits(item, schema["items"]) for item in value)  # type: ignore[attr-defined]
    return True


def _enum(schema: Mapping[str, Any]) -> list[str]:
    for option in (schema, *schema.get("anyOf", ())):
        if "enum" in option:
            return list(option["enum"])
    return []
