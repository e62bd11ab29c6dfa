"""A real browser on the page, where there is one."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.agent.web.served import Served

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 60_000
"""Milliseconds to wait for anything, on a machine that is busy with other tests."""
WIDE, PHONE = (1280, 860), (390, 844)


class Look(NamedTuple):
    """How the page is looked at."""

    theme: str = "light"
    size: tuple[int, int] = WIDE
    locale: str = "en-US"


class Opened(NamedTuple):
    """A page in the browser, what it asked of other servers, and what it complained about."""

    page: Any
    outside: list[str]
    complaints: list[str]


@contextmanager
def browser() -> Iterator[Any]:
    """Start the browser, or skip the test where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="no playwright to drive a browser with")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium to look at the page with")
    with api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        yield found
        found.close()


@contextmanager
def opened(found: Any, server: Served, look: Look = Look(), path: str = "/") -> Iterator[Opened]:  # noqa: B008 - it is frozen
    """Open the address that the terminal shows, as a reader of this kind."""
    width, height = look.size
    context = found.new_context(
        viewport={"width": width, "height": height}, color_scheme=look.theme, locale=look.locale,
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    outside: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda one: _note_outside(one.url, server, outside))
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(server.opening.replace("/?", f"{path}?"))
    page.wait_for_url(re.compile(rf"{re.escape(path)}$"))
    page.wait_for_selector("#desk:not(:empty)", state="attached")
    yield Opened(page, outside, complaints)
    context.close()


def _note_outside(url: str, server: Served, outside: list[str]) -> None:
    if not url.startswith((server.address, "data:", "blob:")):
        outside.append(url)


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong with the page, one line each."""
    package = pytest.importorskip("axe_playwright_python", reason="no axe to check the page with")
    source = Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    # By the debugger's door: the page's own policy refuses every script that is not the server's.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source})
    done = session.send(
        "Runtime.evaluate",
        {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True},
    )
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in done["result"]["value"]["violations"]
        for node in rule["nodes"]
    ]


def overflow(page: Any) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide
