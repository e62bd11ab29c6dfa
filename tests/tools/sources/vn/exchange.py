"""A small exchange behind the web endpoints that the live market of Vietnam asks, in the shapes they document.

Prices are a seeded walk in dong. Everything a provider says is made from them in that provider's own units: dong and
points in Vietcap's charts, million dong and percent in its heatmap, thousands of dong in VNDirect's charts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.providers import Answer, Asked, Providers, Service, json_answer, not_found, text_answer
from tools.sources.http import Fetcher
from tools.sources.us.series import SERIES
from tools.sources.vn import Addresses, VnMarket, vn_market

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 20)
EVENING = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
"""Half past six in the evening in Vietnam, on a Friday."""
SHARES = {
    "VCB": ("Vietcombank", "8300", "8350", "NH"),
    "ACB": ("Ngân hàng ACB", "8300", "8350", "NH"),
    "CTG": ("VietinBank", "8300", "8350", "NH"),
    "HPG": ("Hòa Phát", "1700", "1750", "CT"),
    "HSG": ("Hoa Sen", "1700", "1750", "CT"),
    "NKG": ("Nam Kim", "1700", "1750", "CT"),
    "PVD": ("PV Drilling", "0500", "0530", "CT"),
    "PLX": ("Petrolimex", "0500", "0530", "CT"),
    "BSR": ("Lọc hóa dầu Bình Sơn", "0500", "0530", "CT"),
}
"""Symbol → short name, ICB level 2 and 3, type of company."""
INDUSTRIES = {"8350": ("Banks", "Ngân hàng"), "1750": ("Industrial Metals", "Kim loại"),
              "0530": ("Oil & Gas Producers", "Sản xuất Dầu khí")}  # fmt: skip
INDEX_LEVEL = 1200.0


def weekdays(n: int, last: date = TODAY) -> list[date]:
    found: list[date] = []
    day = last
    while len(found) < n:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def stamp(day: date) -> int:
    """Return how Vietcap stamps a session: midnight in Greenwich."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


