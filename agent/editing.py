"""What a question says of the conversation itself: a plan to change, or the reader's own list.

Both are put into plain words before any brain reads the question, so that every brain understands
them alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.base import Turn

_TOPICS: Mapping[str, str] = {
    r"(?:the )?macro(?:s|economics?)?(?: (?:indicators?|data|series|part))?": (
        "get_macro_indicators"
    ),
    r"(?:phần |dữ liệu |chỉ số )?vĩ mô": "get_macro_indicators",
    r"(?:the )?(?:foreign )?flows?(?: (?:data|part))?": "get_foreign_flow",
    r"(?:phần |dữ liệu )?(?:dòng tiền|khối)(?: ngoại)?": "get_foreign_flow",
    r"(?:the )?(?:whales?|unusual trading|block trades?|smart money)(?: (?:data|part))?": (
        "get_whale_activity"
    ),
    r"(?:phần )?(?:cá mập|tay to|giao dịch bất thường)": "get_whale_activity",
    r"(?:the )?(?:market )?overview": "get_market_overview",
    r"(?:phần )?tổng quan(?: thị trường)?": "get_market_overview",
    r"(?:the )?(?:sector )?heat ?map": "get_sector_heatmap",
    r"(?:phần )?bản đồ nhiệt": "get_sector_heatmap",
    r"(?:the )?rotation(?: (?:map|graph|quadrants?))?": "get_sector_rotation",
    r"(?:phần )?(?:luân chuyển|xoay vòng)(?: ngành)?": "get_sector_rotation",
    r"(?:the )?(?:forecasts?|ranking|scorecard)": "get_sector_forecast",
    r"(?:phần )?(?:dự báo|xếp hạng)": "get_sector_forecast",
}
_SKIP = re.compile(
    r"\W*(?:please |ok(?:ay)?,? |hãy |thôi,? )?"
    r"(?:skip|leave out|without|drop|omit|bỏ qua|bỏ bớt|bỏ|không cần|khỏi)\s+"
    r"(?P<topic>.+?)(?: please| đi| nhé| thôi| this time| lần này)?\W*",
    re.IGNORECASE,
)
_OWN_LIST = re.compile(
    r"(?<!\w)(?:my (?:own )?(?:sectors|watch ?-?list|list|names|holdings|stocks)"
    r"|(?:danh mục|danh sách|các ngành|những ngành|các mã)(?: theo dõi)? của (?:tôi|mình)"
    r"|(?:danh mục|danh sách|các ngành|các mã) (?:tôi|mình) (?:đang )?theo dõi)(?!\w)",
    re.IGNORECASE,
)


_SCORED = frozenset(
    {"get_sector_forecast", "get_sector_heatmap", "get_sector_rotation", "explain_sector"}
)
"""Calls whose answers are a ranking, from which a group of the scoring model can be left out."""


class Edit(NamedTuple):
    """The last question once more, without some of its calls."""

    question: str
    skip: tuple[str, ...]


def read_edit(question: str, turns: tuple[Turn, ...]) -> Edit | None:
    """Return how a question changes the last plan ("skip macro", "bỏ vĩ mô"), None if it does not.

    After a ranking, a call that its plan did not make is no call that is meant but a group of the
    scoring model, which is the planner's to read. Any other question is asked again without it.
    """
    match = _SKIP.fullmatch(question)
    if match is None or not turns:
        return None
    topics = re.split(r"\s*(?:,|\band\b|\bvà\b|&)\s*", match["topic"].strip())
    tools = [tool_named(topic) for topic in topics]
    made = {call.tool for call in turns[-1].calls}
    wanted = tuple(dict.fromkeys(tool for tool in tools if tool is not None))
    if None in tools or not wanted:
        return None
    if not made or (not made.issuperset(wanted) and made & _SCORED):
        return None
    return edited(turns[-1], wanted)


def edited(last: Turn, tools: tuple[str, ...]) -> Edit:
    """Return the last question without these calls, and without those already left out of it."""
    return Edit(last.question, tuple(dict.fromkeys((*last.skipped, *tools))))


def before(turns: tuple[Turn, ...], question: str) -> tuple[Turn, ...]:
    """Return the turns that a question repeated from the end had seen when it was first asked."""
    count = len(turns)
    while count and turns[count - 1].question == question:
        count -= 1
    return turns[:count]


def with_own_list(question: str, watched: tuple[str, ...]) -> str:
    """Return a question with the reader's watch-list in place of "my sectors" and the like."""
    if not watched:
        return question
    return _OWN_LIST.sub(lambda _match: ", ".join(watched), question)


def speaks_of_own_list(question: str) -> bool:
    """Whether a question names the reader's watch-list."""
    return _OWN_LIST.search(question) is not None


def tool_named(topic: str) -> str | None:
    """Return the tool that a topic of a plan names in either language, or by its own name."""
    text = topic.strip()
    return next(
        (tool for pattern, tool in _TOPICS.items() if re.fullmatch(pattern, text, re.IGNORECASE)),
        text if text.startswith("get_") else None,
    )
