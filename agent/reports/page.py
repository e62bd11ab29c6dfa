"""A brief as one self-contained page."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from agent.reports.data import ReportData
from agent.reports.figures import heatmap

if TYPE_CHECKING:
    from agent.brief.model import Brief

NO_DATA = ReportData()


def as_html(brief: Brief, data: ReportData = NO_DATA) -> str:
    """Return a brief as one page that asks nothing of any network."""
    figure = json.dumps(heatmap(brief, data)).replace("<", "\\u003c")
    return (
        f"<!doctype html><title>x</title><pre>{escape(brief.markdown)}</pre><!-- {len(figure)} -->"
    )
