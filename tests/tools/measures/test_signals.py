"""Signals beside the market's days: what was in force, how unusual it was, and nothing from later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tools.measures import signals
from tools.view import AsOfView

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk

COLUMNS = ["name", "entity", "observed_on", "published_on", "value", "unit"]


def test_a_value_stands_from_its_publication_not_its_observation(open_desk: OpenDesk) -> None:
    view = open_desk(with_signals=True).view
    rows = signals.vintages(view, "orders", "0500")
    assert rows is not None
    orders = signals.level(view, "orders")["0500"]
    first = pd.Timestamp(rows.row_published[0])
    assert orders[orders.index < first].isna().all()
    assert orders[orders.index >= first].iloc[0] == rows.value[0]


def test_a_source_that_falls_silent_is_not_carried_on(open_desk: OpenDesk) -> None:
    view = open_desk(with_signals=True).view
    data = view._data  # the same market with one source cut off
    assert data.signals is not None
    cut = view.days[-100]
    gone = (data.signals["name"] == "sentiment") & (data.signals["observed_on"] > cut)
    silent = AsOfView(replace(data, signals=data.signals[~gone], memo={}), view.as_of)
    level = signals.level(silent, "sentiment")["0500"]
    assert level.loc[cut] == level.loc[cut]
    assert level.iloc[-50:].isna().all()


@given(cut=st.integers(150, 390))
def test_no_row_of_a_panel_knows_what_was_published_later(open_desk: OpenDesk, cut: int) -> None:
    view = open_desk(with_signals=True).view
    earlier = view.at(view.days[cut].date())
    for whole, part in (
        (signals.level(view, "orders"), signals.level(earlier, "orders")),
        (signals.unusual_level(view, "sentiment"), signals.unusual_level(earlier, "sentiment")),
        (signals.block_value(view, "1W"), signals.block_value(earlier, "1W")),
    ):
        np.testing.assert_array_equal(whole.loc[part.index, part.columns], part)
