"""The words of a brief in both languages: windows, metrics, directions, ranks and names.

The composer writes with the first form of every entry; whoever checks a text reads all of them. One table for both
keeps them from drifting apart: a word that is not here is neither written nor understood as a claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language
    from tools.contracts import Vocabulary

Forms = tuple[str, ...]
PERIOD_ORDER = ("1D", "1W", "1M", "3M", "6M", "12M", "1Y", "3Y", "5Y")

WINDOWS: Mapping[Language, Mapping[str, Forms]] = {
    "en": {
        "1D": ("over one day", "on the day", "in one day", "over the last day"),
        "1W": ("over one week", "in one week", "over the past week", "on the week"),
        "1M": ("over one month", "in one month", "over the past month", "on the month"),
        "3M": ("over three months", "in three months", "over the past three months"),
        "6M": ("over six months", "in six months", "over the past six months"),
        "12M": ("over twelve months", "in twelve months", "over the past twelve months"),
        "1Y": ("over one year", "in one year", "over the past year"),
        "3Y": ("over three years", "in three years", "over the past three years"),
        "5Y": ("over five years", "in five years", "over the past five years"),
    },
    "vi": {
        "1D": ("trong một ngày", "trong phiên gần nhất", "trong ngày"),
        "1W": ("trong một tuần", "trong tuần qua", "trong tuần"),
        "1M": ("trong một tháng", "trong tháng qua", "trong tháng"),
        "3M": ("trong ba tháng", "trong ba tháng qua"),
        "6M": ("trong sáu tháng", "trong sáu tháng qua"),
        "12M": ("trong mười hai tháng", "trong mười hai tháng qua"),
        "1Y": ("trong một năm", "trong năm qua"),
        "3Y": ("trong ba năm", "trong ba năm qua"),
        "5Y": ("trong năm năm", "trong năm năm qua"),
    },
}
"""Phrases of a window that has passed."""

AHEAD: Mapping[Language, Mapping[str, Forms]] = {
    "en": {
        "1W": ("over the next week", "in the next week", "one week ahead"),
        "1M": ("over the next month", "in the next month", "one month ahead"),
        "3M": ("over the next three months", "in the next three months", "three months ahead"),
    },
    "vi": {
        "1W": ("trong tuần tới", "trong một tuần tới"),
        "1M": ("trong tháng tới", "trong một tháng tới"),
        "3M": ("trong ba tháng tới", "trong quý tới"),
    },
}
"""Phrases of a forecast horizon."""

FORECAST_METRICS = frozenset(
    {"score", "probability", "expected", "low", "high", "rank", "base_value"}
)
"""Metrics whose period is a horizon ahead; so are ``contribution.*`` and ``flip_*``."""

UNSIGNED_METRICS = frozenset({
    "probability", "breadth", "volatility", "hit_rate", "hit_rate_low", "hit_rate_high", "base_rate",
    "call_share", "turnover", "flip_from", "flip_to", "scenario_error", "scenario_total_error", "missing_prices", "coverage", "completeness", "share_of_calls", "confidence_level", "win_rate",
})  # fmt: skip
"""Fractions that are shares of something, or sizes: shown without a sign."""
RECORD_METRICS = frozenset({
    "hit_rate", "hit_rate_low", "hit_rate_high", "base_rate", "mean_ic", "call_share", "calls",
})  # fmt: skip
"""Metrics of the model's own out-of-sample record."""

