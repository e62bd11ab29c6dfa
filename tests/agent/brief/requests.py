"""Compose requests built by hand: small markets with facts of every kind, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from agent.brains.base import Comparison, ComposeRequest, PlannedCall
from agent.brief.model import Clarification
from tools.contracts import (
    Call,
    Confidence,
    Fact,
    Flip,
    Gap,
    MarketStamp,
    Scorecard,
    SectorName,
    SectorScore,
    SymbolName,
    Vocabulary,
    parse_fact_id,
)

if TYPE_CHECKING:
    from agent.brief.model import Intent, Language

DAY = date(2022, 12, 30)
HORIZON = "1M"
SECTORS = (
    SectorName(code="8300", name="Banks", name_vi="Ngân hàng"),
    SectorName(code="8600", name="Real Estate", name_vi="Bất động sản"),
    SectorName(code="7500", name="Utilities", name_vi="Điện, nước & xăng dầu khí đốt"),
    SectorName(code="9500", name="Technology", name_vi="Công nghệ Thông tin", thin=True),
)
VOCABULARY = Vocabulary(
    market_id="vn",
    market_name="Vietnam, VN100 shares (HOSE)",
    currency="VND",
    monthly=False,
    sectors=SECTORS,
    symbols=(
        SymbolName(symbol="VNINDEX", name="VNINDEX", kind="benchmark"),
        SymbolName(symbol="ACB", name="Asia Commercial Bank", sector="8300"),
        SymbolName(symbol="VIC", name="Vingroup", sector="8600"),
    ),
    series=("UST_10Y", "USDVND", "CPI", "VIX"),
    series_aliases={"US10Y": "UST_10Y"},
    has_flows=True,
    has_shares=True,
    has_trading=True,
)
STAMP = MarketStamp(
    id="vn",
    name="Vietnam, VN100 shares (HOSE)",
    as_of=date(2022, 12, 31),
    last_day=DAY,
    benchmark="VNINDEX",
    currency="VND",
    simulated=False,
)
FILES = {
    "foreign_net_value": "flows.parquet",
    "foreign_net_ratio": "flows.parquet",
    "latest": "macro.parquet",
    "change": "macro.parquet",
    "yoy": "macro.parquet",
    "surprise": "macro.parquet",
}
UNITS = {
    "rs_ratio": "index",
    "rs_momentum": "index",
    "whale_ratio": "ratio",
    "quadrant": "label",
    "foreign_net_value": "VND",
    "score": "log-odds",
    "base_value": "log-odds",
    "rank": "rank",
    "flip_sd": "sd",
    "surprise": "sd",
}


def fact(
    fact_id: str, value: float | str, unit: str | None = None, day: date = DAY, source: str = ""
) -> Fact:
    """Return a fact; unit and source follow the metric unless given."""
    entity, metric, period = parse_fact_id(fact_id)
    default = "log-odds" if metric.startswith("contribution.") else UNITS.get(metric, "fraction")
    return Fact(
        id=fact_id,
        value=value,
        unit=unit or default,
        entity=entity,
        metric=metric,
        period=period,
        observed_on=day,
        published_on=day,
        source=source or f"vn/{FILES.get(metric, 'prices.parquet')}",
    )


RETURNS = {
    "8300": (0.0042, -0.0131, 0.0523, 0.0312),
    "8600": (-0.0211, -0.0402, -0.1184, -0.2045),
    "7500": (0.0004, 0.0101, 0.0061, 0.0250),
    "9500": (-0.0031, 0.0222, -0.0143, -0.0412),
    "MARKET": (0.0019, -0.0090, -0.0391, -0.1031),
}
"""Relative returns over 1D 1W 1M 3M; of the market its own return."""
SCORES: dict[str, tuple[float, float, float, float, float, Call, Confidence, dict[str, float]]] = {
    "8300": (0.284, 0.566, 0.011, -0.032, 0.058, "outperform", "medium",
             {"trend": 0.212, "flow": 0.081, "risk": -0.029}),
    "7500": (0.051, 0.5, 0.0, -0.041, 0.043, "none", "low",
             {"trend": 0.012, "flow": -0.004, "risk": 0.023}),
    "9500": (-0.020, 0.5, 0.0, -0.060, 0.061, "none", "low", {"trend": -0.030, "risk": -0.010}),
    "8600": (-0.412, 0.421, -0.021, -0.094, 0.049, "underperform", "medium",
             {"trend": -0.301, "flow": 0.045, "risk": -0.176}),
}  # fmt: skip
"""Score, probability, expected, low, high, call, confidence, contributions; base 0.02."""


def sector_facts() -> list[Fact]:
    found = []
    for code, values in RETURNS.items():
        metric = "return" if code == "MARKET" else "rel_return"
        for period, value in zip(("1D", "1W", "1M", "3M"), values, strict=True):
            found.append(fact(f"{code}.{metric}.{period}", value))
    for code, share, quadrant, ratio in (
        ("8300", 0.72, "leading", 0.0312),
        ("8600", 0.08, "lagging", 0.0121),
        ("7500", 0.55, "improving", -0.0203),
        ("9500", 0.5, "weakening", -0.0004),
    ):
        found.append(fact(f"{code}.breadth", share))
        found.append(fact(f"{code}.quadrant", quadrant))
        found.append(fact(f"{code}.foreign_net_ratio.1M", ratio))
        found.append(fact(f"{code}.volatility.3M", share / 2))
    return found


def flow_facts() -> list[Fact]:
    return [
        fact("MARKET.foreign_net_value.1M", 2.914e12),
        fact("MARKET.foreign_net_ratio.1M", 0.0191),
        fact("8300.foreign_net_value.1M", 1.913e12),
        fact("8600.foreign_net_value.1M", 0.404e12),
        fact("7500.foreign_net_value.1M", -0.0911e12),
        fact("9500.foreign_net_value.1M", -1_204_300.0),
        fact("ACB.foreign_net_value.1M", 0.512e12),
        fact("VIC.foreign_net_value.1M", -0.099e12),
    ]


def macro_facts() -> list[Fact]:
    return [
        fact("MACRO.UST_10Y.latest", 3.88, "percent"),
        fact("MACRO.UST_10Y.change.1M", -0.12, "percent"),
        fact("MACRO.USDVND.latest", 23_635.0, "VND per USD"),
        fact("MACRO.USDVND.change.1M", -1_190.0, "VND per USD"),
        fact("MACRO.CPI.latest", 257.27, "index"),
        fact("MACRO.CPI.yoy", 0.0229, "fraction"),
        fact("MACRO.CPI.surprise", 1.83, "sd"),
        fact("MACRO.VIX.latest", 21.67, "index"),
        fact("MACRO.VIX.change.1M", -0.0421, "fraction"),
    ]


def score_facts() -> list[Fact]:
    found = [fact("MARKET.base_value.1M", 0.02, source="vn/scorecard")]
    for rank, (code, row) in enumerate(SCORES.items(), 1):
        numbers = dict(
            zip(("score", "probability", "expected", "low", "high"), row[:5], strict=True),
            rank=rank,
        )
        numbers |= {f"contribution.{group}": value for group, value in row[7].items()}
        found += [
            fact(f"{code}.{metric}.1M", value, source="vn/scorecard")
            for metric, value in numbers.items()
        ]
    found += [fact(f"{code}.probability.3M", 0.5, source="vn/scorecard") for code in SCORES]
    found += [
        fact("8300.flip_from.1M", 0.0523, source="vn/scorecard"),
        fact("8300.flip_to.1M", 0.0017, source="vn/scorecard"),
        fact("8300.flip_sd.1M", -1.21, source="vn/scorecard"),
    ]
    return found


def scorecard() -> Scorecard:
    flip = Flip.model_validate(
        {
            "input": "8300.rel_return.1M",
            "from": 0.0523,
            "to": 0.0017,
            "sd": -1.21,
            "new_call": "none",
        }
    )
    names = {sector.code: sector.name for sector in SECTORS}
    return Scorecard(
        model="composite",
        artefact="0f",
        base_value=0.02,
        horizon="1M",
        sectors=tuple(
            SectorScore(
                sector=code,
                name=names[code],
                rank=rank,
                score=row[0],
                probability=row[1],
                expected=row[2],
                low=row[3],
                high=row[4],
                call=row[5],
                confidence=row[6],
                quadrant=None,
                contributions=row[7],
                flip=flip if code == "8300" else None,
            )
            for rank, (code, row) in enumerate(SCORES.items(), 1)
        ),
    )


GAP = Gap(
    what="unusual trading",
    why="this market has no volume or traded value",
    effect="unusually large trading cannot be seen, and no other number stands in for it",
)


def request_of(
    intent: Intent = "brief", language: Language = "en", **changes: Any
) -> ComposeRequest:
    """Return a request with everything known; `changes` replace fields."""
    known = [*sector_facts(), *flow_facts(), *macro_facts(), *score_facts()]
    known += [
        fact("8300.whale_ratio.1M", 1.34),
        fact("8600.whale_ratio.1M", 0.71),
        fact("8300.return.1M", 0.0132),
        fact("8600.return.1M", -0.1575),
        fact("VIC.whale_ratio.1M", 2.63),
    ]
    fields: dict[str, Any] = {
        "question": "Where is money moving?",
        "language": language,
        "intent": intent,
        "market": STAMP,
        "horizon": HORIZON,
        "vocabulary": VOCABULARY,
        "facts": {f.id: f for f in known},
        "scorecard": scorecard(),
        "gaps": (GAP,),
    }
    return ComposeRequest(**(fields | changes))


def only(*facts: Fact) -> dict[str, Fact]:
    """Return facts by id, for a request that knows nothing else."""
    return {f.id: f for f in facts}


def narrow(intent: Intent, language: Language = "en") -> ComposeRequest:
    """Return a request of one narrow intent, with the facts its tool would bring."""
    picked: dict[str, list[Fact]] = {
        "flow": [*flow_facts(), *(f for f in sector_facts() if f.id.endswith("rel_return.1M"))],
        "macro": macro_facts(),
        "whale": [f for f in request_of().facts.values() if f.metric in {"whale_ratio", "return"}],
        "stock": [
            fact("ACB.return.1M", -0.0304),
            fact("ACB.rel_return.1M", 0.0087),
            fact("ACB.rel_return.12M", -0.21),
            fact("ACB.volatility.3M", 0.3121),
            fact("ACB.drawdown.12M", -0.284),
            fact("ACB.foreign_net_value.1M", 0.512e12),
            fact("ACB.whale_ratio.1D", 0.82),
            fact("8300.rel_return.1M", 0.0523),
            fact("8300.quadrant", "leading"),
        ],
    }  # fmt: skip
    symbols = ("ACB",) if intent == "stock" else ()
    return request_of(
        intent,
        language,
        facts=only(*picked.get(intent, [])),
        scorecard=None,
        gaps=(),
        symbols=symbols,
        plan=(PlannedCall(tool="get_foreign_flow", arguments={"timeframe": "1M"}),),
    )


TONES = {"8300": (0.31, 0.24, 0.12), "8600": (-0.42, -0.38, -0.05), "7500": (0.05, 0.0, 0.0)}
"""Tone of the news now, mean and change over a week."""


def news(language: Language = "en", *, asked: bool = False) -> ComposeRequest:
    """Return a question on the tone of the news, of the market or of one sector with its other signals."""
    unit = "index between -1 and 1"
    found = [f for f in sector_facts() if f.id.endswith("rel_return.1W")]
    for code, (now, mean, change) in TONES.items():
        found += [
            fact(f"{code}.sentiment", now, unit),
            fact(f"{code}.sentiment_mean.1W", mean, unit),
            fact(f"{code}.sentiment_change.1W", change, unit),
        ]
    if asked:
        found = [f for f in found if f.entity == "8600"]
        found += [
            fact("8600.short_interest", 2.31, "percent"),
            fact("8600.short_interest_change.1M", -0.22, "percent"),
            fact("8600.earnings_revisions", -0.12, unit),
        ]
    return request_of(
        "brief",
        language,
        facts=only(*found),
        scorecard=None,
        gaps=(),
        sectors=("8600",) if asked else (),
        vocabulary=VOCABULARY.model_copy(
            update={"signals": ("earnings_revisions", "sentiment", "short_interest")}
        ),
        plan=(PlannedCall(tool="get_news_sentiment", arguments={"timeframe": "1W"}),),
    )


def blocks(language: Language = "en") -> ComposeRequest:
    """Return a question on unusual trading in a market that knows block trades."""
    request = narrow("whale", language)
    more = [
        fact("MARKET.block_value.1M", 3.88e11, "VND"),
        fact("ACB.block_value.1M", 3.56e11, "VND"),
        fact("VIC.block_value.1M", 0.32e11, "VND"),
    ]
    return request.model_copy(update={"facts": {**request.facts, **only(*more)}})


def nothing(language: Language = "en") -> ComposeRequest:
    """Return a request of which nothing is known."""
    return request_of(language=language, facts={}, scorecard=None)


def compared(language: Language = "en") -> ComposeRequest:
    """Return a brief compared with an earlier date."""
    earlier = {f.id: f for f in score_facts()}
    earlier["8300.rank.1M"] = fact("8300.rank.1M", 4)
    earlier["8300.probability.1M"] = fact("8300.probability.1M", 0.44)
    earlier["8300.contribution.trend.1M"] = fact("8300.contribution.trend.1M", -0.105)
    then = STAMP.model_copy(update={"as_of": date(2022, 9, 30), "last_day": date(2022, 9, 30)})
    return request_of(
        language=language,
        comparison=Comparison(market=then, scorecard=scorecard(), facts=earlier),
    )


def asked_back(language: Language = "en") -> ComposeRequest:
    """Return a request that asks the reader back."""
    question = "Banks or brokers?" if language == "en" else "Ngân hàng hay chứng khoán?"
    return request_of(
        "clarify",
        language,
        facts={},
        scorecard=None,
        gaps=(),
        clarification=Clarification(question=question, choices=("Banks", "Brokers")),
    )


def scenario(language: Language = "en") -> ComposeRequest:
    """Return a rate rise, of which one sector's estimate stands out from its error."""
    found = [fact("MACRO.UST_10Y.shock", 25.0, "bp", source="vn/scenario")]
    for code, value, error in (
        ("8300", 0.021, 0.004),
        ("8600", -0.027, 0.019),
        ("7500", 0.001, 0.006),
    ):
        found += [
            fact(f"{code}.scenario_return", value),
            fact(f"{code}.scenario_error", error),
            fact(f"{code}.scenario_total_return", value - 0.01),
            fact(f"{code}.scenario_total_error", error * 1.5),
            fact(f"{code}.sensitivity", value / 25, "fraction per unit"),
        ]
    note = "No size was given; the usual one is assumed: interest rates rise by 25 basis points."
    return request_of(
        "scenario", language, facts=only(*found), scorecard=None, gaps=(), notes=(note,)
    )


