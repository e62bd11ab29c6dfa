"""Planning with a model: what it is shown, and what is made of what it answers.

The model proposes tool calls natively and says with one pseudo-tool, `set_intent`, how it read the
question. Nothing it writes is trusted: names are looked up in the market's vocabulary, free text
stays out, and whatever it leaves out or gets wrong is taken from the plan of the offline planner,
so that a plan always comes. Unknown tools and wrong arguments are kept as proposals, because the
plan node refuses them and says so. The language is not asked of the model: code tells the two
apart better than a small model does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

import prompts
from agent.brains.openai_merge import (
    completed,
    covers,
    distinct,
    known,
    misses_the_question,
    sector_names,
    symbol_names,
)
from agent.brains.openai_text import UNREADABLE, calls_in_text, read_arguments
from agent.brief.model import Clarification, Intent
from tools.contracts import HORIZONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.base import PlanDraft, PlannedCall, PlanRequest, ToolSpec, Turn
    from agent.brains.openai_client import Reply, ToolCall

T = TypeVar("T")

INTENTS: tuple[Intent, ...] = get_args(Intent)
EXITS: frozenset[Intent] = frozenset({"help", "smalltalk", "out_of_scope", "clarify"})
"""Intents that are answered without a tool."""
SET_INTENT = "set_intent"
HISTORY_TURNS = 4
MAX_SYMBOLS = 200
MAX_QUESTION = 2000
"""Characters of a question that are sent; the rest is a pasted document, not a question."""
MAX_EARLIER = 300
"""Characters of an earlier question that are sent."""
MAX_DESCRIPTION = 400
"""Characters of a tool's description that are shown; a remote server may write anything there."""
INTENT_OF_TOOL: Mapping[str, Intent] = {
    "get_market_overview": "brief",
    "get_sector_heatmap": "rotation",
    "get_macro_indicators": "macro",
    "get_foreign_flow": "flow",
    "get_whale_activity": "whale",
    "get_stock_analysis": "stock",
    "get_sector_rotation": "rotation",
    "get_sector_forecast": "brief",
    "explain_sector": "explain",
    "get_data_health": "health",
    "run_scenario": "scenario",
    "run_backtest": "backtest",
}
"""What a question is about, when its calls are known and its intent is not."""


class Shown(NamedTuple):
    """How much a planner is shown; less for models that remember little."""

    symbols: int = MAX_SYMBOLS
    turns: int = HISTORY_TURNS
    description: int = MAX_DESCRIPTION
    names: bool = True
    """Whether sectors are shown with their other names."""


FULL = Shown()
SHORT = Shown(symbols=0, turns=1, description=80, names=False)


def plan_messages(request: PlanRequest, shown: Shown = FULL) -> list[dict[str, str]]:
    """Return the conversation that asks for a plan."""
    prompt = prompts.render(
        "plan",
        data=json.dumps(_data(request, shown), ensure_ascii=False, sort_keys=True),
        question=json.dumps(request.question[:MAX_QUESTION], ensure_ascii=False),
    )
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]


def plan_tools(tools: tuple[ToolSpec, ...], shown: Shown = FULL) -> list[dict[str, Any]]:
    """Return the tools as functions, `set_intent` first."""
    functions = [_SET_INTENT]
    for tool in tools:
        description = " ".join(tool.description.split())[: shown.description]
        functions.append(
            {
                "name": tool.name,
                "description": description,
                "parameters": _without_titles(tool.input_schema),
            }
        )
    return [{"type": "function", "function": function} for function in functions]


def read_plan(reply: Reply, request: PlanRequest, offline: PlanDraft) -> PlanDraft:
    """Return the model's plan, completed from the offline planner's."""
    schemas = {tool.name: tool.input_schema for tool in request.tools}
    made = reply.tool_calls or calls_in_text(reply.text, {SET_INTENT, *schemas})
    said = _said(made)
    used: dict[str, Any] = {
        "input_tokens": reply.input_tokens,
        "output_tokens": reply.output_tokens,
        "model_calls": 1,
    }
    proposed = distinct([call for call in made if call.name != SET_INTENT], offline)
    missed = misses_the_question(proposed, said, request.vocabulary, offline)
    if missed:
        said = {name: value for name, value in said.items() if name not in {"intent", "intents"}}
    calls = completed(proposed, said, schemas, offline, missed=missed)
    intent = _intent(said, calls, offline)
    if intent in EXITS:
        return offline.model_copy(
            update={
                "intent": intent,
                "intents": (intent,),
                "calls": (),
                "clarification": _clarification(intent, said, offline),
                **used,
            }
        )
    if not calls:
        return offline.model_copy(update=used)
    return offline.model_copy(
        update={
            "intent": intent,
            "intents": _intents(said, intent, offline),
            "calls": calls,
            "complete": offline.complete and intent == offline.intent and covers(calls, offline),
            "horizon": _one_of(said.get("horizon"), HORIZONS) or offline.horizon,
            "sectors": known(said.get("sectors"), sector_names(request.vocabulary))
            or offline.sectors,
            "symbols": known(said.get("symbols"), symbol_names(request.vocabulary))
            or offline.symbols,
            "clarification": None,
            **used,
        }
    )


