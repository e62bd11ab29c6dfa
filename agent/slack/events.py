"""What Slack sends, read into what we act on; everything else is left alone.

Answered is a person who mentions us, writes to us directly or goes on in a thread that we speak in.
Never answered: bots, ourselves, edits and deletions, and people of a workspace that is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.slack.command_text import people_in, question_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.slack.settings import SlackSettings

SUBTYPES = (None, "file_share", "thread_broadcast")
"""Messages that a person wrote; every other subtype tells of something that happened."""
Body = dict[str, Any]


class Identity(NamedTuple):
    """Who we are in Slack."""

    team: str
    user: str
    bot: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message of a person."""

    event_id: str
    team: str
    channel: str
    ts: str
    thread_ts: str
    """Timestamp of the thread's first message, which may be this one."""
    user: str
    text: str
    """The question, without markup."""
    is_direct: bool
    is_mention: bool
    is_to_another: bool
    """It mentions somebody, and not us."""

    @property
    def thread(self) -> str:
        """Id of the conversation."""
        return f"{self.team}:{self.channel}:{self.thread_ts}"

    @property
    def keys(self) -> tuple[str, str]:
        """What it is known by: its event, and the message itself, which may come as several events."""
        return f"event {self.event_id}", f"message {self.team} {self.channel} {self.ts}"


class Gate:
    """Who is answered, and where.

    Parameters
    ----------
    settings
        The lists.
    me
        Whose own workspace counts where no other is listed.
    """

    def __init__(self, settings: SlackSettings, me: Identity) -> None:
        self._workspaces = frozenset(settings.workspaces or (me.team,))
        self._channels = frozenset(settings.channels)

    def lets(self, channel: str, *teams: str | None) -> bool:
        """Return whether people of these workspaces are answered in a channel; None is unknown."""
        named = {team for team in teams if team}
        here = not self._channels or channel in self._channels or channel.startswith("D")
        return bool(named) and named <= self._workspaces and here


def read_message(body: Body, me: Identity, gate: Gate) -> Heard | None:
    """Return the message of a person in an ``app_mention`` or ``message`` event, if it is one."""
    event: Mapping[str, Any] = body.get("event") or {}
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    text = event.get("text") or ""
    if not (user and channel and ts) or event.get("subtype") not in SUBTYPES:
        return None
    if event.get("bot_id") or user == me.user or event.get("edited") or event.get("hidden"):
        return None
    team = str(body.get("team_id") or event.get("team") or "")
    # In a shared channel the person may be of another workspace than the one that got the event.
    if not gate.lets(channel, team, event.get("user_team"), event.get("source_team")):
        return None
    people = people_in(text)
    mention = event.get("type") == "app_mention" or me.user in people
    return Heard(
        event_id=str(body.get("event_id") or ""),
        team=team,
        channel=channel,
        ts=ts,
        thread_ts=event.get("thread_ts") or ts,
        user=user,
        text=question_in(text),
        is_direct=event.get("channel_type") == "im" or channel.startswith("D"),
        is_mention=mention,
        is_to_another=bool(people) and not mention,
    )


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """A button that a person pressed under one of our messages."""

    key: str
    team: str
    channel: str
    thread_ts: str
    """Thread of the message it stands under; empty on the Home tab."""
    ts: str
    user: str
    action: str
    value: str


def read_press(body: Body, gate: Gate) -> Pressed | None:
    """Return the button of a ``block_actions`` payload, if the person may press it."""
    action: Mapping[str, Any] = (body.get("actions") or [{}])[0]
    user: Mapping[str, Any] = body.get("user") or {}
    message: Mapping[str, Any] = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or "")
    team = str((body.get("team") or {}).get("id") or "")
    if not user.get("id") or not gate.lets(channel or "D", team, user.get("team_id")):
        return None
    at = str(action.get("action_ts") or "")
    chosen: Mapping[str, Any] = action.get("selected_option") or {}
    return Pressed(
        key=f"press {team} {channel} {user['id']} {action.get('action_id')} {at}",
        team=team,
        channel=channel,
        thread_ts=str(message.get("thread_ts") or message.get("ts") or ""),
        ts=at,
        user=str(user["id"]),
        action=str(action.get("action_id") or ""),
        value=str(action.get("value") or chosen.get("value") or ""),
    )
