from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from agent.terminal.progress import LiveProgress, PlainProgress, progress_view

PLAN: dict[str, Any] = {
    "calls": [
        {"tool": "get_macro_indicators", "arguments": {"indicator_list": ["CPI", "OIL"]}},
        {"tool": "get_market_overview", "arguments": {"timeframe": "1M"}},
        {"tool": "get_foreign_flow", "arguments": {"timeframe": "1M"}},
    ],
    "keys": ["a", "b", "c"],
    "held": ["c"],
}
EVENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("plan", PLAN),
    ("call", {"key": "b", "tool": "get_market_overview", "status": "ok", "ms": 12.0}),
    ("call", {"key": "a", "tool": "get_macro_indicators", "status": "failed", "ms": 3.0}),
    ("score", {"model": "composite"}),
    ("compose", {"repair": False}),
    ("token", {"text": "Energy leads"}),
    ("review", {"problems": []}),
    ("done", {"run_id": "r"}),
)


def test_plain_progress_is_a_line_an_event() -> None:
    stream = io.StringIO()
    with progress_view(stream) as view:
        for event, details in EVENTS:
            view(event, details)
    assert isinstance(view, PlainProgress)
    assert stream.getvalue().splitlines() == [
        "plan: 2 calls to make",
        "  ✓ get_market_overview timeframe=1M (ok, 12 ms)",
        "  ✗ get_macro_indicators indicator_list=CPI+OIL (failed, 3 ms)",
        "scoring",
        "writing",
        "checking every number",
    ]


def test_live_progress_ticks_the_plan_off_and_leaves_nothing_behind() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    view = LiveProgress(console, clock=lambda: 5.0)
    with view:
        for event, details in EVENTS:
            view(event, details)
        drawn = Console(width=100, file=io.StringIO(), record=True)
        drawn.print(view.draw())
    text = drawn.export_text()
    assert "✗ get_macro_indicators indicator_list=CPI+OIL 3 ms" in text
    assert "✓ get_market_overview  timeframe=1M           12 ms" in text
    assert "✓ get_foreign_flow" in text
    assert "checking every number, 12 characters  0.0 s" in text
    assert screen.getvalue().endswith("\x1b[2K"), "the last thing drawn is wiped"


def test_a_call_that_nobody_planned_is_shown_too() -> None:
    stream = io.StringIO()
    view = PlainProgress(stream)
    view("call", {"key": "z", "tool": "explain_sector", "status": "ok", "ms": 1.0})
    assert "explain_sector" in stream.getvalue()
