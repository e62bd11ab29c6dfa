"""Small hand-written vocabularies in four sector schemes, and the judge of plans."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.brains.base import PlanDraft, PlannedCall, PlanRequest, Turn
from agent.brains.offline.planner import plan_question
from tools.contracts import SectorName, SymbolName, Vocabulary

QUESTIONS = Path(__file__).parents[3] / "questions"
AS_OF = date(2023, 6, 30)

ICB = {
    "0500": ("Oil & Gas", "Dầu khí", "GAS PLX PVD PVT BSR"),
    "1300": ("Chemicals", "Hóa chất", "DGC DPM DCM GVR"),
    "1700": ("Basic Resources", "Tài nguyên Cơ bản", "HPG HSG NKG"),
    "2300": ("Construction & Materials", "Xây dựng và Vật liệu", "CTD VCG HT1"),
    "2700": ("Industrial Goods & Services", "Hàng & Dịch vụ Công nghiệp", "GMD GEX PC1"),
    "3500": ("Food & Beverage", "Thực phẩm và đồ uống", "VNM MSN SAB PAN ANV"),
    "3700": ("Personal & Household Goods", "Hàng cá nhân & Gia dụng", "PNJ"),
    "4500": ("Health Care", "Y tế", "IMP"),
    "5300": ("Retail", "Bán lẻ", "MWG FRT DGW"),
    "5700": ("Travel & Leisure", "Du lịch và Giải trí", "VJC"),
    "7500": ("Utilities", "Điện, nước & xăng dầu khí đốt", "POW REE NT2"),
    "8300": ("Banks", "Ngân hàng", "VCB BID CTG TCB VPB MBB ACB STB NAB"),
    "8500": ("Insurance", "Bảo hiểm", "BVH"),
    "8600": ("Real Estate", "Bất động sản", "VIC VHM VRE NVL KDH DIG SIP DXG DXS"),
    "8700": ("Financial Services", "Dịch vụ tài chính", "SSI VND VCI HCM VIX FTS"),
    "9500": ("Technology", "Công nghệ Thông tin", "FPT CMG"),
}
GICS = {
    "10": ("Energy", "XLE"), "15": ("Materials", "XLB"), "20": ("Industrials", "XLI"),
    "25": ("Consumer Discretionary", "XLY"), "30": ("Consumer Staples", "XLP"),
    "35": ("Health Care", "XLV"), "40": ("Financials", "XLF"),
    "45": ("Information Technology", "XLK"), "50": ("Communication Services", "XLC"),
    "55": ("Utilities", "XLU"), "60": ("Real Estate", "XLRE"),
}  # fmt: skip
IDX = {
    "A": "Basic Materials", "B": "Consumer Cyclicals", "C": "Consumer Non-Cyclicals",
    "D": "Energy", "E": "Financials", "F": "Healthcare", "G": "Industrials",
    "H": "Infrastructures", "I": "Properties & Real Estate", "J": "Technology",
    "K": "Transportation & Logistic",
}  # fmt: skip
FRENCH = (
    ("NoDur", "Consumer nondurables"), ("Durbl", "Consumer durables"), ("Manuf", "Manufacturing"),
    ("Enrgy", "Energy"), ("Chems", "Chemicals"), ("BusEq", "Business equipment"),
    ("Telcm", "Telecommunications"), ("Utils", "Utilities"), ("Shops", "Shops"),
    ("Hlth", "Healthcare"), ("Money", "Finance"), ("Other", "Other"),
)  # fmt: skip
WORLD = ("BAA_SPREAD", "FED_RATE", "GOLD", "UST_10Y", "VIX", "WTI")


def _vocabulary(market: str, sectors: list[SectorName], symbols: list[SymbolName]) -> Vocabulary:
    local = {
        "vn": (("CPI_MOM", "IIP_YOY", "USDVND"), {"CPI": "CPI_MOM", "USD_VND": "USDVND"}),
        "vnx": (("CPI_MOM", "IIP_YOY", "USDVND"), {"CPI": "CPI_MOM", "USD_VND": "USDVND"}),
        "us": (
            ("CPI", "CORE_CPI", "PMI_Manufacturing", "UNEMPLOYMENT", "NONFARM_PAYROLLS"),
            {"PMI": "PMI_Manufacturing", "InterestRate": "FED_RATE"},
        ),
    }.get(market, ((), {}))
    return Vocabulary(
        market_id=market,
        market_name=market,
        currency="VND",
        monthly=market == "industries",
        sectors=tuple(sectors),
        symbols=tuple(symbols),
        series=tuple(sorted((*local[0], *WORLD))),
        series_aliases={"US10Y": "UST_10Y", "OIL": "WTI", **local[1]},
        has_flows=market == "id",
        has_shares=market in {"vn", "id"},
        has_trading=True,
    )


def _icb() -> Vocabulary:
    symbols = [
        SymbolName(symbol=symbol, name=symbol, sector=code)
        for code, (_, _, listed) in ICB.items()
        for symbol in listed.split()
    ]
    symbols += [
        SymbolName(symbol="VNINDEX", name="VNINDEX", kind="benchmark"),
        SymbolName(symbol="VN30", name="VN30", kind="index"),
    ]
    sectors = [SectorName(code=code, name=en, name_vi=vi) for code, (en, vi, _) in ICB.items()]
    return _vocabulary("vn", sectors, symbols)


def _gics(market: str) -> Vocabulary:
    vietnamese = {
        "10": ("Năng lượng", "VNENE"), "15": ("Nguyên vật liệu", "VNMAT"),
        "40": ("Tài chính", "VNFIN"), "25": ("Hàng tiêu dùng", "VNCOND"),
        "45": ("Công nghệ thông tin", "VNIT"),
    }  # fmt: skip
    own = {
        code: (name, *(vietnamese.get(code, ("", f"VN{code}")) if market == "vnx" else ("", proxy)))
        for code, (name, proxy) in GICS.items()
    }
    sectors = [
        SectorName(code=code, name=en, name_vi=vi, proxy=proxy)
        for code, (en, vi, proxy) in own.items()
    ]
    symbols = [
        SymbolName(symbol=proxy, name=f"{en} fund", sector=code, kind="sector")
        for code, (en, _, proxy) in own.items()
    ]
    benchmark = "SPY" if market == "us" else "VNINDEX"
    symbols.append(SymbolName(symbol=benchmark, name=benchmark, kind="benchmark"))
    return _vocabulary(market, sectors, symbols)


def _idx() -> Vocabulary:
    listed = {"BBCA": "E", "BMRI": "E", "BANK": "E", "TLKM": "H", "GOOD": "C", "DATA": "J",
              "REAL": "I", "HOME": "I", "LAND": "I", "ADRO": "D"}  # fmt: skip
    return _vocabulary(
        "id",
        [SectorName(code=code, name=name) for code, name in IDX.items()],
        [SymbolName(symbol=s, name=s, sector=code) for s, code in listed.items()],
    )


def _french() -> Vocabulary:
    return _vocabulary("industries", [SectorName(code=c, name=n) for c, n in FRENCH], [])


MARKETS = {
    "vn": _icb(), "us": _gics("us"), "vnx": _gics("vnx"), "id": _idx(), "industries": _french(),
}  # fmt: skip


class Asker:
    """Plans questions against a small market."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __call__(self, question: str, *before: str, **fields: Any) -> PlanDraft:
        """Plan a question after the questions before it."""
        turns: tuple[Turn, ...] = ()
        for earlier in before:
            turns += (turn(earlier, self._plan(earlier, turns, {})),)
        return self._plan(question, turns, fields)

    def _plan(self, question: str, turns: tuple[Turn, ...], fields: dict[str, Any]) -> PlanDraft:
        request = PlanRequest(
            question=question, vocabulary=self.vocabulary, tools=fields.pop("tools", ()), history=turns,
            as_of=fields.pop("as_of", AS_OF), **fields,
        )  # fmt: skip
        return plan_question(request)