METRICS: Mapping[Language, Mapping[str, Forms]] = {
    "en": {
        "return": ("return", "total return", "price return"),
        "rel_return": ("return relative to the market", "relative return", "excess return"),
        "volatility": ("annualised volatility", "volatility"),
        "drawdown": ("drawdown", "below its peak", "below its high"),
        "breadth": ("breadth", "share of shares above their average", "above their average"),
        "rs_ratio": ("relative-strength ratio", "relative strength", "RS-Ratio"),
        "rs_momentum": ("relative-strength momentum", "RS-Momentum"),
        "quadrant": ("rotation quadrant", "quadrant"),
        "foreign_net_value": ("net foreign buying", "net foreign value", "foreign flow"),
        "foreign_net_ratio": ("net foreign buying as a share of trading", "share of trading"),
        "whale_ratio": ("trading against normal", "times normal", "usual trading"),
        "latest": ("latest value", "level", "stands at", "latest"),
        "change": ("change",),
        "yoy": ("change on the year", "year on year", "from a year earlier"),
        "surprise": ("surprise",),
        "score": ("score",),
        "probability": ("probability of beating the market", "probability", "chance"),
        "expected": ("expected relative return", "median forecast", "expected"),
        "low": ("low end of the forecast",),
        "high": ("high end of the forecast",),
        "rank": ("rank", "ranks"),
        "contribution": ("contribution", "contributes", "adds", "takes away"),
        "base_value": ("base value",),
        "flip_from": ("value now",),
        "flip_to": ("value that changes the call",),
        "flip_sd": ("size of that move",),
        "hit_rate": ("hit rate", "share of calls that came true"),
        "hit_rate_low": ("low end of the hit rate",),
        "hit_rate_high": ("high end of the hit rate",),
        "base_rate": ("base rate",),
        "mean_ic": ("mean rank correlation", "information coefficient"),
        "call_share": ("share of calls",),
        "calls": ("number of calls",),
        "macro_tilt": ("macro tilt",),
        "sensitivity": ("sensitivity",),
        "sensitivity_se": ("standard error of the sensitivity",),
        "excess_return": ("excess return",),
        "scenario_return": ("estimated relative return",),
        "scenario_total_return": ("estimated own return",),
        "scenario_error": ("standard error",),
        "scenario_total_error": ("standard error",),
        "impact": ("estimated impact",),
        "impact_low": ("low end of the impact",),
        "impact_high": ("high end of the impact",),
        "impact_se": ("standard error of the impact",),
        "shock": ("shock",),
        "sharpe": ("Sharpe ratio",),
        "turnover": ("turnover",),
        "costs": ("trading costs",),
        "annual_return": ("annualised return",),
        "max_drawdown": ("largest drawdown",),
        "close": ("last close",),
    },
    "vi": {
        "return": ("tỷ suất sinh lời", "lợi suất", "mức tăng giảm"),
        "rel_return": (
            "mức chênh so với thị trường",
            "so với thị trường",
            "tương quan với thị trường",
        ),
        "volatility": ("độ biến động quy năm", "độ biến động"),
        "drawdown": ("mức sụt từ đỉnh", "dưới đỉnh"),
        "breadth": ("độ rộng", "cổ phiếu nằm trên trung bình"),
        "rs_ratio": ("tỷ lệ sức mạnh tương đối", "sức mạnh tương đối", "RS-Ratio"),
        "rs_momentum": ("động lượng sức mạnh tương đối", "RS-Momentum"),
        "quadrant": ("góc luân chuyển", "góc phần tư"),
        "foreign_net_value": ("giá trị khối ngoại mua ròng", "khối ngoại"),
        "foreign_net_ratio": ("tỷ trọng khối ngoại mua ròng", "giá trị giao dịch"),
        "whale_ratio": ("giao dịch so với bình thường", "so với bình thường", "mức bình thường"),
        "latest": ("giá trị mới nhất", "hiện ở mức", "mức", "mới nhất"),
        "change": ("mức thay đổi",),
        "yoy": ("mức thay đổi so với cùng kỳ", "so với cùng kỳ"),
        "surprise": ("độ bất ngờ",),
        "score": ("điểm số", "điểm"),
        "probability": ("xác suất vượt thị trường", "xác suất"),
        "expected": ("mức chênh kỳ vọng", "dự báo trung vị", "kỳ vọng"),
        "low": ("cận dưới của dự báo",),
        "high": ("cận trên của dự báo",),
        "rank": ("thứ hạng", "xếp"),
        "contribution": ("đóng góp", "cộng thêm", "lấy đi"),
        "base_value": ("giá trị nền",),
        "flip_from": ("giá trị hiện tại",),
        "flip_to": ("giá trị làm đổi nhận định",),
        "flip_sd": ("độ lớn của bước đó",),
        "hit_rate": ("tỷ lệ đúng",),
        "hit_rate_low": ("cận dưới của tỷ lệ đúng",),
        "hit_rate_high": ("cận trên của tỷ lệ đúng",),
        "base_rate": ("tỷ lệ nền",),
        "mean_ic": ("tương quan hạng trung bình",),
        "call_share": ("tỷ lệ có nhận định",),
        "calls": ("số nhận định",),
        "macro_tilt": ("độ nghiêng vĩ mô",),
        "sensitivity": ("độ nhạy",),
        "sensitivity_se": ("sai số chuẩn của độ nhạy",),
        "excess_return": ("lợi suất vượt trội",),
        "scenario_return": ("mức chênh ước tính",),
        "scenario_total_return": ("lợi suất riêng ước tính",),
        "scenario_error": ("sai số chuẩn",),
        "scenario_total_error": ("sai số chuẩn",),
        "impact": ("tác động ước tính",),
        "impact_low": ("cận dưới của tác động",),
        "impact_high": ("cận trên của tác động",),
        "impact_se": ("sai số chuẩn của tác động",),
        "shock": ("cú sốc",),
        "sharpe": ("hệ số Sharpe",),
        "turnover": ("vòng quay danh mục",),
        "costs": ("chi phí giao dịch",),
        "annual_return": ("lợi suất quy năm",),
        "max_drawdown": ("mức sụt lớn nhất",),
        "close": ("giá đóng cửa",),
    },
}
"""Metric → how it is called; ``contribution.<group>`` is looked up as ``contribution``."""

