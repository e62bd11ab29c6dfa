"""Requests made of invented facts: every metric a brief can show, for any seed, in both languages."""

# Sentences under test are kept whole; a seeded generator guards no secret.
# ruff: noqa: E501
from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.brains.base import ComposeRequest
from tools.contracts import (
    Call,
    Confidence,
    Fact,
    Flip,
    Gap,
    MarketStamp,
    Quadrant,
    Scorecard,
    SectorName,
    SectorScore,
    SymbolName,
    Vocabulary,
)

if TYPE_CHECKING:
    from agent.brief.model import Intent, Language

SECTORS = (
    ("10", "Energy", "Dầu khí"),
    ("15", "Basic Materials", "Nguyên vật liệu"),
    ("20", "Industrial Goods & Services", "Hàng & Dịch vụ Công nghiệp"),
    ("30", "Food & Beverage", "Thực phẩm và đồ uống"),
    ("40", "Banks", "Ngân hàng"),
    ("45", "Technology", "Công nghệ Thông tin"),
    ("55", "Utilities", "Điện, nước & xăng dầu khí đốt"),
    ("60", "Real Estate", "Bất động sản"),
)
SYMBOLS = (
    ("AAB", "40"), ("CCD", "10"), ("EFG", "45"), ("HIK", "40"), ("LMN", "60"), ("OPQ", "30"), ("RST", "20"), ("UVW", "55"),
)  # fmt: skip
GROUPS = ("trend", "rotation", "breadth", "risk", "flow", "trading", "macro")
SERIES = (("UST_10Y", "percent"), ("WTI", "USD per barrel"), ("CPI", "index"), ("VIX", "index"))


class Invented:
    """Facts of one invented market at one date."""

    def __init__(self, seed: int, language: Language, *, monthly: bool = False) -> None:
        self.random = random.Random(seed)
        self.language = language
        self.monthly = monthly
        self.day = date(2014, 1, 31) + timedelta(days=self.random.randrange(3000))
        self.facts: dict[str, Fact] = {}
        self.periods = ("1M", "3M") if monthly else ("1D", "1W", "1M", "3M")

    def add(
        self,
        entity: str,
        metric: str,
        period: str | None,
        value: float | str,
        unit: str = "fraction",
    ) -> None:
        """Add a fact."""
        key = ".".join(part for part in (entity, metric, period) if part)
        self.facts[key] = Fact(
            id=key, value=value, unit=unit, entity=entity, metric=metric, period=period,
            observed_on=self.day, published_on=self.day, source="made/prices.parquet",
        )  # fmt: skip

    def flow(self, entity: str, period: str, wide: float) -> None:
        """Foreign flow: a value and its share of trading, with one sign."""
        net = self.random.gauss(0, wide)
        share = abs(self.random.gauss(0, 0.03)) * (1 if net > 0 else -1)
        self.add(entity, "foreign_net_value", period, net, "VND")
        self.add(entity, "foreign_net_ratio", period, share)

    def moves(self) -> None:
        """Add returns, flows, trading, breadth and rotation."""
        draw = self.random
        for at, period in enumerate(self.periods):
            wide = 0.01 * (at + 1)
            self.add("MARKET", "return", period, draw.gauss(0, wide))
            self.flow("MARKET", period, 3e11)
            for code in [row[0] for row in SECTORS] + [row[0] for row in SYMBOLS]:
                self.add(code, "return", period, draw.gauss(0, wide * 2))
                self.add(code, "rel_return", period, draw.gauss(0, wide * 2))
                self.flow(code, period, 1e11)
                self.add(code, "whale_ratio", period, draw.uniform(0.4, 3.2), "ratio")
        for code in [row[0] for row in SECTORS] + [row[0] for row in SYMBOLS]:
            self.add(code, "volatility", "3M", draw.uniform(0.08, 0.5))
            self.add(code, "drawdown", "12M", -draw.uniform(0.01, 0.4))
            self.add(code, "drawdown", "3M", -draw.uniform(0.01, 0.4))
            self.add(code, "breadth", None, draw.uniform(0.05, 0.95))
            self.add(code, "rs_ratio", None, draw.gauss(100, 4), "index")
            self.add(code, "rs_momentum", None, draw.gauss(100, 2), "index")
            ratio, pace = (
                self.facts[f"{code}.rs_ratio"].value,
                self.facts[f"{code}.rs_momentum"].value,
            )
            assert isinstance(ratio, float)
            assert isinstance(pace, float)
            self.add(code, "quadrant", None, quadrant(ratio, pace), "label")

    def macro(self) -> None:
        """Macro levels, changes and surprises."""
        draw = self.random
        for series, unit in SERIES:
            self.add(f"MACRO.{series}", "latest", None, draw.uniform(1, 90), unit)
            self.add(f"MACRO.{series}", "change", "1M", draw.gauss(0, 0.5) / (20 if unit == "index" else 1),
                     "fraction" if unit == "index" else unit)  # fmt: skip
        self.add("MACRO.CPI", "yoy", None, draw.gauss(0.02, 0.01))
        self.add("MACRO.VIX", "surprise", None, draw.gauss(0, 1.6), "standard deviations")

    def scorecard(self, horizon: str) -> Scorecard:
        """Return a scorecard, with its facts beside it."""
        draw = self.random
        scores = {code: draw.gauss(0, 0.4) for code, _, _ in SECTORS}
        rows = []
        for rank, code in enumerate(sorted(scores, key=lambda one: (-scores[one], one)), 1):
            rows.append(self._row(code, rank, horizon))
        self.add("MARKET", "hit_rate", horizon, 0.56)
        self.add("MARKET", "hit_rate_low", horizon, 0.48)
        self.add("MARKET", "hit_rate_high", horizon, 0.64)
        self.add("MARKET", "base_rate", horizon, 0.47)
        return Scorecard.model_validate(
            {
                "model": "composite",
                "artefact": "x",
                "base_value": 0.0,
                "horizon": horizon,
                "sectors": rows,
            }
        )

    def _row(self, code: str, rank: int, horizon: str) -> SectorScore:
        draw = self.random
        parts = {group: draw.gauss(0, 0.15) for group in GROUPS}
        score = 0.9 - 0.2 * rank + draw.uniform(0, 0.01)
        parts["trend"] += score - sum(parts.values())
        probability = 0.5 + 0.06 * score
        calls: tuple[Call, ...] = ("outperform", "none", "underperform")
        call = calls[0] if score > 0.3 else calls[2] if score < -0.3 else calls[1]
        probability = 0.5 if call == "none" else probability
        expected = 0.01 * score
        low, high = expected - draw.uniform(0.02, 0.05), expected + draw.uniform(0.02, 0.05)
        flip = self._flip(code, horizon, call)
        confidences: tuple[Confidence, ...] = ("low", "medium", "high")
        for metric, value, unit in (
            ("score", score, "log-odds"), ("probability", probability, "fraction"), ("expected", expected, "fraction"),
            ("low", low, "fraction"), ("high", high, "fraction"), ("rank", float(rank), "rank"),
            *((f"contribution.{group}", size, "log-odds") for group, size in parts.items()),
        ):  # fmt: skip
            self.add(code, metric, horizon, value, unit)
        name = next(row[1] for row in SECTORS if row[0] == code)
        held = self.facts[f"{code}.quadrant"].value
        return SectorScore.model_validate(
            {"sector": code, "name": name, "rank": rank, "score": score, "probability": probability,
             "expected": expected, "low": low, "high": high, "call": call,
             "confidence": draw.choice(confidences) if call != "none" else "low", "quadrant": held,
             "contributions": parts, "flip": flip}
        )  # fmt: skip

    def _flip(self, code: str, horizon: str, call: str) -> Flip | None:
        if self.random.random() < 0.2:
            return None
        start, end = self.random.gauss(0, 0.03), self.random.gauss(0, 0.08)
        self.add(code, "flip_from", horizon, start)
        self.add(code, "flip_to", horizon, end)
        self.add(code, "flip_sd", horizon, abs(end - start) * 30, "standard deviations")
        new = "none" if call != "none" else "outperform"
        return Flip.model_validate(
            {
                "input": f"{code}.rel_return.1M",
                "from": start,
                "to": end,
                "sd": abs(end - start) * 30,
                "new_call": new,
            }
        )


