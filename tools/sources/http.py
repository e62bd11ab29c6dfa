"""The one way to a provider over HTTP: bounded in time and size, plain about failure, silent about keys.

Every failure ends as a :class:`~tools.errors.SourceDownError` that names the provider and says what came; nothing
that arrives broken is handed on. Messages hold neither keys nor addresses, since both reach a reader and a log.
Only what may pass by itself is tried again: 429, 5xx, a time-out and a connection that broke. A ``Retry-After``
beyond what is worth waiting for is handed to the caller as `retry_after`, who knows the provider's quota.
"""

from __future__ import annotations

import json
import math
import time
import weakref
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Params = Mapping[str, str | int | float]
    Content = bytes

TIMEOUT_SECONDS = 30.0
ATTEMPTS = 3
MAX_BYTES = 64 * 1024 * 1024
LONGEST_WAIT_SECONDS = 60.0
MAX_REDIRECTS = 3
EXCERPT_CHARACTERS = 120
USER_AGENT = "sectorvane (market research)"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BEFORE_CALL: ContextVar[Callable[[str], None] | None] = ContextVar("BEFORE_CALL", default=None)
"""Called with the provider's name before every request, repeated ones included: who counts calls sets it, and may
wait in it or raise :class:`SourceDownError`."""
REFUSALS = {401: "the key or the access is refused", 403: "the key or the access is refused"}


class _PassingError(SourceDownError):
    """A failure that may pass by itself, so that another attempt is worth it."""


