"""Prompts that an MCP server offers to the people behind other programs, one file a language.

They tell somebody else's model how to use the tools and what it may not do. Blanks are written as
in the other prompts; what fills them are names the market knows, never a reader's own text.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["LANGUAGES", "OFFERED", "offer"]

OFFERED = ("daily_brief", "compare", "stress")
LANGUAGES = ("en", "vi")
_BLANK = re.compile(r"\{\{([a-z_]+)\}\}")


def offer(name: str, language: Literal["en", "vi"], /, **values: str) -> str:
    """Fill the blanks of an offered prompt.

    Raises
    ------
    ValueError
        When the prompt is unknown, a value is missing, or a value has no blank.
    """
    text = _text(name, language)
    blanks = set(_BLANK.findall(text))
    missing, unused = sorted(blanks - set(values)), sorted(set(values) - blanks)
    if missing or unused:
        raise ValueError(
            f"prompt {name!r}: values missing for {missing}, values without a blank: {unused}"
        )
    return _BLANK.sub(lambda blank: values[blank[1]], text)


@cache
def _text(name: str, language: str) -> str:
    if name not in OFFERED or language not in LANGUAGES:
        raise ValueError(f"unknown prompt {name!r} in {language!r}")
    raw = files("prompts.offered").joinpath(f"{name}.{language}.md").read_text(encoding="utf-8")
    return raw.replace("\r\n", "\n").strip()
