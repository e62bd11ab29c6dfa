"""What can be read without asking: briefs, the heatmap, the signal card.

The heatmap is that of the brief on the whole market as it stands, which is made when it is first
read and kept for the day. A picture is offered only where the library that draws it is installed.
"""

from __future__ import annotations

import functools
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

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


class _Offered(NamedTuple):
    """One resource, or where blanks stand in its path a template of many."""

    path: str
    name: str
    title: str
    mime_type: str
    description: str
    read: Callable[..., Awaitable[str | bytes]]


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

    async def latest_text(self) -> str:
        """Return the newest brief, or the one on the market as it stands where there is none."""
        return (await self._latest()).brief.markdown

    async def latest_json(self) -> str:
        """Return the same as data."""
        return (await self._latest()).brief.model_dump_json(by_alias=True)

    async def brief_text(self, run_id: str) -> str:
        """Return the brief of an id."""
        return (await self._one(run_id)).brief.markdown

    async def brief_json(self, run_id: str) -> str:
        """Return the same as data."""
        return (await self._one(run_id)).brief.model_dump_json(by_alias=True)

    async def _latest(self) -> RunRecord:
        found = await anyio.to_thread.run_sync(self._shelf.newest)
        return found or (await self._asker.daily()).record

    async def _one(self, run_id: str) -> RunRecord:
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

    async def card_text(self) -> str:
        """Return the signal card of the month."""
        return as_text(await self._card("1M"))

    async def card_json(self, horizon: str) -> str:
        """Return the signal card of a horizon as data."""
        content = (await self._card(horizon)).model_dump(mode="json", by_alias=True)
        return json.dumps(content, ensure_ascii=False)

    async def _card(self, horizon: str) -> ToolResult:
        from tools.signal_card import get_signal_card

        known = cast("Horizon", _one_of("a horizon", horizon, HORIZONS))
        return await anyio.to_thread.run_sync(
            lambda: get_signal_card(self._market.desk(), horizon=known)
        )

    async def moves(self, period: str) -> str:
        """Return the sectors' moves over a period."""
        from tools.market import get_sector_heatmap

        known = cast("HeatmapPeriod", _one_of("a period", period, get_args(HeatmapPeriod)))
        return await anyio.to_thread.run_sync(
            lambda: as_text(get_sector_heatmap(self._market.desk(), period=known))
        )


def _one_of(what: str, came: str, known: Iterable[str]) -> str:
    if came not in known:
        raise UnusableInputError(what, repr(came[:40]), f"There are {', '.join(known)}.")
    return came


def add_resources(server: MCPServer[Any], readings: Readings, *, pictures: bool) -> None:
    """Offer the resources and their templates."""
    for one in (*_briefs(readings), *_heatmaps(readings), *_cards(readings)):
        if one.mime_type != PNG or pictures:
            server.resource(
                f"{SCHEME}{one.path}", name=one.name, title=one.title, mime_type=one.mime_type,
                description=one.description,
            )(_plainly(one.read))  # fmt: skip


def _briefs(readings: Readings) -> tuple[_Offered, ...]:
    return (
        _Offered(
            "brief/latest", "latest_brief", "Latest brief", MARKDOWN,
            "The newest brief on this market; one is made where there is none.",
            readings.latest_text,
        ),
        _Offered(
            "brief/latest/json", "latest_brief_json", "Latest brief as data", JSON,
            "The newest brief with every fact (sectorvane.brief/1).", readings.latest_json,
        ),
        _Offered(
            "brief/{run_id}", "brief", "A brief", MARKDOWN,
            "One brief by its run_id, which `ask` answers with.", readings.brief_text,
        ),
        _Offered(
            "brief/{run_id}/json", "brief_json", "A brief as data", JSON,
            "One brief with every fact (sectorvane.brief/1).", readings.brief_json,
        ),
    )  # fmt: skip


def _heatmaps(readings: Readings) -> tuple[_Offered, ...]:
    return (
        _Offered(
            "heatmap", "heatmap", "Sector heatmap", MARKDOWN,
            "Every sector with its moves, probability, confidence and view, as a table.",
            readings.heatmap,
        ),
        _Offered(
            "heatmap/{period}", "moves", "Sector moves", MARKDOWN,
            "Every sector's move, daily, weekly or monthly, with its facts.", readings.moves,
        ),
        _Offered(
            "heatmap.png", "heatmap_image", "Sector heatmap as an image", PNG,
            "The heatmap as a picture.", readings.picture,
        ),
    )  # fmt: skip


def _cards(readings: Readings) -> tuple[_Offered, ...]:
    return (
        _Offered(
            "signal-card", "signal_card", "Signal card", MARKDOWN,
            "How good the model's own forecasts over a month have been, out of sample.",
            readings.card_text,
        ),
        _Offered(
            "signal-card/{horizon}", "signal_card_json", "Signal card as data", JSON,
            "The record of one horizon: 1W, 1M or 3M.", readings.card_json,
        ),
    )  # fmt: skip


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
