"""What a brief says at the edges: zeros, records, shocks, narrow questions, and two dates side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from agent.brains.base import Draft, PlannedCall
from agent.brief.compose import write
from agent.brief.markdown import render
from agent.brief.review import review_draft, review_markdown, review_prose
from tests.agent.brief import requests
from tests.agent.brief.test_markdown import every_request

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

LANGUAGES: tuple[Language, ...] = ("en", "vi")


def passes(request: ComposeRequest) -> str:
    """Return the page of a request, which the review lets through."""
    draft = write(request)
    assert review_draft(draft, request) == ()
    page = render(request, draft)
    assert review_markdown(page, request) == ()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("metric", ["return", "rel_return", "foreign_net_value"])
def test_a_page_full_of_zeros_passes_its_own_review(language: Language, metric: str) -> None:
    for request in every_request(language).values():
        facts = {
            key: held.model_copy(update={"value": 0.0}) if held.metric == metric else held
            for key, held in request.facts.items()
        }
        passes(request.model_copy(update={"facts": facts}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language: Language) -> None:
    for request in every_request(language).values():
        draft = write(request)
        texts = (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch)
        told = [one for text in texts for one in re.split(r"(?<=[.!?])\s+", text)]
        assert len(told) == len(set(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_without_a_forecast_gets_two_sentences_and_a_table(language: Language) -> None:
    call = PlannedCall(tool="get_market_overview", arguments={"timeframe": "1D"})
    request = requests.request_of("rotation", language, scorecard=None, plan=(call,))
    known = {
        key: held for key, held in request.facts.items() if held.metric in {"return", "rel_return"}
    }
    request = request.model_copy(update={"facts": known})
    draft = write(request)
    assert len(draft.paragraphs) == 1
    assert not draft.risks + draft.watch
    assert "VNINDEX" in passes(request).split("**")[1]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.60, 0.70, "above the base rate"), (0.50, 0.60, "no better than chance"),
     (0.30, 0.40, "no reason to rely on it")],
)  # fmt: skip
def test_a_record_is_judged_by_its_interval(low: float, high: float, said: str) -> None:
    values = {"hit_rate": (low + high) / 2, "hit_rate_low": low, "hit_rate_high": high,
              "base_rate": 0.55, "call_share": 0.35, "calls": 360.0, "mean_ic": 0.031}  # fmt: skip
    for language in LANGUAGES:
        request = requests.request_of("track", language)
        extra = {f"MARKET.{m}.1M": requests.fact(f"MARKET.{m}.1M", v) for m, v in values.items()}
        extra["MARKET.calls.1M"] = extra["MARKET.calls.1M"].model_copy(update={"unit": "count"})
        extra["MARKET.mean_ic.1M"] = extra["MARKET.mean_ic.1M"].model_copy(
            update={"unit": "correlation"}
        )
        page = passes(request.model_copy(update={"facts": request.facts | extra}))
        assert "360" in page
        assert language == "vi" or said in page.split("**")[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_back_test_passes_its_own_review(language: Language) -> None:
    passes(requests.backtest(language))


def test_a_shock_has_no_empty_decimals() -> None:
    assert "+25 bp" in passes(requests.scenario("en"))


class TestTwoDates:
    def test_an_earlier_value_is_told_with_its_date_alone(self) -> None:
        request = requests.compared("en")
        assert request.comparison is not None
        key = next(
            k for k, held in request.comparison.facts.items()
            if held.metric == "rank" and k in request.facts and request.facts[k].value != held.value
        )  # fmt: skip
        name = f"{{{{name:{request.facts[key].entity}}}}}"
        dated = f"{name} ranks {{{{{key}}}}} over the next month, against {{{{then:{key}}}}} on "
        right = f"{dated}{{{{then:date}}}}."
        assert review_draft(Draft(headline="Good.", paragraphs=(right,)), request) == ()
        bare = f"{name} ranks {{{{then:{key}}}}} over the next month."
        assert review_draft(Draft(headline="Good.", paragraphs=(bare,)), request)
        assert review_draft(Draft(headline=right), request)

    def test_an_earlier_number_is_no_value_of_today(self) -> None:
        request = requests.compared("en")
        assert request.comparison is not None
        row = request.comparison.facts["8300.probability.1M"]
        now = request.facts["8300.probability.1M"]
        assert row.value != now.value
        shown = f"{100 * float(row.value):.0f}%"
        sentence = f"The chance of Banks of beating VNINDEX over the next month is {shown}"
        day = request.comparison.market.as_of.isoformat()
        assert review_prose(f"{sentence}.", request)
        assert review_prose(f"{sentence} on {day}.", request) == ()
