"""The prompts, one Markdown file each, and the one function that fills them.

A file has a system part and, below the line ``<!-- user -->``, a user part. The system part has no
blanks: it is the same bytes in every run, so that no text of a reader, a market or a tool can ever
reach the system role. Blanks of the user part are written ``{{name}}`` in small letters; fact slots
(``{{45.rel_return.1W}}``, ``{{name:45}}``) do not look like that and pass untouched. Values are put
in once and never scanned for blanks themselves.

This package imports nothing of ``agent`` or ``tools``.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["PROMPTS", "Prompt", "hashes", "render"]

PROMPTS = ("plan", "compose", "repair")
_BLANK = re.compile(r"\{\{([a-z_]+)\}\}")
_DIVIDER = "\n<!-- user -->\n"


class Prompt(NamedTuple):
    """A filled prompt, by role."""

    system: str
    user: str


def render(name: str, /, **values: str) -> Prompt:
    """Fill the blanks of a prompt.

    Raises
    ------
    ValueError
        When the prompt is unknown, a value is missing, or a value has no blank.
    """
    system, user = _parts(name)
    blanks = set(_BLANK.findall(user))
    missing, unused = sorted(blanks - set(values)), sorted(set(values) - blanks)
    if missing or unused:
        raise ValueError(
            f"prompt {name!r}: values missing for {missing}, values without a blank: {unused}"
        )
    return Prompt(system, _BLANK.sub(lambda blank: values[blank[1]], user))


def hashes() -> dict[str, str]:
    """Return the SHA-256 of every prompt file, for the record of a run."""
    return {name: hashlib.sha256(_text(name).encode()).hexdigest() for name in PROMPTS}


@cache
def _text(name: str) -> str:
    if name not in PROMPTS:
        raise ValueError(f"unknown prompt {name!r}; there are {', '.join(PROMPTS)}")
    raw = files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    return raw.replace("\r\n", "\n")


@cache
def _parts(name: str) -> Prompt:
    system, divider, user = _text(name).partition(_DIVIDER)
    if not divider:
        raise ValueError(f"prompt {name!r} lacks its line <!-- user -->")
    if _BLANK.search(system):
        raise ValueError(f"prompt {name!r}: the system part must hold no blanks")
    return Prompt(system.strip(), user.strip())
