"""``sectorvane chat``: a conversation, or one answer on stdout with its progress on stderr."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from agent.settings import override, parse_day, prepare_home
from agent.terminal.output import REPORT_KINDS, check_out, save, show, show_trace
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.cassette import CassetteInfo
    from agent.conversation import Conversation
    from agent.records import RunRecord
    from agent.reports.data import ReportData
    from agent.settings import Settings
    from agent.tracing import Finished


class Answering(NamedTuple):
    """How one answer is wanted."""

    thread: str | None = None
    compare: str | None = None
    """An earlier day, as the reader wrote it."""
    as_json: bool = False
    out: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    trace: bool = False
    """Show the timeline of the run on stderr."""


class _Answered(NamedTuple):
    """One answer, and what is shown beside it."""

    brief: Brief
    trace: Finished | None
    data: ReportData | None
    record: RunRecord | None


def run(question: str | None, settings: Settings, wanted: Answering) -> int:
    """Answer `question`, or hold a conversation where there is none; return the exit status."""
    compare = _compared_day(wanted.compare)
    out = check_out(wanted.out) if wanted.out else None
    prepare_home(settings.home)
    with _on_cassette(settings, wanted) as in_use:
        if question is None:
            _refuse_without_question(wanted)
            from agent.terminal.repl import converse

            asyncio.run(
                converse(in_use, thread=wanted.thread, as_json=wanted.as_json, trace=wanted.trace)
            )
            return 0
        if not question.strip():
            raise UnusableInputError(
                "a question", "an empty one", 'For example: "Which sectors lead?"'
            )
        answered = asyncio.run(_answer(question, in_use, wanted, compare))
    try:
        if out:
            save(answered.brief, out, answered.data)
    finally:
        # An answer without a heatmap makes no image, but it is still the answer.
        show(answered.brief, sys.stdout, as_json=wanted.as_json, record=answered.record)
    if wanted.trace and answered.trace is not None:
        show_trace(answered.trace, sys.stderr)
    if out:
        sys.stderr.write(f"Saved to {out}.\n")
    return 0


async def _answer(
    question: str, settings: Settings, wanted: Answering, compare: date | None
) -> _Answered:
    from agent.terminal.progress import progress_view

    with progress_view(sys.stderr) as progress:
        with _uncollected():
            from agent.conversation import Conversation

        opened = Conversation(settings, thread=wanted.thread, progress=progress)
        async with opened as conversation:
            brief = await conversation.ask(question, compare=compare)
            data = _beside(conversation, wanted.out)
            return _Answered(brief, conversation.trace, data, conversation.record)


def _beside(conversation: Conversation, out: Path | None) -> ReportData | None:
    """Return what a page or an image shows beside the brief; None where neither is wanted."""
    if out is None or out.suffix.lower() not in REPORT_KINDS:
        return None
    from agent.reports.data import data_of

    return data_of(conversation)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep what is imported out of every garbage collection: it lives as long as the process."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _compared_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise UnusableInputError("a date as YYYY-MM-DD", repr(text), "Change --compare.") from error


def _refuse_without_question(wanted: Answering) -> None:
    for flag, value in (("--out", wanted.out), ("--compare", wanted.compare)):
        if value is not None:
            raise UnusableInputError(
                f"a question beside {flag}", "none", "In a conversation use /save and /compare."
            )


@contextmanager
def _on_cassette(settings: Settings, wanted: Answering) -> Iterator[Settings]:
    """Record or play a cassette around a run; a played one says itself which model answered."""
    if wanted.record and wanted.replay:
        raise UnusableInputError("--record or --replay", "both", "Leave one out.")
    if wanted.record:
        from agent.cassette import record

        before = _written(wanted.record)
        with record(wanted.record, secrets=settings.secrets):
            yield settings
        if _written(wanted.record) == before:
            # The recorder writes nothing where nothing was asked, as with the offline brain.
            from agent.cassette_store import CassetteStore

            CassetteStore().save_cassette(wanted.record, {"requests": [], "responses": []})
    elif wanted.replay:
        from agent.cassette import replay

        with replay(wanted.replay) as known:
            yield _as_recorded(settings, known)
    else:
        yield settings


def _written(path: Path) -> tuple[int, int] | None:
    """Return what tells one writing of a file from another."""
    return (path.stat().st_ino, path.stat().st_mtime_ns) if path.exists() else None


def _as_recorded(settings: Settings, known: CassetteInfo) -> Settings:
    """Return the settings under which a cassette was recorded; no key is needed to play it."""
    if known.base_url is None:
        return override(settings, {"brain": "offline"})
    address = {"brain": "openai", "base_url": known.base_url, "model": known.model}
    return override(settings, address)
