"""Hands an answer over in its parts, each of them exactly once.

Before a part is sent that is written down, and after it arrived that is. A part that was begun and
of which nobody knows the end, because a connection broke or the process died, is looked for in the
thread itself, and only sent again where it does not stand there.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from agent.slack.blocks import brief_messages, neutralise, plain_text, problems
from agent.slack.sending import Place, SlackRefusedError, SlackUnknownError, metadata
from agent.slack.texts import say
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from agent.brief.model import Brief
    from agent.slack.blocks import SlackMessage
    from agent.slack.journal import Journal
    from agent.slack.sending import Sender
    from agent.slack.streaming import RunView

log = logging.getLogger(__name__)

UNUSABLE = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long",
        "msg_too_long", "block_mismatch", "cannot_parse_blocks", "invalid_arguments",
    }
)  # fmt: skip
"""Refusals after which the same words are taken as plain text."""
TRIES = 5
CHARTED = frozenset({"brief", "rotation"})
"""Intents whose answer shows the whole heatmap."""


class Delivery:
    """Puts answers in their place.

    Parameters
    ----------
    sender, journal
        Where parts are sent, and where they are written down.
    chart
        Draws a brief's heatmap as PNG; None: no charts.
    sleep
        Waits; a test passes one that does not.
    """

    def __init__(
        self,
        sender: Sender,
        journal: Journal,
        *,
        chart: Callable[[Brief], bytes | None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sender = sender
        self._journal = journal
        self._chart = chart
        self._sleep = sleep

    async def deliver(self, view: RunView, brief: Brief) -> None:
        """Send a brief: its messages, its chart, and the whole of it as a file where it is too long."""
        messages = brief_messages(brief)
        whole = next((message.file for message in messages if message.file), None)
        try:
            _check(messages)
            await self._messages(view, messages)
        except SlackRefusedError as error:
            if error.code not in UNUSABLE:
                raise
            await self._as_text(view, brief)
        await view.part()
        await self._draw(view, brief)
        if whole is not None:
            title = say("whole", view.work.question)
            await self._file(view, whole.name, whole.content, title)

    async def _as_text(self, view: RunView, brief: Brief) -> None:
        """Send the whole brief as plain text, unless its blocks stand there after all."""
        await view.drop_plan()
        # A try whose outcome nobody heard may have come before the one that was refused.
        if not await self._stands(view, "main"):
            log.warning("The blocks of %s were refused, so it goes as text.", brief.run_id)
            await self._post(view, "plain", plain_text(brief))

    async def tell(self, view: RunView, text: str) -> None:
        """Say why there is no answer, in the answer's place."""
        await self._once(view, "main", lambda: view.show("main", text), safe=_is_streamed(view))
        await view.part()

    async def echo(self, view: RunView) -> None:
        """Show in its thread a question that came by a button, which Slack shows nobody."""
        text = f"<@{view.work.user}>: {neutralise(view.work.question)}"
        await self._post(view, "question", text)

    async def open_thread(self, view: RunView, text: str) -> str:
        """Post the first message of a thread and return its timestamp."""
        place = Place(view.work.channel)

        async def post() -> str:
            sent = await self._sender.call(
                "chat.postMessage",
                channel=place.channel,
                text=text,
                unfurl_links=False,
                metadata=metadata(view.work.id, "root"),
            )
            return str(sent["ts"])

        state = self._journal.begin_part(view.work, "root")
        stands = (await self._sender.seen_in(place, view.work.id)) if state != "new" else {}
        return stands.get("root") or await post()

    async def _messages(self, view: RunView, messages: Sequence[SlackMessage]) -> None:
        first, *rest = messages
        await self._once(
            view,
            "main",
            lambda: view.show("main", first.text, first.blocks),
            safe=_is_streamed(view),
        )
        for number, message in enumerate(rest, start=1):
            await self._post(view, f"message {number}", message.text, message.blocks)

    async def _post(
        self, view: RunView, part: str, text: str, blocks: Sequence[dict[str, object]] = ()
    ) -> None:
        async def post() -> None:
            await self._sender.call(
                "chat.postMessage",
                channel=view.work.channel,
                thread_ts=view.work.thread_ts,
                text=text,
                blocks=list(blocks) or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata(view.work.id, part),
            )

        await self._once(view, part, post)

    async def _draw(self, view: RunView, brief: Brief) -> None:
        if self._chart is None or brief.intent not in CHARTED:
            return
        try:
            image = await asyncio.to_thread(self._chart, brief)
        except SectorvaneError as error:
            log.warning("No chart of %s: %s", brief.run_id, error)
            return
        if image:
            title = say("chart", view.work.question)
            await self._file(view, f"heatmap-{brief.run_id}.png", image, title)

    async def _file(self, view: RunView, name: str, content: bytes, title: str) -> None:
        """Share a file; an app that may not share files has answered all the same."""

        async def upload() -> None:
            await self._sender.upload(view.place, name, content, title=title, alt=title)

        try:
            await self._once(view, name, upload)
        except SlackRefusedError as error:
            log.warning("%s could not be shared: %s", name, error)

    async def _once(
        self,
        view: RunView,
        part: str,
        send: Callable[[], Awaitable[None]],
        *,
        safe: bool = False,
    ) -> None:
        """Send a part unless it was sent; `safe`: doing it twice leaves the same."""
        state = self._journal.begin_part(view.work, part)
        if state == "sent":
            return
        for attempt in range(TRIES):
            if (attempt or state == "begun") and not safe and await self._stands(view, part):
                break
            try:
                await send()
                break
            except SlackUnknownError:
                if attempt == TRIES - 1:
                    raise
                await self._sleep(2.0**attempt)
        self._journal.part_sent(view.work, part)

    async def _stands(self, view: RunView, part: str) -> bool:
        try:
            return part in await self._sender.seen_in(view.place, view.work.id)
        except SlackRefusedError as error:
            # An answer that comes twice is better than one that never does.
            log.warning("It cannot be seen what stands in a thread: %s", error)
            return False


def _check(messages: Sequence[SlackMessage]) -> None:
    """Refuse messages that Slack would refuse, before it has taken some of them."""
    for message in messages:
        for problem in problems(message):
            log.warning("A message breaks a limit of Slack: %s", problem)
            raise SlackRefusedError("our own check", "invalid_blocks")


def _is_streamed(view: RunView) -> bool:
    """Return whether the first message takes the place of a message that stands already."""
    return bool(view.work.stream_ts)
