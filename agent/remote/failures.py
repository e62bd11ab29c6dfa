"""Why a remote call gave nothing, in one of a few plain words, whatever form the failure came in.

Servers report failures as protocol errors, as results marked as errors, and as successful results
whose text says otherwise. The server's own words are kept for the run record and never shown as
ours: they may hold numerals, markup or orders.
"""

from __future__ import annotations

import re
from typing import Literal

from tools.errors import SourceDownError

Kind = Literal[
    "auth", "limit", "timeout", "upstream", "arguments", "unknown_tool", "not_json", "web_page",
    "empty", "too_old", "ahead", "dates", "down", "refused",
]  # fmt: skip

SAID: dict[Kind, str] = {
    "auth": "the server refused the key, or needs one",
    "limit": "the server says that its limit of calls is reached",
    "timeout": "the server did not answer in time",
    "upstream": "the server could not reach the source of its data",
    "arguments": "the server refused the arguments",
    "unknown_tool": "the server says that it has no such tool",
    "not_json": "the server answered with text that is no data",
    "web_page": "the server answered with a web page instead of data",
    "empty": "the server answered without data",
    "too_old": "the answer is of a day too long before the as-of date",
    "ahead": "the answer is of a day after the as-of date",
    "dates": "the dates of the answer contradict each other",
    "down": "the server cannot be reached or ended",
    "refused": "the server answered with an error",
}
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "auth",
        re.compile(
            r"VIMO_AUTH_ERROR|\b40[13]\b|invalid api key|unauthori[sz]ed|forbidden"
            r"|api key (?:is )?(?:required|missing)",
            re.IGNORECASE,
        ),
    ),
    (
        "limit",
        re.compile(
            r"VIMO_RATE_LIMIT|\b429\b|rate limit|too many requests|quota (?:is )?exceeded"
            r"|daily limit",
            re.IGNORECASE,
        ),
    ),
    (
        "unknown_tool",
        re.compile(r"unknown tool|tool not found|no such tool|-32601", re.IGNORECASE),
    ),
    (
        "upstream",
        re.compile(
            r"VIMO_UPSTREAM_ERROR|VIMO_TIMEOUT|time[d -]?out|\b50[0-9]\b|upstream|bad gateway"
            r"|service unavailable|fetch failed",
            re.IGNORECASE,
        ),
    ),
    (
        "arguments",
        re.compile(r"invalid (?:argument|param)|-32602|validation error", re.IGNORECASE),
    ),
)
LOUD = re.compile(r"\s*(?:error\b|rate limit exceeded|vimo_[a-z_]+\b|unknown tool)", re.IGNORECASE)
"""How a text begins that is a failure even where it came as a successful result."""
PAGE = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
CODE = re.compile(r"VIMO_[A-Z_]+")


class RemoteFailedError(SourceDownError):
    """A remote call that gave nothing usable.

    Parameters
    ----------
    kind
        What it comes to.
    words
        The server's own words, for the run record only.
    retry_after
        Seconds the server asked to wait.
    """

    def __init__(self, kind: Kind, words: str = "", retry_after: float | None = None) -> None:
        super().__init__(SAID[kind])
        self.kind: Kind = kind
        self.words = words
        self.retry_after = retry_after


def kind_of(text: str) -> Kind:
    """Return what a failure's text speaks of."""
    return next((kind for kind, pattern in PATTERNS if pattern.search(text)), "refused")


def kind_of_status(status: int) -> Kind:
    """Return what an HTTP status says."""
    match status:
        case 401 | 403:
            return "auth"
        case 429:
            return "limit"
        case 408 | 425:
            return "upstream"
        case _ if status >= 500:
            return "upstream"
        case _:
            return "refused"


def failure_in(data: object) -> str | None:
    """Return the words of a failure that an answer's JSON holds, None where it holds none.

    An object counts as a failure when it carries an error beside no data, a VIMO code, ``success:
    false`` or a status that says so.
    """
    if not isinstance(data, dict):
        return None
    lowered = {str(key).lower(): value for key, value in data.items()}
    code = lowered.get("code") or lowered.get("error_code")
    if isinstance(code, str) and CODE.search(code):
        return f"{code} {lowered.get('message', '')}"
    error = lowered.get("error") or lowered.get("errors")
    has_data = bool(lowered.get("data")) or bool(lowered.get("result"))
    if error and not has_data:
        return str(error)
    if lowered.get("success") is False or lowered.get("ok") is False:
        return str(lowered.get("message") or "no success")
    status = lowered.get("status")
    failed = status in {"error", "fail", "failed"} or (
        isinstance(status, int) and not isinstance(status, bool) and status >= 400
    )
    if failed:
        return f"{status} {lowered.get('message', '')}"
    return None
