"""A conversation on a market that is open already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.conversation import Conversation

if TYPE_CHECKING:
    from datetime import date

    from agent.brains.base import Progress
    from agent.mcp.market import Opened
    from agent.settings import Settings
    from tools.desk import Desk
    from tools.sources.base import MarketData


class SharedConversation(Conversation):
    """Shares the market and the desk of a server; what else it opens is gone with it."""

    def __init__(
        self, settings: Settings, opened: Opened, *, thread: str, progress: Progress | None
    ) -> None:
        super().__init__(settings, thread=thread, progress=progress, today=opened.today)
        self._opened = opened

    def _market(self, name: str) -> MarketData:
        return self._opened.data if name == self.settings.market else super()._market(name)

    def _desk(self, as_of: date | None) -> Desk:
        return self._opened.desk if as_of == self.settings.as_of else super()._desk(as_of)
