"""What can go wrong below the agent, split by who can act on it.

::

    SectorvaneError
    ├── UnusableInputError     the reader: a flag, a file or a setting cannot be used (exit status 2)
    │   └── MarketFolderError  the owner of a market folder: one of its files breaks the layout
    ├── ToolInputError         the model: an argument it may repair; goes back to it with what is possible
    └── SourceDownError        the operator: a provider or a file cannot be reached now

What does not exist is not an error: a tool answers it with a gap.
"""

from __future__ import annotations


class SectorvaneError(Exception):
    """Base of every error a reader may see; its text is one plain sentence or two."""


class UnusableInputError(SectorvaneError):
    """Input that cannot be used: says what was wanted, what came and what to do."""

    def __init__(self, wanted: str, came: object, todo: str) -> None:
        self.wanted, self.came, self.todo = wanted, came, todo
        super().__init__(f"Wanted {wanted}; got {came!s}. {todo}")


class MarketFolderError(UnusableInputError):
    """A market folder that breaks the documented layout."""


class ToolInputError(SectorvaneError):
    """An argument of a tool call that the caller may repair; names what is possible."""


class SourceDownError(SectorvaneError):
    """A provider that cannot be reached now; trying later may help.

    Attributes
    ----------
    retry_after
        Seconds the provider asked to wait, None where it said nothing.
    refused
        Whether the provider said no to a key or to access as such: asking for something else is no use either.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, refused: bool = False
    ) -> None:
        self.retry_after, self.refused = retry_after, refused
        super().__init__(message)
