"""When the model is refitted: the first trading day of a quarter, in monthly markets of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def refit_rows(days: pd.DatetimeIndex, *, monthly: bool) -> tuple[int, ...]:
    """Return the rows of `days` on which the model is refitted; the first day is one of them.

    Examples
    --------
    >>> import pandas as pd
    >>> refit_rows(pd.DatetimeIndex(["2019-12-30", "2020-01-02", "2020-04-01"]), monthly=False)
    (0, 1, 2)
    """
    periods = [day.year if monthly else (day.year, (day.month - 1) // 3) for day in days]
    return tuple(
        row for row, period in enumerate(periods) if row == 0 or period != periods[row - 1]
    )
