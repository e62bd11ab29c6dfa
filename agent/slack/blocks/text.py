"""Text for Slack: nothing in it calls anybody, links anywhere or is longer than it may be.

Slack reads ``<!channel>``, ``<@U1>`` and ``<https://…>`` in a message's text, and turns a bare
``@channel``, ``#general`` or address into a link of its own where it is not told otherwise. What is
not ours may hold any of them: a sector's name, a model's sentence, a server's answer.
"""

from __future__ import annotations

import re

JOINER = "\N{WORD JOINER}"
"""Takes no room and parts what Slack would recognise only in one piece."""
ELLIPSIS = "…"
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_CALL = re.compile(rf"([@#])(?=[^\s{JOINER}])")
_ADDRESS = re.compile(rf"(?<=[A-Za-z]):(?=[^\s{JOINER}])")
_DOMAIN = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""


def neutralise(text: str) -> str:
    """Return a text that Slack shows as it stands: escaped, calling nobody and linking nowhere.

    Applying it twice changes nothing more, so that a text on its way through several hands is safe
    and still readable.
    """
    clean = _AMPERSAND.sub("&amp;", visible(text)).replace("<", "&lt;").replace(">", "&gt;")
    parted = _CALL.sub(rf"\1{JOINER}", clean)
    parted = _ADDRESS.sub(f":{JOINER}", parted)
    return _DOMAIN.sub(f".{JOINER}", parted)


def visible(text: str) -> str:
    """Return a text without characters that show nothing or turn the text around."""
    return _CONTROL.sub(" ", text)


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters on one line, its end marked where it was cut."""
    line = " ".join(visible(text).split())
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    head, space, _ = kept.rpartition(" ")
    return (head if space and len(head) > most // 2 else kept).rstrip() + ELLIPSIS


def pieces(text: str, most: int) -> list[str]:
    """Return a text in parts of at most so many characters, broken at lines, else words, else anywhere."""
    rest, found = text, []
    while len(rest) > most:
        at = max(rest.rfind("\n", 0, most), 0) or max(rest.rfind(" ", 0, most), 0) or most
        found.append(rest[:at])
        rest = rest[at:].lstrip("\n ") if at < most else rest[at:]
    return [part for part in (*found, rest) if part.strip()]
