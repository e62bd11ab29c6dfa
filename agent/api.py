"""The library's front door: one question in, the typed brief out."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from agent.brains.base import Progress
from agent.conversation import Conversation
from agent.settings import (
    BrainName,
    LanguageName,
    ScorerName,
    Settings,
    load_settings,
    override,
    parse_day,
)
from tools.contracts import Horizon
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from agent.brief.model import Brief


class Options(TypedDict, total=False):
    """The options of a question; :func:`aask` says what each means."""

    market: str | None
    as_of: date | str | None
    horizon: Horizon | None
    brain: BrainName
    scorer: ScorerName
    lang: LanguageName
    thread: str | None
    compare: date | str | None
    settings: Settings | None
    progress: Progress | None


class Step(NamedTuple):
    """One step of an answer that is being made."""

    event: str
    """``plan``, ``call``, ``score``, ``compose``, ``review`` …; ``brief`` is the last."""
    details: dict[str, Any]
    brief: Brief | None = None
    """The answer, in the last step alone."""


async def aask(
    question: str,
    *,
    market: str | None = None,
    as_of: date | str | None = None,
    horizon: Horizon | None = None,
    brain: BrainName = "auto",
    scorer: ScorerName = "auto",
    lang: LanguageName = "auto",
    thread: str | None = None,
    compare: date | str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Answer one question.

    Parameters
    ----------
    question
        In English or Vietnamese.
    market
        As the command line's option of this name; None: the settings'.
    as_of
        The day whose end the answer pretends to be at, also as YYYY-MM-DD; None: the market's last
        usable day.
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
        return await conversation.ask(question, compare=_day(compare))


def ask(question: str, **options: Unpack[Options]) -> Brief:
    """Answer one question; the synchronous twin of :func:`aask`, with the same options.

    Where an event loop runs already, as in a notebook, the answer is made in a thread beside it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(aask(question, **options))
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, aask(question, **options)).result()


async def astream(question: str, **options: Unpack[Options]) -> AsyncIterator[Step]:
    """Yield the steps of an answer while it is made; the last one holds the brief.

    Takes the options of :func:`aask`, of which `progress` hears the same steps. Leaving the loop
    early gives the question up.
    """
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    told, loop = options.get("progress"), asyncio.get_running_loop()

    def note(event: str, details: dict[str, Any]) -> None:
        if told is not None:
            told(event, details)
        # A training tells of itself from the thread that it is done in.
        loop.call_soon_threadsafe(steps.put_nowait, Step(event, details))

    wanted: Options = {**options, "progress": note}
    answering = asyncio.create_task(aask(question, **wanted))
    answering.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield step
        yield Step("brief", {}, await answering)
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)


def _day(given: date | str | None) -> date | None:
    if not isinstance(given, str):
        return given
    try:
        return parse_day(given)
    except ValueError as error:
        raise UnusableInputError(
            "a day to compare with as YYYY-MM-DD", repr(given), "Write it so, or hand in a date."
        ) from error
