"""What is listed on the simulated market: twelve sectors of ten invented companies each.

A symbol has four consonants, so that it is no word and no symbol of the real exchange, whose symbols have three
characters. Ten companies of a sector differ in size by a factor of about twenty. The list never depends on the seed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

BENCHMARK = "SIMINDEX"
PER_SECTOR = 10


class Sector(NamedTuple):
    """One sector of the simulated market."""

    code: str
    name: str
    name_vi: str
    trade: str
    """What its companies call themselves."""
    letter: str
    """Last letter of their symbols."""
    size: float
    """Weight of the sector at the start, against the others."""


SECTORS: tuple[Sector, ...] = (
    Sector("0500", "Oil & Gas", "Dầu khí", "Petroleum", "G", 6.0),
    Sector("1300", "Chemicals", "Hóa chất", "Chemicals", "C", 5.0),
    Sector("1700", "Basic Resources", "Tài nguyên Cơ bản", "Steel", "R", 8.0),
    Sector("2300", "Construction & Materials", "Xây dựng và Vật liệu", "Construction", "K", 6.0),
    Sector("2700", "Industrial Goods & Services", "Hàng & Dịch vụ Công nghiệp", "Logistics", "L", 7.0),
    Sector("3500", "Food & Beverage", "Thực phẩm và đồ uống", "Foods", "F", 10.0),
    Sector("4500", "Health Care", "Y tế", "Pharma", "H", 4.0),
    Sector("5300", "Retail", "Bán lẻ", "Retail", "T", 6.0),
    Sector("7500", "Utilities", "Điện, nước & xăng dầu khí đốt", "Power", "P", 8.0),
    Sector("8300", "Banks", "Ngân hàng", "Bank", "B", 18.0),
    Sector("8600", "Real Estate", "Bất động sản", "Land", "D", 13.0),
    Sector("9500", "Technology", "Công nghệ Thông tin", "Technology", "N", 6.0),
)  # fmt: skip
CODES = tuple(sector.code for sector in SECTORS)
N_SECTORS = len(SECTORS)
N_SHARES = N_SECTORS * PER_SECTOR
SECTOR_OF: npt.NDArray[np.intp] = np.repeat(np.arange(N_SECTORS), PER_SECTOR)
"""Position in :data:`SECTORS` of each share."""

_CONSONANTS = "VLMSZXDRTK"
_VOWELS = "aoeiu"


class Event(NamedTuple):
    """Something that happens to one share on a fixed day."""

    sector: str
    number: int
    day: str
    ratio: float = 1.0

    @property
    def position(self) -> int:
        """Where the share stands among all."""
        return CODES.index(self.sector) * PER_SECTOR + self.number


LATE_SECTOR, LATE_DAY = "4500", "2017-06-01"
"""No share of this sector is listed before this day."""
LISTINGS = (Event("8600", 7, "2018-05-17"), Event("5300", 4, "2020-11-05"))
DELISTINGS = (Event("2300", 8, "2021-03-19"),)
"""The last day of each."""
SPLITS = (
    Event("9500", 0, "2018-07-10", 2.0),
    Event("1700", 1, "2021-06-15", 1.5),
    Event("8300", 2, "2023-08-22", 2.0),
)
"""New shares for each old one."""  # fmt: skip


def _word(position: int) -> tuple[str, str]:
    """Return the invented name of a company and the consonants in it."""
    number = position % PER_SECTOR
    sector = position // PER_SECTOR
    letters = (
        _CONSONANTS[number],
        _CONSONANTS[(3 * number + 7 * sector + 1) % len(_CONSONANTS)],
        _CONSONANTS[(7 * number + 3 * sector + 4) % len(_CONSONANTS)],
    )
    vowels = [_VOWELS[(number + sector * (n + 1) + n) % len(_VOWELS)] for n in range(3)]
    word = "".join(letter + vowel for letter, vowel in zip(letters, vowels, strict=True))
    return word.capitalize(), "".join(letters)


def _symbol(position: int) -> str:
    return _word(position)[1] + SECTORS[position // PER_SECTOR].letter


SYMBOLS = tuple(_symbol(position) for position in range(N_SHARES))


def sectors() -> pd.DataFrame:
    """Return the sectors' table of the market."""
    table = pd.DataFrame(
        {
            "name": [sector.name for sector in SECTORS],
            "name_vi": [sector.name_vi for sector in SECTORS],
            "proxy": "",
        },
        index=pd.Index(CODES, name="sector"),
    )
    return table.sort_index()


def universe() -> pd.DataFrame:
    """Return the symbols' table of the market."""
    names = [
        f"{_word(position)[0]} {SECTORS[position // PER_SECTOR].trade}"
        for position in range(N_SHARES)
    ]
    table = pd.DataFrame(
        {
            "name": [*names, "Simulated market index"],
            "sector": [*(CODES[sector] for sector in SECTOR_OF), ""],
            "kind": ["stock"] * N_SHARES + ["benchmark"],
            "industry": "",
        },
        index=pd.Index([*SYMBOLS, BENCHMARK], name="symbol"),
    )
    return table.sort_index()


def first_prices() -> Floats:
    """Return each share's price at the start, in VND."""
    numbers = np.arange(N_SHARES)
    return np.asarray(14000.0 + 450.0 * ((numbers * 37) % 120), dtype=np.float64)


def shares_listed() -> Floats:
    """Return how many shares of each company are listed at the start."""
    rank = 1.0 + np.arange(N_SHARES) % PER_SECTOR
    size = np.repeat([sector.size for sector in SECTORS], PER_SECTOR) * 1e13 / (rank + 0.5)
    return np.asarray(np.rint(size / first_prices() / 1e4) * 1e4, dtype=np.float64)


def life(days: npt.NDArray[np.datetime64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the first row of each share among `days`, and the row after its last."""
    first = np.zeros(N_SHARES, dtype=np.intp)
    after = np.full(N_SHARES, len(days), dtype=np.intp)
    late = np.flatnonzero(CODES.index(LATE_SECTOR) == SECTOR_OF)
    first[late] = np.searchsorted(days, np.datetime64(LATE_DAY))
    for event in LISTINGS:
        first[event.position] = np.searchsorted(days, np.datetime64(event.day))
    for event in DELISTINGS:
        after[event.position] = np.searchsorted(days, np.datetime64(event.day), side="right")
    return first, after


def split_factor(days: npt.NDArray[np.datetime64]) -> Floats:
    """Return, days × shares, how many shares of today one share of the start has become."""
    factor = np.ones((len(days), N_SHARES))
    for event in SPLITS:
        factor[np.searchsorted(days, np.datetime64(event.day)) :, event.position] *= event.ratio
    return factor
