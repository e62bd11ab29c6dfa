"""``sectorvane chat --web``: the conversation as a page in the reader's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.commands.desk import open_market_as_of
from agent.settings import prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.commands.answer import Answering
    from agent.settings import Settings


class Serving(NamedTuple):
    """How the page is wanted."""

    is_wanted: bool = True
    """Whether ``--web`` was said at all."""
    port: int | None = None
    """None: one that is free."""
    browser: bool = True
    """Whether to open it."""


def web(question: str | None, settings: Settings, wanted: Answering, serving: Serving) -> int:
    """Serve the page until interrupted; return the exit status."""
    if not serving.is_wanted:
        raise UnusableInputError(
            "--web beside --port or --no-browser",
            "one of them alone",
            "Add --web, or leave it out.",
        )
    _refuse_what_a_page_cannot(question, wanted)
    prepare_home(settings.home)
    if settings.as_of is not None or settings.market.startswith("folder:"):
        # Said now rather than on a page that opens and cannot answer.
        open_market_as_of(settings)
    from agent.web.serving import serve

    serve(settings, port=serving.port, thread=wanted.thread, browser=serving.browser)
    return 0


def _refuse_what_a_page_cannot(question: str | None, wanted: Answering) -> None:
    asked = {
        "a question": question,
        "--json": wanted.as_json,
        "--out": wanted.out,
        "--compare": wanted.compare,
        "--record": wanted.record,
        "--replay": wanted.replay,
        "--trace": wanted.trace,
    }
    came = [name for name, value in asked.items() if value]
    if came:
        raise UnusableInputError(
            "--web alone", f"{', '.join(came)} beside it", "Ask on the page, and save from there."
        )
