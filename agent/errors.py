"""What can go wrong in the agent, built on the tree of :mod:`tools.errors`.

::

    SectorvaneError (tools.errors)
    ├── CannotAnswerError        the operator: no answer is possible; one plain line says why (exit status 1)
    │   ├── ModelDownError       the model does not answer, or answers nonsense, after its retries
    │   └── BudgetSpentError     the next call would pass a limit
    └── UnusableInputError       (tools.errors, exit status 2)
        └── MissingKeyError      a brain was asked for that needs a key or an address
"""

from __future__ import annotations

from tools.errors import SectorvaneError, UnusableInputError


class CannotAnswerError(SectorvaneError):
    """No answer is possible; the message says why in one plain line."""


class ModelDownError(CannotAnswerError):
    """The model does not answer, or not usefully, after its retries."""


class BudgetSpentError(CannotAnswerError):
    """The next call would pass a limit of calls, tokens, seconds or dollars."""


class MissingKeyError(UnusableInputError):
    """A key or an address is needed and not set; names the environment variable, never a value."""
