"""The brain behind any OpenAI-compatible address.

It plans with native parallel tool calls and writes with structured output. It is asked once for a
plan, once for the prose and at most once for a repair. What it returns is a proposal: plans are
completed from the offline planner here and validated by the plan node, prose is reviewed against
the facts.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import prompts
from agent.brains.openai_client import OPENAI_URL, ChatModel, ContextTooLongError, ModelAddress
from agent.brains.openai_compose import DRAFT_SCHEMA, compose_messages, read_draft
from agent.brains.openai_plan import EXITS, FULL, SHORT, plan_messages, plan_tools, read_plan
from agent.brains.openai_prose import check_prose
from agent.errors import ModelDownError
from agent.prices import cost_usd
from agent.retry import MODEL_ATTEMPTS, MODEL_SECONDS

if TYPE_CHECKING:
    from httpx2 import AsyncClient
    from pydantic import SecretStr

    from agent.brains.base import Brain, ComposeRequest, Draft, PlanDraft, PlanRequest, Progress
    from agent.brains.openai_client import Reply
    from agent.retry import Sleep

__all__ = ["DEFAULT_MODEL", "OpenAIBrain"]

DEFAULT_MODEL = "gpt-4.1-mini"
MAX_PROMPT_TOKENS = 8_000
MODEL_TIMEOUT = 120.0
"""Seconds of silence after which an attempt is given up."""
SHORTENED = 3
"""A prompt that did not fit is asked again once, with this fraction of its size."""


class OpenAIBrain:
    """A language model that plans and narrates.

    Parameters
    ----------
    model
        Its name; None takes the default.
    api_key
        The key; None where the server wants none.
    base_url
        The address up to and with its version, for example ``http://127.0.0.1:11434/v1``; None is
        OpenAI's.
    planner
        The deterministic brain that fills what the model leaves out; None is the offline brain.
    max_prompt_tokens
        The longest prompt, roughly; the fact sheet is cut to it.
    max_output_tokens
        The longest answer.
    timeout_seconds
        How long a server may stay silent within one attempt.
    attempts, max_seconds
        How often a call is tried, and how long after the first no attempt begins any more.
    http_client
        An open client of the caller's; None opens one for each call and closes it.
    sleep
        Waits between attempts.
    """

    name = "openai"

    def __init__(
        self,
        *,
        model: str | None = None,
        api_key: SecretStr | str | None = None,
        base_url: str | None = None,
        planner: Brain | None = None,
        max_prompt_tokens: int = MAX_PROMPT_TOKENS,
        max_output_tokens: int = 2000,
        timeout_seconds: float = MODEL_TIMEOUT,
        attempts: int = MODEL_ATTEMPTS,
        max_seconds: float = MODEL_SECONDS,
        http_client: AsyncClient | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        key = api_key if isinstance(api_key, str) or api_key is None else api_key.get_secret_value()
        self.model: str | None = model or DEFAULT_MODEL
        self.prompt_hashes = prompts.hashes()
        self._planner = planner
        self._max_prompt_tokens = max_prompt_tokens
        self._chat = ChatModel(
            ModelAddress(
                model=model or DEFAULT_MODEL,
                base_url=(base_url or OPENAI_URL).rstrip("/"),
                api_key=key or "",
                timeout_seconds=timeout_seconds,
                attempts=attempts,
                max_seconds=max_seconds,
                max_output_tokens=max_output_tokens,
                http_client=http_client,
                sleep=sleep,
            )
        )

    @property
    def usd_per_call(self) -> float | None:
        """What one call may cost at most; None where the model's price is not known."""
        return self.cost_usd(self._max_prompt_tokens, self._chat.address.max_output_tokens)

    @property
    def tokens_per_call(self) -> int:
        """How many tokens one call may read and write at most."""
        return self._max_prompt_tokens + self._chat.address.max_output_tokens

    def cost_usd(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return what so many tokens cost; None where the model's price is not known."""
        address = self._chat.address
        return cost_usd(address.model, input_tokens, output_tokens, address.base_url)

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        """Propose the tool calls that answer a question.

        Raises
        ------
        ModelDownError
            When the model does not answer.
        """
        offline = await self._offline().plan(request, progress=progress)
        for shown in (FULL, SHORT):
            try:
                reply = await self._chat.ask(
                    plan_messages(request, shown), tools=plan_tools(request.tools, shown)
                )
            except ContextTooLongError:
                continue
            return read_plan(reply, request, offline)
        raise ModelDownError("the model remembers too little for the shortest plan")

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        """Write the prose, or with `problems` repair it.

        An answer without facts, a greeting or a question back, is the deterministic brain's: what
        a model might say there, no review could check.

        Raises
        ------
        ModelDownError
            When the model does not answer, or answers with nothing usable.
        """

        def token(text: str) -> None:
            if progress is not None:
                progress("token", {"text": text})

        if request.intent in EXITS:
            return await self._offline().compose(request, problems=problems, progress=progress)

        async def ask(max_prompt_tokens: int) -> Reply:
            messages = compose_messages(request, problems, max_prompt_tokens)
            return await self._chat.ask(messages, schema=DRAFT_SCHEMA, on_text=token)

        try:
            reply = await ask(self._max_prompt_tokens)
        except ContextTooLongError:
            try:
                reply = await ask(self._max_prompt_tokens // SHORTENED)
            except ContextTooLongError:
                raise ModelDownError(
                    "the model remembers too little for the shortest fact sheet"
                ) from None
        try:
            draft = read_draft(reply)
            check_prose(draft, request)
        except ModelDownError as error:
            raise ModelDownError(
                str(error),
                model_calls=1,
                input_tokens=reply.input_tokens,
                output_tokens=reply.output_tokens,
            ) from None
        return draft

    def _offline(self) -> Brain:
        if self._planner is None:
            from agent.brains.offline import OfflineBrain

            self._planner = OfflineBrain()
        return self._planner
