"""What a remote server did not give, in plain sentences that hold no words of its own but names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.remote.quoting import PLAIN_NAME, harmless
from tools.contracts import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QUOTA = "the quota of this server allows no more calls now"
LATER = "it was not asked; a later question will ask it"
SERVES = {
    "timeframe": "its latest session",
    "period": "its latest session",
    "sector": "the whole market",
    "benchmark": "no benchmark",
    "indicator_list": "the indicators it chooses",
}
"""Argument that is not taken → what the answer is of instead."""
LONGEST_NAME = 30


def failed(server: str, tool: str, why: str) -> Gap:
    """Tell of a call that gave nothing."""
    effect = "its answer is missing; the numbers of this market stand without it"
    return Gap(what=f"{server} {tool}", why=why, effect=effect)


def silent(server: str, why: str) -> Gap:
    """Tell of a server that could not be asked anything."""
    return Gap(what=f"remote server {server}", why=why, effect="none of its tools was asked")


def nothing_by_then(server: str) -> Gap:
    """Tell of a past day of which nothing was journalled."""
    why = "it is asked about today alone, and nothing of it was journalled by the as-of date"
    return silent(server, why)


def beyond_quota(server: str, tool: str) -> Gap:
    """Tell of a call that the quota leaves for later."""
    return Gap(what=f"{server} {tool}", why=QUOTA, effect=LATER)


def no_room(server: str, tool: str) -> Gap:
    """Tell of a call beyond the limit of one question."""
    why = "the plan holds more calls than one question may make"
    return Gap(what=f"{server} {tool}", why=why, effect=LATER)


def lacking(server: str, tool: str, arguments: Iterable[str]) -> Gap:
    """Tell of a tool that needs an argument nobody has."""
    needs = ", ".join(a if PLAIN_NAME.fullmatch(a) else "another argument" for a in arguments)
    why = f"it needs what the question does not give: {needs}"
    return Gap(what=f"{server} {tool}", why=why, effect="it was not asked")


def not_taken(server: str, tool: str, dropped: Mapping[str, Any]) -> Gap:
    """Tell of wanted arguments that the served tool does not take."""
    wanted = ", ".join(
        ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        for value in dropped.values()
    )
    names = ", ".join(harmless(name, LONGEST_NAME) for name in dropped)
    serves = dict.fromkeys(SERVES.get(name, "what it chooses") for name in dropped)
    return Gap(
        what=f"{server} {tool}: {harmless(wanted)}",
        why=f"the server takes no {names}",
        effect=f"its answer is of {' and '.join(serves)}",
    )
