"""The Slack app in a process that a test may kill: ``slack_process.py HOME API_URL SECONDS``.

It answers as slowly as it is told, at such length that an answer has several parts, and writes each
question down that it begins and each answer that it makes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.brief.model import Brief
from agent.records import write_atomically
from agent.settings import Settings
from agent.slack.app import Parts, serve
from agent.slack.pace import Pace
from agent.slack.settings import SlackSettings
from tests.agent.slack.desk import TOKENS, QuickAnswers

if TYPE_CHECKING:
    from agent.brains.base import Progress
    from agent.slack.journal import Work


class LoggedAnswers(QuickAnswers):
    """Keeps what it is asked and what it answers, so that both are there after a kill."""

    def __init__(self, home: Path, seconds: float) -> None:
        super().__init__(seconds)
        self._home = home
        self.is_long = True

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Answer."""
        with (self._home / "asked.log").open("a", encoding="utf-8") as file:
            file.write(f"{work.question}\n")
        brief = await super().answer(work, progress)
        write_atomically(self._home / f"{brief.run_id}.json", brief.model_dump_json())
        return brief

    async def recall(self, work: Work) -> Brief | None:
        """Return what a process answered."""
        path = self._home / f"{work.run_id}.json"
        return Brief.model_validate_json(path.read_bytes()) if path.exists() else None


async def main(home: Path, api_url: str, seconds: float) -> None:
    answers = LoggedAnswers(home, seconds)
    parts = Parts(answering=answers, pace=Pace({}), every=0.02, ping_seconds=0.3)
    slack = SlackSettings(api_url=api_url, grace_seconds=5.0, at_once=8)
    await serve(Settings(home=home, brain="offline"), slack, TOKENS, parts=parts)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
