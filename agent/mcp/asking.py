"""Questions of other programs: each a conversation of its own, on the market that is open already.

Conversations of clients have ids of their own kind, so that no client can take up one of the
owner's by guessing its name. One question of a conversation is answered at a time.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import anyio

from agent.settings import override
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from datetime import date

    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.mcp.market import ServedMarket
    from agent.records import RunRecord
    from agent.settings import LanguageName, Settings
    from tools.contracts import Horizon

AT_ONCE = 2
"""Questions worked on at the same time; further ones wait their turn."""
MOST_WAITING = 16
"""Questions that wait their turn; further ones are refused at once."""
DAILY: dict[LanguageName, str] = {
    "en": "Which sectors are rotating in and which are rotating out?",
    "vi": "Dòng tiền đang vào ngành nào và rời ngành nào?",
}
_THREAD = re.compile(r"mcp-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question of a client."""

    question: str
    horizon: Horizon | None = None
    language: LanguageName = "auto"
    compare: date | None = None
    thread: str | None = None


class Answered(NamedTuple):
    """A brief and the record it was kept in."""

    brief: Brief
    record: RunRecord


class Asker:
    """Asks questions of one market.

    Parameters
    ----------
    settings
        With the brain that answers.
    market
        What is open.
    """

    def __init__(self, settings: Settings, market: ServedMarket) -> None:
        self._settings = settings
        self._market = market
        self._turns = anyio.Semaphore(AT_ONCE)
        self._busy: set[str] = set()
        self._daily: tuple[str, Answered] | None = None
        self._asking_daily = anyio.Lock()

    async def ask(self, asked: Asked, progress: Progress | None = None) -> Answered:
        """Answer a question.

        Raises
        ------
        UnusableInputError
            For a question without a word, and for a conversation that is no client's, or that is
            being answered in right now.
        SourceDownError
            When :data:`MOST_WAITING` questions wait already.
        CannotAnswerError
            When no answer is possible.
        """
        if not asked.question.strip():
            raise UnusableInputError(
                "a question", "an empty one", 'For example: "Which sectors lead?"'
            )
        thread = _thread(asked.thread)
        if thread in self._busy:
            raise UnusableInputError(
                "a conversation that waits for a question",
                f"{thread!r}, which is still being answered in",
                "Wait for its answer, or leave `thread` out to begin another.",
            )
        if self._turns.statistics().tasks_waiting >= MOST_WAITING:
            raise SourceDownError(
                f"{MOST_WAITING} questions wait for their turn already; ask again in a minute"
            )
        self._busy.add(thread)
        try:
            async with self._turns:
                return await self._answer(asked, thread, progress)
        finally:
            self._busy.discard(thread)

    async def daily(self) -> Answered:
        """Return the brief on the whole market as it stands; asked for once a day."""
        async with self._asking_daily:
            # On a new day the market is opened anew, which takes seconds.
            key = (await anyio.to_thread.run_sync(self._market.opened)).desk.key
            if self._daily is None or self._daily[0] != key:
                language: LanguageName = "vi" if self._settings.lang == "vi" else "en"
                asked = Asked(question=DAILY[language], language=language)
                self._daily = (key, await self.ask(asked))
            return self._daily[1]

    async def _answer(self, asked: Asked, thread: str, progress: Progress | None) -> Answered:
        # What a graph needs takes a second to import; a server is to be up before that.
        from agent.mcp.conversing import SharedConversation

        opened = await anyio.to_thread.run_sync(self._market.opened)
        lang = None if asked.language == "auto" else asked.language
        settings = override(self._settings, {"lang": lang})
        conversation = SharedConversation(settings, opened, thread=thread, progress=progress)
        async with conversation:
            brief = await conversation.ask(
                asked.question, horizon=asked.horizon, compare=asked.compare
            )
            record = conversation.record
        if record is None:
            raise ValueError("a question was answered without a record")
        return Answered(brief, record)


def _thread(wanted: str | None) -> str:
    if wanted is None:
        return f"mcp-{secrets.token_hex(6)}"
    if not _THREAD.fullmatch(wanted):
        raise UnusableInputError(
            "the thread_id of an earlier answer of this server",
            repr(wanted[:40]),
            "Leave `thread` out to begin a conversation.",
        )
    return wanted
