"""A market spoilt everywhere: an audit of its past is the same whether or not what came later is there."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import cut_after, write_market
from tools.desk import Desk
from tools.health.failing import failures, weak_groups
from tools.research import get_data_health
from tools.sources import open_market

if TYPE_CHECKING:
    from pathlib import Path

FACTORS = (1e3, 1e-3, 1e-2, 1e6)
DAYS = (date(2021, 9, 15), date(2022, 1, 14), date(2022, 3, 16))


def spoilt(path: Path, seed: int) -> Path:
    """Write a market in which days, symbols and releases of every table are in another unit, repeated or missing."""
    folder = write_market(path, with_signals=True)
    rng = np.random.default_rng(seed)
    for table, columns in (
        ("prices", ["value"]),
        ("prices", ["close", "high", "low"]),
        ("flows", ["foreign_buy_value", "foreign_sell_value"]),
        ("macro", ["value"]),
        ("signals", ["value"]),
    ):
        file = folder / f"{table}.parquet"
        rows = pd.read_parquet(file)
        day = rows["date"] if "date" in rows else rows["published_on"]
        for chosen in rng.choice(day.unique(), 3, replace=False):
            hit = (day == chosen) & (rng.random(len(rows)) < rng.choice([0.1, 1.0]))
            rows.loc[hit, columns] = rows.loc[hit, columns] * rng.choice(FACTORS)
        rows[rng.random(len(rows)) > 0.01].to_parquet(file, index=False)
    return folder


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_came_later_changes_no_earlier_audit(seed: int, tmp_path: Path) -> None:
    whole = spoilt(tmp_path / "whole", seed)
    data = open_market(f"folder:{whole}")
    found = 0
    for as_of in DAYS:
        part = tmp_path / as_of.isoformat()
        shutil.copytree(whole, part)
        cut_after(part, as_of.isoformat())
        desks = [Desk(one, as_of) for one in (data, open_market(f"folder:{part}"))]
        audits = [get_data_health(desk) for desk in desks]
        assert audits[0] == audits[1]
        views = [desk.view for desk in desks]
        assert failures(views[0]) == failures(views[1])
        assert weak_groups(views[0]) == weak_groups(views[1])
        found += len(views[0].findings)
    assert found
