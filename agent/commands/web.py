"""``sectorvane chat --web``: the conversation as a page in the reader's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.settings import prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.settings import Settings


class Serving(NamedTuple):
    """How the page is wanted."""

    port: int | None = None
    browser: bool = True
    thread: str | None = None
    refused: tuple[str, ...] = ()
    """What else was asked for and has no place on a page."""


def web(settings: Settings, wanted: Serving) -> int:
    """Serve the page until interrupted; return the exit status."""
    if wanted.refused:
        raise UnusableInputError(
            "--web alone", f"--web beside {', '.join(wanted.refused)}", "Ask on the page instead."
        )
    prepare_home(settings.home)
    from agent.web.serving import serve

    serve(settings, port=wanted.port, thread=wanted.thread, browser=wanted.browser)
    return 0