@dataclass
class Exchange:
    """The exchange and its providers' services."""

    n_days: int = 60
    seed: int = 7
    shares: dict[str, tuple[str, str, str, str]] = field(default_factory=lambda: dict(SHARES))
    today: date = TODAY
    flows_until: date = date.max
    page: int = 10_000
    """Records in a page of VNDirect."""

    @cached_property
    def days(self) -> list[date]:
        return weekdays(self.n_days, self.today)

    @cached_property
    def closes(self) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(self.seed)
        common = rng.normal(0.0, 0.008, self.n_days)
        found = {}
        for symbol in self.shares:
            moves = common + rng.normal(0.0, 0.012, self.n_days)
            found[symbol] = np.round(25_000 * np.exp(np.cumsum(moves)), -1)
        found["VNINDEX"] = np.round(INDEX_LEVEL * np.exp(np.cumsum(common)), 2)
        return found

    @cached_property
    def volumes(self) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(self.seed + 1)
        return {symbol: rng.integers(5, 50, self.n_days) * 100_000 for symbol in self.closes}

    @cached_property
    def foreign(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Shares bought and sold by foreigners."""
        rng = np.random.default_rng(self.seed + 2)
        return {
            symbol: (rng.integers(1, 900, self.n_days) * 100, rng.integers(1, 900, self.n_days) * 100)
            for symbol in self.shares
        }  # fmt: skip

    def series(self, symbol: str) -> tuple[np.ndarray, np.ndarray]:
        known = symbol if symbol in self.closes else "VNINDEX"
        return self.closes[known], self.volumes[known]

    # Vietcap

    def trading(self, asked: Asked) -> Answer:
        match asked.path.rpartition("/")[2]:
            case "gap-chart":
                return json_answer(self.charts(asked.json()))
            case "getByIcb":
                return json_answer(self.heatmap())
            case "getIndex":
                level = float(self.closes["VNINDEX"][-1])
                indices = [{"symbol": "VNINDEX", "price": level, "refPrice": level}]
                return json_answer({"totalStock": len(self.shares), "indexData": indices})
        return not_found(asked)

    def charts(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for symbol in body["symbols"]:
            close, volume = self.series(symbol)
            rows = [i for i, day in enumerate(self.days) if stamp(day) < body["to"]]
            rows = rows[-body["countBack"] :]
            spread = 1 if symbol in self.shares else 0.01
            found.append(
                {
                    "symbol": symbol,
                    "t": [str(stamp(self.days[i])) for i in rows],
                    "o": [float(close[i]) for i in rows],
                    "h": [float(close[i]) + spread for i in rows],
                    "l": [float(close[i]) - spread for i in rows],
                    "c": [float(close[i]) for i in rows],
                    "v": [int(volume[i]) for i in rows],
                    "minBatchTruncTime": "1",
                }
            )
        return found

    def heatmap(self) -> list[dict[str, Any]]:
        sectors: dict[str, list[dict[str, Any]]] = {}
        for symbol, (_, sector, _, _) in self.shares.items():
            sectors.setdefault(sector, []).append(self.tile(symbol))
        return [
            {
                "icb_code": int(code),
                "icb_name": "",
                "en_icb_name": "",
                "icbChangePercent": 100 * self.change(code),
                "totalMarketCap": 1e15,
                "data": tiles,
            }
            for code, tiles in sectors.items()
        ]

    def change(self, code: str) -> float:
        members = [symbol for symbol, share in self.shares.items() if share[1] == code]
        return float(np.mean([self.closes[s][-1] / self.closes[s][-2] - 1 for s in members]))

    def tile(self, symbol: str) -> dict[str, Any]:
        close, volume = self.closes[symbol], self.volumes[symbol]
        bought, sold = (int(side[-1]) for side in self.foreign[symbol])
        price = int(close[-1])
        return {
            "symbol": symbol,
            "volume": int(volume[-1]),
            "value": float(volume[-1]) * price / 1e6,
            "price": price,
            "refPrice": int(close[-2]),
            "marketCap": 1e14,
            "foreignBuyVolume": bought,
            "foreignSellVolume": sold,
            "foreignBuyValue": bought * price,
            "foreignSellValue": sold * price,
            "putThroughVolume": 100_000 if symbol == "HPG" else 0,
            "putThroughValue": str(100_000 * price) if symbol == "HPG" else "0",
        }

    def iq(self, asked: Asked) -> Answer:
        match asked.path.rpartition("/")[2]:
            case "icb-codes":
                return json_answer(ok([*self.tree()]))
            case "search-bar":
                return json_answer(ok([*self.companies()]))
            case "sector-information":
                codes = sorted({share[1] for share in self.shares.values()})
                rows = [{"icbCode": c, "percentPriceChange1Day": self.change(c)} for c in codes]
                return json_answer(ok(rows))
        return not_found(asked)

    def tree(self) -> list[dict[str, Any]]:
        rows = [
            {"name": code, "enSector": names[0], "viSector": names[1], "icbLevel": 3}
            for code, names in INDUSTRIES.items()
        ]
        custom = {"name": "8301", "enSector": "Banks", "viSector": "Ngân hàng", "icbLevel": 1}
        return [custom, *rows]

    def companies(self) -> list[dict[str, Any]]:
        found = []
        for symbol, (name, sector, industry, kind) in self.shares.items():
            found.append(
                {
                    "id": symbol,
                    "code": symbol,
                    "name": f"Công ty Cổ phần {name}",
                    "shortName": name,
                    "floor": "HOSE",
                    "isIndex": False,
                    "comTypeCode": kind,
                    "icbLv1": {"code": "8301", "name": "Ngân hàng", "level": 1},
                    "icbLv2": {"code": sector, "name": "", "level": 2},
                    "icbLv3": {"code": industry, "name": "tên", "level": 3},
                    "icbLv4": {"code": industry[:3] + "5", "name": "tên", "level": 4},
                }
            )
        other = {**found[0], "code": "SHS", "floor": "HNX"}
        fund = {**found[0], "code": "FUE", "comTypeCode": "QU"}
        return [*found, other, fund]

    # VNDirect

    def finfo(self, asked: Asked) -> Answer:
        records = self.stocks() if asked.path == "v4/stocks" else self.foreigns(asked.query["q"])
        size, page = min(int(asked.query["size"]), self.page), int(asked.query["page"])
        return json_answer(
            {
                "data": records[(page - 1) * size : page * size],
                "currentPage": page,
                "size": size,
                "totalElements": len(records),
                "totalPages": -(-len(records) // size),
            }
        )

    def foreigns(self, query: str) -> list[dict[str, Any]]:
        parts = query.split("~")
        days = [part.removeprefix("tradingDate:") for part in parts if "tradingDate" in part]
        first = max(day.removeprefix("gte:") for day in days if not day.startswith("lte:"))
        last = min(day.removeprefix("lte:") for day in days if not day.startswith("gte:"))
        return [
            self.trade(symbol, i)
            for i, day in enumerate(self.days)
            if first <= day.isoformat() <= last and day <= self.flows_until
            for symbol in self.shares
        ]

    def trade(self, symbol: str, row: int) -> dict[str, Any]:
        bought, sold = (int(side[row]) for side in self.foreign[symbol])
        price = int(self.closes[symbol][row])
        return {
            "code": symbol,
            "type": "STOCK",
            "floor": "HOSE",
            "tradingDate": self.days[row].isoformat(),
            "buyVol": bought,
            "sellVol": sold,
            "buyVal": bought * price,
            "sellVal": sold * price,
            "netVol": bought - sold,
            "netVal": (bought - sold) * price,
            "totalRoom": 1_000_000_000,
            "currentRoom": 500_000_000,
        }

    def stocks(self) -> list[dict[str, Any]]:
        names = {"8300": "Ngân hàng", "1700": "Tài nguyên Cơ bản", "0500": "Dầu khí"}
        return [
            {"code": symbol, "type": "STOCK", "floor": "HOSE", "status": "listed",
             "companyName": share[0], "shortName": share[0], "industryName": names[share[1]]}
            for symbol, share in self.shares.items()
        ]  # fmt: skip

    def dchart(self, asked: Asked) -> Answer:
        symbol = asked.query["symbol"]
        close, volume = self.series(symbol)
        unit = 1000.0 if symbol in self.shares else 1.0
        first, last = int(asked.query["from"]), int(asked.query["to"])
        rows = [i for i, day in enumerate(self.days) if first <= stamp(day) < last]
        prices = [float(close[i]) / unit for i in rows]
        return json_answer(
            {
                "s": "ok",
                "t": [stamp(self.days[i]) for i in rows],
                "o": prices,
                "h": prices,
                "l": prices,
                "c": prices,
                "v": [int(volume[i]) for i in rows],
            }
        )

    # Macro

    def vimoney(self, asked: Asked) -> Answer:
        return json_answer({"data": self.cpi()}) if asked.path.endswith("cpi") else not_found(asked)

    def cpi(self) -> list[dict[str, Any]]:
        """Return consumer prices up to the month before today."""
        level, levels, rows = 100.0, [], []
        month = date(2024, 5, 1)
        for i in range(12 * (self.today.year - 2024) + self.today.month - 5):
            level = round(level * (1 + 0.001 * (1 + i % 5)), 4)
            levels.append(level)
            yoy = (level / levels[i - 12] - 1) * 100 if i >= 12 else 3.3
            mom = 0.1 * (1 + i % 5)
            rows.append(
                {"year": month.year, "month": month.month, "yoyChangePct": round(yoy, 2),
                 "momChangePct": round(mom, 2), "headlineIndex": level}
            )  # fmt: skip
            month = (month + timedelta(days=32)).replace(day=1)
        return rows

    def vietcombank(self, asked: Asked) -> Answer:
        day = date.fromisoformat(asked.query["date"])
        rates = [
            {"currencyCode": "AUD", "cash": "16000.00", "transfer": "16100.00", "sell": "16700.00"},
            {"currencyCode": "USD", "cash": "25845.00", "transfer": "25875.00",
             "sell": f"{26_000 + day.day}.00"},
        ]  # fmt: skip
        return json_answer(
            {"Count": 2, "Date": f"{day}T00:00:00", "UpdatedDate": f"{day}T23:00:00+07:00",
             "Data": rates}
        )  # fmt: skip

    def fred_csv(self, asked: Asked) -> Answer:
        """Serve each series at the middle of its usual range."""
        name = asked.query["id"]
        usual = next(one.usual for one in SERIES if one.fred_id == name)
        lines = [f"{day},{sum(usual) / 2}" for day in self.days]
        return text_answer("\n".join([f"observation_date,{name}", *lines, ""]))

    @property
    def services(self) -> dict[str, Service]:
        return {
            "trading": self.trading,
            "iq": self.iq,
            "finfo": self.finfo,
            "dchart": self.dchart,
            "vimoney": self.vimoney,
            "vietcombank": self.vietcombank,
            "fred_csv": self.fred_csv,
        }


def ok(rows: list[Any]) -> dict[str, Any]:
    """Return how Vietcap's second host wraps an answer."""
    return {"status": 200, "successful": True, "data": rows}


def live(
    server: Providers,
    *,
    now: Callable[[], datetime] = lambda: EVENING,
    timeout_seconds: float = 10.0,
    **options: Any,
) -> VnMarket:
    """Return the market as it is synced from a server, without pauses between attempts."""

    def make(provider: str, url: str, **more: Any) -> Fetcher:
        return Fetcher(
            provider,
            url,
            **more,
            timeout_seconds=timeout_seconds,
            attempts=2,
            sleep=lambda _: None,
        )

    names = ("trading", "iq", "finfo", "dchart", "vimoney", "vietcombank", "fred_csv", "fred_api")
    addresses = Addresses(**{name: server.url(name) for name in names})
    settings: dict[str, Any] = {"history_years": 1, "quotas": {}} | options
    return vn_market(addresses=addresses, make_fetcher=make, now=now, **settings)
