"""What a slash command is, and what it may use of the conversation it is typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date

    from agent.brief.model import Brief
    from agent.conversation import Conversation
    from tools.contracts import MarketStamp


class Talk(Protocol):
    """What a slash command may use of a conversation in the terminal."""

    @property
    def last(self) -> Brief | None:
        """The latest answer."""
        ...

    @property
    def stamp(self) -> MarketStamp:
        """The market and date in use."""
        ...

    @property
    def conversation(self) -> Conversation:
        """The conversation behind the terminal."""
        ...

    async def ask(
        self, question: str, *, compare: date | None = None, skip: tuple[str, ...] = ()
    ) -> None:
        """Ask and show the answer; with `skip` the last question, without these calls."""
        ...

    def set_market(self, name: str) -> None:
        """Change the market."""
        ...

    def set_as_of(self, day: date | None) -> None:
        """Change the date; None: the market's last."""
        ...

    def set_lang(self, code: str) -> None:
        """Fix the language of answers, or free it with ``auto``."""
        ...

    def say(self, text: str) -> None:
        """Show a plain sentence."""
        ...

    def table(self, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Show a table."""
        ...


class Command(NamedTuple):
    """A slash command."""

    name: str
    argument: str
    does: str
    run: Callable[[Talk, str], Awaitable[bool]]
    """Returns whether the conversation goes on."""


def answered(talk: Talk) -> Brief:
    """Return the latest answer.

    Raises
    ------
    UnusableInputError
        Before the first one.
    """
    if talk.last is None:
        raise UnusableInputError("an answer to look at", "none yet", "Ask a question first.")
    return talk.last


def needed(argument: str, what: str, example: str) -> str:
    """Return an argument that a command cannot do without."""
    if not argument:
        raise UnusableInputError(what, "nothing", f"For example: {example}")
    return argument
