"""The page itself: one template, its words put in; nothing in it comes from a question."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from agent.web.words import EXAMPLES, PAGE, TOOLS

if TYPE_CHECKING:
    from agent.brief.model import Language
    from agent.settings import LanguageName

THEMES = ("light", "dark")
_TEMPLATE = Path(__file__).parent / "static" / "page.html"
_BLANK = re.compile(r"\{\{(\w+)\}\}")


def page(*, wanted: str, fixed: LanguageName, theme: str) -> str:
    """Return the page.

    Parameters
    ----------
    wanted
        The browser's ``Accept-Language``.
    fixed
        The language that the settings fix; ``auto``: the browser's.
    theme
        ``light`` or ``dark`` as the reader chose it; anything else: as the system.
    """
    language = language_of(wanted) if fixed == "auto" else fixed
    return _filled(language, theme if theme in THEMES else "auto")


def language_of(wanted: str) -> Language:
    """Return the first of the page's languages that a browser names, in its order; else English."""
    for part in wanted.split(","):
        name = part.partition(";")[0].strip().lower()
        if name.partition("-")[0] in ("en", "vi"):
            return "vi" if name.startswith("vi") else "en"
    return "en"


@cache
def _filled(language: Language, theme: str) -> str:
    words = PAGE[language]
    own = {
        "lang": language,
        "chosen": theme,
        "words": _as_data({"page": PAGE, "tools": TOOLS, "examples": EXAMPLES}),
    }

    def fill(blank: re.Match[str]) -> str:
        name = blank[1]
        return own[name] if name in own else escape(words[name])

    return _BLANK.sub(fill, _TEMPLATE.read_text(encoding="utf-8"))


def _as_data(content: object) -> str:
    """Return JSON that may stand inside a script element: no character in it can end that."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
