"""The English words of a brief; :mod:`agent.brief.lexicon` says what each table is."""

from __future__ import annotations

WINDOWS: dict[str, tuple[str, ...]] = {
    "1D": ("on the day", "over one day", "in one day", "over the last day"),
    "1W": ("over the past week", "over one week", "in one week", "on the week"),
    "1M": ("over the past month", "over one month", "in one month", "on the month"),
    "3M": ("over the past three months", "over three months", "in three months"),
    "6M": ("over the past six months", "over six months", "in six months"),
    "12M": ("over the past twelve months", "over twelve months", "in twelve months"),
    "1Y": ("over the past year", "over one year", "in one year"),
    "3Y": ("over the past three years", "over three years", "in three years"),
    "5Y": ("over the past five years", "over five years", "in five years"),
}  # fmt: skip
AHEAD: dict[str, tuple[str, ...]] = {
    "1W": ("over the next week", "in the next week", "one week ahead"),
    "1M": ("over the next month", "in the next month", "one month ahead"),
    "3M": ("over the next three months", "in the next three months", "three months ahead"),
}  # fmt: skip
LENGTHS: dict[str, str] = {"1W": "one-week", "1M": "one-month", "3M": "three-month"}
METRICS: dict[str, tuple[str, ...]] = {
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
    "surrogate_agreement": ("share of directions that a local surrogate confirms",),
    "surrogate_rank_correlation": ("rank correlation with a local surrogate",),
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
    "macro_response": ("response to macro news", "macro response"),
    "foreign_pressure": ("net foreign buying of the last days as a share of trading", "foreign pressure"),
    "momentum": ("momentum without the last month",),
    "rel_drawdown": ("drawdown in relative strength", "relative drawdown"),
    "rel_volatility": ("annualised volatility against the market", "relative volatility"),
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
    "sentiment": ("tone of the news", "news sentiment", "tone"),
    "sentiment_mean": ("mean tone of the news", "mean tone"),
    "sentiment_change": ("change in the tone of the news",),
    "short_interest": ("short interest",),
    "short_interest_change": ("change in short interest",),
    "earnings_revisions": ("balance of earnings revisions", "earnings revisions"),
    "earnings_revisions_change": ("change in the balance of earnings revisions",),
    "etf_flow": ("net flow into its fund", "fund flow"),
    "block_value": ("value of block trades", "block trades"),
    "signal_tilt": ("tilt of other signals",),
}  # fmt: skip
SHORT: dict[str, str] = {
    "rel_return": "relative return", "volatility": "volatility", "rs_ratio": "RS-Ratio",
    "rs_momentum": "RS-Momentum", "quadrant": "quadrant", "foreign_net_value": "foreign net",
    "foreign_net_ratio": "foreign net ratio", "foreign_pressure": "foreign pressure",
    "whale_ratio": "× normal", "latest": "latest",
    "yoy": "on the year", "scenario_return": "relative", "scenario_error": "its error",
    "scenario_total_return": "own return", "scenario_total_error": "its error ",
    "missing_prices": "prices missing", "days_silent": "days silent",
    "trading_days": "trading days", "weekdays_behind": "weekdays behind",
    "findings": "irregularities", "macro_tilt": "macro tilt", "macro_response": "macro response",
    "momentum": "momentum", "rel_drawdown": "relative drawdown",
    "rel_volatility": "relative volatility", "signal_tilt": "signal tilt", "sentiment": "tone now",
    "sentiment_mean": "mean tone", "sentiment_change": "tone change", "block_value": "blocks",
}  # fmt: skip
UP_WORDS: tuple[str, ...] = (
    "rose", "risen", "rise", "gained", "gain", "advanced", "climbed", "edged up", "jumped", "up",
    "beat", "beating", "outperformed", "outperforming", "rising", "gaining", "ahead of", "led",
    "bought", "net buyers", "net buying", "inflow", "inflows", "above", "higher", "increased",
    "adds", "added", "lifts", "supports", "positive", "widened",
)  # fmt: skip
DOWN_WORDS: tuple[str, ...] = (
    "fell", "fallen", "fall", "lost", "lose", "declined", "dropped", "slipped", "edged down",
    "slid", "down", "trailed", "trailing", "underperformed", "underperforming", "lagged",
    "lagging it", "falling", "losing", "behind", "sold", "net sellers", "net selling", "outflow",
    "outflows", "below", "lower", "decreased", "takes away", "took away", "weighs", "drags",
    "negative", "narrowed",
)  # fmt: skip
FLAT_WORDS: tuple[str, ...] = (
    "unchanged", "flat", "in line with", "level with",
)  # fmt: skip
FIRST_WORDS: tuple[str, ...] = (
    "strongest", "best", "largest", "highest", "most", "leads", "top", "first",
)  # fmt: skip
LAST_WORDS: tuple[str, ...] = (
    "weakest", "worst", "smallest", "lowest", "least", "bottom", "last",
)  # fmt: skip
CALLS: dict[str, tuple[str, ...]] = {
    "outperform": ("poised to gain", "favoured", "favours"),
    "underperform": ("poised to lose", "out of favour"),
    "none": ("no clear edge",),
}  # fmt: skip
TIGHT_CALLS: dict[str, str] = {
    "outperform": "gain", "underperform": "lose", "none": "no edge",
}  # fmt: skip
CONFIDENCE: dict[str, str] = {
    "high": "high", "medium": "medium", "low": "low",
}  # fmt: skip
QUADRANTS: dict[str, str] = {
    "leading": "leading", "weakening": "weakening", "lagging": "lagging", "improving": "improving",
}  # fmt: skip
GROUPS: dict[str, str] = {
    "trend": "price trend", "momentum": "momentum", "rotation": "relative rotation",
    "breadth": "breadth", "risk": "risk", "flow": "foreign flow", "flows": "foreign flow",
    "trading": "unusual trading", "whale": "unusual trading", "activity": "trading activity",
    "macro": "macro tilt", "signals": "other evidence", "reversal": "reversal",
}  # fmt: skip
SERIES: dict[str, str] = {
    "BAA_SPREAD": "the Baa credit spread", "BREAKEVEN_10Y": "10-year breakeven inflation",
    "CORE_CPI": "core CPI", "CPI": "CPI", "CPI_MOM": "monthly CPI inflation",
    "FED_RATE": "the federal funds rate", "GOLD": "gold", "HOUSING_STARTS": "housing starts",
    "INDUSTRIAL_PRODUCTION": "industrial production", "NONFARM_PAYROLLS": "nonfarm payrolls",
    "PMI_Manufacturing": "the manufacturing PMI", "UNEMPLOYMENT": "the unemployment rate",
    "UST_10Y": "the 10-year US Treasury yield", "UST_2Y": "the 2-year US Treasury yield",
    "UST_3M": "the 3-month US Treasury bill rate", "VIX": "the VIX", "WTI": "WTI crude oil",
    "IIP_YOY": "industrial output growth", "USDVND": "the dollar-dong rate", "OIL": "crude oil",
    "AAA": "the Aaa corporate yield", "TBILL_1M": "the monthly return on Treasury bills",
    "BAA": "the Baa corporate yield", "POLICY_RATE": "the policy rate", "PMI": "the PMI",
    "US10Y": "the 10-year US Treasury yield",
}  # fmt: skip
MARKET_NAME: tuple[str, ...] = (
    "the market", "the benchmark", "the index",
)  # fmt: skip
TESTED: dict[str, tuple[str, ...]] = {
    "BACKTEST": ("the strategy",),
    "BACKTEST_BENCHMARK": ("the market held throughout", "buying and holding the market"),
}  # fmt: skip
