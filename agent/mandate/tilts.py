"""From calls to tilts: what may be added to or taken from a sector's weight, so that it sums to zero.

A call becomes a tilt when its confidence is enough for the reader's risk tolerance: high alone at low tolerance, high
and medium at medium, any at high. Its size is ::

    largest tilt × min(1, |probability − 0.5| / 0.10) × (1 for high, 0.5 for medium, 0.25 for low confidence)

so that a chance 10 points from even is a full one, cut so that the bad end of the 80 % interval would cost the
portfolio no more than a loss budget: 0.2 %, 0.5 % or 1 % by tolerance. Where calls point both ways the larger side is
scaled down to the smaller. Where all point one way, the sectors without a tilt carry the other side evenly, each no
more than the largest tilt; what they cannot carry is taken off the calls. A single sector has nothing to be held
against, so it gets no tilt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agent.brief.model import BriefMandate
    from tools.contracts import Confidence, SectorScore

FULL = 0.10
"""Distance from an even chance at which a call is a full one."""
ENOUGH: Mapping[str, tuple[Confidence, ...]] = {
    "low": ("high",),
    "medium": ("high", "medium"),
    "high": ("high", "medium", "low"),
}
"""Risk tolerance → the confidence of calls that become tilts."""
WEIGHT: Mapping[Confidence, float] = {"high": 1.0, "medium": 0.5, "low": 0.25}
LOSS_BUDGET: Mapping[str, float] = {"low": 0.002, "medium": 0.005, "high": 0.01}
"""Risk tolerance → what the bad end of one tilt may cost, a fraction of the portfolio."""


def tilts(rows: Sequence[SectorScore], mandate: BriefMandate) -> dict[str, float]:
    """Return the tilt of each sector, a fraction of the portfolio.

    Parameters
    ----------
    rows
        The scorecard's rows within the mandate.
    mandate
        Risk tolerance and largest tilt.

    Returns
    -------
    dict
        Sector → tilt, in the rows' order, without sectors that get none. Sums to zero up to rounding; no size is
        above the largest tilt. Empty where no call is firm enough or nothing stands against it.
    """
    wanted = {row.sector: _wanted(row, mandate) for row in rows}
    up = sum(size for size in wanted.values() if size > 0)
    down = -sum(size for size in wanted.values() if size < 0)
    if up and down:
        small = min(up, down)
        scale = {1: small / up, -1: small / down}
        balanced = {code: size * scale[1 if size > 0 else -1] for code, size in wanted.items()}
    else:
        balanced = _one_sided(wanted, mandate.largest_tilt)
    return {code: size for code, size in balanced.items() if size}


def _wanted(row: SectorScore, mandate: BriefMandate) -> float:
    """Return what one call alone would move its weight by."""
    if row.call == "none" or row.confidence not in ENOUGH[mandate.risk_tolerance]:
        return 0.0
    size = mandate.largest_tilt * min(1.0, abs(row.probability - 0.5) / FULL)
    size *= WEIGHT[row.confidence]
    gains = row.call == "outperform"
    bad_end = -row.low if gains else row.high
    if bad_end > 0:
        size = min(size, LOSS_BUDGET[mandate.risk_tolerance] / bad_end)
    return size if gains else -size


def _one_sided(wanted: Mapping[str, float], largest: float) -> dict[str, float]:
    """Set the sectors without a call evenly against calls that all point one way."""
    rest = [code for code, size in wanted.items() if not size]
    total = sum(wanted.values())
    if not rest or not total:
        return dict.fromkeys(wanted, 0.0)
    each = min(abs(total) / len(rest), largest)
    carried = each * len(rest) / abs(total)
    against = -each if total > 0 else each
    return {code: size * carried if size else against for code, size in wanted.items()}
