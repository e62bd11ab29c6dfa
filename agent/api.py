"""The library's front door: one question in, the typed brief out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from agent.conversation import Conversation
from agent.settings import load_settings, override

if TYPE_CHECKING:
    from datetime import date

    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.settings import BrainName, LanguageName, ScorerName, Settings
    from tools.contracts import Horizon


async def aask(
    question: str,
    *,
    market: str | None = None,
    as_of: date | None = None,
    horizon: Horizon | None = None,
    brain: BrainName = "auto",
    scorer: ScorerName = "auto",
    lang: LanguageName = "auto",
    thread: str | None = None,
    compare: date | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Answer one question.

    Parameters
    ----------
    question
        In English or Vietnamese.
    market
        ``demo``, ``industries`` or ``folder:PATH``; None: the settings'.
    as_of
        The day whose end the answer pretends to be at; None: the market's last usable day.
    horizon
        1W, 1M or 3M; beats a horizon in the question.
    brain, scorer, lang
        As the command line's options of these names.
    thread
        Continues a conversation.
    compare
        An earlier day to compare with.
    settings
        Settings to start from; None: the environment and ``sectorvane.toml``.
    progress
        Receives ``(event, details)``.

    Raises
    ------
    UnusableInputError
        When the input cannot be used.
    CannotAnswerError
        When no answer is possible.
    """
    base = settings or load_settings({}, os.environ, Path.cwd())
    changes = {
        "market": market,
        "as_of": as_of,
        "horizon": horizon,
        "brain": None if brain == "auto" else brain,
        "scorer": None if scorer == "auto" else scorer,
        "lang": None if lang == "auto" else lang,
    }
    async with Conversation(
        override(base, changes), thread=thread, progress=progress
    ) as conversation:
        return await conversation.ask(question, compare=compare)


def ask(
    question: str,
    *,
    market: str | None = None,
    as_of: date | None = None,
    horizon: Horizon | None = None,
    brain: BrainName = "auto",
    scorer: ScorerName = "auto",
    lang: LanguageName = "auto",
    thread: str | None = None,
    compare: date | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Answer one question; the synchronous twin of :func:`aask`."""
    return asyncio.run(
        aask(
            question,
            market=market,
            as_of=as_of,
            horizon=horizon,
            brain=brain,
            scorer=scorer,
            lang=lang,
            thread=thread,
            compare=compare,
            settings=settings,
            progress=progress,
        )
    )
