"""What moves sectors is measured as a difference for rates and spreads, as a fraction for prices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.markets import closes, market_of
from tools.measures.macro import driver_changes
from tools.view import AsOfView

DAYS = pd.bdate_range("2021-01-04", periods=90)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("percent", 0.5),
        ("percentage points", 0.5),
        ("percent per month", 0.5),
        ("index", 0.25),
        ("USD per barrel", 0.25),
    ],
)
def test_the_unit_decides_how_a_driver_changes(unit: str, expected: float) -> None:
    level = np.where(np.arange(90) < 89, 2.0, 2.5)
    macro = pd.DataFrame(
        {"series": "X", "observed_on": DAYS, "published_on": DAYS, "value": level, "unit": unit}
    )
    data = market_of(closes(DAYS, AAA=[100.0] * 90), macro=macro)
    changes = driver_changes(AsOfView(data, DAYS[-1].date()), "1M")
    assert changes["X"].iloc[-1] == pytest.approx(expected)
