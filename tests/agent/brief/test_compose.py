"""What the deterministic composer says, and how much of it."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlannedCall
from agent.brief import prose
from agent.brief.compose import TALK, write
from agent.brief.evidence import Evidence
from agent.brief.model import BriefMandate
from agent.brief.prose.outlook import flip
from agent.brief.prose.variants_en import VARIANTS as OTHER_EN
from agent.brief.prose.variants_vi import VARIANTS as OTHER_VI
from agent.brief.prose.voice import Voice
from agent.brief.prose.wording_en import WORDING as EN
from agent.brief.prose.wording_vi import WORDING as VI
from agent.brief.review import review_draft, review_prose
from agent.brief.slots import fill
from tests.agent.brief import requests
from tests.agent.brief.requests import fact, only, request_of

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest, Draft
    from agent.brief.model import Intent, Language


def read(request: ComposeRequest) -> str:
    """Return the whole prose of a request, filled, in the first wording of every sentence."""
    talk = request.intent in TALK
    draft = write(request if talk else request.model_copy(update={"question": ""}))
    texts = (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch)
    return " ".join(
        fill(text, request.facts, request.vocabulary, request.language) for text in texts
    )


def sentences(draft: Draft) -> int:
    text = " ".join((draft.headline, *draft.paragraphs))
    return len(re.findall(r"[.!?](?= |$)", text))


def blanks(text: str) -> set[str]:
    return set(Template(text).get_identifiers()) - {"market"}


class TestWording:
    def test_both_languages_can_say_the_same_things(self) -> None:
        assert EN.keys() == VI.keys()

    @pytest.mark.parametrize("key", sorted(EN))
    def test_both_languages_fill_the_same_blanks(self, key: str) -> None:
        assert blanks(EN[key]) == blanks(VI[key])

    @pytest.mark.parametrize(("first", "others"), [(EN, OTHER_EN), (VI, OTHER_VI)])
    def test_another_wording_fills_the_same_blanks_and_is_another(
        self, first: dict[str, str], others: dict[str, tuple[str, ...]]
    ) -> None:
        for key, texts in others.items():
            assert all(blanks(text) == blanks(first[key]) for text in texts), key
            assert len({first[key], *texts}) == 1 + len(texts)

    @pytest.mark.parametrize("wording", [EN, VI, OTHER_EN, OTHER_VI])
    def test_no_wording_holds_a_digit(self, wording: dict[str, Any]) -> None:
        assert not [key for key, text in wording.items() if re.search(r"\d", str(text))]


class TestLength:
    @pytest.mark.parametrize("intent", ["flow", "macro", "whale", "stock"])
    def test_a_narrow_question_gets_a_short_answer(self, intent: Intent) -> None:
        assert sentences(write(requests.narrow(intent))) <= 8

    def test_one_sector_gets_less_than_the_market(self) -> None:
        one = sentences(write(request_of("brief", sectors=("9500",))))
        assert one <= 4 < sentences(write(request_of("brief")))

    @pytest.mark.parametrize("intent", sorted(TALK))
    def test_talk_needs_no_facts(self, intent: Intent) -> None:
        draft = write(request_of(intent, facts={}, scorecard=None, gaps=()))
        assert draft.headline
        assert "{{" not in draft.headline


class TestWhatItSays:
    def test_a_call_against_the_tape_is_named(self) -> None:
        facts = dict(request_of().facts)
        facts["8300.rel_return.1M"] = fact("8300.rel_return.1M", -0.2)
        assert "Price and scorecard disagree on Banks" in read(request_of(facts=facts))

    def test_foreigners_against_the_price_are_named(self) -> None:
        assert "Price and foreigners disagree on Real Estate" in read(request_of())

    def test_only_the_sectors_asked_about_are_compared(self) -> None:
        text = read(request_of("compare", sectors=("8300", "9500")))
        assert "Real Estate" not in text

    def test_an_explanation_names_the_weights_that_decide_and_says_that_others_are_left(
        self,
    ) -> None:
        text = read(request_of("explain", sectors=("8600",)))
        assert "above all because price trend takes away 0.30" in text
        assert "risk takes away 0.18; the other groups matter less" in text
        assert "foreign flow" not in text

    def test_a_flip_names_input_window_and_size(self) -> None:
        text = read(request_of())
        assert (
            "return relative to the market of Banks over the past month: at 0.2%, from 5.2%" in text
        )

    def test_a_record_without_skill_is_said(self) -> None:
        known = [
            fact(f"MARKET.{metric}.1M", value)
            for metric, value in (
                ("hit_rate", 0.51), ("hit_rate_low", 0.45), ("hit_rate_high", 0.57),
                ("base_rate", 0.53),
            )
        ]  # fmt: skip
        text = read(request_of(facts=dict(request_of().facts) | only(*known)))
        assert "no better than chance here: 51% of its one-month calls" in text

    def test_the_same_call_for_every_sector_is_not_sold_as_a_choice(self) -> None:
        card = requests.scorecard()
        rows = tuple(row.model_copy(update={"call": "outperform"}) for row in card.sectors)
        text = read(request_of(scorecard=card.model_copy(update={"sectors": rows})))
        assert "Every sector has the same call here" in text

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_a_scenario_says_which_estimates_are_noise(self, language: Language) -> None:
        request = requests.scenario(language)
        facts = {
            key: held.model_copy(update={"value": 1.0}) if held.metric == "scenario_error" else held
            for key, held in request.facts.items()
        }
        text = read(request.model_copy(update={"facts": facts}))
        assert (
            "none is distinct from zero" if language == "en" else "Không ước tính nào có ý nghĩa"
        ) in text

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "shifted by only"), ("vi", "chỉ nhích đi")]
    )
    def test_a_flip_too_small_to_show_is_not_told_as_a_move_to_where_it_is(
        self, language: Language, said: str
    ) -> None:
        facts = dict(request_of("explain", language, sectors=("8300",)).facts)
        start = facts["8300.flip_from.1M"]
        facts |= {
            "8300.flip_to.1M": facts["8300.flip_to.1M"].model_copy(
                update={"value": float(start.value) + 1e-5}
            ),
            "8300.flip_sd.1M": facts["8300.flip_sd.1M"].model_copy(update={"value": 0.01}),
        }
        request = request_of("explain", language, sectors=("8300",), facts=facts)
        told = flip(Evidence(request), Voice(language), "8300")
        assert said in told[0]
        assert review_prose(told[0], request) == ()

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("en", "Which sectors are weakest over 3 months?"),
            ("vi", "Ngành nào yếu nhất quý này?"),
        ],
    )
    def test_the_weakest_asked_for_comes_first_over_the_window_asked_for(
        self, language: Language, question: str
    ) -> None:
        request = request_of("rotation", language, question=question)
        draft = write(request)
        assert "{{8600.rel_return.3M|abs}}" in draft.headline
        assert review_draft(draft, request) == ()

    @pytest.mark.parametrize(
        ("language", "question"),
        [
            ("en", "Which sector led last week?"),
            ("en", "Which sectors were the strongest?"),
            ("vi", "Ngành nào dẫn dắt tuần qua?"),
        ],
    )
    def test_who_has_led_is_answered_by_the_past_and_then_by_the_forecast(
        self, language: Language, question: str
    ) -> None:
        request = request_of("rotation", language, question=question)
        draft = write(request)
        assert "rel_return" in draft.headline
        assert "probability" not in draft.headline
        assert any("probability" in paragraph for paragraph in draft.paragraphs)
        assert review_draft(draft, request) == ()

    def test_who_will_have_led_is_a_matter_of_the_forecast(self) -> None:
        question = "Which sectors led and will they lead next month?"
        assert "probability" in write(request_of("rotation", question=question)).headline

    def test_who_will_be_weakest_is_a_matter_of_the_forecast(self) -> None:
        draft = write(request_of("rotation", question="Which sector will be weakest next quarter?"))
        assert "probability" in draft.headline

    @pytest.mark.parametrize(
        ("language", "among"), [("en", "in your mandate"), ("vi", "trong danh mục được giao")]
    )
    def test_a_superlative_is_one_of_the_mandate_where_only_its_sectors_are_known(
        self, language: Language, among: str
    ) -> None:
        for intent in ("brief", "flow", "whale"):
            held = BriefMandate(sectors=tuple(s.code for s in requests.SECTORS), said=True)
            request = request_of(intent, language, mandate=held)
            text = read(request)
            assert among in text, intent
            assert review_draft(write(request), request) == ()
            assert among not in read(request_of(intent, language))

    @pytest.mark.parametrize(
        ("language", "question", "share"),
        [
            ("en", "Which stocks did foreigners buy this month?", "ACB"),
            ("en", "Which stocks did foreigners sell this month?", "VIC"),
            ("vi", "Khối ngoại bán mã nào tháng này?", "VIC"),
        ],
    )
    def test_shares_asked_for_come_before_the_sectors(
        self, language: Language, question: str, share: str
    ) -> None:
        held = request_of("flow", language, question=question)
        known = only(
            fact("ACB.foreign_net_value.1M", 4e10), fact("VIC.foreign_net_value.1M", -3e10)
        )
        request = held.model_copy(update={"facts": {**held.facts, **known}})
        draft = write(request)
        assert f"{{{{name:{share}}}}}" in draft.headline
        assert review_draft(draft, request) == ()
        bare = {k: f for k, f in held.facts.items() if not k.startswith(("ACB.", "VIC."))}
        without = write(held.model_copy(update={"facts": bare}))
        assert any(("not known" in t or "chưa có" in t) for t in without.paragraphs)

    def test_a_share_asked_about_in_block_trades_leads(self) -> None:
        held = request_of("whale", question="Block trades in VIC?", symbols=("VIC",))
        known = only(
            fact("VIC.block_value.1W", 4e10, "VND"), fact("VIC.block_value.1M", 9e10, "VND")
        )
        request = held.model_copy(update={"facts": {**held.facts, **known}})
        assert "{{VIC.block_value." in write(request).headline
        assert review_draft(write(request), request) == ()

    def test_news_that_was_not_looked_up_for_a_sector_is_not_said_to_be_unknown(self) -> None:
        held = requests.narrow("whale")
        call = PlannedCall(tool="get_news_sentiment", arguments={"sector": "9500"})
        told = {
            code: read(held.model_copy(update={"plan": (*held.plan, call), "sectors": (code,)}))
            for code in ("8600", "9500")
        }
        assert "news" not in told["8600"]
        assert "news" in told["9500"]

    def test_a_follow_up_that_names_no_sector_is_about_the_one_that_the_plan_explains(self) -> None:
        call = PlannedCall(tool="explain_sector", arguments={"sector": "8600", "horizon": "1M"})
        assert "{{name:8600}}" in write(request_of("explain", plan=(call,))).headline

    def test_two_questions_are_both_answered_and_nothing_is_said_twice(self) -> None:
        text = read(request_of("rotation", intents=("rotation", "flow", "macro")))
        assert text.count("net buyers of the whole market") == 1
        assert text.count("The 10-year US Treasury yield stands at") == 1

    def test_thanks_are_answered_as_thanks(self) -> None:
        for question in ("thanks a lot", "Cảm ơn nhé"):
            assert "welcome" in read(request_of("smalltalk", question=question, facts={}))

    def test_a_small_and_a_large_move_are_worded_apart(self) -> None:
        for value, verb in (
            (0.004, "edged up"),
            (0.03, "rose"),
            (0.09, "jumped"),
            (-0.09, "dropped"),
        ):
            facts = dict(request_of().facts)
            facts["MARKET.return.1M"] = fact("MARKET.return.1M", value)
            assert f"VNINDEX {verb} " in read(request_of(facts=facts))


def test_every_wording_is_used() -> None:
    """A wording that nothing says is a sentence that nobody checks."""
    folder = Path(prose.__file__).parent
    code = "\n".join(
        file.read_text("utf-8")
        for file in folder.glob("*.py")
        if not file.name.startswith("wording")
    )
    stems = re.findall(r'"(\w+)"|f"([\w]*)\{', code)
    said = {one for pair in stems for one in pair if one}
    prefixes = tuple(stem.rstrip("_") + "_" for stem in said)
    unused = [key for key in EN if key not in said and not key.startswith(prefixes)]
    assert unused == []


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "Banks or real estate?"), ("vi", "Ngân hàng hay bất động sản?")],
)
def test_a_choice_opens_with_the_chances_even_where_the_past_says_the_opposite(
    language: Language, question: str
) -> None:
    asked = request_of("compare", language, sectors=("8300", "8600"), question=question)
    facts = dict(asked.facts)
    for one, other in (("8300", "8600"), ("8600", "8300")):
        fact = asked.facts[f"{one}.rel_return.1M"]
        value = asked.facts[f"{other}.rel_return.1M"].value
        facts[fact.id] = fact.model_copy(update={"value": value})
    request = asked.model_copy(update={"facts": facts})
    draft = write(request)
    opening = draft.headline
    assert opening.index("8300.probability.1M") < opening.index("8600.probability.1M")
    assert opening.index("8600.probability.1M") < opening.index("8600.rel_return.1M")
    assert review_draft(draft, request) == ()


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Did banks do better than real estate last month?"),
        ("vi", "Tháng qua ngân hàng hay bất động sản mạnh hơn?"),
    ],
)
def test_a_comparison_of_the_past_opens_with_the_past(language: Language, question: str) -> None:
    request = request_of("compare", language, sectors=("8300", "8600"), question=question)
    opening = write(request).headline
    assert "8300.rel_return.1M" in opening
    assert "probability" not in opening
