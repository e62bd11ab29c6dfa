"""A walk-forward as Markdown: what a portfolio manager needs first, and all of it with ``--full``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.lexicon import metric_name, window
from agent.commands.tables import markdown_table
from tools.contracts import MARKET_ENTITY, parse_fact_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tools.backtest.lead import Lead
    from tools.backtest.measures import Measures
    from tools.backtest.performance import Performance
    from tools.backtest.regimes import Slice
    from tools.backtest.report import WalkForwardReport
    from tools.backtest.resampling import Estimate, Spread

    Written = Callable[[float], str]

SERVED = "sectorvane"
SHORT = (
    "sectorvane", "composite", "ensemble", "past_chosen", "always_outperform", "equal_weight",
    "momentum_1m", "momentum_6m", "momentum_12_1", "reversal", "low_volatility",
    "relative_strength", "business_cycle", "random",
)  # fmt: skip
"""Models of the short tables; the single features are in the full ones."""
_FULL_ONLY = frozenset({"Brier", "log loss", "Sortino", "Calmar", "long-short Sharpe"})
"""Columns of the full tables alone."""
_LED = ("past_chosen", "momentum_12_1", "relative_strength")
_RANKED = (
    "model",
    "dates",
    "IC",
    "95%",
    "t",
    "IC − past_chosen",
    "hits",
    "95%",
    "base rate",
    "calls",
)
_CHANCES = (
    "model", "Brier", "skill against ½", "against known base rate", "log loss", "resolution",
    "calibration error", "calibrated", "in 80%", "calibrated", "surest tenth right",
)  # fmt: skip
_HELD = (
    "model", "top three a year", "volatility", "Sharpe", "Sortino", "worst", "Calmar",
    "deflated", "turnover", "tilt, excess a year", "long-short a year",
    "long-short Sharpe",
)  # fmt: skip
_LEADS = ("model", "entries", "median lead", "middle half", "misses", "taken in", "false", "flips")
_SLICES = ("model", "when", "dates", "IC", "95%", "hits", "base rate", "calls")


def as_markdown(report: WalkForwardReport, *, full: bool, served: str = SERVED) -> str:
    """Return a walk-forward as tables, with what to hold of it in words before and after.

    Parameters
    ----------
    report
        What was found.
    full
        Whether all models, states and years are shown.
    served
        The model that the words are about: what `auto` serves, or the one asked for.
    """
    simulated = " (SIMULATED)" if report.simulated else ""
    models = [entry for entry in _ordered(report, served) if full or entry.model in SHORT]
    parts = [
        f"# Walk-forward of {report.market}{simulated}, horizon {report.horizon}, every {report.every}",
        f"{report.first} to {report.last}; costs {report.costs_bp:g} basis points.",
        in_words(report, served),
        f"**Ranking and calls**\n\n{markdown_table(_RANKED, _ranked(report, models), numbers=True)}",
    ]
    if chances := list(_chances(models)):
        parts.append(f"**Probabilities and intervals**\n\n{_table(_CHANCES, chances, full=full)}")
    if report.portfolios:
        held = _table(_HELD, list(_held(report, models)), full=full)
        parts.append(f"**Paper portfolios**\n\n{held}")
    led = [entry for entry in models if full or entry.model in (served, *_LED)]
    parts.append(
        f"**Coming leaders**\n\n{markdown_table(_LEADS, list(_leads(report, led)), numbers=True)}"
    )
    parts += list(_slices(models if full else [e for e in models if e.model == served], full=full))
    parts.append("\n".join(f"- {note}" for note in (*_reading(report), *report.notes)))
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, full: bool) -> str:
    kept = [at for at, head in enumerate(heads) if full or head not in _FULL_ONLY]
    cut = [[row[at] for at in kept] for row in rows]
    return markdown_table([heads[at] for at in kept], cut, numbers=True)


def _ordered(report: WalkForwardReport, served: str) -> list[Measures]:
    """Return the models, the served one first."""
    return sorted(report.models, key=lambda entry: entry.model != served)


def in_words(report: WalkForwardReport, served: str = SERVED) -> str:
    """Return what the record says of the served model, as one would tell it."""
    mine = next((entry for entry in report.models if entry.model == served), None)
    if mine is None or not mine.dates:
        return "No outcome is known yet: there is no record."
    said = [_order_in_words(mine)]
    if mine.hits:
        beyond = "above" if mine.hits.low > mine.hits.base_rate else "not reliably above"
        said.append(
            f"It called {percent(mine.call_share)} of all sectors and was right in {percent(mine.hits.rate, 1)} "
            f"({span(mine.hits.low, mine.hits.high, percent)}), {beyond} the base rate of "
            f"{percent(mine.hits.base_rate, 1)}."
        )
    if mine.mean_ic is not None and (ahead := mine.against_past_chosen) is not None:
        said.append(
            f"Against the single signal chosen on the past it gained {estimate(ahead, signed)}."
        )
    if mine.mean_ic is not None and report.ceiling is not None:
        said.append(
            f"With hindsight the best single signal was {named(report.ceiling.model)}, "
            f"{signed(report.ceiling.mean_ic)}: a ceiling that nobody could have held."
        )
    return " ".join(said)


def _order_in_words(mine: Measures) -> str:
    """Return how the served model ranked."""
    if mine.mean_ic is None or mine.ic_low is None:
        return "Too few dates have three sectors to rank and a known outcome to judge the served model's ranking."
    if mine.ic_low > 0.0:
        verdict = "better than chance"
    else:
        verdict = (
            "no better than chance" if mine.mean_ic > 0.0 else "no better than chance, rather worse"
        )
    return (
        f"The served model ranked {verdict}: mean rank correlation {signed(mine.mean_ic)} "
        f"({span(mine.ic_low, mine.ic_high, signed)})."
    )


def _ranked(report: WalkForwardReport, models: Sequence[Measures]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [
        (
            row.model,
            row.dates,
            signed(row.mean_ic),
            span(row.ic_low, row.ic_high, signed),
            signed(row.ic_t, 1),
            estimate(row.against_past_chosen, signed),
            percent(row.hits.rate if row.hits else None, 1),
            span(row.hits.low, row.hits.high, percent) if row.hits else "none",
            percent(row.hits.base_rate if row.hits else max(row.base_rate, 1 - row.base_rate), 1),
            percent(row.call_share),
        )
        for row in models
    ]
    if report.ceiling is not None:
        name = f"ceiling: {named(report.ceiling.model)}"
        rows.append((name, "", signed(report.ceiling.mean_ic), *("" for _ in range(7))))
    return rows


def _chances(models: Sequence[Measures]) -> Iterator[Sequence[object]]:
    for row in models:
        found, inside = row.probability, row.interval
        if found is None:
            continue
        yield (
            row.model,
            f"{found.brier:.4f}",
            estimate(found.skill_half, signed),
            estimate(found.skill_known_rate, signed),
            f"{found.log_loss:.4f}",
            f"{found.parts.resolution:.5f}",
            f"{found.calibration_error.value:.3f}",
            _spread(found.calibration_error),
            percent(inside.coverage.value, 1) if inside else "none",
            _spread(inside.coverage, as_percent=True) if inside else "none",
            f"{percent(found.surest.rate, 1)} ({span(found.surest.low, found.surest.high, percent)})"
            if found.surest
            else "none",
        )


def _held(report: WalkForwardReport, models: Sequence[Measures]) -> Iterator[Sequence[object]]:
    bought = report.portfolios.get("benchmark")
    names = [entry.model for entry in models if entry.model in report.portfolios]
    for name in (*names, *(["benchmark"] if bought else [])):
        top, tilt = report.portfolios[name], report.tilts.get(name)
        both = report.long_short.get(name)
        yield (
            name,
            percent(top.annual_return, 1),
            percent(top.volatility, 1),
            signed(top.sharpe, 2),
            signed(top.sortino, 2),
            percent(top.max_drawdown, 1),
            signed(top.calmar, 2),
            percent(top.deflated_sharpe),
            f"{top.turnover:.1f}",
            _excess(tilt),
            percent(both.annual_return if both else None, 1),
            signed(both.sharpe if both else None, 2),
        )


def _excess(tilt: Performance | None) -> str:
    if tilt is None or tilt.excess is None:
        return "none"
    return f"{100 * tilt.excess:+.1f}%"


def _leads(report: WalkForwardReport, models: Sequence[Measures]) -> Iterator[Sequence[object]]:
    for row in models:
        found = report.leads[row.model]
        yield (
            row.model,
            found.entries,
            "none" if found.median is None else f"{found.median:+g}",
            _middle(found),
            found.misses,
            found.taken_in,
            found.false_entries,
            percent(row.flip_rate, 1),
        )


def _middle(found: Lead) -> str:
    if found.lower_quarter is None or found.upper_quarter is None:
        return "none"
    return f"{found.lower_quarter:+g} to {found.upper_quarter:+g}"


def _slices(models: Sequence[Measures], *, full: bool) -> Iterator[str]:
    rows = [_slice(row.model, part) for row in models for part in row.regimes]
    if rows:
        yield f"**By the market's state**\n\n{markdown_table(_SLICES, rows, numbers=True)}"
    years = [_slice(row.model, part) for row in models for part in row.years]
    if full and years:
        yield f"**By year**\n\n{markdown_table(_SLICES, years, numbers=True)}"


def _slice(model: str, part: Slice) -> Sequence[object]:
    return (
        model,
        part.name,
        part.dates,
        signed(part.mean_ic),
        span(part.ic_low, part.ic_high, signed),
        percent(part.hit_rate, 1),
        percent(part.base_rate, 1),
        percent(part.call_share),
    )


def _reading(report: WalkForwardReport) -> Iterator[str]:
    yield "IC is the mean rank correlation of a date's ranking with the relative returns that followed; 0 is chance."
    yield (
        "Calibrated: the 95% range that a forecaster whose probabilities (intervals) were exactly right would have "
        "shown on the same dates, with the market's own dependence of sectors and dates."
    )
    yield (
        "Deflated: chance that the top three's Sharpe ratio is above the best to be expected of so many models without "
        f"any skill. The tilt moves equal weights by at most {percent(report.largest_tilt)}; its excess is over the "
        "benchmark."
    )
    yield (
        "Lead: rows from the day a ranking's top three took a coming leader in to the day it joined the top three of "
        "the last 63 days for good (21 of 26 days); negative is late; false: taken in, and no leader within 63 days. "
        "Flips: sectors that changed halves of the ranking from one date to the next."
    )


def named(signal: str) -> str:
    """Return what a single signal is called for a reader; another model goes by its own name."""
    kind, _, rest = signal.removeprefix("-").partition(".")
    if kind == "feature":
        found = parse_fact_id(f"{MARKET_ENTITY}.{rest}")
        name = f"{metric_name(found.metric, 'en')} {window(found.period, 'en')}".strip()
    elif kind == "signal":
        name = rest.replace("_", " ")
    else:
        return signal
    return f"the reverse of {name}" if signal.startswith("-") else name


def percent(value: float | None, digits: int = 0) -> str:
    """Return a fraction in percent; "none" for None."""
    return "none" if value is None else f"{round(100 * value, digits) + 0.0:.{digits}f}%"


def signed(value: float | None, digits: int = 3) -> str:
    """Return a number with its sign; "none" for None."""
    return "none" if value is None else f"{round(value, digits) + 0.0:+.{digits}f}"


def span(low: float | None, high: float | None, written: Written) -> str:
    """Return an interval; "none" where it is not known."""
    if low is None or high is None:
        return "none"
    return f"{written(low)} to {written(high)}"


def estimate(found: Estimate | None, written: Written) -> str:
    """Return a number with its interval; "none" for None."""
    if found is None:
        return "none"
    if found.low is None or found.high is None:
        return written(found.value)
    return f"{written(found.value)} ({written(found.low)} to {written(found.high)})"


def _spread(found: Spread, *, as_percent: bool = False) -> str:
    if found.low is None or found.high is None:
        return "none"
    if as_percent:
        return f"{percent(found.low, 1)} to {percent(found.high, 1)}"
    return f"{found.low:.3f} to {found.high:.3f}"