SHORT: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "rel_return": "relative return",
        "volatility": "volatility",
        "rs_ratio": "RS-Ratio",
        "rs_momentum": "RS-Momentum",
        "quadrant": "quadrant",
        "foreign_net_value": "foreign net",
        "foreign_net_ratio": "foreign net ratio",
        "whale_ratio": "× normal",
        "latest": "latest",
        "yoy": "on the year",
        "scenario_return": "relative",
        "scenario_error": "its error",
        "scenario_total_return": "own return",
        "scenario_total_error": "its error ",
        "missing_prices": "prices missing",
        "days_silent": "days silent",
        "trading_days": "trading days",
        "weekdays_behind": "weekdays behind",
        "findings": "irregularities",
        "macro_tilt": "macro tilt",
    },
    "vi": {
        "return": "lợi suất",
        "rel_return": "so với chỉ số",
        "volatility": "biến động",
        "drawdown": "dưới đỉnh",
        "rs_ratio": "RS-Ratio",
        "rs_momentum": "RS-Momentum",
        "quadrant": "góc luân chuyển",
        "foreign_net_value": "ngoại ròng",
        "foreign_net_ratio": "tỷ trọng ngoại ròng",
        "whale_ratio": "so với bình thường",
        "latest": "mới nhất",
        "change": "thay đổi",
        "yoy": "so với cùng kỳ",
        "surprise": "bất ngờ",
        "scenario_return": "tương đối",
        "scenario_error": "sai số",
        "scenario_total_return": "lợi suất",
        "scenario_total_error": "sai số ",
        "missing_prices": "thiếu giá",
        "days_silent": "ngày chưa cập nhật",
        "trading_days": "số phiên",
        "weekdays_behind": "ngày trễ",
        "findings": "bất thường",
        "macro_tilt": "độ nghiêng vĩ mô",
    },
}
"""Metric → its name at the head of a column, where the usual one is long."""

UP_WORDS: Mapping[Language, Forms] = {
    "en": (
        "rose", "risen", "rise", "gained", "gain", "advanced", "climbed", "edged up", "jumped", "up",
        "beat", "beating", "outperformed", "outperforming", "rising", "gaining",
        "ahead of", "led", "bought", "net buyers", "net buying", "inflow", "inflows",
        "above", "higher", "increased", "adds", "added", "lifts", "supports", "positive", "widened",
    ),
    "vi": (
        "tăng", "nhích lên", "bật tăng", "vượt", "vượt trội", "dẫn trước", "mua ròng", "cao hơn", "trên",
        "cộng thêm", "nâng", "hỗ trợ", "dương",
    ),
}  # fmt: skip
"""Words that claim a positive value of the fact they speak of."""

DOWN_WORDS: Mapping[Language, Forms] = {
    "en": (
        "fell", "fallen", "fall", "lost", "lose", "declined", "dropped", "slipped", "edged down", "slid", "down",
        "trailed", "trailing", "underperformed", "underperforming", "lagged", "lagging it",
        "falling", "losing", "behind", "sold", "net sellers", "net selling", "outflow",
        "outflows", "below", "lower", "decreased", "takes away", "took away", "weighs", "drags", "negative",
        "narrowed",
    ),
    "vi": (
        "giảm", "nhích xuống", "lao dốc", "mất", "kém", "thua", "tụt lại", "bán ròng", "thấp hơn", "dưới",
        "lấy đi", "kéo xuống", "cản trở", "âm",
    ),
}  # fmt: skip
"""Words that claim a negative value."""

FLAT_WORDS: Mapping[Language, Forms] = {
    "en": ("unchanged", "flat", "in line with", "level with"),
    "vi": ("đi ngang", "không đổi", "ngang bằng"),
}
"""Words that claim a value of exactly zero."""

FIRST_WORDS: Mapping[Language, Forms] = {
    "en": ("strongest", "best", "largest", "highest", "most", "leads", "top", "first"),
    "vi": ("mạnh nhất", "tốt nhất", "lớn nhất", "cao nhất", "nhiều nhất", "dẫn đầu", "đứng đầu"),
}
"""Rank words that claim the first place among all entities of the metric and window."""

