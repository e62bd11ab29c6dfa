"""A call for every tool and arguments for every prompt, on the small market."""

from __future__ import annotations

from typing import Any

from tests.calls import CALLS as TOOL_CALLS

QUESTION = "Which sectors are rotating in?"
ASKED: dict[str, Any] = {"question": QUESTION}
CALLS: dict[str, dict[str, Any]] = {**TOOL_CALLS, "ask": ASKED}
PROMPTS: dict[str, dict[str, str]] = {
    "daily_brief": {"horizon": "3M"},
    "compare": {"first": "energy", "second": "Materials"},
    "stress": {"scenario": "oil_shock"},
}
