"""Tool calls that a model wrote as text instead of making them.

Servers without a parser for their model's format hand such calls over as content: a JSON object or
a list of them, between tags, in a fenced block or bare. Only objects that name a known tool count,
so prose that merely mentions a tool calls nothing.
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

from agent.brains.openai_client import ToolCall

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_CHARACTERS = 20_000
"""How much of a text is searched."""
UNREADABLE = "unreadable"
"""What arguments are kept under that are no JSON object."""
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_NAMES = ("name", "function", "tool")
_ARGUMENTS = ("arguments", "parameters", "args")


def without_thoughts(text: str) -> str:
    """Return a text without what a model wrote to itself, where a server leaves that in."""
    return _THOUGHTS.sub("", text)


def calls_in_text(text: str, known: Collection[str]) -> tuple[ToolCall, ...]:
    """Return the calls that a text holds, in order."""
    decoder, at, calls = json.JSONDecoder(), 0, list[ToolCall]()
    text = without_thoughts(text)[:MAX_CHARACTERS]
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        calls += _calls_in(value, known)
    return tuple(calls)


def read_arguments(text: str) -> dict[str, Any]:
    """Read arguments, Python's way of writing them included; what is no object is kept as text."""
    for read in (json.loads, ast.literal_eval):
        try:
            arguments = read(text.strip() or "{}")
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(arguments, dict) and all(isinstance(name, str) for name in arguments):
            return arguments
    return {UNREADABLE: text[:200]}


def _calls_in(value: object, known: Collection[str]) -> list[ToolCall]:
    if not isinstance(value, dict):
        return []
    listed = value.get("tool_calls")
    if isinstance(listed, list):
        return [call for one in listed for call in _calls_in(one, known)]
    named = next((value[key] for key in _NAMES if key in value), None)
    if isinstance(named, dict):
        return _calls_in(named, known)
    if not isinstance(named, str) or named not in known:
        return []
    arguments: object = next((value[key] for key in _ARGUMENTS if key in value), {})
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return [ToolCall(named, written)]
