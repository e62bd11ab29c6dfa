"""What stands beside the conversation: the Home tab, votes on answers, and subscriptions."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from agent.slack.feedback import Votes, read_vote
from agent.slack.texts import say
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.slack.events import Pressed
    from agent.slack.handling import Asked
    from agent.slack.runs import Runs
    from agent.slack.sending import Sender

log = logging.getLogger(__name__)


class Extras:
    """The Home tab, votes and subscriptions of one home."""

    def __init__(self, home: Path, runs: Runs, sender: Sender) -> None:
        self._home = home
        self._runs = runs
        self._sender = sender
        self._votes = Votes(home)

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

    def show_home(self, user: str) -> None:
        """Show the Home tab of a person."""

    def unsubscribe_by_button(self, pressed: Pressed) -> None:
        """End the subscription of a button on the Home tab."""

    async def command(self, asked: Asked) -> str:
        """Act on a command about subscriptions and return what its person is told."""
        return say("help", asked.command.text)
