"""A brief as one self-contained page.

The page is the brief's Markdown, heading by heading, with charts where it has tables for them. It asks
nothing of any network: style, scripts and numbers stand in it, and its policy forbids everything else.
Without scripts every chart is its table.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agent.reports.data import NO_DATA
from agent.reports.palette import css, exchange
from agent.reports.parts import drawn_parts, outlook
from agent.reports.sections import told
from agent.reports.words import WORDS, word

if TYPE_CHECKING:
    from agent.brief.model import Brief
    from agent.reports.data import ReportData

STATIC = Path(__file__).parent / "static"
LIBRARY = STATIC / "plotly.min.js"
"""Plotly's bundle of cartesian charts, which other pages may serve too."""


def as_html(brief: Brief, data: ReportData = NO_DATA) -> str:
    """Return a brief as one page that asks nothing of any network."""
    parts = told(brief.markdown, brief.language)
    rows, figures = drawn_parts(brief, data, parts.sections)
    library, script = _static("plotly.min.js"), _static("page.js")
    title = parts.title or brief.question.strip() or "Sectorvane"
    return _environment().get_template("page.html.jinja").render(
        brief=brief,
        told=parts._replace(prose=Markup(parts.prose)),  # noqa: S704 - escaped by its renderer
        title=title,
        asked=brief.question.strip() if parts.title else "",
        rows=rows,
        outlook=outlook(brief, data),
        words=WORDS[brief.language],
        footer=_footer(brief),
        figures=_inert({"figures": figures, "dark": exchange()}) if figures else "",
        # These three are files of this package, and the policy knows the scripts by their hashes.
        style=Markup(css() + _static("page.css")),  # noqa: S704
        library=Markup(library),  # noqa: S704
        script=Markup(script),  # noqa: S704
        running=_running(brief),
        policy=policy(library, script),
    )  # fmt: skip


def policy(*scripts: str) -> str:
    """Return a content security policy that allows these scripts, and no request at all."""
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _inert(value: object) -> Markup:
    """Return a value as JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no tag is left in it


def _running(brief: Brief) -> Markup:
    """Return what stands on every printed sheet, as a string of CSS: nothing from outside."""
    said = ["Sectorvane", brief.market.as_of.isoformat()]
    if brief.market.simulated:
        said.append(word("simulated", brief.language))
    return Markup(json.dumps(" · ".join(said), ensure_ascii=False))  # noqa: S704


def _footer(brief: Brief) -> str:
    language, card = brief.language, brief.scorecard
    said = [f"{word('run', language)} {brief.run_id}"]
    if card is not None:
        said.append(f"{word('model', language)} {card.model}")
        said.append(f"{word('artefact', language)} {card.artefact[:12]}")
    writer = brief.usage.model or brief.usage.brain
    return " · ".join((*said, f"{word('written_by', language)} {writer}"))


@cache
def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
