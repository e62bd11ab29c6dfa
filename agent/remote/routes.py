"""Which served tools come nearest to one of ours, and what of our arguments they take.

VIMO's catalogues differ by version and address, and only two of the six logical names are among
them, so the choice is made from what ``tools/list`` shows at the moment, never from a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tools.contracts import HEATMAP_WINDOW, TRADING_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.remote.connection import Served
    from agent.remote.settings import RemoteServer

WINDOW_ARGUMENTS = ("timeframe", "period")
DAYS = "$days"
"""Stands for the days of the asked window and the one before it, from which its move is counted."""


class Near(NamedTuple):
    """A served tool that answers one of ours, or part of it."""

    tool: str
    arguments: dict[str, Any]
    """What it is given; ``$name`` is an argument of our tool, and is left out where there is none."""


def _near(tool: str, **arguments: str) -> Near:
    return Near(tool, arguments)


_SYMBOL = {"symbol": "$symbol"}
WAYS: Mapping[str, tuple[tuple[Near, ...], ...]] = {
    "get_market_overview": ((_near("get_market_snapshot"), _near("get_index_history", days=DAYS)),),
    "get_sector_heatmap": ((_near("get_sector_rotation"),),),
    "get_macro_indicators": (
        (_near("get_macro_snapshot", category="vietnam"),),
        (_near("get_market_snapshot"),),
    ),
    "get_foreign_flow": (),
    "get_whale_activity": (),
    "get_news_sentiment": (),
    "get_stock_analysis": (
        (
            _near("get_stock_info", **_SYMBOL),
            _near("get_technical_signals", **_SYMBOL),
            _near("get_bctc_summary", **_SYMBOL),
            _near("get_opinion", **_SYMBOL),
        ),
        (_near("get_ta_narrative", **_SYMBOL), _near("get_bctc_summary", **_SYMBOL)),
        (_near("get_ta_signals", **_SYMBOL), _near("get_bctc_profile", **_SYMBOL)),
    ),
}
"""Our logical tool → ways to answer it; one that serves it under its own name needs none."""


class Ask(NamedTuple):
    """One call as it can really be made."""

    tool: str
    sent: dict[str, Any]
    dropped: dict[str, Any]
    """What was wanted and is not taken."""
    lacking: tuple[str, ...]
    """Arguments that the tool needs and nobody has: it cannot be asked."""


def nearest(logical: str, served: Mapping[str, Served], server: RemoteServer) -> tuple[Near, ...]:
    """Return the served tools to ask for one of ours, most telling first; none where there is none.

    The way with the most served tools is taken, the first of equals.
    """
    configured = tuple(
        Near(name, dict(tool.arguments))
        for name, tool in server.tools.items()
        if logical in tool.answers and name in served
    )
    found: tuple[Near, ...] = ()
    if logical in WAYS and logical in served:
        found = (Near(logical, {}),)
    else:
        for way in WAYS.get(logical, ()):
            usable = tuple(near for near in way if near.tool in served)
            found = usable if len(usable) > len(found) else found
    named = {near.tool for near in configured}
    return (*configured, *(near for near in found if near.tool not in named))


def compare(near: Near, wanted: Mapping[str, Any], served: Served, server: RemoteServer) -> Ask:
    """Compare what is wanted with what the served schema declares."""
    known = served.properties
    configured = server.tools[near.tool].arguments if near.tool in server.tools else {}
    template = {**near.arguments, **configured}
    sent = {**wanted, **_filled(template, wanted)}
    taken = {
        name: value
        for name, value in sent.items()
        if name in known and value is not None and _allowed(value, known[name])
    }
    translated = _sources({name: held for name, held in template.items() if name in taken})
    dropped = {
        name: value
        for name, value in wanted.items()
        if value is not None and name not in taken and name not in translated
    }
    required = served.schema.get("required")
    needed = required if isinstance(required, list) else []
    return Ask(near.tool, taken, dropped, tuple(str(n) for n in needed if n not in taken))


def _sources(template: Mapping[str, Any]) -> set[str]:
    """Return our arguments that the sent ones were made from."""
    named = {
        value[1:] for value in template.values() if isinstance(value, str) and value[:1] == "$"
    }
    return named | (set(WINDOW_ARGUMENTS) if DAYS in template.values() else set())


def _filled(template: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template's arguments with ours in the places that stand for them."""
    filled: dict[str, Any] = {}
    for name, value in template.items():
        if value == DAYS:
            window = window_of(wanted)
            filled[name] = TRADING_DAYS[window] + 1 if window in TRADING_DAYS else None
        elif isinstance(value, str) and value.startswith("$"):
            filled[name] = wanted.get(value[1:])
        else:
            filled[name] = value
    return filled


def window_of(arguments: Mapping[str, Any]) -> str | None:
    """Return the window that arguments name, None where they name none."""
    for name in WINDOW_ARGUMENTS:
        value = str(arguments.get(name, ""))
        window = HEATMAP_WINDOW.get(value, value)
        if window in TRADING_DAYS:
            return window
    return None


def _allowed(value: object, schema: object) -> bool:
    listed = schema.get("enum") if isinstance(schema, dict) else None
    return value in listed if isinstance(listed, list) else True
