"""Calls of Slack's Web API: at its pace, again when it says so, and never twice when in doubt.

A call that Slack refused for its pace was not carried out and is made again after the time that it
asked for. A call whose answer was lost may have been: only what may safely happen twice is made
again here; of anything else the caller hears that the outcome is unknown, and looks.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from agent.retry import allowed_retry, retry_after
from agent.slack.pace import Pace
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

ANSWER = "sectorvane_answer"
"""Type of the metadata by which a part of an answer is known again."""
PATIENCE = 300.0
"""Seconds of waiting that an answer is worth."""
HASTE = 5.0
"""Seconds of waiting that a decoration is worth."""
UPLOAD_PATIENCE = 15.0
"""Seconds of waiting that a file is worth, which an answer goes without where it must."""
EXPIRED = frozenset(
    {"message_not_in_streaming_state", "message_not_found", "streaming_mode_mismatch"}
)
"""A stream that takes nothing more."""
REPEATABLE = frozenset(
    {
        "agents.sessions.setStatus", "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle",
        "chat.appendStream", "chat.stopStream", "chat.update", "conversations.history",
        "conversations.replies", "files.getUploadURLExternal", "views.publish",
    }
)  # fmt: skip
"""Methods that do no harm when they are carried out twice: they set a state, or only read."""
FORM = frozenset(
    {
        "apps.connections.open", "auth.test", "conversations.history", "conversations.replies",
        "files.completeUploadExternal", "files.getUploadURLExternal",
    }
)  # fmt: skip
"""Methods that read no JSON."""
UNCERTAIN = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "ratelimited"}
)
"""Words of Slack for trouble of its own, or for its pace: later it may well take the same call."""
NO_ACCESS = frozenset(
    {
        "account_inactive", "invalid_auth", "missing_scope", "not_authed", "org_login_required",
        "token_expired", "token_revoked",
    }
)  # fmt: skip
"""Refusals that the operator can mend; what they hit is answered after the next start."""
NO_METHOD = frozenset(
    {
        "access_denied", "deprecated_endpoint", "feature_not_enabled", "method_deprecated",
        "missing_scope", "not_allowed_token_type", "not_authorized", "unknown_method",
    }
)  # fmt: skip
"""Refusals of a method as such, whatever it is called with."""
_TROUBLE = (aiohttp.ClientError, TimeoutError, SlackClientError, OSError)


class SlackRefusedError(SectorvaneError):
    """Slack understood a call and refused it; `code` is its word for why."""

    def __init__(self, method: str, code: str) -> None:
        self.method, self.code = method, code
        super().__init__(f"Slack refused {method}: {code}.")


class SlackUnknownError(SectorvaneError):
    """A call whose outcome is not known: the connection broke, or Slack itself failed."""

    def __init__(self, method: str, why: str) -> None:
        self.method = method
        super().__init__(f"Slack did not say what became of {method} ({why}).")


class Place(NamedTuple):
    """Where in Slack something is said."""

    channel: str
    thread_ts: str = ""
    """Empty: in the channel itself."""


class Sender:
    """Everything that is said to Slack goes through here.

    Parameters
    ----------
    client
        Slack's client, without retries of its own.
    pace
        How often each method may be called.
    sleep
        Waits; a test passes one that does not.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        pace: Pace | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.client = client
        self._pace = pace or Pace()
        self._sleep = sleep
        self.has_sessions = True
        """Whether Slack knows the app as an agent, with sessions that have a stop button."""

    def has_room(self, method: str, channel: str = "") -> bool:
        """Return whether a call would go through at once."""
        return self._pace.seconds_left(method, channel) == 0.0

    async def call(
        self,
        method: str,
        *,
        patience: float = PATIENCE,
        **arguments: Any,  # noqa: ANN401 - Slack's own
    ) -> dict[str, Any]:
        """Call a method and return what Slack answers.

        Parameters
        ----------
        method
            Slack's name of it, ``chat.postMessage``.
        patience
            Seconds that it may have to wait in all.
        arguments
            Its arguments; None and empty texts are left out.

        Raises
        ------
        SlackRefusedError
            Where Slack says no.
        SlackUnknownError
            Where the outcome is not known, or Slack asks for more patience than there is.
        """
        given = {name: value for name, value in arguments.items() if value not in (None, "")}
        channel = str(given.get("channel", ""))

        async def once() -> dict[str, Any]:
            await self._pace.turn(method, channel)
            shape = {"params": _as_form(given)} if method in FORM else {"json": dict(given)}
            response = await self.client.api_call(method, **shape)
            found: dict[str, Any] = dict(response.data)  # type: ignore[arg-type]  # JSON in every method used here
            return found

        try:
            return await allowed_retry(
                once,
                again=lambda error: self._may_pass(error, method),
                max_seconds=patience,
                sleep=self._sleep,
            )
        except SlackApiError as error:
            raise self._named(error, method) from error
        except _TROUBLE as error:
            raise SlackUnknownError(method, type(error).__name__) from error

    def _may_pass(self, error: BaseException, method: str) -> bool:
        """Return whether a call may be made again, and hold its method back as long as Slack asks."""
        if not isinstance(error, SlackApiError):
            return isinstance(error, _TROUBLE) and method in REPEATABLE
        status, code = int(error.response.status_code), _code(error)
        if status == 429:
            self._pace.hold(method, retry_after(error, datetime.now(UTC)) or 1.0)
            return True
        return (status >= 500 or code in UNCERTAIN) and method in REPEATABLE

    def _named(self, error: SlackApiError, method: str) -> SectorvaneError:
        status, code = int(error.response.status_code), _code(error)
        if status >= 500 or status == 429 or code in UNCERTAIN:
            return SlackUnknownError(method, f"{code}, status {status}")
        data = error.response.data if isinstance(error.response.data, dict) else {}
        details = "; ".join(data.get("response_metadata", {}).get("messages", ()))
        log.info("%s: %s %s", method, code, details)
        return SlackRefusedError(method, code)

    async def try_call(
        self,
        method: str,
        *,
        patience: float = HASTE,
        **arguments: Any,  # noqa: ANN401 - Slack's own
    ) -> dict[str, Any] | None:
        """Call a method that only decorates: None where Slack would not, or not soon."""
        if not self.has_room(method, str(arguments.get("channel", ""))):
            return None
        try:
            return await self.call(method, patience=patience, **arguments)
        except (SlackRefusedError, SlackUnknownError) as error:
            log.info("%s", error)
            return None

    async def upload(
        self, place: Place, name: str, content: bytes, *, title: str, alt: str
    ) -> None:
        """Share a file in a thread, by Slack's three steps."""
        begun = await self.call(
            "files.getUploadURLExternal", filename=name, length=len(content), alt_txt=alt
        )
        await self._put(str(begun["upload_url"]), content)
        await self.call(
            "files.completeUploadExternal",
            files=[{"id": begun["file_id"], "title": title}],
            channel_id=place.channel,
            thread_ts=place.thread_ts,
        )

    async def _put(self, address: str, content: bytes) -> None:
        """Send the bytes of a file, again where they are lost: nobody sees them before the last step."""
        session = self.client.session or aiohttp.ClientSession(trust_env=True)

        async def once() -> None:
            async with session.post(address, data=content) as answer:
                answer.raise_for_status()

        def again(error: BaseException) -> bool:
            refused = isinstance(error, aiohttp.ClientResponseError) and error.status < 500
            return isinstance(error, _TROUBLE) and not refused

        try:
            await allowed_retry(once, again=again, max_seconds=UPLOAD_PATIENCE, sleep=self._sleep)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackRefusedError("the upload of a file", type(error).__name__) from error
        finally:
            if session is not self.client.session:
                await session.close()

    async def seen_in(self, place: Place, work_id: str) -> dict[str, str]:
        """Return which parts of an answer stand in a place already, and the timestamp of each.

        A file is known by its name, anything else by the metadata that went with it.
        """
        method = "conversations.replies" if place.thread_ts else "conversations.history"
        found: dict[str, str] = {}
        cursor = ""
        while True:
            page = await self.call(
                method,
                channel=place.channel,
                ts=place.thread_ts,
                include_all_metadata=True,
                limit=200 if place.thread_ts else 50,
                cursor=cursor,
            )
            for message in page.get("messages", ()):
                found |= dict.fromkeys(_parts(message, work_id), str(message.get("ts", "")))
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor or not place.thread_ts:
                return found


def metadata(work_id: str, part: str) -> dict[str, Any]:
    """Return what marks a message as a part of an answer."""
    return {"event_type": ANSWER, "event_payload": {"work": work_id, "part": part}}


def _code(error: SlackApiError) -> str:
    """Return Slack's word for a refusal."""
    data = error.response.data
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _as_form(arguments: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
    }


def _parts(message: dict[str, Any], work_id: str) -> set[str]:
    files: Sequence[dict[str, Any]] = message.get("files") or ()
    names = {str(file.get("name", "")) for file in files}
    note = message.get("metadata") or {}
    payload = note.get("event_payload") or {}
    if note.get("event_type") == ANSWER and payload.get("work") == work_id:
        names.add(str(payload.get("part", "")))
    return names
