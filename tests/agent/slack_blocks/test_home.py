"""The Home tab: within Slack's limits whatever is on it, and what a reader finds there."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings

from agent.slack.blocks import ASK, UNSUBSCRIBE, view_problems
from agent.slack.blocks.parts import text_of
from agent.slack.home import MOST_SUBSCRIPTIONS, VERDICTS, card_lines, home_view
from agent.slack.schedules import WEEKDAYS, Schedule
from agent.slack.subscriptions import Place, Subscription
from tests.agent.brief.requests import STAMP, fact
from tests.agent.slack_blocks.briefs import brief_of, every_request, extreme_requests
from tools.signal_card import SignalCard, Verdict

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language
    from agent.slack.blocks import Block

LANGUAGES: tuple[Language, ...] = ("en", "vi")
PLAN = Schedule(weekdays=WEEKDAYS, hour=8, minute=45, timezone="Asia/Ho_Chi_Minh")


def subscribed(number: int, question: str = "Which sectors lead?") -> Subscription:
    return Subscription(number, Place("T1", "C012AB3CD"), "U1", question, "en", PLAN, 0.0, 0.0)


def text(view: Block) -> str:
    return "\n".join(said for block in view["blocks"] for said in text_of(block))


def buttons(view: Block) -> list[Block]:
    rows = [block for block in view["blocks"] if block["type"] == "actions"]
    return [button for row in rows for button in row["elements"]]


class TestHome:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", every_request("en"))
    def test_slack_would_take_it_with_any_answer(self, name: str, language: Language) -> None:
        brief = brief_of(every_request(language)[name])
        assert view_problems(home_view(brief, language=language)) == []

    @given(extreme_requests())
    @settings(max_examples=8, deadline=None)
    def test_slack_would_take_it_with_an_extreme_answer(self, request: ComposeRequest) -> None:
        brief = brief_of(request)
        found = [subscribed(at, "<!channel> " + "x" * 1_400) for at in range(1, 40)]
        card = ("A verdict", "A line " * 600)
        view = home_view(brief, card=card, subscriptions=found, prompts=["why " * 60] * 12)
        assert view_problems(view) == []

    def test_the_latest_heatmap_stands_in_lines_of_one_width(self) -> None:
        view = home_view(brief_of(every_request("en")["brief"]))
        heat = next(
            "".join(text_of(block))
            for block in view["blocks"]
            if block["type"] == "rich_text"
            and block["elements"][0]["type"] == "rich_text_preformatted"
        )
        lines = heat.split("\n")
        assert lines[0].split() == ["Sector", "View", "1D", "1W", "1M", "3M", "P", "1M"]
        assert lines[1].startswith("Banks")
        assert lines[1].endswith("▲ 57%")
        assert len({len(line) for line in lines}) == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_nothing_asked_yet_is_said_with_something_to_press(self, language: Language) -> None:
        view = home_view(None, language=language)
        assert view_problems(view) == []
        assert [button["action_id"] for button in buttons(view)] == [
            f"{ASK}_{at}" for at in range(4)
        ]

    def test_simulated_data_are_called_so(self) -> None:
        request = every_request("en")["brief"]
        market = request.market.model_copy(update={"simulated": True})
        view = home_view(brief_of(request.model_copy(update={"market": market})))
        assert "SIMULATED" in text(view)

    def test_a_subscription_has_its_schedule_its_channel_and_a_button_that_deletes_it(self) -> None:
        view = home_view(None, subscriptions=[subscribed(7)])
        assert "Every weekday at 08:45 (Asia/Ho_Chi_Minh time)" in text(view)
        assert {"type": "channel", "channel_id": "C012AB3CD"} in [
            part
            for block in view["blocks"]
            if block["type"] == "rich_text"
            for part in block["elements"][0]["elements"]
        ]
        delete = buttons(view)[-1]
        assert (delete["action_id"], delete["value"]) == (f"{UNSUBSCRIBE}_7", "7")
        assert delete["confirm"]["title"]["text"] == "Delete this subscription?"

    def test_those_that_find_no_room_are_counted(self) -> None:
        found = [subscribed(at) for at in range(1, MOST_SUBSCRIPTIONS + 6)]
        assert "and 5 more" in text(home_view(None, subscriptions=found))


class TestSignalCard:
    def card(self, verdict: Verdict, *, told: bool = True) -> SignalCard:
        facts = (
            fact("MARKET.hit_rate.1M", 0.531),
            fact("MARKET.hit_rate_low.1M", 0.512),
            fact("MARKET.hit_rate_high.1M", 0.549),
            fact("MARKET.base_rate.1M", 0.514),
            fact("MARKET.calls.1M", 1240.0, "calls"),
        )
        return SignalCard(
            tool="get_signal_card",
            market=STAMP,
            horizon="1M",
            verdict=verdict,
            facts=facts if told else (),
        )

    def test_it_says_the_verdict_and_the_rate_beside_the_base_rate(self) -> None:
        assert card_lines(self.card("better"), "en") == (
            "Out of sample, calls and ranking have both done better than chance.",
            "53% of 1,240 calls at 1M came true (interval 51% to 55%), against a base rate of 51%.",
        )
        assert "53% trong 1.240 nhận định kỳ 1M đúng" in card_lines(self.card("worse"), "vi")[1]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_verdict_has_its_words(self, language: Language) -> None:
        assert set(VERDICTS[language]) == set(get_args(Verdict))

    def test_without_numbers_the_verdict_stands_alone(self) -> None:
        assert card_lines(self.card("short", told=False), "en") == (
            "The record is too short to judge.",
        )
