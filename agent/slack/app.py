"""The Slack app as a process: it checks its tokens, takes up what was left open, listens, and leaves tidily.

Socket Mode needs no address of our own: the process opens a socket to Slack and hears everything
through it. When it is stopped it closes the socket first, so that Slack keeps what comes next for
the next start, and then waits for the answers that are on their way.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from agent.errors import MissingKeyError
from agent.slack.answering import ConversationPool
from agent.slack.delivering import Delivery
from agent.slack.events import Gate, Identity
from agent.slack.extras import Extras
from agent.slack.handling import Handler
from agent.slack.images import chart_of
from agent.slack.journal import Journal, only_instance
from agent.slack.listening import build_app
from agent.slack.runs import AGAIN_SECONDS, Runs
from agent.slack.sending import Sender, SlackRefusedError, SlackUnknownError
from agent.slack.settings import APP_TOKEN, BOT_TOKEN
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.settings import Settings
    from agent.slack.answering import Answering
    from agent.slack.pace import Pace
    from agent.slack.settings import SlackSettings, Tokens

log = logging.getLogger(__name__)

HTTP_SECONDS = 30.0
PING_SECONDS = 5.0
_STARTING_SECONDS = 20.0
"""How long Slack may take to answer the first calls of a process."""


class Parts(NamedTuple):
    """What a test may put in place of the app's own parts."""

    answering: Answering | None = None
    pace: Pace | None = None
    every: float = 1.0
    """Seconds between two updates of a plan."""
    again_seconds: float = AGAIN_SECONDS
    """Seconds after which an answer is tried again that Slack was not there for."""
    ping_seconds: float = PING_SECONDS
    ready: Callable[[], None] | None = None
    """Is called when the app listens."""


async def serve(
    settings: Settings,
    slack: SlackSettings,
    tokens: Tokens,
    *,
    parts: Parts = Parts(),  # noqa: B008 - an immutable value
    stop: asyncio.Event | None = None,
) -> int:
    """Run the app until it is stopped; return how many questions stay open for the next start.

    Raises
    ------
    UnusableInputError
        When the home is in use or the bot is of a workspace that is not listed.
    MissingKeyError
        When Slack does not take a token.
    SourceDownError
        When Slack cannot be reached.
    """
    stop = stop or asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(only_instance(settings.home))
        session = await stack.enter_async_context(_session())
        client = AsyncWebClient(
            token=tokens.bot.get_secret_value().strip(),
            base_url=slack.api_url,
            session=session,
            retry_handlers=[],
        )
        sender = Sender(client, parts.pace)
        me = await _identity(sender, slack)
        await _check_app_token(client, tokens)
        journal = Journal(settings.home)
        stack.callback(journal.close)
        answering = parts.answering or ConversationPool(settings)
        stack.push_async_callback(answering.close)
        calendar = await answering.calendar()
        runs = Runs(
            journal,
            sender,
            Delivery(sender, journal, chart=chart_of),
            answering,
            at_once=slack.at_once,
            every=parts.every,
            again_seconds=parts.again_seconds,
        )
        handler = Handler(journal, runs, sender, me)
        extras = Extras(settings.home, handler, runs, sender, answering, calendar)
        app = build_app(client, me, Gate(slack, me), handler, extras)
        socket = AsyncSocketModeHandler(
            app,
            tokens.app.get_secret_value().strip(),
            ping_interval=parts.ping_seconds,
            logger=logging.getLogger("agent.slack.socket"),
        )
        journal.forget()
        left = runs.recover()
        if left:
            _say(f"Taking up {left} question{'' if left == 1 else 's'} that were left open.")
        stack.push_async_callback(socket.close_async)
        stack.push_async_callback(extras.timer.stop)
        with _stopped_by_signals(stop):
            await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt's
            await extras.timer.start()
            _say(f"Listening in {me.url or me.team}. Ctrl-C ends it.")
            warming = asyncio.create_task(extras.warm(), name="warming up")
            stack.callback(warming.cancel)
            if parts.ready is not None:
                parts.ready()
            await stop.wait()
            await extras.timer.stop()
            await socket.close_async()  # type: ignore[no-untyped-call]  # Bolt's
            _say("Finishing what is on its way; Ctrl-C again ends at once.")
            stop.clear()
            return await _close(runs, slack.grace_seconds, stop)


async def _close(runs: Runs, grace_seconds: float, at_once: asyncio.Event) -> int:
    """Wait for running answers, for so many seconds or until told to leave at once."""
    closing = asyncio.create_task(runs.close(grace_seconds))
    told = asyncio.create_task(at_once.wait())
    await asyncio.wait({closing, told}, return_when=asyncio.FIRST_COMPLETED)
    if not closing.done():
        closing.cancel()
        with suppress(asyncio.CancelledError):
            await closing
        return await runs.close(0.0)
    told.cancel()
    return await closing


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_SECONDS), trust_env=True)


async def _identity(sender: Sender, slack: SlackSettings) -> Identity:
    """Ask Slack who we are."""
    try:
        found = await sender.call("auth.test", patience=_STARTING_SECONDS)
    except SlackRefusedError as error:
        raise MissingKeyError(
            f"a {BOT_TOKEN} that Slack takes",
            f"one that it refuses ({error.code})",
            "Install the app into the workspace again and copy the bot token.",
        ) from error
    except SlackUnknownError as error:
        raise SourceDownError(f"Slack cannot be reached at {slack.api_url}: {error}") from error
    me = Identity(
        team=str(found.get("team_id", "")),
        user=str(found.get("user_id", "")),
        bot=str(found.get("bot_id", "")),
        url=str(found.get("url", "")),
    )
    if slack.workspaces and me.team not in slack.workspaces:
        raise UnusableInputError(
            f"the bot's own workspace {me.team} among `workspaces` of [slack]",
            f"only {', '.join(slack.workspaces)}",
            "Add it, or use the bot token of a workspace that is listed.",
        )
    return me


async def _check_app_token(client: AsyncWebClient, tokens: Tokens) -> None:
    """Try the app-level token once: the socket's own client would try a wrong one for ever."""
    opener = Sender(
        AsyncWebClient(
            token=tokens.app.get_secret_value().strip(),
            base_url=client.base_url,
            session=client.session,
            retry_handlers=[],
        )
    )
    try:
        await opener.call("apps.connections.open", patience=_STARTING_SECONDS)
    except SlackRefusedError as error:
        raise MissingKeyError(
            f"a {APP_TOKEN} that opens a socket",
            f"one that Slack refuses ({error.code})",
            "It needs the scope connections:write, and Socket Mode must be on.",
        ) from error
    except SlackUnknownError as error:
        raise SourceDownError(f"Slack opens no socket: {error}") from error


class _stopped_by_signals:  # noqa: N801 - read as a context
    """Sets an event when the process is told to end."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._signals = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for one in self._signals:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(one, self._stop.set)

    def __exit__(self, *exc_info: object) -> None:
        loop = asyncio.get_running_loop()
        for one in self._signals:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(one)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
