"""A chart answer of Yahoo, turned into bars that a history can keep: as traded, with point-in-time total returns.

Facts about the answer that decide how it is read:

- Its open, high, low, close and volume are adjusted for every later split but for no dividend; the amounts of its
  dividends are adjusted for later splits too. A split of tomorrow would therefore rewrite the whole history, so the
  prices are turned back into those that were traded. That needs the splits up to today: always ask up to today.
- `previous_close` is the last close less the day's distributions, after the day's split, which makes
  ``close / previous_close - 1`` the total return and is never rewritten.
- A day without a close is null in every array. The session that is still open has a row, too, and sometimes two.
- Its adjusted close comes from the same dividends, which is how one tells that distributions were left out.

Prices come as 32-bit numbers (74.06999969 for 74.07) and are rounded to `DECIMALS`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    import numpy.typing as npt

    from tools.sources.http import Reader

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.intp]

DECIMALS = 4
LARGEST_MOVE = 2.5
"""A close more than this many times the one before it, or less than its inverse, cannot be right."""
LARGEST_SPLIT = 100.0
SAME_PRICE = 0.002
"""Share of the price by which numbers of one answer may differ and still tell the same."""
RECENT_SECONDS = 7 * 86_400

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
Seconds = Annotated[int, Field(strict=True, ge=0, le=4_102_444_800)]
Text = Annotated[str, Field(min_length=1)]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Quote(_Shape):
    open: list[Number | None]
    high: list[Number | None]
    low: list[Number | None]
    close: list[Number | None]
    volume: list[Number | None]


class _Adjusted(_Shape):
    adjclose: list[Number | None]


class _Indicators(_Shape):
    quote: Annotated[list[_Quote], Field(min_length=1, max_length=1)]
    adjclose: Annotated[list[_Adjusted], Field(min_length=1, max_length=1)]


class _Payment(_Shape):
    date: Seconds
    amount: Positive


class _Split(_Shape):
    date: Seconds
    numerator: Positive
    denominator: Positive

    @property
    def ratio(self) -> float:
        """Shares after the split for one before it."""
        return self.numerator / self.denominator


class _Events(BaseModel):
    """An event of a kind that is not known might change a return, so it is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    dividends: dict[str, _Payment] = {}
    splits: dict[str, _Split] = {}
    capital_gains: Annotated[dict[str, _Payment], Field(alias="capitalGains")] = {}
    earnings: object = None


class _Meta(_Shape):
    currency: Text
    symbol: Text
    timezone: Annotated[Text, Field(alias="exchangeTimezoneName")]
    step: Annotated[Text, Field(alias="dataGranularity")]
    last_price: Annotated[Positive | None, Field(alias="regularMarketPrice")] = None
    last_time: Annotated[Seconds | None, Field(alias="regularMarketTime")] = None


class _Result(BaseModel):
    """A key that is not known might be the events under another name, so it is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    meta: _Meta
    timestamp: Annotated[list[Seconds | None], Field(min_length=1)]
    indicators: _Indicators
    events: _Events = _Events()


class _Error(BaseModel):
    description: str = "an error without a word"


class _Chart(_Shape):
    result: list[_Result] | None = None
    error: _Error | None = None


class _Answer(_Shape):
    chart: _Chart


class Bars(NamedTuple):
    """Days of one symbol in order: `observed_on`, OHLC and volume as traded, `previous_close` (NaN on the first)."""

    rows: pd.DataFrame
    notes: tuple[str, ...]


def read_chart(answer: object, *, symbol: str, currency: str, reader: Reader) -> Bars:
    """Read the bars of one symbol.

    Parameters
    ----------
    answer
        The parsed JSON of a chart answer whose period ends today.
    symbol, currency
        What was asked for; an answer about anything else is refused.
    reader
        Makes the errors.

    Raises
    ------
    SourceDownError
        When the answer as a whole cannot be used. Single rows that cannot be right are left out and noted.
    """
    result = _result(answer, symbol, currency, reader)
    days = _days(result.timestamp, result.meta.timezone, reader)
    table = _table(result, days, reader)
    table, notes = _kept(table, reader)
    if table.empty:
        raise reader.down(f"no day with a usable price of {symbol}")
    _require_unit(result.meta, table, reader)
    paid, splits = _distributions(result, table, reader), _splits(result, table, reader)
    rows = _as_traded(table, paid.amount, splits)
    notes += _noted(table, paid.unclear, "with an unclear distribution left out")
    notes += _noted(table, paid.unlisted, "whose distribution only the adjusted close tells")
    return Bars(rows[~paid.unclear], tuple(notes))


def _result(answer: object, symbol: str, currency: str, reader: Reader) -> _Result:
    try:
        chart = _Answer.model_validate(answer).chart
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise reader.down(f"a chart of {symbol} in another shape, at {where}") from None
    if chart.error is not None:
        raise reader.down(f"{reader.excerpt(chart.error.description)} for {symbol}")
    if not chart.result:
        raise reader.down(f"no chart of {symbol}")
    meta = chart.result[0].meta
    wanted = {"symbol": symbol, "currency": currency, "step": "1d"}
    for name, value in wanted.items():
        if getattr(meta, name) != value:
            came = reader.excerpt(getattr(meta, name))
            raise reader.down(f"{name} {came} where {value} was asked for {symbol}")
    return chart.result[0]


def _days(seconds: list[int | None], timezone: str, reader: Reader) -> pd.Series:
    """Return the exchange's calendar days, NaT where a row has no time."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise reader.down(f"an unknown time zone {reader.excerpt(timezone)}") from error
    stamps = pd.to_datetime(pd.Series(seconds, dtype="Int64"), unit="s", utc=True)
    return stamps.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize().astype("datetime64[us]")


