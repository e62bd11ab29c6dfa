"""The review over mistakes in briefs whose prose came from a model's side, in both languages.

The prose is that of the shipped cassettes, and two pieces in the free style of a strong writer. All
of it is scripted, by hand, hence known to be right, and in other words than the deterministic
composer's; none of it was written by a language model.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from agent.brains.base import ComposeRequest
from agent.brains.openai_client import Reply
from agent.brains.openai_compose import read_draft
from agent.brains.openai_prose import check_prose
from agent.brief.markdown import render
from agent.brief.review import review_draft
from agent.evaluation.corpus import facts_of
from agent.evaluation.faithfulness import run
from tests.conversations import INVENTED, PROSE, PROSE_VI, SWAPPED, WHY
from tests.scripted_model import write
from tools.desk import Desk
from tools.sources import open_market
from tools.view import check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import Draft
    from agent.brief.model import Language
    from agent.evaluation.faithfulness import Faithfulness
    from tests.scripted_model import Reply as Scripted

FREE = write(
    "{{name:BusEq}} finished {{BusEq.rel_return.1M|abs}} ahead of {{name:MARKET}} over the past "
    "month, while {{name:Money}} came last, {{Money.rel_return.1M|abs}} behind {{name:MARKET}}.",
    [
        "The move is not new: {{name:BusEq}} has outpaced {{name:MARKET}} by "
        "{{BusEq.rel_return.3M|abs}} over the past three months.",
        "Looking ahead, the odds are close to a coin toss. The scorecard puts the chance of "
        "{{name:BusEq}} beating {{name:MARKET}} over the next month at {{BusEq.probability.1M}}, "
        "and that of {{name:Enrgy}} at {{Enrgy.probability.1M}}.",
        "{{name:Enrgy}} sits {{Enrgy.drawdown.3M|abs}} below its high over the past three "
        "months, and price trend still takes away {{Enrgy.contribution.trend.1M|abs}} from its "
        "score.",
    ],
    [
        "Anything from {{BusEq.low.1M}} to {{BusEq.high.1M}} against {{name:MARKET}} is within "
        "the forecast range of {{name:BusEq}} over the next month."
    ],
    [
        "Keep an eye on the volatility of {{name:Enrgy}} against {{name:MARKET}}, {{Enrgy.rel_volatility.3M}} "
        "over the past three months."
    ],
)
FREE_VI = write(
    "{{name:BusEq}} dẫn sóng trong tháng qua khi vượt {{name:MARKET}} {{BusEq.rel_return.1M|abs}}, "
    "còn {{name:Money}} đứng cuối với mức kém {{Money.rel_return.1M|abs}}.",
    [
        "Đây không phải câu chuyện mới: trong ba tháng qua, {{name:BusEq}} đã vượt "
        "{{name:MARKET}} {{BusEq.rel_return.3M|abs}}.",
        "Nhìn về phía trước, mô hình cho {{name:BusEq}} xác suất {{BusEq.probability.1M}} để vượt "
        "{{name:MARKET}} trong tháng tới, còn {{name:Enrgy}} là {{Enrgy.probability.1M}}.",
        "{{name:Enrgy}} vẫn nằm dưới đỉnh {{Enrgy.drawdown.3M|abs}} trong ba tháng qua, và "
        "xu hướng giá còn trừ đi {{Enrgy.contribution.trend.1M|abs}} điểm.",
    ],
    [
        "Khoảng dự báo của {{name:BusEq}} so với {{name:MARKET}} trong tháng tới trải từ "
        "{{BusEq.low.1M}} đến {{BusEq.high.1M}}."
    ],
    [
        "Theo dõi độ biến động so với thị trường của {{name:Enrgy}}, hiện là {{Enrgy.rel_volatility.3M}} trong "
        "ba tháng qua."
    ],
)
RIGHT: tuple[tuple[Scripted, Language], ...] = (
    (PROSE, "en"),
    (WHY, "en"),
    (FREE, "en"),
    (PROSE_VI, "vi"),
    (FREE_VI, "vi"),
)


@pytest.fixture(scope="module")
def requests(session_home: Path) -> dict[Language, ComposeRequest]:
    market = open_market("industries")
    desk = Desk(market, check_as_of(market, None, datetime.now(UTC).date()), session_home)
    facts, card = facts_of(desk, "1M")
    languages: tuple[Language, ...] = ("en", "vi")
    return {
        language: ComposeRequest(
            question="?",
            language=language,
            intent="rotation",
            market=desk.stamp,
            horizon="1M",
            vocabulary=desk.vocabulary,
            facts=facts,
            scorecard=card,
            history_note=desk.view.market.history_note,
        )
        for language in languages
    }


def draft_of(scripted: Scripted) -> Draft:
    return read_draft(Reply(scripted.text, (), 0, 0))


def mistaken(requests: dict[Language, ComposeRequest], n: int) -> Faithfulness:
    """Make mistakes in right briefs with a model's prose, and review them all."""
    briefs = [
        (render(requests[language], draft_of(scripted)), requests[language])
        for scripted, language in RIGHT
    ]
    return run(briefs, n=n, seed=7)


@pytest.mark.parametrize(("scripted", "language"), RIGHT)
def test_right_prose_passes(
    scripted: Scripted, language: Language, requests: dict[Language, ComposeRequest]
) -> None:
    draft = draft_of(scripted)
    check_prose(draft, requests[language])
    assert review_draft(draft, requests[language]) == ()


@pytest.mark.parametrize("scripted", [INVENTED, SWAPPED])
def test_wrong_prose_does_not(scripted: Scripted, requests: dict[Language, ComposeRequest]) -> None:
    assert review_draft(draft_of(scripted), requests["en"])


def test_mistakes_in_a_models_prose_are_caught(
    requests: dict[Language, ComposeRequest],
) -> None:
    found = mistaken(requests, 60)
    assert found.rejections == ()
    assert found.misses == ()


@pytest.mark.proof
def test_a_thousand_mistakes_in_a_models_prose_are_caught(
    requests: dict[Language, ComposeRequest],
) -> None:
    found = mistaken(requests, 1000)
    print("All of this prose is scripted, by hand; no language model wrote it.\n")
    print("| mistakes | n | caught |\n| --- | ---: | ---: |")
    groups = {"all": found.caught, **found.by_kind, **found.by_language}
    for name, one in groups.items():
        print(f"| {name} | {one.n} | {one.share:.1%} |")
    print(f"\nRight briefs rejected: {found.rejected.hits} of {found.rejected.n}.")
    for miss in found.misses:
        print(f"- missed ({miss.kind}): {miss.before} → {miss.after}")
    assert found.rejections == ()
    assert all(one.share >= 0.99 for one in groups.values())
