"""The whole server: the tools of a market, questions about it, resources and prompts."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.types import Resource

from agent.doctor import version_of
from agent.mcp.ask_tool import ask_tool
from agent.mcp.asking import Asker
from agent.mcp.market import ServedMarket
from agent.mcp.offering import Offering, add_completions, add_prompts, check_asked
from agent.mcp.resources import MARKDOWN, Readings, add_resources, brief_uri, can_draw
from agent.mcp.shelf import MOST_LISTED, Shelf
from tools import CATALOGUE
from tools.mcp_server import INSTRUCTIONS, bind, new_server
from tools.serving.paging import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from mcp.server.mcpserver import Context
    from mcp.types import GetPromptResult, InputRequiredResult

    from agent.settings import Settings

_INSTRUCTIONS = (
    f"{INSTRUCTIONS} `ask` answers a question about the market with a whole brief; the other tools "
    "answer with facts alone. Resources hold the latest brief, the heatmap and the signal card."
)


class FrontServer(MCPServer[Any]):
    """A server whose list of resources grows with the briefs it makes."""

    shelf: Shelf | None = None

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: Context[Any, Any] | None = None,
    ) -> GetPromptResult | InputRequiredResult:
        """Return a prompt; the SDK would call a wrong name or argument an internal error."""
        check_asked(await self.list_prompts(), name, arguments or {})
        return await super().get_prompt(name, arguments, context)

    async def list_resources(self) -> list[Resource]:
        """Return the fixed resources, then the briefs, newest first."""
        fixed = await super().list_resources()
        if self.shelf is None:
            return fixed
        lines = await anyio.to_thread.run_sync(
            lambda shelf: list(islice(shelf.lines(), MOST_LISTED)), self.shelf
        )
        return fixed + [
            Resource(
                uri=brief_uri(line.run_id),
                name=f"brief_{line.run_id}",
                title=line.question[:120],
                description=f"A brief as of {line.as_of}.",
                mime_type=MARKDOWN,
            )
            for line in lines
        ]


def build_front(
    settings: Settings,
    *,
    token: str | None = None,
    page_size: int = PAGE_SIZE,
    pictures: bool | None = None,
    today: Callable[[], date] = lambda: datetime.now(UTC).astimezone().date(),
) -> FrontServer:
    """Return the server of the market that the settings name.

    Parameters
    ----------
    token
        What every request over HTTP must bear; None asks for nothing.
    page_size
        Items on a page of a list.
    pictures
        Whether to offer the heatmap as a picture; None: where it can be drawn.
    today
        Returns the calendar day.

    Raises
    ------
    UnusableInputError
        For an unknown market, a broken folder, an impossible date or an unwritable home.
    """
    market = ServedMarket(settings, today)
    asker = Asker(settings, market)
    shelf = Shelf(settings.home, settings.market)
    tools = [
        bind(entry.load(), market.desk, name=entry.name, waits_for=market.waits_for)
        for entry in CATALOGUE
    ]
    ask = ask_tool(asker, market.waits_for, open_world=settings.brain_in_use == "openai")
    server = new_server(
        [*tools, ask],
        kind=FrontServer,
        token=token,
        page_size=page_size,
        version=version_of("sectorvane"),
        instructions=_INSTRUCTIONS,
    )
    server.shelf = shelf
    readings = Readings(market, asker, shelf)
    add_resources(server, readings, pictures=can_draw() if pictures is None else pictures)
    add_prompts(server, Offering(market.desk))
    add_completions(server, lambda: market.desk().vocabulary, shelf)
    return server