def _table(result: _Result, days: pd.Series, reader: Reader) -> pd.DataFrame:
    quote, adjusted = result.indicators.quote[0], result.indicators.adjclose[0].adjclose
    known = [second for second in result.timestamp if second is not None]
    if any(later < earlier for earlier, later in pairwise(known)):
        raise reader.down(f"days of {result.meta.symbol} out of order")
    columns = {name: getattr(quote, name) for name in ("open", "high", "low", "close", "volume")}
    columns["adjusted"] = adjusted
    if {len(column) for column in columns.values()} != {len(days)}:
        raise reader.down(f"prices of {result.meta.symbol} that are not as many as its days")
    table = pd.DataFrame({name: np.array(c, dtype=np.float64) for name, c in columns.items()})
    return table.assign(observed_on=days.to_numpy(), order=range(len(days)))


def _kept(table: pd.DataFrame, reader: Reader) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that can be right, by day, and what is said of the others."""
    notes: list[str] = []

    def leave_out(bad: npt.NDArray[np.bool_] | pd.Series, why: str) -> None:
        nonlocal table
        notes.extend(_noted(table, np.asarray(bad), f"{why} left out"))
        table = table[~np.asarray(bad)]

    leave_out(table["observed_on"].isna(), "without a date")
    leave_out(table["close"].isna(), "without a close")
    leave_out(table["observed_on"].dt.day_of_week >= 5, "on a weekend")
    for name in ("open", "high", "low"):
        # A price of zero is how the answer writes one that is not known.
        table = table.assign(**{name: table[name].where(table[name] != 0.0)})
    leave_out(_impossible(table), "with impossible prices")
    table = table.sort_values(["observed_on", "order"], kind="stable")
    # A session may come twice: as its bar, and as the latest price stamped with its time.
    table = table.drop_duplicates("observed_on", keep="first")
    jumps = _jumps(table["close"].to_numpy())
    if 2 * jumps.sum() >= max(len(table), 1):
        raise reader.down("closes in more than one unit")
    leave_out(jumps, "with a price in another unit")
    return table.reset_index(drop=True), notes


def _impossible(table: pd.DataFrame) -> pd.Series:
    slack = 1.0 + SAME_PRICE
    top, bottom = table[["open", "close", "low"]].max(axis=1), table[["open", "close"]].min(axis=1)
    prices = table[["open", "high", "low", "close"]]
    return (
        (prices <= 0).any(axis=1)
        | (table["volume"] < 0)
        | (table["high"] * slack < top)
        | (table["low"] > bottom * slack)
    )


def _jumps(close: Floats) -> npt.NDArray[np.bool_]:
    """Mark closes too far from the last one that is not marked."""
    marked = np.zeros(len(close), dtype=bool)
    last = close[0] if len(close) else np.nan
    for i, price in enumerate(close):
        marked[i] = not 1.0 / LARGEST_MOVE <= price / last <= LARGEST_MOVE
        last = last if marked[i] else price
    return marked


def _require_unit(meta: _Meta, table: pd.DataFrame, reader: Reader) -> None:
    """Refuse closes in another unit than the answer's own last price, or than its adjusted closes."""
    last = table.iloc[-1]
    told = last["adjusted"] / last["close"]
    if not np.isnan(told) and not 1.0 / LARGEST_MOVE <= told <= LARGEST_MOVE:
        raise reader.down(f"closes of {meta.symbol} in another unit than its adjusted closes")
    if meta.last_price is None or meta.last_time is None:
        return
    age = meta.last_time - last["observed_on"].timestamp()
    ratio = last["close"] / meta.last_price
    if age <= RECENT_SECONDS and not 1.0 / LARGEST_MOVE <= ratio <= LARGEST_MOVE:
        raise reader.down(f"closes of {meta.symbol} in another unit than its last price")


