"""What happens in the conversation, in the page's events."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agent.records import RunRecord
    from agent.web.runs import EventName

    Tell = Callable[[EventName, dict[str, Any]], None]

STAGES = ("score", "compose", "review")
WRITING_EVERY = 0.2
"""Seconds between two words about how much a model has written."""


class Teller:
    """Turns the progress of one run into events of the page."""

    def __init__(self, tell: Tell, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._written = 0
        self._told_at = 0.0

    def __call__(self, event: str, details: Mapping[str, Any]) -> None:
        """Take one event of the conversation in."""
        if event == "plan":
            self._tell("plan", {"calls": _calls(details)})
        elif event == "call":
            self._tell(
                "call", {name: details.get(name) for name in ("key", "tool", "status", "ms")}
            )
        elif event in STAGES:
            self._tell("stage", {"stage": event})
        elif event == "token":
            self._count(str(details.get("text", "")))

    def _count(self, text: str) -> None:
        """Say how much is written, never what: nothing of it has been checked yet."""
        self._written += len(text)
        now = self._clock()
        if now - self._told_at >= WRITING_EVERY:
            self._told_at = now
            self._tell("writing", {"characters": self._written})


def _calls(details: Mapping[str, Any]) -> list[dict[str, Any]]:
    calls = details.get("calls", ())
    keys = details.get("keys") or [str(place) for place in range(len(calls))]
    held = set(details.get("held", ()))
    return [
        {
            "key": key,
            "tool": str(call.get("tool", "")),
            "detail": detail(call.get("arguments", {})),
            "held": key in held,
        }
        for key, call in zip(keys, calls, strict=False)
    ]


def detail(arguments: Mapping[str, Any]) -> str:
    """Return the arguments of a call as one line."""
    return ", ".join(f"{name} {_value(value)}" for name, value in arguments.items())


def _value(value: object) -> str:
    return " + ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


def answered(record: RunRecord) -> dict[str, Any]:
    """Return what the page must know of an answer beside its text."""
    from agent.web.charting import has_charts
    from agent.web.followups import followups

    brief = record.brief
    asked = brief.clarification
    return {
        "run": brief.run_id,
        "question": brief.question,
        "language": brief.language,
        "seconds": round(brief.usage.seconds, 1),
        "model": brief.usage.model,
        "usd": brief.usage.usd,
        "simulated": brief.market.simulated,
        "choices": list(asked.choices) if asked else [],
        "followups": followups(brief, record.request.vocabulary),
        "charts": has_charts(brief),
        "plan": [
            {
                "tool": call.tool,
                "detail": detail(call.arguments),
                "status": call.status,
                "ms": round(call.ms),
            }
            for call in brief.plan
        ],
    }
