"""What the numbers of the model's own record are called, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.scoring.record_facts import BINS

if TYPE_CHECKING:
    from agent.brief.model import Language

_ENDS: dict[str, tuple[str, str]] = {
    "en": ("low end of the", "high end of the"), "vi": ("cận dưới của", "cận trên của"),
}  # fmt: skip
_WITH_ENDS: dict[str, dict[str, str]] = {
    "en": {
        "mean_ic": "mean rank correlation",
        "baseline_gap": "lead over the best single signal",
        "choice_gap": "lead of the ensemble over the composite",
        "interval_held": "share of outcomes within the range",
    },
    "vi": {
        "mean_ic": "tương quan hạng trung bình",
        "baseline_gap": "mức hơn tín hiệu đơn lẻ tốt nhất",
        "choice_gap": "mức hơn của mô hình kết hợp so với mô hình tổng hợp",
        "interval_held": "tỷ lệ kết quả nằm trong khoảng",
    },
}
_PLAIN: dict[str, dict[str, str]] = {
    "en": {
        "baseline_ic": "rank correlation of the best single signal",
        "record_first": "first date of the record",
        "record_last": "last date of the record",
        "record_dates": "dates of the record",
        "stated_rate": "chance that calls gave themselves",
    },
    "vi": {
        "baseline_ic": "tương quan hạng của tín hiệu đơn lẻ tốt nhất",
        "record_first": "ngày đầu của thành tích",
        "record_last": "ngày cuối của thành tích",
        "record_dates": "số ngày của thành tích",
        "stated_rate": "xác suất mà nhận định tự đưa ra",
    },
}
THIRDS: dict[Language, dict[str, str]] = {
    "en": {
        "least": "least confident third",
        "middle": "middle third",
        "most": "most confident third",
    },
    "vi": {
        "least": "nhóm kém tự tin nhất",
        "middle": "nhóm ở giữa",
        "most": "nhóm tự tin nhất",
    },
}
"""Thirds of the calls, by how far their probability was from one half."""
_OF_THIRD: dict[str, dict[str, str]] = {
    "en": {
        "hit_rate": "hit rate", "base_rate": "base rate", "calls": "number of calls",
        "stated_rate": "chance that calls gave themselves",
    },
    "vi": {
        "hit_rate": "tỷ lệ đúng", "base_rate": "tỷ lệ nền", "calls": "số nhận định",
        "stated_rate": "xác suất mà nhận định tự đưa ra",
    },
}  # fmt: skip


def _names(language: Language) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {m: (text,) for m, text in _PLAIN[language].items()}
    low, high = _ENDS[language]
    for metric, text in _WITH_ENDS[language].items():
        names[metric] = (text,)
        names[f"{metric}_low"] = (f"{low} {text}",)
        names[f"{metric}_high"] = (f"{high} {text}",)
    for name, third in THIRDS[language].items():
        for metric, text in _OF_THIRD[language].items():
            names[f"{metric}_{name}"] = (f"{text}, {third}",)
        hits = f"{_OF_THIRD[language]['hit_rate']}, {third}"
        names[f"hit_rate_{name}_low"] = (f"{low} {hits}",)
        names[f"hit_rate_{name}_high"] = (f"{high} {hits}",)
    return names


METRICS: dict[Language, dict[str, tuple[str, ...]]] = {"en": _names("en"), "vi": _names("vi")}
SHARES = frozenset({
    "hit_rate", "hit_rate_low", "hit_rate_high", "base_rate", "call_share", "stated_rate",
    "interval_held", "interval_held_low", "interval_held_high",
    *(f"{metric}_{name}" for metric in ("hit_rate", "base_rate", "stated_rate") for name in BINS),
    *(f"hit_rate_{name}_{end}" for end in ("low", "high") for name in BINS),
})  # fmt: skip
"""Metrics that are shares of something: whole percents, without a sign."""
RECORD_METRICS = frozenset({*METRICS["en"], *SHARES, "calls"})
"""Metrics of the model's own out-of-sample record."""
