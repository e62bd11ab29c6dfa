"""How each sector has answered to macro news: ridge regressions on what releases brought, fading.

News is what a release brought beyond how its series tends to go on, and moves nothing for ever, so it fades. Answers
are measured sector by sector on past dates only and drawn strongly to nothing, the more so the more series a market
has. What they are worth together is for the ensemble to learn from what they would have said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.measures import macro
from tools.measures.vintages import SURPRISE_NEEDED
from tools.scoring.calibration import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel
    from tools.view import AsOfView

FADE_DAYS, FADE_MONTHS = 0.9, 0.5
"""What is left of a surprise after a trading day, and after a month in monthly markets."""
PRIOR_SD = 0.15
"""Prior standard deviation of all answers together, in standard deviations of a relative return."""


def macro_states(view: AsOfView) -> pd.DataFrame:
    """Return the fading news of every macro series that is not traded, days × series, in standard deviations.

    The sum of what past releases brought, clipped at three, each faded by its age. Zero where nothing is known yet.
    Row t uses only what was published when its prices became usable.
    """
    if "macro states" not in view.memo:
        columns = {name: _faded(view, name) for name in macro.series_names(view)}
        frame = pd.DataFrame(columns, index=view.days)
        view.memo["macro states"] = frame
    return cast("pd.DataFrame", view.memo["macro states"])


def _faded(view: AsOfView, name: str) -> NDArray[np.float64]:
    vintages, out = macro.vintages(view, name), np.zeros(len(view.days))
    releases, news = vintages.releases, vintages.innovations
    # what trades every day surprises every day: its changes are in the macro tilt
    near_daily = vintages.usual_gap_days(SURPRISE_NEEDED) <= macro.DAILY_GAP_DAYS
    if (near_daily and not view.market.monthly) or not len(releases.published):
        return out
    at = np.searchsorted(view.knowledge_days, releases.published)
    kept = (at < len(out)) & np.isfinite(news)
    np.add.at(out, at[kept], np.clip(news[kept], -3.0, 3.0))
    fade = FADE_MONTHS if view.market.monthly else FADE_DAYS
    total = 0.0
    for row, brought in enumerate(out.tolist()):
        total = total * fade + brought
        out[row] = total
    return out


def responses(
    panel: FeaturePanel, target: NDArray[np.float64], n_known: int
) -> NDArray[np.float64]:
    """Measure every sector's answer to every state.

    Parameters
    ----------
    panel
        The market's panel; rows from `n_known` on are not looked at.
    target
        Relative returns that followed, in standard deviations, shape (n_days, n_sectors); NaN where unknown.
    n_known
        Number of rows known; outcomes that end there count.

    Returns
    -------
    ndarray of shape (n_sectors, n_states)
        Standard deviations of the relative return per unit of state; zero before a year of outcomes.
    """
    n_sectors, n_states = target.shape[1], panel.states.shape[1]
    out = np.zeros((n_sectors, n_states))
    rows = np.arange(0, max(0, n_known - panel.horizon_rows), panel.stride)
    weight = min(1.0, panel.stride / panel.horizon_rows)
    if not n_states:
        return out
    active = int((panel.states[rows] != 0).any(axis=0).sum())
    ridge = np.eye(n_states) * (max(active, 1) / PRIOR_SD**2)
    for sector in range(n_sectors):
        known = np.isfinite(target[rows, sector])
        if int(known.sum()) * panel.stride < panel.year:
            continue
        states, outcome = panel.states[rows][known], target[rows, sector][known]
        # einsum without optimisation sums in a fixed order whatever the number of threads
        gram = weight * np.einsum("ti,tj->ij", states, states) + ridge
        moment = weight * np.einsum("ti,t->i", states, outcome)
        out[sector] = [rounded(float(value)) for value in np.linalg.solve(gram, moment)]
    return out


def respond(answers: NDArray[np.float64], states: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the answers say of each sector, shape (n_days, n_sectors), from states (n_days, n_states)."""
    return np.asarray(np.einsum("tk,sk->ts", states, answers), dtype=np.float64)
