"""Lists in pages: a cursor names the last item of the page before.

A cursor that counts items would repeat or skip some when the list grows between two pages, as the
list of briefs does at its top; one that names an item does not.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, NamedTuple

from mcp import MCPError
from mcp.types import INVALID_PARAMS

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

PAGE_SIZE = 100
"""Items on a page; every list but that of briefs fits one, for the clients that read only one."""


class _Listing(NamedTuple):
    """Where a list's items are in its answer, and what names one."""

    items: str
    name: str


_LISTINGS = {
    "tools/list": _Listing("tools", "name"),
    "prompts/list": _Listing("prompts", "name"),
    "resources/list": _Listing("resources", "uri"),
    "resources/templates/list": _Listing("resourceTemplates", "uriTemplate"),
}


class Pages:
    """Server middleware that hands out lists page by page.

    Parameters
    ----------
    size
        Items on a page, 1 or more.
    """

    def __init__(self, size: int = PAGE_SIZE) -> None:
        self._size = size

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Answer a list request with its page; anything else passes untouched."""
        result = await call_next(ctx)
        listing = _LISTINGS.get(ctx.method)
        if listing is None or not isinstance(result, dict):
            return result
        items = result[listing.items]
        first = _place_after((ctx.params or {}).get("cursor"), items, listing)
        page = items[first : first + self._size]
        cut = {**result, listing.items: page}
        if first + self._size < len(items):
            cut["nextCursor"] = _cursor(page[-1][listing.name])
        return cut


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _place_after(cursor: object, items: list[dict[str, Any]], listing: _Listing) -> int:
    """Return the place of the first item after the one that `cursor` names.

    Raises
    ------
    MCPError
        For a cursor this list never gave out, or whose item is gone.
    """
    if cursor is None:
        return 0
    try:
        name = base64.b64decode(str(cursor), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _refused() from error
    for place, item in enumerate(items):
        if item[listing.name] == name:
            return place + 1
    raise _refused()


def _refused() -> MCPError:
    return MCPError(
        code=INVALID_PARAMS, message="This cursor is not of this list; ask again without one."
    )
