"""What a person wrote, as words for us: a question without Slack's markup, a command, a stop."""

from __future__ import annotations

import html
import re
from typing import Literal, NamedTuple

LONGEST_QUESTION = 3_000
"""Characters; a question that is longer is a document."""
Verb = Literal["ask", "help", "subscribe", "unsubscribe", "list", "health"]
STOPS = frozenset(
    {"stop", "cancel", "abort", "dừng", "dung", "dừng lại", "dung lai", "hủy", "huỷ", "huy", "thôi"}
)
_VERBS: dict[str, Verb] = {
    "ask": "ask", "help": "help", "health": "health", "list": "list", "subscriptions": "list",
    "subscribe": "subscribe", "unsubscribe": "unsubscribe",
    "hỏi": "ask", "giúp": "help", "đăng ký": "subscribe", "hủy đăng ký": "unsubscribe",
}  # fmt: skip
_MARKUP = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_MARKED = re.compile(r"(?<!\w)([*_~`])\1{0,2}(?=\S)(.{0,300}?[^\s])\1{1,3}(?!\w)")
"""Marks stand around words, never within one: FED_RATE has none."""
_DEEPEST = 3
"""Marks that may stand around one another."""
_SPACE = re.compile(r"\s+")


class Command(NamedTuple):
    """One ``/sectorvane`` command."""

    verb: Verb
    text: str = ""


def people_in(text: str) -> frozenset[str]:
    """Return the ids of the people that a text mentions."""
    return frozenset(_PERSON.findall(text))


def question_in(text: str) -> str:
    """Return a message as a question: mentions gone, links and channels by their names, one line."""
    plain = _MARKUP.sub(_named, text)
    words = html.unescape(plain)
    for _ in range(_DEEPEST):
        words = _MARKED.sub(r"\2", words)
    return _SPACE.sub(" ", words).strip(" ,:\t\n")


def is_stop(question: str) -> bool:
    """Return whether a message only asks to stop."""
    return question.casefold().strip(" .!?") in STOPS


def read_command(text: str) -> Command:
    """Return the command that follows ``/sectorvane``; what begins with none is a question."""
    words = text.strip()
    for name in sorted(_VERBS, key=len, reverse=True):
        head, rest = words[: len(name)], words[len(name) :]
        if head.casefold() == name and (not rest or rest[0].isspace()):
            return _settled(_VERBS[name], rest.strip())
    return _settled("ask", words)


def _settled(verb: Verb, text: str) -> Command:
    """Return a command; one without its words asks for help."""
    if verb == "help" and text:
        # "help me choose a sector" is a question.
        return Command("ask", question_in(f"help {text}"))
    if verb in ("list", "health"):
        return Command(verb)
    if not text:
        return Command("list" if verb == "unsubscribe" else "help")
    return Command(verb, question_in(text))


def _named(found: re.Match[str]) -> str:
    """Return what Slack's ``<…>`` stands for, in words."""
    inside = found[1]
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return " "
        case "#":
            return f"#{label}" if label else " "
        case "!":
            return label if target.startswith("!date") else " "
        case _:
            return label or target
