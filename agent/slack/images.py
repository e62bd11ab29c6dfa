"""The chart of an answer, drawn where the library for it is installed."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brief.model import Brief

log = logging.getLogger(__name__)


def chart_of(brief: Brief) -> bytes | None:
    """Return the heatmap of a brief as PNG, None where nothing here can draw."""
    try:
        from agent.reports.images import heatmap_png
    except ImportError as error:
        _say_once(str(error))
        return None
    return heatmap_png(brief)


@cache
def _say_once(why: str) -> None:
    log.warning("Answers come without a chart: %s.", why)