def _by_day(
    table: pd.DataFrame, events: list[tuple[int, float]], result: _Result, reader: Reader
) -> list[tuple[int, float]]:
    """Return position and value of each event: its day's row, or the next where the day has none."""
    seconds: list[int | None] = [moment for moment, _ in events]
    if not seconds:
        return []
    days = _days(seconds, result.meta.timezone, reader).to_numpy()
    at = np.searchsorted(table["observed_on"].to_numpy(), days, side="left")
    return [(int(i), value) for i, (_, value) in zip(at, events, strict=True) if i < len(table)]


def _total(events: list[tuple[int, float]], n: int) -> Floats:
    out = np.zeros(n)
    for position, value in events:
        out[position] += value
    return out


def _splits(result: _Result, table: pd.DataFrame, reader: Reader) -> Floats:
    """Return each day's shares for one of the day before."""
    events = [(split.date, split.ratio) for split in result.events.splits.values()]
    if any(not 1.0 / LARGEST_SPLIT <= ratio <= LARGEST_SPLIT for _, ratio in events):
        raise reader.down(f"a split of {result.meta.symbol} that is not believed")
    out = np.ones(len(table))
    for position, ratio in _by_day(table, events, result, reader):
        out[position] *= ratio
    return out


class _Paid(NamedTuple):
    """What each day paid, adjusted for later splits."""

    amount: Floats
    unlisted: npt.NDArray[np.bool_]
    """Told by the adjusted close alone."""
    unclear: npt.NDArray[np.bool_]


def _distributions(result: _Result, table: pd.DataFrame, reader: Reader) -> _Paid:
    """Return what each day paid.

    Capital gains are sometimes in the dividend already and sometimes beside it, and a distribution may be missing
    from the list: the adjusted close decides. It follows an event by hours, so its silence tells nothing.
    """
    events, n = result.events, len(table)
    dividends, gains = (
        _total(_by_day(table, [(p.date, p.amount) for p in kind.values()], result, reader), n)
        for kind in (events.dividends, events.capital_gains)
    )
    close = table["close"].to_numpy()
    before = np.append(np.nan, close[:-1])
    slack, implied = SAME_PRICE * before, _implied(close, table["adjusted"].to_numpy())
    if not dividends.any() and not gains.any() and (implied > 10 * slack).any():
        raise reader.down(f"adjusted closes of {result.meta.symbol} without their distributions")
    both = dividends + gains
    listed = np.where(np.abs(implied - both) <= np.abs(implied - dividends), both, dividends)
    # One wrong adjusted close seems to pay on its day and to take it back the day after.
    taken_back = np.append(implied[1:] < -slack[1:], np.False_)
    unlisted = (implied - listed > slack) & ~taken_back
    paid = np.where(unlisted, implied, listed)
    unclear = (gains > 0) & ~(np.abs(implied - paid) <= slack)
    return _Paid(paid, unlisted, unclear | (paid >= before / 2))


def _implied(close: Floats, adjusted: Floats) -> Floats:
    """Return what each day paid by its adjusted closes."""
    implied = np.zeros(len(close))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factor = adjusted / close
        implied[1:] = close[:-1] * (1.0 - factor[:-1] / factor[1:])
    return implied


def _as_traded(table: pd.DataFrame, paid: Floats, splits: Floats) -> pd.DataFrame:
    """Turn split-adjusted prices back into traded ones."""
    later = np.append(np.cumprod(splits[::-1])[::-1][1:], 1.0)
    close = table["close"].to_numpy()
    rows = pd.DataFrame({"observed_on": table["observed_on"]})
    for name in ("open", "high", "low", "close"):
        rows[name] = (table[name].to_numpy() * later).round(DECIMALS)
    rows["volume"] = (table["volume"].to_numpy() / later).round()
    rows["previous_close"] = ((np.append(np.nan, close[:-1]) - paid) * later).round(DECIMALS)
    return rows


def _noted(table: pd.DataFrame, bad: npt.NDArray[np.bool_], why: str) -> list[str]:
    count = int(bad.sum())
    if count == 0:
        return []
    last = table["observed_on"][bad].max()
    dated = "" if pd.isna(last) else f", the last on {last:%Y-%m-%d}"
    return [f"{count} row{'s' if count > 1 else ''} {why}{dated}"]