class Reader:
    """Turns what a provider sent into a value, or into the error that says what came instead.

    Parameters
    ----------
    provider
        The name that stands in every message, such as ``FRED``.
    secrets
        Texts that no message may show.
    """

    def __init__(self, provider: str, secrets: Sequence[str] = ()) -> None:
        self.provider = provider
        self._hidden = _spellings(secrets)

    def down(
        self, came: str, *, retry_after: float | None = None, refused: bool = False
    ) -> SourceDownError:
        """Return the error that says what came instead of what was wanted."""
        told = f"{self.provider} gave no usable answer: {came}."
        return SourceDownError(told, retry_after=retry_after, refused=refused)

    def refused(
        self,
        status: int,
        content: bytes,
        retry_after: str | None = None,
        now: datetime | None = None,
    ) -> SourceDownError:
        """Return the error of a status other than 200; `retry_after` is the header as it came."""
        if may_pass(status):
            wait = _retry_after(retry_after, now or datetime.now(UTC))
            what = "too many requests" if status == 429 else "a failure of its own"
            after = "" if wait is None else f", try again in {wait:.0f} seconds"
            return self.down(f"{what} (status {status}{after})", retry_after=wait)
        if status in REFUSALS:
            return self.down(f"{REFUSALS[status]} (status {status})", refused=True)
        text = content[: 8 * EXCERPT_CHARACTERS].decode("utf-8", errors="replace")
        said = "" if _is_page(text) or not text.strip() else f": {self.excerpt(text)}"
        return self.down(f"status {status}{said}")

    def text(self, content: bytes, wanted: str = "text") -> str:
        """Return UTF-8 text; emptiness and a web page are refused."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            came = f"bytes that are not UTF-8 where {wanted} was wanted"
            raise self.down(came) from _quiet(error)
        if not text.strip():
            raise self.down(f"an empty answer where {wanted} was wanted")
        self._refuse_page(text, wanted)
        return text

    def json(self, content: bytes) -> object:
        """Return a JSON value; NaN and numbers too large for a float are refused."""
        text = self.text(content, "JSON")
        try:
            answer: object = json.loads(text, parse_constant=_finite, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            came = f"an answer that is not JSON: {self.excerpt(text)}"
            raise self.down(came) from _quiet(error)
        return answer

    def file(self, content: bytes) -> Content:
        """Return the bytes of a file; emptiness and a web page are refused."""
        if not content:
            raise self.down("an empty answer where a file was wanted")
        self._refuse_page(content[:512].decode("utf-8", errors="replace"), "a file")
        return content

    def _refuse_page(self, text: str, wanted: str) -> None:
        if _is_page(text):
            raise self.down(f"a web page where {wanted} was wanted")

    def excerpt(self, text: str) -> str:
        """Return the beginning of a text on one line, in quotes, without secrets."""
        for hidden in self._hidden:
            text = text.replace(hidden, "***")
        line = "".join(c if c.isprintable() else " " for c in text[: 4 * EXCERPT_CHARACTERS])
        return repr(" ".join(line.split())[:EXCERPT_CHARACTERS])


class Fetcher:
    """Asks one provider.

    Parameters
    ----------
    provider
        The name that stands in every message, such as ``FRED``.
    base_url
        Scheme, host and path prefix; paths are appended to it.
    headers
        Sent with every request.
    secrets
        Query parameters of every request that no message may show, such as ``{"api_key": …}``. Values of `headers`
        are never shown either.
    timeout_seconds
        For connecting, and for the whole of one answer: a body that drips longer than this is cut.
    attempts
        How often at most, the first included.
    max_bytes
        The largest body that is read, after decompression.
    longest_wait_seconds
        The longest pause worth making for ``Retry-After``; where more is asked, the call fails at once.
    sleep, clock, now
        Waiting, seconds that only grow, and the time that an HTTP date is measured from.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        attempts: int = ATTEMPTS,
        max_bytes: int = MAX_BYTES,
        longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.provider = provider
        self._base = httpx2.URL(base_url.rstrip("/") + "/")
        self._secrets = dict(secrets or {})
        self._reader = Reader(provider, [*self._secrets.values(), *(headers or {}).values()])
        self._headers = {"User-Agent": USER_AGENT, **(headers or {})}
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._max_bytes = max_bytes
        self._longest_wait_seconds = longest_wait_seconds
        self._sleep, self._clock, self._now = sleep, clock, now
        self._opened: httpx2.Client | None = None

    def __repr__(self) -> str:
        return f"Fetcher({self.provider!r})"

    def json(
        self, path: str, params: Params | None = None, *, body: object = None, method: str = ""
    ) -> object:
        """Return the answer parsed as JSON; numbers that JSON does not know (NaN) are refused.

        Parameters
        ----------
        path
            Below the base address.
        params
            Of the query.
        body
            Sent as JSON; makes the request a POST unless `method` says otherwise.

        Raises
        ------
        SourceDownError
            When no usable answer came.
        """
        return self._reader.json(self._get(path, params, body, method))

    def text(self, path: str, params: Params | None = None) -> str:
        """Return the answer as text, CSV for example; a web page is refused.

        Raises
        ------
        SourceDownError
            When no usable answer came.
        """
        return self._reader.text(self._get(path, params, None, ""))

    def bytes(self, path: str, params: Params | None = None) -> Content:
        """Return the answer's bytes, a workbook for example; a web page is refused.

        Raises
        ------
        SourceDownError
            When no usable answer came.
        """
        return self._reader.file(self._get(path, params, None, ""))

    def down(self, came: str) -> SourceDownError:
        """Return the error that says what came instead of what was wanted."""
        return self._reader.down(came)

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _client(self) -> httpx2.Client:
        if self._opened is None:
            # A proxy of the environment must not stand between this machine and itself.
            self._opened = httpx2.Client(
                headers=self._headers,
                timeout=self._timeout_seconds,
                trust_env=self._base.host not in LOOPBACK,
            )
            weakref.finalize(self, self._opened.close)
        return self._opened

    def _get(self, path: str, params: Params | None, body: object, method: str) -> Content:
        request = self._client.build_request(
            method or ("GET" if body is None else "POST"),
            self._base.join(path.lstrip("/")),
            params={**(params or {}), **self._secrets} or None,
            json=body,
        )
        retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(self._attempts),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, request)
        except _PassingError as error:
            raise SourceDownError(str(error), retry_after=error.retry_after) from error.__cause__

    def _attempt(self, request: httpx2.Request) -> Content:
        if (before_call := BEFORE_CALL.get()) is not None:
            before_call(self.provider)
        deadline = self._clock() + self._timeout_seconds
        try:
            return self._followed(request, deadline)
        except httpx2.TimeoutException as error:
            raise self._passing(f"no answer within {self._timeout_seconds:g} seconds") from _quiet(
                error
            )
        except httpx2.ConnectError as error:
            raise self.down("no connection") from _quiet(error)
        except httpx2.RemoteProtocolError as error:
            raise self._passing("an answer that was cut off") from _quiet(error)
        except httpx2.TransportError as error:
            raise self._passing("a connection that broke") from _quiet(error)
        except httpx2.DecodingError as error:
            raise self.down("an answer whose compression is broken") from _quiet(error)

    def _followed(self, request: httpx2.Request, deadline: float) -> Content:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return self._body(response, deadline)
                request = self._redirected(request, response.next_request)
            finally:
                response.close()
        raise self.down(f"more than {MAX_REDIRECTS} redirects")

    def _redirected(self, asked: httpx2.Request, wanted: httpx2.Request) -> httpx2.Request:
        """Return the request to follow a redirect with; another host or plain HTTP after HTTPS is refused."""
        old, new = asked.url, wanted.url
        upgraded = (old.scheme, new.scheme, new.port) == ("http", "https", None)
        if new.host != old.host or not (
            upgraded or (new.scheme, new.port) == (old.scheme, old.port)
        ):
            raise self.down(f"a redirect to another host, {self._reader.excerpt(new.host)}")
        return wanted

    def _body(self, response: httpx2.Response, deadline: float) -> Content:
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._max_bytes:
                raise self.down(f"more than {self._max_bytes} bytes")
            if self._clock() > deadline:
                raise self._passing(f"no whole answer within {self._timeout_seconds:g} seconds")
            chunks.append(chunk)
        content = b"".join(chunks)
        if response.status_code != httpx2.codes.OK:
            raise self._refused(response, content)
        return content

    def _refused(self, response: httpx2.Response, content: Content) -> SourceDownError:
        status, wait = response.status_code, response.headers.get("retry-after")
        error = self._reader.refused(status, content, wait, self._now())
        if may_pass(status) and (error.retry_after or 0.0) <= self._longest_wait_seconds:
            return _PassingError(str(error), retry_after=error.retry_after)
        return error

    def _passing(self, came: str) -> SourceDownError:
        return _PassingError(str(self.down(came)))


