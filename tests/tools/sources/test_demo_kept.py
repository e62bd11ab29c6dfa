"""The simulated market on disk: the same market as a generated one, whatever happened to its file."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.sources import demo, open_market
from tools.sources.demo import Demo
from tools.sources.demo.kept import MOST_KEPT, TABLES, kept_file, load_kept

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

SEED, END = 3, date(2016, 3, 31)


@pytest.fixture(scope="module")
def made() -> MarketData:
    return Demo(SEED, end=END).load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder that holds one market."""
    load_kept(tmp_path / "simulated", SEED, END)
    return tmp_path / "simulated"


def same(found: MarketData, made: MarketData) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(made, name), check_exact=True)
    assert found.market == made.market
    assert found.sectors.equals(made.sectors)
    assert found.universe.equals(made.universe)


def test_what_is_read_is_what_was_made(folder: Path, made: MarketData) -> None:
    file = kept_file(folder, SEED, END)
    before = file.stat().st_mtime_ns
    same(load_kept(folder, SEED, END), made)
    assert file.stat().st_mtime_ns == before, "it was written again"
    assert [path.name for path in folder.iterdir()] == [file.name]


@settings(max_examples=12)
@given(data=st.data())
def test_a_damaged_file_is_made_again(
    tmp_path_factory: pytest.TempPathFactory, made: MarketData, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("simulated")
    load_kept(folder, SEED, END)
    file = kept_file(folder, SEED, END)
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        broken = whole[:at]
    else:
        flipped = whole[at] ^ data.draw(st.integers(1, 255))
        broken = whole[:at] + bytes([flipped]) + whole[at + 1 :]
    file.write_bytes(broken)
    same(load_kept(folder, SEED, END), made)
    same(load_kept(folder, SEED, END), made)


@pytest.mark.parametrize("rubbish", [b"", b"PK\x05\x06" + bytes(18), b"not an archive"])
def test_a_file_of_something_else_is_made_again(
    folder: Path, made: MarketData, rubbish: bytes
) -> None:
    file = kept_file(folder, SEED, END)
    file.write_bytes(rubbish)
    same(load_kept(folder, SEED, END), made)
    assert file.stat().st_size > 10_000


def test_other_code_another_seed_and_another_end_have_files_of_their_own(folder: Path) -> None:
    names = {
        kept_file(folder, SEED, END).name,
        kept_file(folder, SEED + 1, END).name,
        kept_file(folder, SEED, date(2016, 4, 1)).name,
    }
    assert len(names) == 3
    (file,) = folder.iterdir()
    older = file.with_name(file.name.replace(file.stem[-12:], "0" * 12))
    file.rename(older)
    load_kept(folder, SEED, END)
    assert file.is_file()


def test_a_folder_holds_a_few_of_the_newest_only(folder: Path) -> None:
    (first,) = folder.iterdir()
    os.utime(first, (1, 1))
    for seed in range(10, 10 + MOST_KEPT):
        load_kept(folder, seed, date(2016, 1, 8))
    assert len(list(folder.iterdir())) == MOST_KEPT
    assert not first.exists()


def test_a_folder_that_cannot_be_written_keeps_nothing_and_costs_nothing_else(
    tmp_path: Path, made: MarketData
) -> None:
    (tmp_path / "file").write_text("")
    same(load_kept(tmp_path / "file" / "simulated", SEED, END), made)


def test_a_home_keeps_the_market_that_is_opened_by_name(tmp_path: Path) -> None:
    demo._held.clear()
    market = open_market("demo:4", tmp_path)
    (file,) = (tmp_path / "simulated").iterdir()
    assert file.name.startswith("demo-4-")
    assert open_market("demo:4", tmp_path) is market
