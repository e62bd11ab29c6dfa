"""The slash commands of a conversation: a look at what is held, or a change of what is asked."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from agent.editing import tool_named
from agent.settings import parse_day
from agent.terminal.output import REPORT_KINDS, save
from agent.terminal.slash_memory import MEMORY_COMMANDS
from agent.terminal.talk import Command, Talk, answered
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from datetime import date

    from agent.brief.model import Brief, BriefFact
    from agent.reports.data import ReportData
    from tools.contracts import MarketStamp


async def dispatch(talk: Talk, line: str) -> bool:
    """Run the slash command in `line`; return whether the conversation goes on.

    Raises
    ------
    UnusableInputError
        When there is no such command, naming the nearest one.
    """
    name, _, argument = line.strip().partition(" ")
    for command in COMMANDS:
        if command.name == name.lower():
            return await command.run(talk, argument.strip())
    nearest = difflib.get_close_matches(
        name.lower(), [command.name for command in COMMANDS], 1, 0.5
    )
    todo = f"Did you mean {nearest[0]}?" if nearest else "See /help."
    raise UnusableInputError("a slash command", name, todo)


async def _help(talk: Talk, _argument: str) -> bool:
    talk.say("Ask in English or Vietnamese, or type a command:")
    talk.table(
        ("command", "does"),
        [(f"{command.name} {command.argument}".rstrip(), command.does) for command in COMMANDS],
    )
    return True


async def _plan(talk: Talk, argument: str) -> bool:
    brief = answered(talk)
    verb, _, topic = argument.partition(" ")
    if verb in ("skip", "without"):
        await talk.ask(brief.question, skip=(_made(brief, topic.strip()),))
        return True
    if argument:
        raise UnusableInputError(
            "nothing after /plan, or skip and a call",
            repr(argument),
            "For example: /plan skip macro",
        )
    if not brief.plan:
        talk.say("The last answer needed no call.")
        return True
    talk.table(
        ("tool", "arguments", "asked by", "status", "ms", "why"),
        [
            (
                call.tool,
                ", ".join(f"{key}={value}" for key, value in call.arguments.items()),
                call.origin,
                call.status,
                f"{call.ms:.0f}",
                call.reason,
            )
            for call in brief.plan
        ],
    )
    return True


async def _why(talk: Talk, argument: str) -> bool:
    if not argument:
        raise UnusableInputError("a sector after /why", "nothing", "For example: /why Energy")
    vietnamese = talk.last is not None and talk.last.language == "vi"
    await talk.ask(
        f"Vì sao {argument} xếp hạng như vậy?" if vietnamese else f"Why is {argument} ranked there?"
    )
    return True


async def _facts(talk: Talk, argument: str) -> bool:
    brief = answered(talk)
    wanted = argument.casefold()
    rows = [
        (
            fact_id,
            _shown(fact),
            fact.unit,
            fact.observed_on.isoformat(),
            fact.published_on.isoformat(),
            fact.source,
        )
        for fact_id, fact in brief.facts.items()
        if wanted in fact_id.casefold()
    ]
    if rows:
        talk.table(("fact", "value", "unit", "observed", "published", "source"), rows)
    else:
        talk.say(f"None of the {len(brief.facts)} facts held has {argument!r} in its id.")
    return True


async def _market(talk: Talk, argument: str) -> bool:
    if argument:
        talk.set_market(argument)
    talk.say(_where(talk.stamp))
    return True


async def _as_of(talk: Talk, argument: str) -> bool:
    if argument:
        talk.set_as_of(None if argument.lower() in ("last", "auto") else _day(argument))
    talk.say(_where(talk.stamp))
    return True


async def _compare(talk: Talk, argument: str) -> bool:
    brief = answered(talk)
    await talk.ask(brief.question, compare=_day(argument))
    return True


async def _save(talk: Talk, argument: str) -> bool:
    brief = answered(talk)
    if not argument:
        raise UnusableInputError("a file after /save", "nothing", "For example: /save brief.md")
    path = Path(argument).expanduser()
    save(brief, path, _shown_beside(talk, path))
    talk.say(f"Saved to {path}.")
    return True


def _shown_beside(talk: Talk, path: Path) -> ReportData | None:
    if path.suffix.lower() not in REPORT_KINDS:
        return None
    from agent.reports.data import data_of

    return data_of(talk.conversation)


async def _lang(talk: Talk, argument: str) -> bool:
    if argument not in ("en", "vi", "auto"):
        raise UnusableInputError(
            "a language, en, vi or auto", repr(argument), "For example: /lang vi"
        )
    talk.set_lang(argument)
    talk.say(
        {"en": "Answers come in English.", "vi": "Trả lời bằng tiếng Việt."}.get(
            argument, "Answers come in the language of the question."
        )
    )
    return True


async def _quit(_talk: Talk, _argument: str) -> bool:
    return False


COMMANDS: tuple[Command, ...] = (
    Command("/help", "", "this list", _help),
    Command(
        "/plan",
        "[skip CALL]",
        "the calls behind the last answer; with skip, the answer again without one",
        _plan,
    ),
    Command("/why", "SECTOR", "why a sector stands where it stands", _why),
    Command(
        "/facts", "[TEXT]", "the facts of the last answer, those with TEXT in their id", _facts
    ),
    Command(
        "/market", "[NAME]", "show or change the market: demo, industries or folder:PATH", _market
    ),
    Command("/as-of", "[DATE]", "show or change the date; `last` for the market's last", _as_of),
    Command(
        "/compare", "DATE", "the last question at an earlier date beside today's answer", _compare
    ),
    Command("/save", "FILE", "save the last answer, as .md, .json, .html or .png", _save),
    Command("/lang", "CODE", "answer in en, vi or auto (the question's language)", _lang),
    *MEMORY_COMMANDS,
    Command("/quit", "", "end the conversation; it can be taken up again with --thread", _quit),
)


def _made(brief: Brief, topic: str) -> str:
    """Return the call of the last plan that a topic names."""
    tool = tool_named(topic)
    made = [call.tool for call in brief.plan if call.status != "dropped"]
    if tool is None or tool not in made:
        known = ", ".join(dict.fromkeys(made)) or "none"
        raise UnusableInputError("a call of the last plan", repr(topic), f"It made: {known}.")
    return tool


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise UnusableInputError(
            "a date as YYYY-MM-DD", repr(text), "For example: 2016-12-31"
        ) from error


def _shown(fact: BriefFact) -> str:
    return fact.value if isinstance(fact.value, str) else f"{fact.value:.6g}"


def _where(stamp: MarketStamp) -> str:
    return f"{stamp.name}, as of {stamp.as_of}; the last day with prices is {stamp.last_day}."
