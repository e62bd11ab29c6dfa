"""Vietcap's web endpoints: bars, the ICB tree, the listing, the day's heatmap.

They are public, keyless and undocumented; they answer only requests that come from Vietcap's own pages, so that the
headers of those are sent. Prices of shares are dong, of indices points; stamps are epoch seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools.sources.vn import answers, heatmap
from tools.sources.vn.addresses import TRADING_URL, VIETCAP
from tools.sources.vn.sectors import BENCHMARK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record
    from tools.sources.vn.heatmap import Heatmap

PROVIDER = VIETCAP
HEADERS = {
    "Accept": "application/json",
    "Origin": TRADING_URL,
    "Referer": f"{TRADING_URL}/iq/market",
    "User-Agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0 Safari/537.36",
}
PAGE = 3000
"""Bars asked for at once; more are asked for page by page."""

Raw = dict[str, "Record"]


class Vietcap(NamedTuple):
    """Asks Vietcap's two hosts."""

    trading: Fetcher
    iq: Fetcher

    def bars(self, symbols: Sequence[str], to: date, count: int) -> Raw:
        """Return the newest `count` daily bars up to `to` of each symbol that was answered."""
        body = {
            "timeFrame": "ONE_DAY",
            "symbols": list(symbols),
            "to": answers.epoch(to) + 86_400,
            "countBack": count,
        }
        answer = self.trading.json("api/chart/OHLCChart/gap-chart", body=body)
        found: Raw = {}
        for record in answers.records(answer, self.trading):
            name = answers.text(record.get("symbol")).upper()
            if name in symbols:
                found[name] = record
        return found

    def tree(self) -> list[Record]:
        """Return the ICB tree."""
        answer = self.iq.json("api/iq-insight-service/v1/sectors/icb-codes")
        return answers.records(answer, self.iq)

    def companies(self) -> list[Record]:
        """Return every company with its places in the ICB tree."""
        answer = self.iq.json("api/iq-insight-service/v2/company/search-bar", {"language": 1})
        return answers.records(answer, self.iq)

    def heatmap(self, floor: str) -> Heatmap:
        """Return the trading of the newest session, finished or not: it has no date."""
        body = {"group": floor, "sector": "icb_code_2", "size": "MKC"}
        answer = self.trading.json("api/market-watch/HeatMapChart/getByIcb", body=body)
        return heatmap.read_heatmap(answers.records(answer, self.trading), self.trading)

    def index_now(self) -> float:
        """Return the level of the benchmark that belongs to the heatmap; NaN where it is not in the answer."""
        answer = self.trading.json("api/market-watch/HeatMapChart/getIndex")
        for record in answers.records(answer, self.trading, key="indexData"):
            if answers.text(record.get("symbol")).upper() == BENCHMARK:
                return answers.number(record.get("price"))
        return float("nan")

    def sector_changes(self) -> dict[str, float]:
        """Return the day's change of each sector, as a fraction."""
        answer = self.iq.json("api/iq-insight-service/v1/sector-information", {"icbLevel": 2})
        return {
            answers.code(record.get("icbCode")): answers.number(
                record.get("percentPriceChange1Day")
            )
            for record in answers.records(answer, self.iq)
        }