LAST_WORDS: Mapping[Language, Forms] = {
    "en": ("weakest", "worst", "smallest", "lowest", "least", "bottom", "last"),
    "vi": ("yếu nhất", "tệ nhất", "nhỏ nhất", "thấp nhất", "ít nhất", "đứng cuối", "cuối bảng"),
}
"""Rank words that claim the last place."""

CALLS: Mapping[Language, Mapping[str, Forms]] = {
    "en": {
        "outperform": ("poised to gain", "favoured", "favours"),
        "underperform": ("poised to lose", "out of favour"),
        "none": ("no clear edge",),
    },
    "vi": {
        "outperform": ("có khả năng vượt trội", "được ưu tiên"),
        "underperform": ("có khả năng kém hơn", "không được ưu tiên"),
        "none": ("chưa rõ lợi thế",),
    },
}
TIGHT_CALLS: Mapping[Language, Mapping[str, str]] = {
    "en": {"outperform": "gain", "underperform": "lose", "none": "no edge"},
    "vi": {"outperform": "vượt trội", "underperform": "kém hơn", "none": "chưa rõ"},
}
"""Calls where a line has little room."""
CONFIDENCE: Mapping[Language, Mapping[str, str]] = {
    "en": {"high": "high", "medium": "medium", "low": "low"},
    "vi": {"high": "cao", "medium": "vừa", "low": "thấp"},
}
QUADRANTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "leading": "leading",
        "weakening": "weakening",
        "lagging": "lagging",
        "improving": "improving",
    },
    "vi": {
        "leading": "dẫn dắt",
        "weakening": "suy yếu",
        "lagging": "tụt hậu",
        "improving": "cải thiện",
    },
}
GROUPS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "trend": "price trend", "momentum": "momentum", "rotation": "relative rotation", "breadth": "breadth",
        "risk": "risk", "flow": "foreign flow", "flows": "foreign flow", "trading": "unusual trading",
        "whale": "unusual trading", "activity": "trading activity", "macro": "macro tilt", "signals": "other signals", "reversal": "reversal",
    },
    "vi": {
        "trend": "xu hướng giá", "momentum": "động lượng", "rotation": "luân chuyển tương đối",
        "breadth": "độ rộng", "risk": "rủi ro", "flow": "dòng vốn ngoại", "flows": "dòng vốn ngoại",
        "trading": "giao dịch đột biến", "whale": "giao dịch đột biến", "activity": "hoạt động giao dịch", "macro": "độ nghiêng vĩ mô",
        "signals": "tín hiệu khác", "reversal": "đảo chiều",
    },
}  # fmt: skip
"""Scoring group → its name."""

SERIES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "BAA_SPREAD": "the Baa credit spread", "BREAKEVEN_10Y": "10-year breakeven inflation",
        "CORE_CPI": "core CPI", "CPI": "CPI", "CPI_MOM": "monthly CPI inflation",
        "FED_RATE": "the federal funds rate", "GOLD": "gold", "HOUSING_STARTS": "housing starts",
        "INDUSTRIAL_PRODUCTION": "industrial production", "NONFARM_PAYROLLS": "nonfarm payrolls",
        "PMI_Manufacturing": "the manufacturing PMI", "UNEMPLOYMENT": "the unemployment rate",
        "UST_10Y": "the 10-year US Treasury yield", "UST_2Y": "the 2-year US Treasury yield",
        "UST_3M": "the 3-month US Treasury bill rate", "VIX": "the VIX", "WTI": "WTI crude oil",
        "IIP_YOY": "industrial output growth", "USDVND": "the dollar-dong rate", "OIL": "crude oil",
        "AAA": "the Aaa corporate yield", "BAA": "the Baa corporate yield",
    },
    "vi": {
        "BAA_SPREAD": "chênh lệch tín dụng Baa", "BREAKEVEN_10Y": "lạm phát hòa vốn kỳ hạn 10 năm",
        "CORE_CPI": "CPI lõi", "CPI": "CPI", "CPI_MOM": "CPI so với tháng trước",
        "FED_RATE": "lãi suất điều hành của Fed", "GOLD": "giá vàng", "HOUSING_STARTS": "nhà khởi công tại Mỹ",
        "INDUSTRIAL_PRODUCTION": "sản xuất công nghiệp", "NONFARM_PAYROLLS": "việc làm phi nông nghiệp Mỹ",
        "PMI_Manufacturing": "PMI sản xuất", "UNEMPLOYMENT": "tỷ lệ thất nghiệp",
        "UST_10Y": "lợi suất trái phiếu Mỹ kỳ hạn 10 năm", "UST_2Y": "lợi suất trái phiếu Mỹ kỳ hạn 2 năm",
        "UST_3M": "lãi suất tín phiếu Mỹ kỳ hạn 3 tháng", "VIX": "chỉ số VIX", "WTI": "giá dầu WTI",
        "IIP_YOY": "tăng trưởng sản xuất công nghiệp", "USDVND": "tỷ giá đô la - đồng", "OIL": "giá dầu",
        "AAA": "lợi suất trái phiếu doanh nghiệp Aaa", "BAA": "lợi suất trái phiếu doanh nghiệp Baa",
    },
}  # fmt: skip
"""Macro series → its name; a series that is not here goes by its own name."""

