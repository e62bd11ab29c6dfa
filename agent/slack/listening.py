"""Slack's events as Bolt hands them over, each passed to the handler and acknowledged.

An event is acknowledged when its listener returns, and a listener returns when the journal has what
came: an event that could not be written down is not acknowledged, and Slack sends it again. The
surface of agents and the older one of assistants end in the same handler.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncApp, AsyncAssistant
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from agent.slack.blocks import ASK, CHOOSE, FEEDBACK, UNSUBSCRIBE
from agent.slack.events import read_message, read_press
from agent.slack.handling import read_asked
from agent.slack.texts import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from agent.slack.events import Body, Gate, Identity
    from agent.slack.extras import Extras
    from agent.slack.handling import Handler

    Ack = Callable[..., Awaitable[Any]]

COMMAND = "/sectorvane"


def build_app(
    client: AsyncWebClient,
    me: Identity,
    gate: Gate,
    handler: Handler,
    extras: Extras,
) -> AsyncApp:
    """Return the Bolt app with every listener.

    Parameters
    ----------
    client
        Slack's client; Bolt opens its socket with it.
    me
        Who we are, as Slack said when the process started: Bolt need not ask again.
    gate
        Who is answered.
    handler
        What is done with questions.
    extras
        The Home tab, votes and subscriptions.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team,
            bot_token=client.token,
            bot_id=me.bot,
            bot_user_id=me.user,
        )

    # Bolt warns of events without a listener and of a token that stands in the environment too.
    quiet = logging.getLogger("agent.slack.bolt")
    quiet.setLevel(logging.ERROR)
    app = AsyncApp(
        name="sectorvane",
        logger=quiet,
        client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[]),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    _add_messages(app, me, gate, handler)
    _add_surfaces(app, gate, handler, extras)
    _add_buttons(app, gate, handler, extras)
    _add_command(app, gate, handler, extras)
    return app


def _add_messages(app: AsyncApp, me: Identity, gate: Gate, handler: Handler) -> None:
    async def on_message(body: Body) -> None:
        heard = read_message(body, me, gate)
        if heard is not None:
            handler.hear(heard)

    app.event("app_mention")(on_message)
    app.event("message")(on_message)
    # The older surface: Bolt hands it what is written in the threads of an assistant.
    assistant = AsyncAssistant(logger=app.logger)
    assistant.user_message(on_message)

    async def on_thread(body: Body) -> None:
        thread = (body.get("event") or {}).get("assistant_thread") or {}
        channel, user_team = str(thread.get("channel_id") or ""), thread.get("team_id")
        if gate.lets(channel, body.get("team_id"), user_team):
            handler.suggest(channel, str(thread.get("thread_ts") or ""))

    assistant.thread_started(on_thread)
    assistant.thread_context_changed(_nothing)
    app.assistant(assistant)


def _add_surfaces(app: AsyncApp, gate: Gate, handler: Handler, extras: Extras) -> None:
    async def on_home(body: Body) -> None:
        event = body.get("event") or {}
        channel = str(event.get("channel") or "D")
        if not gate.lets(channel, body.get("team_id")):
            return
        if event.get("tab") == "messages":
            handler.suggest(channel)
        elif event.get("tab") == "home":
            extras.show_home(str(body.get("team_id") or ""), str(event.get("user") or ""))

    async def on_stop(body: Body) -> None:
        event = body.get("event") or {}
        channel, team = str(event.get("channel") or ""), str(body.get("team_id") or "")
        if gate.lets(channel, team):
            handler.stopped(team, channel, str(event.get("thread_ts") or ""))

    app.event("app_home_opened")(on_home)
    app.event("agent_session_stopped")(on_stop)
    for name in ("app_context_changed", "agent_session_title_changed"):
        app.event(name)(_nothing)


def _add_buttons(app: AsyncApp, gate: Gate, handler: Handler, extras: Extras) -> None:
    async def on_question(ack: Ack, body: Body) -> None:
        pressed = read_press(body, gate)
        if pressed is not None:
            handler.press(pressed)
        await ack()

    async def on_vote(ack: Ack, body: Body) -> None:
        pressed = read_press(body, gate)
        if pressed is not None:
            extras.vote(pressed)
        await ack()

    async def on_unsubscribe(ack: Ack, body: Body) -> None:
        pressed = read_press(body, gate)
        if pressed is not None:
            extras.unsubscribe_by_button(pressed)
        await ack()

    app.action(re.compile(rf"^(?:{ASK}|{CHOOSE})(?:_|$)"))(on_question)
    app.action(FEEDBACK)(on_vote)
    app.action(re.compile(rf"^{UNSUBSCRIBE}(?:_|$)"))(on_unsubscribe)
    app.action(re.compile(".*"))(_acknowledge)


def _add_command(app: AsyncApp, gate: Gate, handler: Handler, extras: Extras) -> None:
    async def on_command(ack: Ack, body: Body) -> None:
        asked = read_asked(body, gate)
        if asked is None:
            await ack(say("not_here"))
        elif asked.command.verb in ("subscribe", "unsubscribe", "list"):
            await ack(extras.command(asked))
        else:
            await ack(handler.command(asked))

    app.command(COMMAND)(on_command)


async def _acknowledge(ack: Ack) -> None:
    """Acknowledge a button that only opens an address."""
    await ack()


async def _nothing() -> None:
    """Let an event pass that asks nothing of us."""
