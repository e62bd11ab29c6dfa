"""What can be read without asking: briefs, the heatmap, the signal card.

The heatmap is that of the brief on the whole market as it stands, which is made when it is first
read and kept for the day. A picture is offered only where the library that draws it is installed.
"""

from __future__ import annotations

import functools
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast, get_args

import anyio
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from tools.contracts import HORIZONS, HeatmapPeriod, Horizon
from tools.errors import SectorvaneError, UnusableInputError
from tools.mcp_server import as_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from mcp.server.mcpserver import MCPServer

    from agent.mcp.asking import Asker
    from agent.mcp.market import ServedMarket
    from agent.mcp.shelf import Shelf
    from agent.records import RunRecord
    from tools.contracts import ToolResult

SCHEME = "sectorvane://"
MARKDOWN = "text/markdown"
JSON = "application/json"
PNG = "image/png"


def can_draw() -> bool:
    """Return whether pictures can be made here."""
    return find_spec("matplotlib") is not None


def brief_uri(run_id: str) -> str:
    """Return the address of a brief."""
    return f"{SCHEME}brief/{run_id}"


class Readings:
    """Reads what the resources show.

    Parameters
    ----------
    market
        The market that is served.
    asker
        Makes the brief on the market as it stands.
    shelf
        Briefs made before.
    """

    def __init__(self, market: ServedMarket, asker: Asker, shelf: Shelf) -> None:
        self._market = market
        self._asker = asker
        self._shelf = shelf

    async def latest(self) -> RunRecord:
        """Return the newest brief, or the one on the market as it stands where there is none."""
        found = await anyio.to_thread.run_sync(self._shelf.newest)
        return found or (await self._asker.daily()).record

    async def one(self, run_id: str) -> RunRecord:
        """Return the brief of an id."""
        return await anyio.to_thread.run_sync(self._shelf.read, run_id)

    async def heatmap(self) -> str:
        """Return the heatmap as a Markdown table under the market's name and day."""
        from agent.brief.evidence import Evidence
        from agent.brief.heatmap import heatmap

        record = (await self._asker.daily()).record
        market = record.request.market
        simulated = " SIMULATED." if market.simulated else ""
        head = f"{market.name}, as of {market.as_of}, horizon {record.request.horizon}.{simulated}"
        return f"{head}\n\n{heatmap(Evidence(record.request))}\n"

    async def picture(self) -> bytes:
        """Return the heatmap as a PNG."""
        from agent.reports.images import heatmap_png

        brief = (await self._asker.daily()).brief
        drawn: bytes = await anyio.to_thread.run_sync(heatmap_png, brief)
        return drawn

    async def card(self, horizon: str) -> ToolResult:
        """Return the signal card of a horizon."""
        from tools.signal_card import get_signal_card

        known = cast("Horizon", _one_of("a horizon", horizon, HORIZONS))
        return await anyio.to_thread.run_sync(
            lambda: get_signal_card(self._market.desk(), horizon=known)
        )

    async def moves(self, period: str) -> ToolResult:
        """Return the sectors' moves over a period."""
        from tools.market import get_sector_heatmap

        known = cast("HeatmapPeriod", _one_of("a period", period, get_args(HeatmapPeriod)))
        return await anyio.to_thread.run_sync(
            lambda: get_sector_heatmap(self._market.desk(), period=known)
        )


def _one_of(what: str, came: str, known: Iterable[str]) -> str:
    if came not in known:
        raise UnusableInputError(what, repr(came[:40]), f"There are {', '.join(known)}.")
    return came


def add_resources(server: MCPServer[Any], readings: Readings, *, pictures: bool) -> None:
    """Offer the resources and their templates."""
    _add_briefs(server, readings)
    _add_heatmap(server, readings, pictures=pictures)
    _add_card(server, readings)


def _add_briefs(server: MCPServer[Any], readings: Readings) -> None:
    @server.resource(
        f"{SCHEME}brief/latest", name="latest_brief", title="Latest brief", mime_type=MARKDOWN,
        description="The newest brief on this market; one is made where there is none.",
    )  # fmt: skip
    @_plainly
    async def latest() -> str:
        return (await readings.latest()).brief.markdown

    @server.resource(
        f"{SCHEME}brief/latest/json", name="latest_brief_json", title="Latest brief as data",
        mime_type=JSON, description="The newest brief with every fact (sectorvane.brief/1).",
    )  # fmt: skip
    @_plainly
    async def latest_json() -> str:
        return (await readings.latest()).brief.model_dump_json(by_alias=True)

    @server.resource(
        f"{SCHEME}brief/{{run_id}}", name="brief", title="A brief", mime_type=MARKDOWN,
        description="One brief by its run_id, which `ask` answers with.",
    )  # fmt: skip
    @_plainly
    async def one(run_id: str) -> str:
        return (await readings.one(run_id)).brief.markdown

    @server.resource(
        f"{SCHEME}brief/{{run_id}}/json", name="brief_json", title="A brief as data",
        mime_type=JSON, description="One brief with every fact (sectorvane.brief/1).",
    )  # fmt: skip
    @_plainly
    async def one_json(run_id: str) -> str:
        return (await readings.one(run_id)).brief.model_dump_json(by_alias=True)


def _add_heatmap(server: MCPServer[Any], readings: Readings, *, pictures: bool) -> None:
    @server.resource(
        f"{SCHEME}heatmap", name="heatmap", title="Sector heatmap", mime_type=MARKDOWN,
        description="Every sector with its moves, probability, confidence and view, as a table.",
    )  # fmt: skip
    @_plainly
    async def heatmap() -> str:
        return await readings.heatmap()

    @server.resource(
        f"{SCHEME}heatmap/{{period}}", name="moves", title="Sector moves", mime_type=MARKDOWN,
        description="Every sector's move, daily, weekly or monthly, with its facts.",
    )  # fmt: skip
    @_plainly
    async def moves(period: str) -> str:
        return as_text(await readings.moves(period))

    if pictures:

        @server.resource(
            f"{SCHEME}heatmap.png", name="heatmap_image", title="Sector heatmap as an image",
            mime_type=PNG, description="The heatmap as a picture.",
        )  # fmt: skip
        @_plainly
        async def picture() -> bytes:
            return await readings.picture()


def _add_card(server: MCPServer[Any], readings: Readings) -> None:
    @server.resource(
        f"{SCHEME}signal-card", name="signal_card", title="Signal card", mime_type=MARKDOWN,
        description="How good the model's own forecasts over a month have been, out of sample.",
    )  # fmt: skip
    @_plainly
    async def card() -> str:
        return as_text(await readings.card("1M"))

    @server.resource(
        f"{SCHEME}signal-card/{{horizon}}", name="signal_card_json", title="Signal card as data",
        mime_type=JSON, description="The record of one horizon: 1W, 1M or 3M.",
    )  # fmt: skip
    @_plainly
    async def card_json(horizon: str) -> str:
        content = (await readings.card(horizon)).model_dump(mode="json", by_alias=True)
        return json.dumps(content, ensure_ascii=False)


def _plainly(
    read: Callable[..., Awaitable[str | bytes]],
) -> Callable[..., Awaitable[str | bytes]]:
    """Let what goes wrong reach the client as one plain sentence of the protocol's."""

    @functools.wraps(read)
    async def plain(**parameters: Any) -> str | bytes:  # noqa: ANN401 - checked by the SDK
        try:
            return await read(**parameters)
        except UnusableInputError as refused:
            raise ResourceNotFoundError(str(refused)) from refused
        except SectorvaneError as failed:
            raise ResourceError(str(failed)) from failed

    return plain