def backtest(language: Language = "en") -> ComposeRequest:
    """Return a strategy that fell behind the market."""
    found = [fact("BACKTEST.excess_return.3Y", -0.0741)]
    for entity, numbers in (
        ("BACKTEST", (0.0752, 0.139, -0.2, 2.462, 0.59)),
        ("BACKTEST_BENCHMARK", (0.1493, 0.128, -0.193, 0.167, 1.15)),
    ):
        metrics = ("annual_return", "volatility", "max_drawdown", "turnover", "sharpe")
        for metric, value in zip(metrics, numbers, strict=True):
            unit = "ratio" if metric == "sharpe" else "fraction"
            found.append(fact(f"{entity}.{metric}.3Y", value, unit))
    return request_of("backtest", language, facts=only(*found), scorecard=None, gaps=())


def no_calls(language: Language = "en") -> ComposeRequest:
    """Return a brief whose model abstains on every sector."""
    card = scorecard()
    rows = tuple(
        row.model_copy(
            update={
                "call": "none",
                "probability": 0.5,
                "expected": 0.0,
                "confidence": "low",
                "flip": None,
            }
        )
        for row in card.sectors
    )
    facts = {
        key: held.model_copy(update={"value": 0.5 if held.metric == "probability" else 0.0})
        if held.metric in {"probability", "expected"}
        else held
        for key, held in request_of().facts.items()
        if not held.metric.startswith("flip_")
    }
    return request_of(
        language=language, facts=facts, scorecard=card.model_copy(update={"sectors": rows})
    )
