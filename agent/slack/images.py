"""The chart of an answer, drawn where the library for it is installed and the answer has one."""

from __future__ import annotations

import logging
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brief.model import Brief

log = logging.getLogger(__name__)


def chart_of(brief: Brief) -> bytes | None:
    """Return the heatmap of a brief as PNG, None where nothing here can draw.

    Raises
    ------
    UnusableInputError
        Where the brief has no heatmap.
    """
    if find_spec("matplotlib") is None:
        _say_once("the extra that draws them is not installed")
        return None
    from agent.reports.images import heatmap_png

    return heatmap_png(brief)


@cache
def _say_once(why: str) -> None:
    log.warning("Answers come without a chart: %s.", why)
