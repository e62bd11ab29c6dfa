"""What can go wrong in the agent, built on the tree of :mod:`tools.errors`.

::

    SectorvaneError (tools.errors)
    ├── CannotAnswerError        the operator: no answer; one plain line says why (exit status 1)
    │   ├── ModelDownError       the model does not answer, or answers nonsense, after its retries
    │   └── BudgetSpentError     the next call would pass a limit
    └── UnusableInputError       (tools.errors, exit status 2)
        ├── MissingKeyError      a brain was asked for that needs a key or an address
        └── CassetteMissError    a cassette is played that does not fit the conversation
"""

from __future__ import annotations

from tools.errors import SectorvaneError, UnusableInputError


class CannotAnswerError(SectorvaneError):
    """No answer is possible; the message says why in one plain line."""


class ModelDownError(CannotAnswerError):
    """The model does not answer, or not usefully, after its retries.

    Parameters
    ----------
    message
        Why, in words that may stand in a brief.
    model_calls, input_tokens, output_tokens
        What was used all the same: an answer that is of no use is paid for.
    """

    def __init__(
        self,
        message: str,
        *,
        model_calls: int = 0,
        input_tokens: int = 0,
        output_tokens: int = 0,
    ) -> None:
        super().__init__(message)
        self.model_calls = model_calls
        self.input_tokens = input_tokens
        self.output_tokens = output_tokens


class BudgetSpentError(CannotAnswerError):
    """The next call would pass a limit of calls, tokens, seconds or dollars."""


class MissingKeyError(UnusableInputError):
    """A key or an address is needed and not set; names the environment variable, never a value."""


class CassetteMissError(UnusableInputError):
    """A conversation asks for something that the cassette it is replayed from does not hold."""

    def __init__(
        self,
        wanted: str = "a request that the cassette holds",
        came: object = "one that was not recorded",
        todo: str = "Ask the recorded question of the recorded market and date, or record anew.",
    ) -> None:
        super().__init__(wanted, came, todo)
