"""What of a market is not used as of a day, table by table: the rows themselves and the named findings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from tools.measures.versions import n_revised

if TYPE_CHECKING:
    from datetime import date

    from tools.measures.panels import Panels
    from tools.sources.base import Finding, MarketData

TableName = Literal["prices", "flows", "macro", "signals"]
TABLES: tuple[TableName, ...] = ("prices", "flows", "macro", "signals")


class Irregular:
    """The irregular rows of a market, as far as a view knows of them.

    Parameters
    ----------
    data, panels
        The whole market, and what has been judged of it.
    as_of, last_day, last_flow
        The view's day, and its last usable days of prices and of flows (None: no flows yet).
    """

    def __init__(
        self,
        data: MarketData,
        panels: Panels,
        *,
        as_of: date,
        last_day: date,
        last_flow: date | None,
    ) -> None:
        self._data, self._panels = data, panels
        published = as_of.isoformat()
        self._until = {
            "prices": last_day.isoformat(),
            "flows": last_flow.isoformat() if last_flow else "",
            "macro": published,
            "signals": published,
        }

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, oldest first."""
        found = [row for table in TABLES for row in self.findings_of(table)]
        return tuple(sorted(found, key=lambda row: (row.observed_on, row.name, row.entity)))

    def findings_of(self, table: TableName) -> tuple[Finding, ...]:
        """Return the findings of one table."""
        panels = self._panels
        signals = panels.signal_quality
        found = {
            "prices": panels.quality.findings,
            "flows": panels.flow_findings,
            "macro": panels.macro_quality.findings,
            "signals": () if signals is None else signals.findings,
        }[table]
        return tuple(row for row in found if row.observed_on <= self._until[table])

    def rows(self, table: TableName) -> pd.DataFrame:
        """Return the rows of a table that are not used."""
        whole: pd.DataFrame | None = getattr(self._data, table)
        if whole is None:
            return self._data.macro.iloc[:0]
        until = self._until[table]
        column = "date" if table in ("prices", "flows") else "published_on"
        known = (whole[column] <= pd.Timestamp(until)).to_numpy() if until else False
        found: pd.DataFrame = whole[self._unused(table) & known]
        return found

    def _unused(self, table: TableName) -> np.ndarray:
        panels = self._panels
        if table == "prices":
            return panels.quality.unused
        quality = {
            "flows": panels.flow_quality,
            "macro": panels.macro_quality,
            "signals": panels.signal_quality,
        }[table]
        return (
            np.zeros(len(getattr(self._data, table)), dtype=bool)
            if quality is None
            else quality.unused
        )

    def n_revised(self, table: Literal["prices", "flows"]) -> int:
        """Return how many rows are later versions of a day, as far as they were known."""
        return n_revised(self._data, table)
