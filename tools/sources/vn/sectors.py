"""The sectors of the market: ICB level 2, with the standard English names, and the indices of the exchange.

The HOSE sector indices follow another scheme (GICS) and cover HOSE alone, so that they are instruments one can ask
about and never the price of an ICB sector. VNCONS is staples and VNCOND discretionary: widely used labels swap them.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd


class Sector(NamedTuple):
    """A sector of ICB level 2."""

    name: str
    name_vi: str


class Index(NamedTuple):
    """An index of the exchange: how it is called, and whether it is the benchmark."""

    name: str
    kind: str


BENCHMARK = "VNINDEX"

SECTORS: dict[str, Sector] = {
    "0500": Sector("Oil & Gas", "Dầu khí"),
    "1300": Sector("Chemicals", "Hóa chất"),
    "1700": Sector("Basic Resources", "Tài nguyên Cơ bản"),
    "2300": Sector("Construction & Materials", "Xây dựng và Vật liệu"),
    "2700": Sector("Industrial Goods & Services", "Hàng & Dịch vụ Công nghiệp"),
    "3300": Sector("Automobiles & Parts", "Ô tô và phụ tùng"),
    "3500": Sector("Food & Beverage", "Thực phẩm và đồ uống"),
    "3700": Sector("Personal & Household Goods", "Hàng cá nhân & Gia dụng"),
    "4500": Sector("Health Care", "Y tế"),
    "5300": Sector("Retail", "Bán lẻ"),
    "5500": Sector("Media", "Truyền thông"),
    "5700": Sector("Travel & Leisure", "Du lịch và Giải trí"),
    "6500": Sector("Telecommunications", "Viễn thông"),
    "7500": Sector("Utilities", "Điện, nước & xăng dầu khí đốt"),
    "8300": Sector("Banks", "Ngân hàng"),
    "8500": Sector("Insurance", "Bảo hiểm"),
    "8600": Sector("Real Estate", "Bất động sản"),
    "8700": Sector("Financial Services", "Dịch vụ tài chính"),
    "9500": Sector("Technology", "Công nghệ Thông tin"),
}
"""ICB level 2 code → its names; codes are text of four digits."""

INDICES: dict[str, Index] = {
    BENCHMARK: Index("VN-Index", "benchmark"),
    "VN30": Index("VN30 index", "index"),
    "VN100": Index("VN100 index", "index"),
    "VNMIDCAP": Index("VNMidcap index", "index"),
    "VNSMALLCAP": Index("VNSmallcap index", "index"),
    "VNALLSHARE": Index("VNAllshare index", "index"),
    "VNFIN": Index("HOSE Financials index", "index"),
    "VNREAL": Index("HOSE Real Estate index", "index"),
    "VNIND": Index("HOSE Industrials index", "index"),
    "VNMAT": Index("HOSE Materials index", "index"),
    "VNCONS": Index("HOSE Consumer Staples index", "index"),
    "VNCOND": Index("HOSE Consumer Discretionary index", "index"),
    "VNENE": Index("HOSE Energy index", "index"),
    "VNHEAL": Index("HOSE Health Care index", "index"),
    "VNIT": Index("HOSE Information Technology index", "index"),
    "VNUTI": Index("HOSE Utilities index", "index"),
}
"""Symbol → what it is."""


def sector_rows() -> pd.DataFrame:
    """Return the table of sectors: `sector`, `name`, `name_vi`, `proxy` (empty: built from its shares)."""
    rows = [(code, one.name, one.name_vi, "") for code, one in SECTORS.items()]
    return pd.DataFrame(rows, columns=["sector", "name", "name_vi", "proxy"])


def index_rows() -> pd.DataFrame:
    """Return the rows of the universe that are no shares."""
    rows = [(symbol, one.name, "", one.kind, "") for symbol, one in INDICES.items()]
    return pd.DataFrame(rows, columns=["symbol", "name", "sector", "kind", "industry"])
