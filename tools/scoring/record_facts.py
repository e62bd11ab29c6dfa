"""The numbers of a record, by the metrics they are cited under: the short form of every brief, and the whole card."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tools.scoring.choice import Choice
    from tools.scoring.record import HitRate, Record

BINS = ("least", "middle", "most")
"""Thirds of the calls, the least confident first, as their metrics end."""


class Number(NamedTuple):
    """One value of a record, before it becomes a fact."""

    metric: str
    value: float | str
    unit: str


def record_numbers(record: Record) -> list[Number]:
    """Return what every brief with a scorecard may cite; nothing where there is no record."""
    if record.mean_ic is None or record.ic_low is None or record.ic_high is None:
        return []
    numbers = [
        Number("mean_ic", record.mean_ic, "correlation"),
        Number("mean_ic_low", record.ic_low, "correlation"),
        Number("mean_ic_high", record.ic_high, "correlation"),
    ]
    calls, other = record.calls, record.baseline
    if calls is not None and record.call_share is not None:
        numbers += [
            Number("hit_rate", calls.rate, "fraction"),
            Number("hit_rate_low", calls.low, "fraction"),
            Number("hit_rate_high", calls.high, "fraction"),
            Number("base_rate", calls.base_rate, "fraction"),
            Number("call_share", record.call_share, "fraction"),
            Number("calls", float(calls.n), "count"),
        ]
    if other is not None:
        numbers += [
            Number("baseline_ic", other.mean_ic, "correlation"),
            Number("baseline_gap", other.gap, "correlation"),
            Number("baseline_gap_low", other.gap_low, "correlation"),
            Number("baseline_gap_high", other.gap_high, "correlation"),
        ]
    return numbers


def beside_numbers(record: Record) -> list[Number]:
    """Return what a signal card cites of the horizons beside its own."""
    numbers = record_numbers(record)
    return [*numbers, *_kept_word(record)] if numbers else []


def card_numbers(record: Record, choice: Choice | None) -> list[Number]:
    """Return everything a signal card cites."""
    numbers = record_numbers(record)
    if record.first is not None and record.last is not None:
        numbers += [
            Number("record_first", record.first.isoformat(), "label"),
            Number("record_last", record.last.isoformat(), "label"),
            Number("record_dates", float(record.dates), "count"),
        ]
    numbers += _kept_word(record)
    for name, entry in zip(BINS, record.bins, strict=False):
        if entry.record is not None:
            numbers += _bin(name, entry.record)
    if choice is not None and choice.gap is not None:
        numbers += [
            Number("choice_gap", choice.gap, "correlation"),
            Number("choice_gap_low", choice.gap_low or 0.0, "correlation"),
            Number("choice_gap_high", choice.gap_high or 0.0, "correlation"),
        ]
    return numbers


def _kept_word(record: Record) -> list[Number]:
    """Return what calls said of themselves, and how many outcomes the intervals held."""
    numbers = []
    if record.calls is not None and record.calls.stated is not None:
        numbers.append(Number("stated_rate", record.calls.stated, "fraction"))
    held = record.coverage
    if held is not None:
        numbers += [
            Number("interval_held", held.rate, "fraction"),
            Number("interval_held_low", held.low, "fraction"),
            Number("interval_held_high", held.high, "fraction"),
        ]
    return numbers


def _bin(name: str, calls: HitRate) -> list[Number]:
    """Return the hit rate of one third of the calls, with its interval, its base rate and what it said of itself."""
    numbers = [
        Number(f"hit_rate_{name}", calls.rate, "fraction"),
        Number(f"hit_rate_{name}_low", calls.low, "fraction"),
        Number(f"hit_rate_{name}_high", calls.high, "fraction"),
        Number(f"base_rate_{name}", calls.base_rate, "fraction"),
        Number(f"calls_{name}", float(calls.n), "count"),
    ]
    if calls.stated is not None:
        numbers.append(Number(f"stated_rate_{name}", calls.stated, "fraction"))
    return numbers
