"""A loopback Slack for every test of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.slack_server import SlackServer, slack_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """Run a workspace."""
    with slack_server() as server:
        yield server