def may_pass(status: int) -> bool:
    """Return whether a status tells of a failure that may pass by itself."""
    return status == httpx2.codes.TOO_MANY_REQUESTS or status >= 500


def _quiet(cause: Exception) -> Exception:
    """Return the cause without its request, whose address holds the key."""
    return RuntimeError(type(cause).__name__)


def _spellings(values: Sequence[str]) -> list[str]:
    """Return secret values as they may stand in a text, the longest first."""
    found = {
        spelled
        for value in values
        if len(value) > 3
        for spelled in (value, quote(value), quote_plus(value))
    }
    return sorted(found, key=len, reverse=True)


def _is_page(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:200].lower()
    return start.startswith(("<!doctype", "<html", "<head", "<body", "<script", "<!--"))


def _finite(written: str) -> float:
    """Return a number as written, refusing NaN and what is too large for a float."""
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written} is no number that can be used")
    return number


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.retry_after if isinstance(error, SourceDownError) else None
    return wait_exponential(multiplier=0.5, max=8.0)(state) if asked is None else asked


def _retry_after(raw: str | None, now: datetime) -> float | None:
    """Return the seconds that a server asked to wait, None where it asked nothing that can be read."""
    if not raw:
        return None
    try:
        seconds = float(raw)
    except ValueError:
        try:
            moment = parsedate_to_datetime(raw)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None
