"""What is said of the data themselves, in both languages: their state, failing feeds, and what tools can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language
    from tools.contracts import Fact

COVERAGE, QUARANTINED = "coverage_", "quarantined_"
"""How the metrics begin that say what a tool can answer, and how many rows of a table are not used."""
COVERAGE_NAME: Mapping[Language, str] = {"en": "tool coverage", "vi": "khả năng trả lời"}
LIMITS: Mapping[Language, str] = {"en": "limits of tilts", "vi": "giới hạn điều chỉnh"}
TABLE_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "prices": "prices",
        "flows": "flows",
        "macro": "macro values",
        "signals": "signal values",
    },
    "vi": {
        "prices": "dòng giá",
        "flows": "dòng khối ngoại",
        "macro": "số liệu vĩ mô",
        "signals": "tín hiệu",
    },
}

HEALTH_WORDING: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "health_current": "The newest prices are of $day; every feed is current and passes its "
        "checks.",
        "health_lacking": "The newest prices are of $day; the feeds of this market are current, "
        "and what it does not have is listed in this answer.",
        "health_failing": "The newest prices are of $day, but not every feed passes its checks: "
        "the gaps in this answer name those, and the ranking is less certain for it.",
        "health_none_unused": "Nothing has been set aside as impossible.",
        "health_unused": "What cannot be right has been set aside and is not used; the table "
        "counts it.",
    },
    "vi": {
        "health_current": "Giá mới nhất là của ngày $day; mọi nguồn dữ liệu đều cập nhật và đạt "
        "kiểm tra.",
        "health_lacking": "Giá mới nhất là của ngày $day; các nguồn dữ liệu của thị trường này "
        "đều cập nhật, phần không có được liệt kê trong câu trả lời này.",
        "health_failing": "Giá mới nhất là của ngày $day, nhưng không phải nguồn nào cũng đạt "
        "kiểm tra: phần thiếu trong câu trả lời này nêu rõ nguồn nào, và bảng xếp hạng vì thế "
        "không chắc chắn như thường lệ.",
        "health_none_unused": "Không có số liệu nào bị loại vì bất hợp lý.",
        "health_unused": "Những gì không thể đúng đã được tách ra và không dùng; bảng số liệu "
        "đếm số đó.",
    },
}
"""Sentences of the answer on the state of the data."""

HEALTH_TEXTS: tuple[tuple[str, str, str], ...] = (
    (r"many of the newest prices", "", "nhiều giá mới nhất"),
    (r"recent prices of (.+) and others", "", r"giá gần đây của \1 và các ngành khác"),
    (r"recent prices of (.+)", "", r"giá gần đây của \1"),
    (r"prices after (\S+)", "", r"giá sau ngày \1"),
    (r"recent foreign flow", "", "dòng vốn ngoại gần đây"),
    (r"recent traded values", "", "giá trị giao dịch gần đây"),
    (r"the newest releases of (.+)", "", r"lần công bố mới nhất của \1"),
    (r"signals that have fallen silent", "", "tín hiệu chưa có số liệu mới"),
    (r"new data from (.+)", "", r"dữ liệu mới từ \1"),
    # why
    (
        r"the newest price usable on (\S+) is of (\S+)",
        "",
        r"đến ngày \1, giá mới nhất dùng được là của ngày \2",
    ),
    (
        r"the price feed fails its checks: much of its last week cannot be right",
        "",
        "nguồn giá không đạt kiểm tra: phần lớn số liệu tuần qua không thể đúng",
    ),
    (
        r"there is no usable price in the last week",
        "",
        "tuần qua không có giá nào dùng được",
    ),
    (
        r"the feed of traded values has changed its unit",
        "",
        "nguồn giá trị giao dịch đã đổi đơn vị",
    ),
    (r"the flow data end on (\S+)", "", r"số liệu khối ngoại dừng ở ngày \1"),
    (
        r"the flow feed fails its checks: some of its newest days are missing or cannot be right",
        "",
        "nguồn khối ngoại không đạt kiểm tra: một số ngày gần đây bị thiếu hoặc không thể đúng",
    ),
    (r"they are in another unit than before", "", "chúng ở đơn vị khác trước"),
    (r"it did not come through", "", "không tải được"),
    # effect
    (
        r"windows end on (\S+), so that newer moves are unknown",
        "",
        r"các khung thời gian dừng ở ngày \1, nên không biết biến động mới hơn",
    ),
    (
        r"they are not used, and confidence is low",
        "",
        "chúng không được dùng, và độ tin cậy thấp",
    ),
    (
        r"their newest moves are unknown, and their confidence is low",
        "",
        "không biết biến động mới nhất, và độ tin cậy của các ngành này thấp",
    ),
    (
        r"(?:they|those days) are not used, and no call is of high confidence",
        "",
        "chúng không được dùng, và không nhận định nào có độ tin cậy cao",
    ),
    (
        r"what foreigners have traded since is unknown",
        "",
        "không biết khối ngoại giao dịch gì từ đó đến nay",
    ),
    (
        r"they are not used; the values before them still stand",
        "",
        "chúng không được dùng; giá trị trước đó vẫn được giữ",
    ),
    (r"what was known before is used", "", "dùng số liệu đã có trước đó"),
    (
        r"nothing of an answer rests on (\w+)",
        "",
        r"không phần nào của câu trả lời dựa trên nguồn này",
    ),
    (
        r"this market has no (prices|flows|macro) data by this date",
        "",
        "đến ngày này thị trường không có dữ liệu loại này",
    ),
)
"""Pattern, English (empty: as it came), Vietnamese; as in :mod:`agent.brief.standard_texts`."""


def audited_name(metric: str, language: Language) -> str:
    """Return what a metric of the audit or a limit of the mandate is called; an empty text where it is neither."""
    if metric.startswith(COVERAGE):
        tool = metric.removeprefix(COVERAGE)
        return f"answerable by {tool}" if language == "en" else f"khả năng trả lời của {tool}"
    if metric.startswith(QUARANTINED):
        table = metric.removeprefix(QUARANTINED)
        named = TABLE_NAMES[language].get(table, table)
        return f"{named} not used" if language == "en" else f"{named} không dùng"
    return LIMITS[language] if metric in ("largest_tilt", "loss_budget") else ""


def is_whole(fact: Fact) -> bool:
    """Whether a fact says that a tool can answer everything: a table need not list it."""
    return fact.metric.startswith(COVERAGE) and fact.value == 1.0
