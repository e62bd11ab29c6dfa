"""Serving the page until interrupted: a port, an address with a token, a browser."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote

from agent.web.gate import TOKEN, Keys
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

    from agent.settings import Settings

HOST = "127.0.0.1"
GRACE_SECONDS = 1


def serve(
    settings: Settings,
    *,
    port: int | None = None,
    thread: str | None = None,
    browser: bool = True,
    out: TextIO | None = None,
) -> None:
    """Serve the page on the loopback address until interrupted.

    Parameters
    ----------
    settings
        As for :class:`agent.conversation.Conversation`.
    port
        None: one that is free.
    thread
        Conversation to begin with, by its name or id.
    browser
        Whether to open the page in the reader's browser.
    out
        Where the address is told; None: stdout.

    Raises
    ------
    UnusableInputError
        When the port is taken.
    """
    from agent.web.app import build_app
    from agent.web.rooms import Rooms

    out, keys = out or sys.stdout, Keys.new()
    with listen(port) as door:
        bound = int(door.getsockname()[1])
        app = build_app(Rooms(settings), port=bound, keys=keys)
        address = address_of(bound, keys, thread)
        out.write(f"Open {address}\nCtrl-C ends.\n")
        out.flush()
        if browser:
            show_in_browser(address)
        with suppress(KeyboardInterrupt):
            server_of(app).run(sockets=[door])
    out.write("Closed.\n")


def server_of(app: ASGIApp) -> Server:
    """Return a server that says nothing by itself and does not wait for pages that listen."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def listen(port: int | None) -> socket.socket:
    """Take a port of the loopback address, any free one for None.

    Raises
    ------
    UnusableInputError
        When it is taken, or may not be taken.
    """
    try:
        return socket.create_server((HOST, port or 0))
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        reason = f" ({os.strerror(number).lower()})" if number else ""
        raise UnusableInputError(
            "a port that can be opened",
            f"{HOST}:{port}{reason}",
            "Choose another with --port, or leave it out to take a free one.",
        ) from error


def address_of(port: int, keys: Keys, thread: str | None) -> str:
    """Return the address that opens the page, its token in it."""
    path = f"/c/{quote(thread, safe='')}" if thread else "/"
    return f"http://{HOST}:{port}{path}?{TOKEN}={keys.token}"


def show_in_browser(address: str) -> bool:
    """Open an address in the reader's browser, unless that is one in this terminal."""
    with suppress(webbrowser.Error):
        found = webbrowser.get()
        if type(found) is not webbrowser.GenericBrowser:
            return found.open(address)
    return False
