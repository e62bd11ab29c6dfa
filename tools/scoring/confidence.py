"""How far a call may be trusted: by the record of equally confident calls, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.scoring.features import FEATURES, MAIN_GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tools.contracts import Call, Confidence
    from tools.scoring.artefact import InForce


def confidence_of(
    fitted: InForce,
    sector: str,
    *,
    probability: float,
    call: Call,
    contributions: Mapping[str, float],
    known: Collection[str],
    missing_groups: Collection[str],
    excluded: Collection[str],
    thin: bool,
    weak: Collection[str] = (),
) -> Confidence:
    """Grade one sector's call.

    Parameters
    ----------
    fitted
        Parameters and record in force.
    sector
        Its code.
    probability, call
        What is to be graded.
    contributions
        The groups the sector has.
    known
        Names of the inputs the sector has.
    missing_groups
        Groups no sector has.
    excluded
        Groups left out at the reader's wish; they cannot make a call high, but are no gap of the
        data.
    thin
        Whether the sector has too few shares to stand for itself.
    weak
        Groups whose feed fails its checks; a main one is as good as missing.
    """
    needed = {*MAIN_GROUPS, *fitted.groups} - (set(excluded) - set(MAIN_GROUPS))
    entry = fitted.record.bin_of(probability)
    record = None if entry is None else entry.record
    doubted = set(weak) & (needed | set(MAIN_GROUPS))
    missing = (needed - set(contributions)) | (doubted & set(MAIN_GROUPS))
    if call == "none" or thin or record is None or missing:
        return "low"
    inputs = {spec.name for spec in FEATURES if spec.name in fitted.pasts.get(sector, {})}
    complete = not missing_groups and not doubted and inputs <= set(known)
    return "high" if complete and record.low > record.base_rate else "medium"
