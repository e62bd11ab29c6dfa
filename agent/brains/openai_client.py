"""One chat-completions call: streamed or whole, retried, errors in plain words.

Servers that speak this protocol differ in what they take. A request begins with everything (a
JSON schema, usage in streams, temperature) and steps down when the server refuses a feature; what
was refused is not asked for again by the same client. The official client's own retries are off,
because :mod:`agent.retry` is the only place that retries.
"""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from agent.errors import CassetteMissError, ModelDownError
from agent.retry import MODEL_ATTEMPTS, MODEL_SECONDS, StreamCutError, is_cassette_miss, model_retry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from httpx2 import AsyncClient
    from openai import APIStatusError, AsyncOpenAI

    from agent.retry import Sleep

_log = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key-needed"
"""What is sent where a server wants no key; the official client insists on one."""
CHARACTERS_OF_A_TOKEN = 12
UNFINISHED = frozenset({"length", "content_filter"})
"""Reasons to stop that leave an answer without its end."""
FORMATS = ("json_schema", "json_object", "text")
TOO_LONG = re.compile(
    r"context.{0,12}(length|size|window)|maximum context|too (long|many tokens)"
    r"|exceed.{0,20}(context|token)",
    re.IGNORECASE,
)


class ContextTooLongError(Exception):
    """The prompt does not fit the model; the caller may try a shorter one."""


class ToolCall(NamedTuple):
    """A tool call as the model wrote it."""

    name: str
    arguments: str
    """JSON as written; it may be broken."""


class Reply(NamedTuple):
    """What a model answered."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    input_tokens: int
    output_tokens: int
    cut: bool = False
    """Whether the model stopped at the limit of its output and not at the end of its answer."""


@dataclass(frozen=True, kw_only=True)
class ModelAddress:
    """Where a model is and how to talk to it."""

    model: str
    base_url: str
    api_key: str
    timeout_seconds: float = 120.0
    attempts: int = MODEL_ATTEMPTS
    max_seconds: float = MODEL_SECONDS
    """No attempt begins later than this after the first."""
    max_output_tokens: int = 2000
    answer_seconds: float = 300.0
    """How long one answer may take from its first byte asked for to its last one."""
    http_client: AsyncClient | None = field(default=None, repr=False)
    """A client of the caller's, which stays open; None opens and closes one around each call."""
    sleep: Sleep = asyncio.sleep

    @property
    def max_characters(self) -> int:
        """The length at which a stream is left, whatever the server was told: far above any token's."""
        return CHARACTERS_OF_A_TOKEN * self.max_output_tokens

    @property
    def is_openai(self) -> bool:
        """Whether the newest models there want another name for the output limit."""
        return self.base_url.startswith("https://api.openai.com")


