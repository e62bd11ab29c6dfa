"""``sectorvane slack``: answers in Slack until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

from agent.settings import prepare_home
from agent.slack.settings import read_slack, read_tokens
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from agent.settings import Settings


def slack(settings: Settings, keys: Mapping[str, SecretStr]) -> int:
    """Serve Slack with the tokens among `keys`; the status is 0 when it was stopped.

    Raises
    ------
    UnusableInputError
        Where the extra, a token or a setting is missing or cannot be used.
    """
    found = read_slack(settings.slack)
    tokens = read_tokens(keys)
    prepare_home(settings.home)
    try:
        from agent.slack.app import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("slack_bolt", "slack_sdk", "aiohttp"):
            raise
        raise UnusableInputError(
            "the libraries of the extra slack",
            f"no {error.name}",
            "Install them: pip install 'sectorvane[slack]'.",
        ) from error
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
    )
    left = asyncio.run(serve(settings, found, tokens))
    if left:
        sys.stderr.write(
            f"{left} question{' stays' if left == 1 else 's stay'} open; the next start answers.\n"
        )
    return 0
