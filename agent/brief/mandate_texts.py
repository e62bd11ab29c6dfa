"""What a brief says of the reader's mandate, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.lexicon import entity_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agent.brains.base import ComposeRequest
    from agent.brief.model import BriefMandate, Language

MANDATE_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "within": "Tilts within the mandate",
        "suggested": "Suggested tilts",
        "tilt": "Tilt",
        "note": "A tilt is what is added to or taken from a sector's weight; together they come to nothing. None is "
        "larger than {largest} of the portfolio, and none costs it more than {loss} where its interval ends "
        "badly. Risk tolerance: {tolerance}.",
        "none": "No call is firm enough for a tilt. Risk tolerance: {tolerance}.",
        "scope": "Your mandate holds {names}: only these are ranked and shown, and ranks are among them.",
        "outside": "Outside your mandate, and here only because you asked: {names}.",
        "among": "in your mandate",
        "low": "low",
        "medium": "medium",
        "high": "high",
    },
    "vi": {
        "within": "Mức điều chỉnh tỷ trọng trong danh mục được phép",
        "suggested": "Mức điều chỉnh tỷ trọng gợi ý",
        "tilt": "Điều chỉnh",
        "note": "Mức điều chỉnh là phần cộng thêm hoặc bớt đi ở tỷ trọng của ngành, tổng lại bằng không. Không mức "
        "nào lớn hơn {largest} danh mục, và không mức nào làm mất quá {loss} danh mục ở đầu xấu của khoảng "
        "dự báo. Mức chấp nhận rủi ro: {tolerance}.",
        "none": "Không nhận định nào đủ chắc để điều chỉnh tỷ trọng. Mức chấp nhận rủi ro: {tolerance}.",
        "scope": "Danh mục được phép của bạn gồm {names}: chỉ các ngành này được xếp hạng và hiển thị, thứ hạng tính "
        "trong nhóm này.",
        "outside": "Ngoài danh mục được phép, chỉ nêu vì bạn hỏi: {names}.",
        "among": "trong danh mục được giao",
        "low": "thấp",
        "medium": "trung bình",
        "high": "cao",
    },
}


def scope_note(request: ComposeRequest, mandate: BriefMandate) -> tuple[str, ...]:
    """Return notes on what the mandate holds, and on sectors that are shown all the same."""
    words = MANDATE_TEXTS[request.language]
    notes = [words["scope"].format(names=_names(mandate.sectors, request))]
    outside = [code for code in request.sectors if code not in mandate.sectors]
    if outside:
        notes.append(words["outside"].format(names=_names(outside, request)))
    return tuple(notes)


def _names(codes: Iterable[str], request: ComposeRequest) -> str:
    return ", ".join(
        entity_name(code, request.vocabulary, request.language) or code for code in codes
    )
