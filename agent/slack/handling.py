"""What is done with what people do in Slack: the one place where every surface ends.

Nothing here waits for an answer or for Slack: a question is written down and taken on, so that
Slack can be told at once that it arrived.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.slack.blocks import ASK, CHOOSE
from agent.slack.command_text import LONGEST_QUESTION, is_stop, read_command
from agent.slack.journal import Work
from agent.slack.texts import PROMPTS, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.slack.command_text import Command
    from agent.slack.events import Body, Gate, Heard, Identity, Pressed
    from agent.slack.journal import Journal, Kind
    from agent.slack.runs import Runs
    from agent.slack.sending import Sender
    from agent.slack.subscriptions import Place

EARLY_SECONDS = 300.0
"""How long a message in a thread is remembered whose mention may still be on its way."""
MOST_EARLY = 500


class Asked(NamedTuple):
    """A ``/sectorvane`` command and where it was given."""

    team: str
    channel: str
    user: str
    trigger: str
    command: Command


class Handler:
    """Acts on messages, buttons and commands.

    Parameters
    ----------
    journal, runs, sender
        Where questions are written down, answered, and where Slack is spoken to.
    me
        Who we are.
    wall
        Seconds since the epoch.
    """

    def __init__(
        self,
        journal: Journal,
        runs: Runs,
        sender: Sender,
        me: Identity,
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._journal = journal
        self._runs = runs
        self._sender = sender
        self._me = me
        self._wall = wall
        self._early: OrderedDict[str, tuple[float, Heard]] = OrderedDict()

    # Messages

    def hear(self, heard: Heard) -> None:
        """Take a person's message in."""
        ours = heard.is_direct or heard.is_mention or self._journal.is_engaged(heard.thread)
        if heard.is_to_another and not heard.is_direct:
            return
        if not ours:
            self._remember(heard)
            return
        if is_stop(heard.text):
            self._stop(heard)
            return
        if len(heard.text) > LONGEST_QUESTION:
            self._refuse(heard)
            return
        work = self._work("message", heard.team, heard.channel, heard.user, heard.text or "help")
        self._take(work, heard.thread_ts, heard.ts, heard.keys)
        for early in self._overtaken(heard):
            self.hear(early)

    def _remember(self, heard: Heard) -> None:
        """Keep a message in a thread for a while: events come in any order, and a mention may follow.

        It is kept in memory alone, because it may well be none of our business.
        """
        if heard.thread_ts == heard.ts:
            return
        self._early[f"{heard.thread} {heard.ts}"] = (self._wall(), heard)
        while self._early and (
            len(self._early) > MOST_EARLY
            or next(iter(self._early.values()))[0] < self._wall() - EARLY_SECONDS
        ):
            self._early.popitem(last=False)

    def _overtaken(self, mention: Heard) -> list[Heard]:
        """Return what came before a mention and was written after it.

        What people wrote before it they wrote to each other.
        """
        keys = [key for key, (_, early) in self._early.items() if early.thread == mention.thread]
        found = [self._early.pop(key)[1] for key in keys]
        return [early for early in found if early.ts > mention.ts]

    def _stop(self, heard: Heard) -> None:
        if not self._journal.first(heard.keys):
            return
        # Said outside of a thread, in direct messages, it means whatever is running there.
        is_wide = heard.is_direct and heard.thread_ts == heard.ts
        stopped = (
            self._runs.stop_in(f"{heard.team}:{heard.channel}")
            if is_wide
            else self._runs.stop(heard.thread)
        )
        if not stopped:
            self._runs.errand(self._reply(heard, say("nothing_to_stop", heard.text)))

    def _refuse(self, heard: Heard) -> None:
        if self._journal.first(heard.keys):
            text = say("too_long", heard.text, most=LONGEST_QUESTION)
            self._runs.errand(self._reply(heard, text))

    async def _reply(self, heard: Heard, text: str) -> None:
        """Say all that will be said to a message; it waits its turn, as an answer does."""
        await self._sender.call(
            "chat.postMessage", channel=heard.channel, thread_ts=heard.thread_ts, text=text
        )

    # Buttons

    def press(self, pressed: Pressed) -> None:
        """Act on a button below an answer or on the Home tab."""
        name = pressed.action.partition("_")[0]
        if name in (ASK, CHOOSE) and pressed.value:
            self._ask_again(pressed)

    def _ask_again(self, pressed: Pressed) -> None:
        work = self._work("button", pressed.team, pressed.channel, pressed.user, pressed.value)
        thread = f"{pressed.team}:{pressed.channel}:{pressed.thread_ts}"
        if pressed.thread_ts and self._runs.is_asked(thread, pressed.value):
            text = say("asked_already", pressed.value)
            where: dict[str, Any] = {
                "channel": pressed.channel,
                "thread_ts": pressed.thread_ts,
                "text": text,
            }
            self._runs.errand(
                self._sender.try_call("chat.postEphemeral", user=pressed.user, **where)
            )
            return
        self._take(work, pressed.thread_ts, pressed.ts, (pressed.key,))

    # Commands

    def command(self, asked: Asked) -> str:
        """Take a command on and return what only the person who gave it is told."""
        verb, text = asked.command
        question = say("health_question", text) if verb == "health" else text
        if verb not in ("ask", "health") or not question:
            return say("help", text)
        if len(question) > LONGEST_QUESTION:
            return say("too_long", text, most=LONGEST_QUESTION)
        work = self._work("command", asked.team, asked.channel, asked.user, question)
        self._take(work, "", str(self._wall()), (f"command {asked.trigger}",))
        return say("taken", question)

    def ask_for(self, place: Place, question: str, key: str, *, is_late: bool) -> bool:
        """Ask for a subscription, in its channel; `key` names the one time that it is due."""
        kind: Kind = "late" if is_late else "subscription"
        work = self._work(kind, place.team, place.channel, "", question)
        return self._take(work, "", str(self._wall()), (key,))

    def stopped(self, team: str, channel: str, thread_ts: str) -> None:
        """Act on Slack's own stop button."""
        self._runs.stop(f"{team}:{channel}:{thread_ts}")

    # Tabs

    def suggest(self, channel: str, thread_ts: str = "") -> None:
        """Suggest questions at the top of a conversation."""
        prompts = [{"title": text, "message": text} for text in PROMPTS]
        self._runs.errand(
            self._sender.try_call(
                "assistant.threads.setSuggestedPrompts",
                channel_id=channel,
                thread_ts=thread_ts,
                title=say("prompts"),
                prompts=prompts,
            )
        )

    def _work(self, kind: Kind, team: str, channel: str, user: str, question: str) -> Work:
        return Work(
            id=secrets.token_hex(8),
            kind=kind,
            team=team,
            channel=channel,
            thread_ts="",
            ts="",
            user=user,
            question=question,
            accepted_at=self._wall(),
        )

    def _take(self, work: Work, thread_ts: str, ts: str, keys: tuple[str, ...]) -> bool:
        return self._runs.accept(replace(work, thread_ts=thread_ts, ts=ts), keys)


def read_asked(body: Body, gate: Gate) -> Asked | None:
    """Return the command of a ``/sectorvane`` payload, None where its person is not answered."""
    team, channel = str(body.get("team_id") or ""), str(body.get("channel_id") or "")
    if not gate.lets(channel, team):
        return None
    return Asked(
        team=team,
        channel=channel,
        user=str(body.get("user_id") or ""),
        trigger=str(body.get("trigger_id") or secrets.token_hex(8)),
        command=read_command(str(body.get("text") or "")),
    )
