"""The page in a real browser: by keyboard alone, on a phone, in the dark, and with nothing from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.agent.reports.briefs import HOSTILE, renamed, report
from tests.agent.web.browsing import PHONE, WIDE, Look, browser, opened, overflow, violations
from tests.agent.web.served import HeldBrain, Served, keep, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.proof  # a browser on a busy machine is no matter for every run

SECTORS = "How did the sectors do this month?"
THREAD = "kept"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    made = report()
    for run in ("20221231-090000-abcdef", "20221231-090001-abcdef"):
        brief = made.brief.model_copy(update={"thread_id": THREAD, "run_id": run})
        keep(home, made._replace(brief=brief))
    with served(home) as running:
        yield running


def chart(page: Any) -> None:
    page.locator(".charts").last.scroll_into_view_if_needed()
    page.locator(".plot .main-svg").last.wait_for()


class TestByKeyboard:
    def test_a_question_is_asked_followed_and_answered(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server) as (page, outside, complaints):
            page.keyboard.press("Tab")
            for _ in range(12):
                if page.evaluate("document.activeElement.id") == "question":
                    break
                page.keyboard.press("Tab")
            page.keyboard.type(SECTORS)
            page.keyboard.press("Enter")
            page.wait_for_selector(".plan li")
            page.wait_for_selector(".turn:last-child .after")
            assert "token" not in page.url
            assert "/c/" in page.url
            assert page.locator(".plan li.ok").count() >= 1
            assert page.locator("td.high2, td.low2").count() >= 2
            assert page.locator("#status").inner_text().startswith("Answered in")
            assert page.evaluate("document.activeElement.id") == "question"
            assert page.locator("#conversations a[aria-current=page]").inner_text()
            assert outside == []
            assert complaints == []

    def test_a_question_that_is_sent_twice_at_once_is_asked_once(
        self, chromium: Any, server: Served
    ) -> None:
        with opened(chromium, server) as (page, _, complaints):
            posts: list[str] = []
            page.on("request", lambda asked: posts.append(asked.url) if asked.post_data else None)
            page.fill("#question", SECTORS)
            page.locator("#ask").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
            page.wait_for_selector(".turn:last-child .after")
            assert len(posts) == 1
            assert page.locator(".turn").count() == 1
            assert complaints == []

    def test_a_question_is_stopped_before_the_server_has_taken_it(
        self, chromium: Any, server: Served
    ) -> None:
        with opened(chromium, server) as (page, _, complaints):
            page.fill("#question", SECTORS)
            page.locator("#ask").evaluate(
                "form => { form.requestSubmit(); form.querySelector('#stop').click(); }"
            )
            page.wait_for_selector(".turn .halted")
            assert page.locator("#status").inner_text() == "Stopped."
            assert complaints == []

    def test_only_the_conversation_that_was_wanted_last_is_shown(
        self, chromium: Any, server: Served
    ) -> None:
        with opened(chromium, server) as (page, _, complaints):
            link = page.locator(f"#conversations a[href='/c/{THREAD}']")
            link.wait_for()
            link.evaluate("link => { link.click(); link.click(); }")
            page.wait_for_selector(".turn:last-child .after")
            page.wait_for_load_state("networkidle")
            assert page.locator(".turn").count() == 2
            assert complaints == []

    def test_a_table_is_sorted_and_a_chart_chosen(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server, path=f"/c/{THREAD}") as (page, _, complaints):
            page.wait_for_selector(".turn:last-child .after")
            head = page.locator("th:has(.sort)").nth(1)
            first = page.locator("tbody").first.locator("tr").first
            head.locator("button").focus()
            page.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == "descending"
            high = first.inner_text()
            page.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == "ascending"
            assert first.inner_text() != high
            chart(page)
            page.locator(".turn:last-child [role=tab]").first.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_selector(".panel select")
            assert page.locator(".turn:last-child [role=tab][aria-selected=true]").inner_text()
            assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"
            page.locator(".panel select").select_option(index=2)
            page.wait_for_selector(".plot .main-svg")
            assert complaints == []

    def test_escape_stops_and_the_question_can_be_asked_again(
        self, chromium: Any, home: Path
    ) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as held, opened(chromium, held) as (page, _, _complaints):
            page.keyboard.type("hello")
            page.keyboard.press("Enter")
            assert brain.reached.wait(60)
            page.wait_for_selector("#stop:not([hidden])")
            page.keyboard.press("Escape")
            page.wait_for_selector(".halted")
            brain.may_go_on.set()
            page.get_by_role("button", name="Ask again").press("Enter")
            page.wait_for_selector(".lead")
            assert page.locator(".turn").count() == 1

    def test_another_tab_of_the_conversation_sees_the_run(self, chromium: Any, home: Path) -> None:
        brain = HeldBrain()
        with served(home, brain=brain) as held, opened(chromium, held) as (page, _, _complaints):
            page.keyboard.type("hello")
            page.keyboard.press("Enter")
            assert brain.reached.wait(60)
            brain.may_go_on.set()
            page.wait_for_selector(".lead")
            other = page.context.new_page()
            other.goto(page.url)
            other.wait_for_selector(".lead")
            brain.may_go_on.clear()
            other.locator("#question").fill("thanks")
            other.keyboard.press("Enter")
            page.wait_for_selector(".turn:nth-child(2)")
            brain.may_go_on.set()
            page.wait_for_selector(".turn:nth-child(2) .lead")
            other.wait_for_selector(".turn:nth-child(2) .lead")

    def test_choices_are_buttons(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server) as (page, _, _complaints):
            page.keyboard.type("compare")
            page.keyboard.press("Enter")
            page.wait_for_selector(".after .offers button")
            choice = page.locator(".after .offers button").nth(1)
            asked = choice.inner_text()
            choice.press("Enter")
            page.wait_for_selector(".turn:nth-child(2) .after")
            assert page.locator(".asked").nth(1).inner_text() == asked


class TestForEverybody:
    @pytest.mark.parametrize(("theme", "size"), [("light", WIDE), ("dark", PHONE)])
    def test_axe_finds_nothing_wrong(
        self, chromium: Any, server: Served, theme: str, size: tuple[int, int]
    ) -> None:
        with opened(chromium, server, Look(theme, size)) as (page, _, _complaints):
            assert violations(page) == []
            assert overflow(page) <= 0
        look = Look(theme, size)
        with opened(chromium, server, look, f"/c/{THREAD}") as (page, outside, complaints):
            page.wait_for_selector(".turn:last-child .after")
            chart(page)
            assert violations(page) == []
            assert overflow(page) <= 0
            assert outside == []
            assert complaints == []

    def test_the_page_speaks_vietnamese_to_a_vietnamese_browser(
        self, chromium: Any, server: Served
    ) -> None:
        with opened(chromium, server, Look(locale="vi-VN")) as (page, _, _complaints):
            assert page.locator("html").get_attribute("lang") == "vi"
            assert page.locator("#send").inner_text() == "Hỏi"
            assert "MÔ PHỎNG" in page.locator("#simulated").inner_text()

    def test_a_phone_holds_the_longer_words_of_vietnamese(
        self, chromium: Any, server: Served
    ) -> None:
        look = Look(size=PHONE, locale="vi-VN")
        with opened(chromium, server, look) as (page, _, _complaints):
            assert page.locator("#simulated").is_visible()
            assert overflow(page) <= 0

    def test_the_interface_follows_the_answers_language(
        self, chromium: Any, server: Served
    ) -> None:
        with opened(chromium, server) as (page, _, _complaints):
            page.keyboard.type("xin chào")
            page.keyboard.press("Enter")
            page.wait_for_selector(".lead")
            page.wait_for_selector("html[lang=vi]")
            assert page.locator("#send").inner_text() == "Hỏi"

    def test_the_menu_of_a_phone_opens_and_closes(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server, Look(size=PHONE)) as (page, _, _complaints):
            page.locator("#menu").press("Enter")
            assert page.locator("#side").is_visible()
            assert page.evaluate("document.activeElement.id") == "new"
            assert violations(page) == []
            page.keyboard.press("Escape")
            assert not page.locator("#side").is_visible()
            assert page.evaluate("document.activeElement.id") == "menu"

    def test_colours_are_chosen_and_remembered(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server) as (page, _, _complaints):
            for chosen in ("light", "dark"):
                page.locator("#theme").click()
                assert page.locator("html").get_attribute("data-theme") == chosen
            page.reload()
            assert page.locator("html").get_attribute("data-theme") == "dark"

    def test_print_shows_the_answer_alone(self, chromium: Any, server: Served) -> None:
        with opened(chromium, server, path=f"/c/{THREAD}") as (page, _, _complaints):
            page.wait_for_selector(".turn:last-child .after")
            page.emulate_media(media="print")
            assert not page.locator("#ask").is_visible()
            assert not page.locator("#side").is_visible()
            assert page.locator(".headline").first.is_visible()


class TestHostileNames:
    def test_they_are_shown_as_they_are_and_do_nothing(self, chromium: Any, home: Path) -> None:
        made = renamed(HOSTILE * 3)
        brief = made.brief.model_copy(update={"question": HOSTILE[0], "thread_id": THREAD})
        keep(home, made._replace(brief=brief))
        with (
            served(home) as hostile,
            opened(chromium, hostile, path=f"/c/{THREAD}") as (page, outside, complaints),
        ):
            page.wait_for_selector(".turn:last-child .after")
            chart(page)
            assert page.locator(".asked").inner_text() == HOSTILE[0]
            assert page.locator(".turn script, .turn img, .turn a[href*=evil]").count() == 0
            assert outside == []
            assert complaints == []