def _data(request: PlanRequest, shown: Shown) -> dict[str, Any]:
    words = request.vocabulary
    sectors: list[Any] = [
        {"code": s.code, "name": s.name, "name_vi": s.name_vi, "proxy": s.proxy}
        if shown.names
        else [s.code, s.name]
        for s in words.sectors
    ]
    data: dict[str, Any] = {
        "today": request.as_of.isoformat(),
        "market": words.market_name,
        "default_horizon": request.horizon,
        "monthly_data_only": words.monthly,
        "has_foreign_flows": words.has_flows,
        "has_shares": words.has_shares,
        "has_trading_volume": words.has_trading,
        "sectors": sectors,
        "macro_series": list(words.series),
        "macro_aliases": words.series_aliases,
        "history": [_turn(turn) for turn in request.history[-shown.turns :]],
    }
    if shown.symbols:
        data["symbols"] = [s.symbol for s in words.symbols[: shown.symbols]]
    if request.language:
        data["answer_language"] = request.language
    return data


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "question": turn.question[:MAX_EARLIER],
        "intent": turn.intent,
        "horizon": turn.horizon,
        "sectors": list(turn.sectors),
        "symbols": list(turn.symbols),
        "calls": [{"tool": call.tool, "arguments": call.arguments} for call in turn.calls],
    }


def _said(calls: tuple[ToolCall, ...]) -> dict[str, Any]:
    for call in calls:
        if call.name == SET_INTENT:
            arguments = read_arguments(call.arguments)
            if UNREADABLE not in arguments:
                return arguments
    return {}


def _intent(said: dict[str, Any], calls: tuple[PlannedCall, ...], offline: PlanDraft) -> Intent:
    """Return the model's intent unless it contradicts its calls, else the offline planner's."""
    intent = _one_of(said.get("intent"), INTENTS)
    if intent in {"help", "smalltalk"} and offline.intent not in EXITS:
        intent = None
    if calls and (intent is None or intent in EXITS):
        if offline.intent not in EXITS:
            return offline.intent
        return next((INTENT_OF_TOOL[c.tool] for c in calls if c.tool in INTENT_OF_TOOL), "brief")
    return intent or offline.intent


def _intents(said: dict[str, Any], first: Intent, offline: PlanDraft) -> tuple[Intent, ...]:
    named = said.get("intents")
    rest = (
        [_one_of(name, INTENTS) for name in named]
        if isinstance(named, list)
        else list(offline.intents)
    )
    found = [intent for intent in rest if intent is not None and intent not in EXITS]
    return tuple(dict.fromkeys([first, *found]))


def _clarification(
    intent: Intent, said: dict[str, Any], offline: PlanDraft
) -> Clarification | None:
    """Return the question back; a model's only if short and without numerals: none reviews it.

    What lies outside has one where the data lack what was asked for and can tell something near it.
    """
    if offline.clarification is not None and offline.intent == intent:
        return offline.clarification
    if intent != "clarify":
        return None
    asked = said.get("clarification")
    if not isinstance(asked, dict):
        return None
    question, choices = asked.get("question"), asked.get("choices")
    texts = [question, *(choices if isinstance(choices, list) else [])][:5]
    usable = [
        " ".join(t.split()) for t in texts if isinstance(t, str) and t.strip() and len(t) <= 200
    ]
    if len(usable) != len(texts) or any(
        character.isdigit() for text in usable for character in text
    ):
        return None
    return Clarification(question=usable[0], choices=tuple(usable[1:]))


def _one_of(value: object, allowed: tuple[T, ...]) -> T | None:
    return next((one for one in allowed if one == value), None)


def _without_titles(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the titles that pydantic adds: they only cost tokens."""
    trimmed: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if isinstance(value, list):
            trimmed[key] = [_without_titles(v) if isinstance(v, dict) else v for v in value]
        else:
            trimmed[key] = _without_titles(value) if isinstance(value, dict) else value
    return trimmed


def _names_of(what: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": what}


_SET_INTENT: dict[str, Any] = {
    "name": SET_INTENT,
    "description": "Say how the question was read. Call it once, beside the tools.",
    "parameters": {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": list(INTENTS)},
            "intents": {"type": "array", "items": {"type": "string", "enum": list(INTENTS)}},
            "horizon": {
                "type": "string",
                "enum": list(HORIZONS),
                "description": "Only if the question names one.",
            },
            "sectors": _names_of("Codes of the sectors asked about."),
            "symbols": _names_of("Symbols asked about."),
            "clarification": {
                "type": "object",
                "properties": {
                    "question": {"type": "string"},
                    "choices": _names_of("Two or three choices."),
                },
                "required": ["question"],
            },
        },
        "required": ["intent"],
    },
}