def turn(question: str, draft: PlanDraft) -> Turn:
    """Return what a conversation remembers of a plan."""
    return Turn(
        question=question,
        intent=draft.intent,
        intents=draft.intents,
        language=draft.language,
        horizon=draft.horizon or "1M",
        calls=draft.calls,
        sectors=draft.sectors,
        symbols=draft.symbols,
        clarification=draft.clarification,
    )


def planned_right(row: dict[str, Any], draft: PlanDraft, vocabulary: Vocabulary) -> bool:
    """Whether the expected calls are all there, and at most two that nobody asked for."""
    expected = row["expected"]["calls"]
    left = list(draft.calls)
    for wanted in expected:
        options = wanted.get("any", [wanted])
        hit = next((c for c in left for o in options if _same(o, c, vocabulary)), None)
        if hit is None:
            return False
        left.remove(hit)
    groups = row["expected"].get("exclude_groups")
    if groups is not None and list(draft.exclude_groups) != groups:
        return False
    return len(left) <= 2 if expected else not draft.calls


def _same(wanted: dict[str, Any], call: PlannedCall, vocabulary: Vocabulary) -> bool:
    if wanted["tool"] != call.tool:
        return False
    arguments = dict(wanted["arguments"])
    arguments.pop("query", None)
    aliases = vocabulary.series_aliases
    asked = {aliases.get(name, name) for name in arguments.pop("indicator_list", ())}
    given = {aliases.get(name, name) for name in call.arguments.get("indicator_list", ())}
    return asked <= given and all(call.arguments.get(k) == v for k, v in arguments.items())


def questions(name: str) -> list[dict[str, Any]]:
    """Return the rows of a question set."""
    lines = (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


@pytest.fixture
def ask() -> Asker:
    return Asker(MARKETS["vn"])


@pytest.fixture
def askers() -> dict[str, Asker]:
    return {name: Asker(vocabulary) for name, vocabulary in MARKETS.items()}


@pytest.fixture
def judge() -> Any:
    """Return a function: the share of a question set planned right, and what was not."""

    def judged(name: str, *, language: str, intent: str | None = None) -> tuple[float, list[str]]:
        rows = [
            row
            for row in questions(name)
            if row["language"] == language and intent in {None, row["expected"]["intent"]}
        ]
        wrong = [
            row["question"]
            for row in rows
            if not planned_right(
                row,
                Asker(MARKETS[row["market"]])(row["question"], *row.get("history", ())),
                MARKETS[row["market"]],
            )
        ]
        return 1 - len(wrong) / len(rows), wrong

    return judged


@pytest.fixture
def rows() -> Any:
    """Return the reader of question sets."""
    return questions
