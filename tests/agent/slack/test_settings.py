"""The tokens, ``[slack]`` and the manifest: what is wrong is said in one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

import agent.slack
from agent.errors import MissingKeyError
from agent.settings import Settings
from agent.slack.app import Parts, serve
from agent.slack.journal import only_instance
from agent.slack.listening import COMMAND
from agent.slack.settings import SlackSettings, read_slack, read_tokens
from tests.agent.slack.desk import TOKENS, QuickAnswers, running
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tests.slack_server import SlackServer

GOOD = {"SLACK_BOT_TOKEN": SecretStr("xoxb-1"), "SLACK_APP_TOKEN": SecretStr("xapp-1")}


def test_tokens_are_read_and_never_shown() -> None:
    tokens = read_tokens(GOOD)
    assert tokens.bot.get_secret_value() == "xoxb-1"
    assert "xoxb-1" not in repr(tokens)


def test_a_missing_token_is_named() -> None:
    with pytest.raises(MissingKeyError, match="no SLACK_APP_TOKEN"):
        read_tokens({"SLACK_BOT_TOKEN": GOOD["SLACK_BOT_TOKEN"]})


def test_exchanged_tokens_are_told_apart_without_showing_them() -> None:
    exchanged = {"SLACK_BOT_TOKEN": SecretStr("xapp-9"), "SLACK_APP_TOKEN": SecretStr("xoxb-9")}
    with pytest.raises(MissingKeyError, match="begins with xoxb-") as told:
        read_tokens(exchanged)
    assert "xapp-9" not in str(told.value)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"workspace": ["T1"]}, "workspace"),
        ({"channels": ["#general"]}, "not with #"),
        ({"workspaces": ["acme"]}, "begins with t"),
        ({"at_once": 0}, "at_once"),
        ({"api_url": "http://slack.example/api/"}, "https"),
        ({"workspaces": "T100"}, "workspaces"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(table: dict[str, Any], told: str) -> None:
    with pytest.raises(UnusableInputError, match=r"\[slack\]") as refused:
        read_slack(table)
    assert told in str(refused.value)


def test_the_command_says_what_is_missing_and_nothing_else(cli: Cli) -> None:
    finished = cli("slack")
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "SLACK_BOT_TOKEN" in finished.stderr


def test_a_wrong_setting_stops_the_command_before_slack_is_asked(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "sectorvane.toml").write_text('[slack]\nrooms = ["C1"]\n', encoding="utf-8")
    finished = cli("slack", env={"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    assert finished.returncode == 2
    assert "rooms" in finished.stderr


async def _start(slack: SlackServer, home: Path, **settings: Any) -> None:
    wanted = SlackSettings(api_url=slack.api_url, **settings)
    parts = Parts(answering=QuickAnswers())
    await serve(Settings(home=home, brain="offline"), wanted, TOKENS, parts=parts)


@pytest.mark.parametrize(
    ("method", "told"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
async def test_a_token_that_slack_refuses_is_named(
    slack: SlackServer, home: Path, method: str, told: str
) -> None:
    slack.refuse(method, "invalid_auth")
    with pytest.raises(MissingKeyError, match=told):
        await _start(slack, home)


async def test_a_bot_of_a_workspace_that_is_not_listed_does_not_start(
    slack: SlackServer, home: Path
) -> None:
    with pytest.raises(UnusableInputError, match="T100"):
        await _start(slack, home, workspaces=("T777",))


async def test_slack_out_of_reach_is_said_and_nothing_hangs(slack: SlackServer, home: Path) -> None:
    slack.refuse("auth.test", "internal_error", status=500)
    with pytest.raises(SourceDownError, match="cannot be reached"):
        await _start(slack, home)


async def test_a_home_serves_one_app_at_a_time(slack: SlackServer, home: Path) -> None:
    async with running(slack, home):
        with pytest.raises(UnusableInputError, match="the only Slack app"):
            await _start(slack, home)
    with only_instance(home):
        pass


def test_the_manifest_asks_for_all_that_is_listened_to_and_called() -> None:
    text = (Path(agent.slack.__file__).parent / "manifest.yaml").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8") for path in Path(agent.slack.__file__).parent.glob("*.py")
    )
    events = set(re.findall(r'app\.event\("(\w+)"\)', code)) - {"message"}
    assert {event for event in events if f"- {event}\n" not in text} == set()
    assert f"command: {COMMAND}\n" in text
    assert "socket_mode_enabled: true" in text
    scopes = {
        "chat.postMessage": "chat:write", "files.completeUploadExternal": "files:write",
        "conversations.open": "im:write", "conversations.replies": "channels:history",
        "assistant.threads.setSuggestedPrompts": "assistant:write",
    }  # fmt: skip
    for method, scope in scopes.items():
        assert f'"{method}"' in code
        assert f"- {scope}\n" in text
