"""``[slack]`` of the settings file and the two tokens: who may ask, and where Slack is.

The tokens come from the environment alone. Without a list of workspaces the app answers only the
workspace that its bot token belongs to; people of other workspaces in shared channels get nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, ValidationError, field_validator

from agent.errors import MissingKeyError
from agent.settings import SETTINGS_FILE
from tools.contracts import Frozen
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
API_URL = "https://slack.com/api/"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PREFIXES = {BOT_TOKEN: "xoxb-", APP_TOKEN: "xapp-"}
_WORKSPACE = re.compile(r"[TE][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")


class SlackSettings(Frozen):
    """What ``[slack]`` may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    workspaces: tuple[str, ...] = ()
    """Ids of the workspaces whose people are answered; empty: the bot token's own."""
    channels: tuple[str, ...] = ()
    """Ids of the channels it answers in; empty: every one it is in. Direct messages always count."""
    at_once: Annotated[int, Field(ge=1, le=32)] = 4
    """Questions worked on at the same time; further ones wait."""
    grace_seconds: Annotated[float, Field(ge=0, le=600)] = 30.0
    """How long running answers are waited for when the app is stopped."""
    api_url: str = API_URL
    """Address of the Web API; GovSlack has its own."""

    @field_validator("workspaces")
    @classmethod
    def _are_workspaces(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _ids(value, _WORKSPACE, "the id of a workspace begins with T")

    @field_validator("channels")
    @classmethod
    def _are_channels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _ids(value, _CHANNEL, "the id of a channel begins with C, not with #")

    @field_validator("api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("an address that begins with https://")
        return value if value.endswith("/") else f"{value}/"


class Tokens(NamedTuple):
    """The two secrets of a Slack app."""

    bot: SecretStr
    """Speaks and reads: ``xoxb-…``."""
    app: SecretStr
    """Opens the socket: ``xapp-…``."""


def read_slack(table: Mapping[str, Any]) -> SlackSettings:
    """Return ``[slack]`` of the settings file.

    Raises
    ------
    UnusableInputError
        For a key that is not known or a value that cannot be used.
    """
    try:
        return SlackSettings.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ").lower()
        raise UnusableInputError(
            f"a usable [slack] in {SETTINGS_FILE}",
            f"`{where}`: {told}",
            f"It may hold {', '.join(SlackSettings.model_fields)}.",
        ) from error


def read_tokens(found: Mapping[str, SecretStr]) -> Tokens:
    """Return the tokens.

    Raises
    ------
    MissingKeyError
        When one is not set, or is of the other kind.
    """
    missing = [name for name in _PREFIXES if name not in found]
    if missing:
        raise MissingKeyError(
            f"{' and '.join(_PREFIXES)}",
            f"no {' and no '.join(missing)}",
            "The README says in five steps where they come from.",
        )
    for name, prefix in _PREFIXES.items():
        if not found[name].get_secret_value().strip().startswith(prefix):
            raise MissingKeyError(
                f"{name}, which begins with {prefix}",
                "another kind of token",
                "The bot token is xoxb-, the app-level token is xapp-.",
            )
    return Tokens(bot=found[BOT_TOKEN], app=found[APP_TOKEN])


def _ids(value: tuple[str, ...], form: re.Pattern[str], wanted: str) -> tuple[str, ...]:
    for name in value:
        if not form.fullmatch(name):
            raise ValueError(f"{wanted}; got {name!r}")
    return value
