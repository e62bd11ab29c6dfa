"""Where the market and its providers are, and how often each may be asked; read before anything is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.sources.feeds import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEZONE = "Asia/Ho_Chi_Minh"
VIETCAP = "Vietcap"
VNDIRECT = "VNDirect"
VI_MONEY = "vi.money"
VIETCOMBANK = "Vietcombank"
FRED = "FRED"
TRADING_URL = "https://trading.vietcap.com.vn"
"""The page from which Vietcap's own requests come, too."""
QUOTAS: Mapping[str, Quota] = {
    VIETCAP: Quota(per_minute=120),
    VNDIRECT: Quota(per_minute=60),
    VI_MONEY: Quota(per_minute=10),
    VIETCOMBANK: Quota(per_minute=60),
    FRED: Quota(per_minute=60),
}
"""No Vietnamese provider states a limit: these keep a full history within an hour and are polite."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where each provider is asked; empty for FRED: where it is."""

    trading: str = TRADING_URL
    iq: str = "https://iq.vietcap.com.vn"
    finfo: str = "https://api-finfo.vndirect.com.vn"
    dchart: str = "https://dchart-api.vndirect.com.vn"
    vimoney: str = "https://vi.money"
    vietcombank: str = "https://www.vietcombank.com.vn"
    fred_api: str = ""
    fred_csv: str = ""
