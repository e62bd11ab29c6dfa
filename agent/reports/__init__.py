"""A brief as a page, as Plotly figures and as images.

Everything is made from the typed brief and a :class:`agent.reports.data.ReportData` beside it, as
pure functions of both. Charts say nothing that a table of the same page does not. Nothing here may
import Plotly's Python package; Matplotlib only :mod:`agent.reports.drawing`, when an image is drawn.
"""

from __future__ import annotations
