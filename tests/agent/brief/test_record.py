"""The model's own record: the short form of every brief, the card of a question about it, and its words."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlannedCall
from agent.brief.compose import write
from agent.brief.lexicon import METRICS, SHORT, metric_name
from agent.brief.markdown import render
from agent.brief.prose.voice import Voice
from agent.brief.review import review_draft, review_markdown
from agent.brief.slots import render_value
from tests.agent.brief.requests import fact, request_of
from tools.scoring.features import FEATURES

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

LANGUAGES: tuple[Language, ...] = ("en", "vi")
STANDINGS = {"above": (0.01, 0.05), "even": (-0.02, 0.05), "below": (-0.06, -0.01)}
"""Where an interval lies beside zero."""


def of_record(
    language: Language = "en",
    *,
    calls: tuple[float, float] = (0.49, 0.57),
    order: str = "even",
    gap: str = "even",
    stated: float = 0.53,
    held: tuple[float, float] = (0.78, 0.82),
    reason: str = "not_behind",
    choice: str = "even",
    sign: int = 1,
    signal: str = "foreign_net_ratio.1W",
) -> ComposeRequest:
    """Return a question about the record, with a whole card."""
    shares = {
        "hit_rate": sum(calls) / 2, "hit_rate_low": calls[0], "hit_rate_high": calls[1],
        "base_rate": 0.51, "call_share": 0.78, "stated_rate": stated,
        "interval_held": sum(held) / 2, "interval_held_low": held[0], "interval_held_high": held[1],
    }  # fmt: skip
    for third, rate in (("least", 0.51), ("middle", 0.54), ("most", 0.58)):
        shares |= {
            f"hit_rate_{third}": rate, f"hit_rate_{third}_low": rate - 0.04,
            f"hit_rate_{third}_high": rate + 0.04, f"base_rate_{third}": 0.512,
            f"stated_rate_{third}": rate + 0.01,
        }  # fmt: skip
    known = [fact(f"MARKET.{metric}.1M", value) for metric, value in shares.items()]
    for metric, standing in (("mean_ic", order), ("baseline_gap", gap), ("choice_gap", choice)):
        low, high = STANDINGS[standing]
        for end, value in (("", (low + high) / 2), ("_low", low), ("_high", high)):
            known.append(fact(f"MARKET.{metric}{end}.1M", value, "correlation"))
    known += [
        fact("MARKET.calls.1M", 4717.0, "count"),
        *(fact(f"MARKET.calls_{third}.1M", 1572.0, "count") for third in ("least", "middle", "most")),
        fact("MARKET.record_first.1M", "2016-04-05", "label"),
        fact("MARKET.record_last.1M", "2026-05-29", "label"),
        fact("MARKET.hit_rate.1W", 0.55), fact("MARKET.hit_rate_low.1W", 0.53),
        fact("MARKET.hit_rate_high.1W", 0.57), fact("MARKET.base_rate.1W", 0.5),
        fact("MARKET.mean_ic.1W", 0.05, "correlation"),
    ]  # fmt: skip
    card: dict[str, Any] = {
        "choice": {"reason": reason}, "record": {"baseline": {"signal": signal, "sign": sign}},
    }  # fmt: skip
    request = request_of("track", language)
    return request.model_copy(
        update={
            "facts": request.facts | {one.id: one for one in known},
            "answers": {"get_signal_card": card},
            "plan": (PlannedCall(tool="get_signal_card", arguments={"horizon": "1M"}),),
            "question": "how good are you?",
        }
    )


def page(request: ComposeRequest) -> str:
    """Return the page of a request, which the review lets through."""
    draft = write(request)
    assert review_draft(draft, request) == ()
    text = render(request, draft)
    assert review_markdown(text, request) == ()
    return text


class TestCard:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_verdict_passes_the_review(self, language: Language) -> None:
        for calls, order, gap in itertools.product(
            ((0.53, 0.57), (0.49, 0.57), (0.4, 0.49)), STANDINGS, STANDINGS
        ):
            page(of_record(language, calls=calls, order=order, gap=gap, choice=gap))
        for stated, held in ((0.6, (0.7, 0.75)), (0.48, (0.85, 0.9))):
            page(of_record(language, stated=stated, held=held))
        for reason in ("not_behind", "behind", "young"):
            page(of_record(language, reason=reason))

    def test_it_says_when_calls_were_no_better_than_chance(self) -> None:
        text = page(of_record(calls=(0.49, 0.57)))
        assert "no better than chance" in text.split("**")[1]
        assert "against a base rate of 51%" in text.split("**")[1]

    def test_a_good_order_is_told_apart_from_poor_calls(self) -> None:
        text = page(of_record(calls=(0.49, 0.57), order="above"))
        assert "The order of its one-month ranking has been better than chance" in text
        assert "(interval +0.01 to +0.05)" in text

    def test_a_simple_rule_that_did_better_is_said(self) -> None:
        text = page(of_record(gap="below"))
        assert "that simple rule has been the better guide" in text
        assert "net foreign buying as a share of trading over the past week, the more the" in text
        assert "the less the better" in page(of_record(sign=-1))

    def test_promises_that_were_not_kept_are_said(self) -> None:
        text = page(of_record(stated=0.6, held=(0.7, 0.75)))
        assert "promised too much" in text
        assert "too narrow" in text

    def test_why_a_model_serves_is_said(self) -> None:
        assert "The learned ensemble serves here" in page(of_record())
        assert "The transparent composite serves here: the lead" in page(of_record(reason="behind"))
        assert "too short to judge" in page(of_record(reason="young"))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_tables_hold_the_record_by_horizon_and_by_confidence(self, language: Language) -> None:
        text = page(of_record(language))
        heading = "## Signal card" if language == "en" else "## Thẻ tín hiệu"
        tables = text.split(heading)[1]
        assert tables.count("|\n| -") == 2
        assert "80%" in tables
        assert "4,717" in text or "4.717" in text

    def test_the_forecasts_themselves_are_no_part_of_it(self) -> None:
        text = page(of_record())
        assert "## Heatmap" not in text
        assert "## Ranking" not in text

    def test_a_record_that_is_too_short_is_said_and_has_no_table(self) -> None:
        request = request_of("track")
        text = page(request)
        assert "no record here that is long enough" in text or "too short" in text
        assert "## Signal card" not in text


class TestShortForm:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("intent", ["brief", "rotation", "explain"])
    def test_every_brief_with_a_scorecard_has_it(self, language: Language, intent: Any) -> None:
        full = of_record(language)
        request = request_of(intent, language, facts=full.facts, sectors=("8300",))
        draft = write(request)
        assert review_draft(draft, request) == ()
        (short,) = (risk for risk in draft.risks if "MARKET.hit_rate.1M" in risk)
        assert "MARKET.base_rate.1M" in short
        assert "MARKET.baseline_gap.1M" in short
        assert "MARKET.stated_rate.1M" not in short

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("calls", "said"), [((0.49, 0.57), True), ((0.45, 0.49), True), ((0.53, 0.57), False)]
    )
    def test_a_high_confidence_is_explained_beside_a_record_that_has_not_earned_it(
        self, calls: tuple[float, float], said: bool, language: Language
    ) -> None:
        request = request_of("rotation", language, facts=of_record(language, calls=calls).facts)
        card = request.scorecard
        assert card is not None
        rows = tuple(row.model_copy(update={"confidence": "high"}) for row in card.sectors)
        request = request.model_copy(
            update={"scorecard": card.model_copy(update={"sectors": rows})}
        )
        draft = write(request)
        assert review_draft(draft, request) == ()
        meaning = {"en": "“High” as a confidence", "vi": "Mức tin cậy “cao”"}[language]
        assert any(risk.startswith(meaning) for risk in draft.risks) is said


class TestNames:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_input_has_a_name_for_readers(self, language: Language) -> None:
        for spec in FEATURES:
            assert spec.metric in METRICS[language], spec.metric
            assert "_" not in metric_name(spec.metric, language)
            assert "_" not in SHORT[language].get(spec.metric, "")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_tell_inputs_apart(self, language: Language) -> None:
        named = {spec.metric: metric_name(spec.metric, language) for spec in FEATURES}
        assert len(set(named.values())) == len(named)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("spec", FEATURES, ids=lambda spec: spec.name)
    def test_a_call_can_lapse_by_every_input(self, spec: Any, language: Language) -> None:
        request = request_of("explain", language, sectors=("8300",))
        card = request.scorecard
        assert card is not None
        moved = spec.fact_id("8300", "1M")
        rows = tuple(
            row if row.sector != "8300" or row.flip is None
            else row.model_copy(update={"flip": row.flip.model_copy(update={"input": moved})})
            for row in card.sectors
        )  # fmt: skip
        request = request.model_copy(
            update={"scorecard": card.model_copy(update={"sectors": rows})}
        )
        text = page(request)
        assert Voice(language).metric(spec.metric) in text

    def test_a_tilt_is_a_bare_number_and_no_window_has_passed(self) -> None:
        tilt = fact("8300.signal_tilt.1M", 0.0612, "sd")
        assert render_value(tilt, "en") == "+0.06"