class ChatModel:
    """A model behind an address.

    Parameters
    ----------
    address
        Where it is.
    """

    def __init__(self, address: ModelAddress) -> None:
        self.address = address
        self._refused: set[str] = set()
        self._format = 0

    async def ask(
        self,
        messages: list[dict[str, str]],
        *,
        tools: list[dict[str, Any]] | None = None,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Ask the model once.

        Parameters
        ----------
        messages
            The conversation, roles and texts.
        tools
            Functions it may call.
        schema
            Named JSON schema of the wanted answer; servers without schemas are asked for a JSON
            object, then text.
        on_text
            Receives the text as it comes; its presence asks for a stream.

        Raises
        ------
        ContextTooLongError
            When the server says that the prompt does not fit.
        ModelDownError
            When there is no answer after the retries, or the server refuses the request.
        CassetteMissError
            When a cassette is played that does not hold the request.
        """
        import httpx2
        import openai

        attempts = self.address.attempts
        for _ in range(len(FORMATS) + len(_FEATURES)):
            body = self._body(messages, tools, schema, streamed=on_text is not None)
            try:
                return await self._attempts(body, on_text, attempts)
            except openai.APIStatusError as error:
                if not self._step_down(error, body):
                    raise self._plain(error) from None
                attempts = 1 if error.status_code >= 500 else attempts
            except StreamCutError as error:
                if attempts == 1:
                    raise self._plain(error) from None
                # Some servers take the wish for a stream and then do not stream.
                self._refused |= {"stream", "stream_options"}
                attempts = 1
            except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError) as error:
                raise self._plain(error) from None
        raise ModelDownError("the model's server refuses every form of the request")

    def _body(
        self,
        messages: list[dict[str, str]],
        tools: list[dict[str, Any]] | None,
        schema: dict[str, Any] | None,
        *,
        streamed: bool,
    ) -> dict[str, Any]:
        limit = "max_completion_tokens" if self.address.is_openai else "max_tokens"
        body: dict[str, Any] = {
            "model": self.address.model,
            "messages": messages,
            "temperature": 0,
            limit: self.address.max_output_tokens,
        }
        if tools:
            body |= {"tools": tools, "tool_choice": "auto", "parallel_tool_calls": True}
        wanted = FORMATS[self._format]
        if schema is not None and wanted == "json_schema":
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif schema is not None and wanted == "json_object":
            body["response_format"] = {"type": "json_object"}
        if streamed:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return {name: value for name, value in body.items() if name not in self._refused}

    def _step_down(self, error: APIStatusError, body: dict[str, Any]) -> bool:
        """Give up one feature after a refusal; False when nothing is left to give up."""
        text = str(error)
        refused = error.status_code in {400, 415, 422, 501}
        if refused and TOO_LONG.search(text):
            raise ContextTooLongError(self._scrub(text)) from None
        named = (
            next((name for name in _FEATURES if name in body and name in text), None)
            if refused
            else None
        )
        if named:
            self._refused.add(named)
            return True
        # A 500 counts too: some servers answer a schema that they do not know with one.
        if "response_format" in body and (refused or error.status_code == 500):
            self._format = self._format + 1 if refused else len(FORMATS) - 1
            return True
        if refused:
            left = next((name for name in _FEATURES if name in body), None)
            if left:
                self._refused.add(left)
                return True
        return False

    async def _attempts(
        self, body: dict[str, Any], on_text: Callable[[str], None] | None, attempts: int
    ) -> Reply:
        async with self._client() as client:

            async def once() -> Reply:
                try:
                    # The request is this module's own dictionary; the overloads of `create` cannot
                    # follow it.
                    async with asyncio.timeout(self.address.answer_seconds):
                        answer: Any = await client.chat.completions.create(**body)
                        if not body.get("stream"):
                            return _whole(answer)
                        return await _streamed(answer, on_text, self.address.max_characters)
                except Exception as error:
                    if is_cassette_miss(error):
                        raise CassetteMissError from error
                    raise

            return await model_retry(
                once,
                attempts=attempts,
                max_seconds=self.address.max_seconds,
                sleep=self.address.sleep,
            )

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncOpenAI]:
        import openai

        client = openai.AsyncOpenAI(
            api_key=self.address.api_key or NO_KEY,
            base_url=self.address.base_url,
            timeout=openai.Timeout(self.address.timeout_seconds, connect=10.0),
            max_retries=0,
            http_client=self.address.http_client,
        )
        try:
            yield client
        finally:
            if self.address.http_client is None:
                await client.close()

    def _plain(self, error: Exception) -> ModelDownError:
        """Return the error a reader may see; the details, without the key, go to the log.

        The sentence stands in a brief as the reason of a gap, so it holds no numerals, addresses or
        server texts.
        """
        status = getattr(error, "status_code", None)
        _log.warning(
            "model %s at %s: status %s: %s",
            self.address.model,
            self._scrub(self.address.base_url),
            status,
            self._scrub(_detail(error)),
        )
        return ModelDownError(_sentence(error, status))

    def _scrub(self, text: str) -> str:
        """Leave the key out of a text, and shorten it to a line."""
        key = self.address.api_key
        if key and key != NO_KEY:
            text = text.replace(key, "…")
        return re.sub(r"\b(sk|xox[abp])-[\w-]{8,}", "…", " ".join(text.split()))[:300]


_FEATURES = (
    "stream_options",
    "parallel_tool_calls",
    "temperature",
    "max_completion_tokens",
    "max_tokens",
)
"""What a request can do without, in the order in which it is given up."""


def _sentence(error: Exception, status: object) -> str:
    if isinstance(error, StreamCutError):
        return "the model's answer was cut off each time it was asked"
    if not isinstance(status, int):
        slow = isinstance(error, TimeoutError) or "Timeout" in type(error).__name__
        return (
            "the model's server did not answer in time"
            if slow
            else "the model's server cannot be reached"
        )
    if status in {401, 403}:
        return "the model's server refuses the key; check OPENAI_API_KEY"
    if status == 404:
        return "the model's server does not know this model or this address"
    if status == 429:
        return "the model's server accepts no more requests for now"
    return (
        "the model's server kept failing"
        if status >= 500
        else "the model's server refuses the request"
    )


def _detail(error: Exception) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message") if isinstance(inner, dict) else inner
        if message:
            return str(message)
    return str(error)


def _whole(answer: object) -> Reply:
    choices = getattr(answer, "choices", None)
    message = choices[0].message if choices else None
    calls = tuple(
        ToolCall(call.function.name or "", call.function.arguments or "")
        for call in (getattr(message, "tool_calls", None) or ())
        if getattr(call, "function", None) is not None
    )
    usage = getattr(answer, "usage", None)
    return Reply(
        (getattr(message, "content", None) or "") if message else "",
        calls,
        getattr(usage, "prompt_tokens", 0) or 0,
        getattr(usage, "completion_tokens", 0) or 0,
        choices is not None and any(one.finish_reason in UNFINISHED for one in choices),
    )


async def _streamed(
    stream: AsyncIterator[Any], on_text: Callable[[str], None] | None, max_characters: int
) -> Reply:
    """Read a stream to its end, or to where it has become too long.

    Raises
    ------
    StreamCutError
        When it ends before the model gave a reason to stop.
    """
    pieces: list[str] = []
    usage: Any = None
    reason: str | None = None
    length = 0
    async for chunk in stream:
        usage = getattr(chunk, "usage", None) or usage
        for choice in chunk.choices or ():
            reason = choice.finish_reason or reason
            piece = cast("str", getattr(choice.delta, "content", None) or "")
            if piece:
                pieces.append(piece)
                length += len(piece)
                if on_text is not None:
                    on_text(piece)
        if length > max_characters:
            reason = "length"
            break
    if reason is None:
        raise StreamCutError("the stream ended before the answer did")
    return Reply(
        "".join(pieces),
        (),
        getattr(usage, "prompt_tokens", 0) or 0,
        getattr(usage, "completion_tokens", 0) or 0,
        reason in UNFINISHED,
    )
