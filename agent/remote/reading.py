"""From what a server sent to an answer with its dates, or to the failure it is in disguise."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.remote.failures import LOUD, PAGE, RemoteFailedError, failure_in, kind_of
from agent.remote.paths import find

if TYPE_CHECKING:
    from agent.remote.settings import RemoteTool

MAX_AGE_DAYS = 7
"""Days before the as-of date beyond which an answer is refused."""
MAX_CHARACTERS = 400_000
DATE_PATHS = (
    "date", "data.date", "trading_date", "data.trading_date", "tradingDate", "data.tradingDate",
    "session", "data.session", "as_of", "data.as_of",
)  # fmt: skip
GENERATED_PATHS = ("generated_at", "data.generated_at", "generatedAt", "data.generatedAt")


class Raw(NamedTuple):
    """What a server sent for one call, whatever it was sent over."""

    text: str
    structured: dict[str, Any] | None = None
    is_error: bool = False


class Answer(NamedTuple):
    """A usable answer."""

    data: object
    """Parsed JSON, or the text itself where prose was expected."""
    text: str
    """What is journalled."""
    observed_on: date | None
    generated_at: str | None


def read(raw: Raw, tool: RemoteTool) -> Answer:
    """Return the answer in `raw`.

    Raises
    ------
    RemoteFailedError
        When it is an error, marked as one or not, no data, or contradicts itself.
    """
    text = raw.text[:MAX_CHARACTERS].strip()
    if raw.is_error:
        raise RemoteFailedError(kind_of(text), text)
    if PAGE.match(text):
        raise RemoteFailedError("web_page", text)
    data = _parsed(text, raw.structured, prose=tool.prose)
    words = failure_in(data)
    if words is not None:
        raise RemoteFailedError(kind_of(words), words)
    if _is_empty(data):
        raise RemoteFailedError("empty", text)
    generated_at = _first(data, GENERATED_PATHS)
    observed_on = session_of(data, tool)
    _check_dates(observed_on, generated_at)
    return Answer(data, text or json.dumps(data, ensure_ascii=False), observed_on, generated_at)


def _parsed(text: str, structured: dict[str, Any] | None, *, prose: bool) -> object:
    if structured:
        return structured
    if not text:
        raise RemoteFailedError("empty")
    try:
        return json.loads(text, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        if LOUD.match(text):
            raise RemoteFailedError(kind_of(text), text) from error
        if not prose:
            # A short text that names a limit or a key is that failure, whatever it begins with.
            kind = kind_of(text) if len(text) < 400 else "refused"
            raise RemoteFailedError("not_json" if kind == "refused" else kind, text) from error
        return text


def _is_empty(data: object) -> bool:
    if isinstance(data, dict) and "data" in data:
        return not data["data"]
    return data is None or data in ({}, [], "")


def session_of(data: object, tool: RemoteTool) -> date | None:
    """Return the day an answer says it is of, None where it says none."""
    return as_day(find(data, tool.date)) if tool.date else as_day(_first(data, DATE_PATHS))


def _first(data: object, paths: tuple[str, ...]) -> str | None:
    found = (find(data, path) for path in paths)
    return next((value for value in found if isinstance(value, str) and value), None)


def as_day(value: object) -> date | None:
    """Return the day of a date or a moment written as text, ISO or day/month/year."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    for pattern in (text[:10], "-".join(reversed(text[:10].split("/")))):
        try:
            return date.fromisoformat(pattern)
        except ValueError:
            continue
    return None


def _check_dates(observed_on: date | None, generated_at: str | None) -> None:
    made = as_day(generated_at)
    # A moment in UTC may be a calendar day behind the exchange's.
    if observed_on and made and observed_on > made + timedelta(days=1):
        raise RemoteFailedError("dates", f"date {observed_on}, generated_at {generated_at}")


def published_on(observed_on: date, generated_at: str | None, retrieved_at: datetime) -> date:
    """Return the day on which an answer was published: as it says itself, else that of its session.

    That it was retrieved later is another matter: a view of a past day sees nothing of it at all.
    """
    made = as_day(generated_at)
    return max(observed_on, min(made, retrieved_at.date())) if made else observed_on


def check_age(observed_on: date | None, as_of: date) -> None:
    """Refuse an answer of another time than the question's.

    Raises
    ------
    RemoteFailedError
        When its day is after `as_of` or more than a week before it.
    """
    if observed_on is None:
        return
    if observed_on > as_of:
        raise RemoteFailedError("ahead", observed_on.isoformat())
    if (as_of - observed_on).days > MAX_AGE_DAYS:
        raise RemoteFailedError("too_old", observed_on.isoformat())
