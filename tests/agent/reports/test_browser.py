"""A page in a real browser: nothing leaves it, it is accessible, it prints, it works without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from agent.reports.page import as_html
from tests.agent.reports.briefs import HOSTILE, Made, market_of, renamed, report

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.proof  # a browser on a busy machine is no matter for every run

BROWSER = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
OWN = ("file:", "data:", "blob:")


class Seen(NamedTuple):
    """What a browser saw of a page."""

    page: Any
    requests: list[str]
    errors: list[str]


class Shop:
    """A browser, and the pages that are opened in it."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._contexts: list[Any] = []

    def open(self, one: Made, *, width: int = 1280, **options: Any) -> Seen:
        """Open the page of a brief, with every request of it seen and none let out."""
        path = self._folder / f"page-{len(self._contexts)}.html"
        path.write_text(as_html(one.brief, one.data), encoding="utf-8")
        context = self._browser.new_context(viewport={"width": width, "height": 900}, **options)
        self._contexts.append(context)
        page = context.new_page()
        seen = Seen(page, [], [])

        def route(asked: Any) -> None:
            seen.requests.append(asked.request.url)
            if asked.request.url.startswith(OWN):
                asked.continue_()
            else:
                asked.abort()

        def dismissed(dialog: Any) -> None:
            seen.errors.append(dialog.message)
            dialog.dismiss()

        context.route("**/*", route)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda said: seen.errors.append(said.text))
        page.on("dialog", dismissed)
        page.goto(path.as_uri())
        return seen

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def shop(browser: Any, tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(browser, tmp_path)
    yield opened
    opened.close()


def test_nothing_leaves_a_page_of_hostile_text_and_nothing_of_it_runs(shop: Shop) -> None:
    seen = shop.open(renamed(HOSTILE))
    seen.page.wait_for_selector(".plot svg")
    assert [url for url in seen.requests if not url.startswith(OWN)] == []
    assert seen.errors == []
    assert seen.page.locator("text=<script>alert(1)</script>").count() > 0


def test_every_chart_is_drawn_and_its_table_is_folded(shop: Shop) -> None:
    page = shop.open(report()).page
    page.wait_for_selector(".plot svg")
    assert page.locator(".plot").count() == page.locator(".plot:visible svg.main-svg").locator(
        "xpath=ancestor::div[contains(@class,'plot') and @data-figure]"
    ).count() >= 5  # fmt: skip
    assert page.locator("details[open]").count() == 0


def test_the_sector_of_the_waterfall_can_be_chosen(shop: Shop) -> None:
    page = shop.open(report()).page
    page.wait_for_selector("#waterfall .plot svg")
    page.select_option("#pick-waterfall", label="Real Estate")
    assert page.locator("#waterfall .plot").get_attribute("data-figure") == "waterfall:8600"
    assert "-0.412" in page.locator("#waterfall .plot").inner_text()
    assert "Real Estate" in (page.locator("#waterfall .plot").get_attribute("aria-label") or "")


def test_without_scripts_the_tables_are_open(shop: Shop) -> None:
    page = shop.open(report(), java_script_enabled=False).page
    assert page.locator("details[open]").count() >= 5
    assert page.locator(".plot:visible").count() == 0
    assert page.locator("details[open] table").first.is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(shop: Shop, width: int) -> None:
    page = shop.open(market_of(25), width=width).page
    page.wait_for_selector(".plot svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("scheme", "width", "language"),
    [("light", 1280, "en"), ("dark", 390, "en"), ("dark", 1280, "vi"), ("light", 390, "vi")],
)
def test_axe_finds_nothing_to_mend(shop: Shop, scheme: str, width: int, language: Any) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    page = shop.open(report(language), width=width, color_scheme=scheme).page
    page.wait_for_selector(".plot svg")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_a_page_in_the_dark_prints_on_light(shop: Shop) -> None:
    page = shop.open(report(), color_scheme="dark").page
    page.wait_for_selector(".plot svg")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(20, 24, 29)"
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
