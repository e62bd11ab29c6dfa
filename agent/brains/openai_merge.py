"""What a model proposes beside what the offline planner read out of the question.

A model is taken at its word where it says what it understood and makes valid calls that have to do
with the question. Where it does not, the offline planner's calls are added, so that a weak model
never makes an answer poorer than no model would.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agent.brains.base import PlannedCall
from agent.brains.openai_text import UNREADABLE, read_arguments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agent.brains.base import PlanDraft
    from agent.brains.openai_client import ToolCall
    from tools.contracts import Vocabulary

MAX_CALLS = 10
"""Proposed calls that are read, which leaves room for those an intent requires."""


def distinct(made: Iterable[ToolCall], offline: PlanDraft) -> list[PlannedCall]:
    """Return the proposed calls, each once and not without end.

    Of a call whose arguments cannot be read, the offline planner's arguments are taken where it
    planned the tool too.
    """
    planned = {call.tool: call for call in offline.calls}
    calls: dict[str, PlannedCall] = {}
    for call in made:
        if not call.name:
            continue
        expected, arguments = planned.get(call.name), read_arguments(call.arguments)
        if UNREADABLE in arguments and expected is not None:
            arguments = expected.arguments
        key = f"{call.name} {json.dumps(arguments, sort_keys=True, default=str)}"
        reason = expected.reason if expected else ""
        calls.setdefault(key, PlannedCall(tool=call.name, arguments=arguments, reason=reason))
        if len(calls) == MAX_CALLS:
            break
    return list(calls.values())


def misses_the_question(
    calls: list[PlannedCall], said: dict[str, Any], words: Vocabulary, offline: PlanDraft
) -> bool:
    """Whether a plan shares no tool with the expected one, or names nothing the question names."""
    if not calls or not offline.calls:
        return False
    if {call.tool for call in calls}.isdisjoint(call.tool for call in offline.calls):
        return True
    asked = {*offline.sectors, *offline.symbols}
    texts = [said.get("sectors"), said.get("symbols"), [call.arguments for call in calls]]
    named = list(_strings(texts))
    found = {*known(named, sector_names(words)), *known(named, symbol_names(words))}
    return bool(asked) and asked.isdisjoint(found)


def completed(
    calls: list[PlannedCall],
    said: dict[str, Any],
    schemas: Mapping[str, dict[str, Any]],
    offline: PlanDraft,
    *,
    missed: bool,
) -> tuple[PlannedCall, ...]:
    """Add the offline planner's calls where the model missed the question or made broken calls.

    After a miss they come first: they are what the answer is about.
    """
    usable = {call.tool for call in calls if _is_usable(call, schemas)}
    if missed:
        return (*offline.calls, *(call for call in calls if call not in offline.calls))
    if not calls or (said and all(_is_usable(call, schemas) for call in calls)):
        return tuple(calls)
    return (*calls, *(c for c in offline.calls if c.tool not in usable and c not in calls))


def covers(calls: Iterable[PlannedCall], offline: PlanDraft) -> bool:
    """Whether every tool that the offline planner wants is called."""
    return {call.tool for call in offline.calls} <= {call.tool for call in calls}


def known(names: object, codes: dict[str, str]) -> tuple[str, ...]:
    """Return the codes of the names that the market knows, in order."""
    listed = names if isinstance(names, list) else [names]
    found = [codes.get(name.strip().casefold()) for name in listed if isinstance(name, str)]
    return tuple(dict.fromkeys(code for code in found if code))


def sector_names(words: Vocabulary) -> dict[str, str]:
    """Return the codes of the sectors by every name in small letters."""
    return {
        name.casefold(): sector.code
        for sector in words.sectors
        for name in (sector.proxy, sector.name_vi, sector.name, sector.code)
        if name
    }


def symbol_names(words: Vocabulary) -> dict[str, str]:
    """Return the symbols by their name in small letters."""
    return {name.symbol.casefold(): name.symbol for name in words.symbols}


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _is_usable(call: PlannedCall, schemas: Mapping[str, dict[str, Any]]) -> bool:
    schema = schemas.get(call.tool)
    if schema is None or UNREADABLE in call.arguments:
        return False
    properties = schema.get("properties", {})
    return all(name in call.arguments for name in schema.get("required", ())) and all(
        value in properties.get(name, {}).get("enum", (value,))
        for name, value in call.arguments.items()
    )