MARKET_NAME: Mapping[Language, Forms] = {
    "en": ("the market", "the benchmark", "the index"),
    "vi": ("thị trường", "chỉ số chung", "chỉ số tham chiếu"),
}


TESTED: Mapping[Language, Mapping[str, Forms]] = {
    "en": {
        "BACKTEST": ("the strategy",),
        "BACKTEST_BENCHMARK": ("the market held throughout", "buying and holding the market"),
    },
    "vi": {
        "BACKTEST": ("chiến lược",),
        "BACKTEST_BENCHMARK": ("việc nắm giữ cả thị trường",),
    },
}
"""What a back-test speaks of."""


def is_ahead(metric: str) -> bool:
    """Whether a metric's period is a horizon ahead instead of a window that has passed."""
    return metric in FORECAST_METRICS or metric.startswith(("contribution.", "flip_"))


def window_forms(period: str | None, language: Language, *, ahead: bool = False) -> Forms:
    """Return every phrase of a window (or of a horizon ahead) with its label last; the first one is written."""
    if period is None:
        return ()
    phrases = (AHEAD if ahead else WINDOWS)[language].get(period, ())
    return (*phrases, period)


def window(period: str | None, language: Language, *, ahead: bool = False) -> str:
    """Return the phrase that the composer writes for a window: ``over one month``."""
    forms = window_forms(period, language, ahead=ahead)
    return forms[0] if forms else ""


def metric_forms(metric: str, language: Language) -> Forms:
    """Return every way a metric is called; an unknown one goes by its own name."""
    if metric.startswith("contribution."):
        group = metric.partition(".")[2]
        return (GROUPS[language].get(group, group), *METRICS[language]["contribution"])
    return METRICS[language].get(metric, (metric.replace("_", " "),))


def metric_name(metric: str, language: Language) -> str:
    """Return what a metric is called in a table."""
    return metric_forms(metric, language)[0]


def short_name(metric: str, language: Language) -> str:
    """Return what a metric is called at the head of a column."""
    return SHORT[language].get(metric) or metric_name(metric, language)


def group_name(group: str, language: Language) -> str:
    """Return what a scoring group is called."""
    return GROUPS[language].get(group, group.replace("_", " "))


def entity_name(entity: str, vocabulary: Vocabulary, language: Language) -> str | None:
    """Return an entity's name, or None where the market has no such entity."""
    forms = entity_forms(entity, vocabulary, language)
    return forms[0] if forms else None


def entity_forms(entity: str, vocabulary: Vocabulary, language: Language) -> Forms:
    """Return every form under which a text may name an entity; the first one is written."""
    if entity == MARKET_ENTITY:
        names = [s for s in vocabulary.symbols if s.kind == "benchmark"]
        marks = tuple(form for s in names for form in (s.symbol, s.name))
        return _unique((*marks[:1], *MARKET_NAME[language], *marks[1:]))
    if entity in TESTED[language]:
        return TESTED[language][entity]
    if entity.startswith(MACRO_PREFIX):
        return _series_forms(entity.removeprefix(MACRO_PREFIX), vocabulary, language)
    for sector in vocabulary.sectors:
        if sector.code == entity:
            both = (sector.name, sector.name_vi)
            return _unique(both if language == "en" else both[::-1])
    return next((_unique((s.symbol, s.name)) for s in vocabulary.symbols if s.symbol == entity), ())


def _series_forms(series: str, vocabulary: Vocabulary, language: Language) -> Forms:
    if series not in vocabulary.series:
        return ()
    name = SERIES[language].get(series, series.replace("_", " "))
    aliases = tuple(alias for alias, meant in vocabulary.series_aliases.items() if meant == series)
    return _unique((name, name.removeprefix("the "), series, *aliases))


def _unique(forms: Forms) -> Forms:
    return tuple(dict.fromkeys(form for form in forms if form))
