"""The Slack app in a process that a test may kill: ``slack_process.py HOME API_URL SECONDS``.

It answers as slowly as it is told, writing each question down that it begins.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.settings import Settings
from agent.slack.app import Parts, serve
from agent.slack.pace import Pace
from agent.slack.settings import SlackSettings
from tests.agent.slack.desk import TOKENS, QuickAnswers

if TYPE_CHECKING:
    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.slack.journal import Work


class LoggedAnswers(QuickAnswers):
    """Writes down what it is asked, so that it can be seen after a kill."""

    def __init__(self, log: Path, seconds: float) -> None:
        super().__init__(seconds)
        self._log = log

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Answer."""
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{work.question}\n")
        return await super().answer(work, progress)


async def main(home: Path, api_url: str, seconds: float) -> None:
    answers = LoggedAnswers(home / "asked.log", seconds)
    parts = Parts(answering=answers, pace=Pace({}), every=0.02, ping_seconds=0.3)
    slack = SlackSettings(api_url=api_url, grace_seconds=5.0, at_once=8)
    await serve(Settings(home=home, brain="offline"), slack, TOKENS, parts=parts)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
