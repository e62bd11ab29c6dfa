"""The industries of the simulated market: two or three to a sector, by the number of the company.

They are names given to shares that the generating process has made; the process knows nothing of them, so an
industry moves as its sector does, but for what is each company's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tools.sources.demo.companies import CODES, PER_SECTOR, SYMBOLS

if TYPE_CHECKING:
    from tools.sources.base import MarketData

INDUSTRIES: dict[str, tuple[tuple[int, str, str], ...]] = {
    "0500": ((6, "Oil Production", "Khai thác dầu khí"), (4, "Oil Services", "Dịch vụ dầu khí")),
    "1300": ((5, "Fertilisers", "Phân bón"), (5, "Rubber & Plastics", "Cao su và nhựa")),
    "1700": ((6, "Steel", "Thép"), (4, "Mining", "Khai khoáng")),
    "2300": ((5, "Builders", "Nhà thầu xây dựng"), (5, "Building Materials", "Vật liệu xây dựng")),
    "2700": (
        (4, "Ports & Shipping", "Cảng và vận tải biển"),
        (4, "Electrical Equipment", "Thiết bị điện"),
        (2, "Packaging", "Bao bì"),
    ),
    "3500": ((5, "Food Products", "Thực phẩm"), (3, "Beverages", "Đồ uống"), (2, "Sugar", "Mía đường")),
    "4500": ((6, "Pharmaceuticals", "Dược phẩm"), (4, "Medical Equipment", "Thiết bị y tế")),
    "5300": ((6, "Electronics Stores", "Bán lẻ điện máy"), (4, "Jewellery Stores", "Bán lẻ trang sức")),
    "7500": ((6, "Power Generation", "Sản xuất điện"), (4, "Water & Gas Supply", "Cấp nước và khí đốt")),
    "8300": ((4, "Large Banks", "Ngân hàng lớn"), (6, "Regional Banks", "Ngân hàng khu vực")),
    "8600": ((6, "Residential Developers", "Phát triển nhà ở"), (4, "Industrial Parks", "Khu công nghiệp")),
    "9500": ((6, "Software", "Phần mềm"), (4, "Telecom Equipment", "Thiết bị viễn thông")),
}  # fmt: skip
"""Sector → how many of its companies, in order, and what their industry is called in English and Vietnamese."""


def with_industries(data: MarketData) -> MarketData:
    """Return the simulated market with the industry of each share in `industry` and `industry_vi`."""
    named = {code: [n[1:] for n in INDUSTRIES[code] for _ in range(n[0])] for code in CODES}
    table = data.universe.assign(industry_vi="")
    for position, symbol in enumerate(SYMBOLS):
        number = position % PER_SECTOR
        code = CODES[position // PER_SECTOR]
        table.loc[symbol, ["industry", "industry_vi"]] = named[code][number]
    return replace(data, universe=table, memo={})