def quadrant(ratio: float, pace: float) -> Quadrant:
    """Return the rotation quadrant of a ratio and a momentum."""
    if ratio >= 100:
        return "leading" if pace >= 100 else "weakening"
    return "improving" if pace >= 100 else "lagging"


def vocabulary() -> Vocabulary:
    """Return what the invented market can be asked about."""
    return Vocabulary(
        market_id="made", market_name="Made up", currency="VND", monthly=False,
        sectors=tuple(SectorName(code=code, name=name, name_vi=vi) for code, name, vi in SECTORS),
        symbols=(
            *(SymbolName(symbol=symbol, name=f"{symbol} Corp", sector=sector) for symbol, sector in SYMBOLS),
            SymbolName(symbol="VNINDEX", name="VN-Index", kind="benchmark"),
        ),
        series=tuple(series for series, _ in SERIES), series_aliases={"OIL": "WTI"},
        has_flows=True, has_shares=True, has_trading=True,
    )  # fmt: skip


def invented(
    seed: int = 1,
    language: Language = "en",
    intent: Intent = "brief",
    *,
    horizon: str = "1M",
    sectors: tuple[str, ...] = (),
    symbols: tuple[str, ...] = (),
) -> ComposeRequest:
    """Return a request whose facts are drawn from a seed."""
    made = Invented(seed, language)
    made.moves()
    made.macro()
    card = made.scorecard(horizon)
    return ComposeRequest.model_validate({
        "question": "?", "language": language, "intent": intent, "horizon": horizon,
        "market": MarketStamp(
            id="made", name="Made up", as_of=made.day + timedelta(days=1), last_day=made.day,
            benchmark="VNINDEX", currency="VND", simulated=True,
        ),
        "vocabulary": vocabulary(), "facts": made.facts, "scorecard": card, "sectors": sectors,
        "symbols": symbols, "gaps": (Gap(what="news", why="this market has no news", effect="none"),),
        "history_note": "Simulated.",
    })  # fmt: skip
