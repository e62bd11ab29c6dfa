"""What stands beside the conversation: the Home tab, votes on answers, and subscriptions."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from agent.slack.answering import Front
from agent.slack.blocks import UNSUBSCRIBE, neutralise
from agent.slack.feedback import Votes, read_vote
from agent.slack.home import card_lines, home_view
from agent.slack.schedule_text import parse_subscription
from agent.slack.sending import HASTE, SlackRefusedError, SlackUnknownError
from agent.slack.subscriptions import Place, Subscriptions, confirmation, listing
from agent.slack.texts import language_of, say
from agent.slack.timer import Timer, lateness
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agent.slack.answering import Answering, Calendar
    from agent.slack.events import Pressed
    from agent.slack.handling import Asked, Handler
    from agent.slack.runs import Runs
    from agent.slack.schedules import TradingCalendar
    from agent.slack.sending import Sender
    from agent.slack.subscriptions import Due, Subscription

log = logging.getLogger(__name__)

CALENDAR_SECONDS = 6 * 3_600.0
"""How long a market's calendar is good: it may be synced beside us."""
FRONT_SECONDS = 1_800.0
"""How long the Home tab's heatmap is good."""
_OUTSIDE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})


class Extras:
    """The Home tab, votes and subscriptions of one home.

    Parameters
    ----------
    home
        The folder of settings and data.
    handler, runs, sender, answering
        Where subscriptions are asked, what is nobody's wait, who speaks to Slack, who knows the market.
    calendar
        When the market trades, as of now.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        home: Path,
        handler: Handler,
        runs: Runs,
        sender: Sender,
        answering: Answering,
        calendar: Calendar,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._handler = handler
        self._runs = runs
        self._sender = sender
        self._answering = answering
        self._votes = Votes(home)
        self.subscriptions = Subscriptions(home)
        self._calendar = calendar
        self._clock = clock
        self._calendar_until = clock() + CALENDAR_SECONDS
        self._calendar_lock = asyncio.Lock()
        self._front = Front()
        self._front_until = 0.0
        self._front_lock = asyncio.Lock()
        self.timer = Timer(self.subscriptions, self._days, self._post)

    # Votes

    def vote(self, pressed: Pressed) -> None:
        """Keep a vote and say thanks, to the voter alone."""
        try:
            run_id, vote = read_vote(pressed.value)
            changed = self._votes.cast(run_id, f"{pressed.team}:{pressed.user}", vote)
        except SectorvaneError as error:
            log.warning("A vote was not kept: %s", error)
            return
        if changed and pressed.channel:
            self._runs.errand(
                self._sender.try_call(
                    "chat.postEphemeral",
                    channel=pressed.channel,
                    thread_ts=pressed.thread_ts,
                    user=pressed.user,
                    text=say("thanks"),
                )
            )

    # The Home tab

    def show_home(self, team: str, user: str) -> None:
        """Show the Home tab of a person, at once as it is known and again when the market is read."""
        self._runs.errand(self._show_home(team, user))

    async def warm(self) -> None:
        """Have the market read and its model trained before the first question needs them."""
        await self._refresh_front()

    async def _show_home(self, team: str, user: str) -> None:
        if self._clock() > self._front_until:
            await self._publish(team, user)
            await self._refresh_front()
        await self._publish(team, user)

    async def _refresh_front(self) -> None:
        async with self._front_lock:
            if self._clock() <= self._front_until:
                return
            try:
                self._front = await self._answering.front()
            except SectorvaneError as error:
                log.warning("The Home tab has no heatmap: %s", error)
            self._front_until = self._clock() + FRONT_SECONDS

    async def _publish(self, team: str, user: str) -> None:
        own = await asyncio.to_thread(self.subscriptions.of_reader, team, user)
        card = card_lines(self._front.card, "en") if self._front.card else ()
        view = home_view(self._front.brief, card=card, subscriptions=own)
        await self._sender.try_call("views.publish", user_id=user, view=view)

    # Subscriptions

    def command(self, asked: Asked) -> str:
        """Act on a command about subscriptions and return what its person is told at once.

        Slack waits three seconds for it, so whatever Slack itself is told for it is an errand.
        """
        verb, text = asked.command
        try:
            if verb == "subscribe":
                return self._subscribe(asked)
            if verb == "unsubscribe":
                return self._unsubscribe(asked, text)
        except SectorvaneError as error:
            return neutralise(str(error))
        place = Place(asked.team, asked.channel)
        return neutralise(listing(self.subscriptions.in_channel(place), language_of(text)))

    def _subscribe(self, asked: Asked) -> str:
        text = asked.command.text
        language = language_of(text)
        wish = parse_subscription(text, timezone=self._calendar.timezone, language=language)
        place = Place(asked.team, asked.channel)
        before = {one.id for one in self.subscriptions.in_channel(place)}
        kept = self.subscriptions.add(place, asked.user, wish.schedule, wish.question, language)
        told = neutralise(confirmation(kept, self._days(), self.subscriptions.wall()))
        self._runs.errand(self._announce(asked, kept, told, is_new=kept.id not in before))
        return told

    async def _announce(self, asked: Asked, kept: Subscription, told: str, *, is_new: bool) -> None:
        """Tell everybody in the channel what will be posted there; where we are not in it, nothing is."""
        try:
            await self._sender.call(
                "chat.postMessage",
                patience=HASTE,
                channel=asked.channel,
                text=f"<@{asked.user}>: {told}",
            )
        except SlackRefusedError as error:
            log.info("%s", error)
            if error.code not in _OUTSIDE:
                return
            if is_new:
                self.subscriptions.delete(asked.team, kept.id)
            await self._tell_outside(asked)
        except SlackUnknownError as error:
            log.info("%s", error)

    async def _tell_outside(self, asked: Asked) -> None:
        """Tell a person, where we may still speak, that the channel has to invite us first."""
        try:
            opened = await self._sender.call("conversations.open", patience=HASTE, users=asked.user)
        except (SlackRefusedError, SlackUnknownError) as error:
            log.warning("Nobody could be told that a channel is closed to us: %s", error)
            return
        channel = str(opened["channel"]["id"])
        text = f"<#{asked.channel}>: {say('not_in_channel', asked.command.text)}"
        await self._sender.try_call("chat.postMessage", channel=channel, text=text)

    def _unsubscribe(self, asked: Asked, text: str) -> str:
        place = Place(asked.team, asked.channel)
        own = self.subscriptions.of_reader(asked.team, asked.user)
        known = {one.id: one for one in (*self.subscriptions.in_channel(place), *own)}
        number = text.strip().lstrip("#")
        # Compared as text: a number of thousands of digits is no int.
        if number not in map(str, known):
            return neutralise(listing(list(known.values()), language_of(text)))
        self.subscriptions.delete(asked.team, int(number))
        return say("unsubscribed", text, number=number)

    def unsubscribe_by_button(self, pressed: Pressed) -> None:
        """End the subscription of a button on the Home tab, which shows a person's own alone."""
        own = self.subscriptions.of_reader(pressed.team, pressed.user)
        number = pressed.value or pressed.action.removeprefix(f"{UNSUBSCRIBE}_")
        if number in {str(one.id) for one in own}:
            self.subscriptions.delete(pressed.team, int(number))
        self.show_home(pressed.team, pressed.user)

    def _days(self) -> TradingCalendar:
        return self._calendar.days

    async def _post(self, due: Due) -> None:
        """Ask the question of a subscription that is due; the journal keeps it from being asked twice."""
        await self._refresh_calendar()
        one = due.subscription
        is_late = lateness(due, self.subscriptions.wall()) is not None
        self._handler.ask_for(one.place, one.question, due.key, is_late=is_late)

    async def _refresh_calendar(self) -> None:
        """Read the calendar where it is old; where it cannot be read, the next post tries again."""
        async with self._calendar_lock:
            if self._clock() <= self._calendar_until:
                return
            try:
                self._calendar = await self._answering.calendar()
            except SectorvaneError as error:
                log.warning("The calendar stays the old one: %s", error)
                return
            self._calendar_until = self._clock() + CALENDAR_SECONDS
