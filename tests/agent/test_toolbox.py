"""What a tool server sends is data: an answer of the wrong shape is a failed call, never a crash."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp.server.mcpserver import MCPServer
from mcp.types import CallToolResult, TextContent

from agent.brains.base import PlannedCall
from agent.state import CallTask
from agent.toolbox import Toolbox
from tests.fakes import Clock, ToolServer

if TYPE_CHECKING:
    from agent.state import CallOutcome


def odd_server(content: dict[str, Any]) -> Any:
    """Return a server whose one tool answers `content`, whatever its schema promises."""
    server = MCPServer("odd")

    @server.tool()
    async def get_market_overview(timeframe: str) -> CallToolResult:
        """Overview."""
        return CallToolResult(
            content=[TextContent(type="text", text=timeframe)], structured_content=content
        )

    return server


def called(server: Any) -> CallOutcome:
    """Return the outcome of one call."""

    async def once() -> CallOutcome:
        async with Toolbox([server], clock=Clock()) as toolbox:
            call = PlannedCall(tool="get_market_overview", arguments={"timeframe": "1M"})
            return await toolbox.call(CallTask(key="k", call=call), timeout_seconds=5.0)

    return asyncio.run(once())


def test_an_answer_in_the_documented_shape_becomes_facts() -> None:
    outcome = called(ToolServer().build())
    assert outcome.status == "ok"
    assert outcome.facts


@pytest.mark.parametrize(
    "content", [{}, {"market": "here"}, {"market": {"id": "x"}, "facts": [{"id": "1"}]}]
)
def test_an_answer_in_another_shape_is_a_named_gap(content: dict[str, Any]) -> None:
    outcome = called(odd_server(content))
    assert outcome.status == "failed"
    assert "documented shape" in outcome.gaps[0].why


def test_a_call_of_a_server_that_is_gone_is_a_named_gap() -> None:
    async def once() -> CallOutcome:
        async with Toolbox([ToolServer().build()], clock=Clock()) as toolbox:
            call = PlannedCall(tool="vimo__get_foreign_flow")
            return await toolbox.call(CallTask(key="k", call=call), timeout_seconds=5.0)

    outcome = asyncio.run(once())
    assert outcome.status == "failed"
    assert "no server of this run" in outcome.gaps[0].why


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_a_run_cancelled_while_it_connects_leaves_no_connection_open(steps: int) -> None:
    async def hold() -> None:
        async with Toolbox([ToolServer().build()], clock=Clock()):
            await anyio.sleep_forever()

    # A connection that stayed open would break the cancel scope around it.
    async with anyio.create_task_group() as running:
        running.start_soon(hold)
        for _ in range(steps):
            await asyncio.sleep(0)
        running.cancel_scope.cancel()
    assert running.cancel_scope.cancelled_caught
