"""The slash commands of memory: conversations, preferences, the watch-list, and what it all cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.preferences import MAX_WATCHED, load_preferences, prefer, save_preferences
from agent.terminal.talk import Command, Talk, answered, needed
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.brief.model import Usage
    from agent.memory.threads import ThreadLine

_QUESTION_WIDTH = 60


async def _threads(talk: Talk, _argument: str) -> bool:
    lines = await talk.conversation.threads.all()
    if not lines:
        talk.say("No conversations yet.")
        return True
    current = talk.conversation.thread_id
    talk.table(
        ("", "conversation", "name", "questions", "last", "market", "began with"),
        [thread_cells(line, current) for line in lines],
    )
    return True


def thread_cells(line: ThreadLine, current: str | None = None) -> tuple[str, ...]:
    """Return one conversation as the cells of a row."""
    question = " ".join(line.first_question.split())
    if len(question) > _QUESTION_WIDTH:
        question = f"{question[: _QUESTION_WIDTH - 1]}…"
    return (
        "›" if line.thread_id == current else "",
        line.thread_id,
        line.name or "",
        str(line.questions),
        f"{line.last_at.astimezone():%Y-%m-%d %H:%M}",
        line.market,
        question,
    )


async def _name(talk: Talk, argument: str) -> bool:
    name = needed(argument, "a name after /name", "/name rate watch")
    answered(talk)
    line = await talk.conversation.threads.rename(talk.conversation.thread_id, name)
    talk.say(f"This conversation is called {line.name!r} now; --thread and /resume know it so.")
    return True


async def _resume(talk: Talk, argument: str) -> bool:
    wanted = needed(argument, "a name or id after /resume", "/resume rate watch")
    line = await talk.conversation.take_up(wanted)
    times = "question" if line.questions == 1 else "questions"
    talk.say(
        f"Back in {line.called!r}: {line.questions} {times}, began with: {line.first_question}"
    )
    if line.market != talk.conversation.settings.market:
        talk.say(f"It was last about another market: /market {line.market}")
    return True


async def _new(talk: Talk, _argument: str) -> bool:
    talk.conversation.begin_anew()
    talk.say("A new conversation; it remembers nothing of the last.")
    return True


async def _export(talk: Talk, argument: str) -> bool:
    from agent.memory.export import export

    path = Path(needed(argument, "a file after /export", "/export talk.md")).expanduser()
    answered(talk)
    line = await talk.conversation.threads.find(talk.conversation.thread_id)
    count = export(talk.conversation.settings.home, line, path)
    talk.say(f"Exported {count} answer{'' if count == 1 else 's'} to {path}.")
    return True


async def _delete(talk: Talk, argument: str) -> bool:
    wanted = needed(argument, "a name or id after /delete", "/delete rate watch")
    line, records = await talk.conversation.threads.delete(wanted)
    talk.say(told_of_deletion(line, records))
    if line.thread_id == talk.conversation.thread_id:
        await _new(talk, "")
    return True


def told_of_deletion(line: ThreadLine, records: int) -> str:
    """Say what was deleted with a conversation."""
    kept = "run record" if records == 1 else "run records"
    return f"Deleted the conversation {line.called!r} with its memory and {records} {kept}."


async def _prefs(talk: Talk, argument: str) -> bool:
    home = talk.conversation.settings.home
    preferences = load_preferences(home)
    if argument:
        name, _, value = argument.partition(" ")
        wanted = value.strip()
        cleared = wanted.lower() in ("", "none", "-")
        preferences = prefer(preferences, name.lower(), None if cleared else wanted)
        save_preferences(home, preferences)
        talk.say(
            "Kept for conversations to come; a flag, the environment and sectorvane.toml beat it."
        )
    rows = [
        (name, value if isinstance(value, str) else ", ".join(value or ()) or "not set")
        for name, value in preferences.model_dump().items()
    ]
    talk.table(("preference", "value"), rows)
    return True


async def _watch(talk: Talk, argument: str) -> bool:
    home = talk.conversation.settings.home
    preferences = load_preferences(home)
    watched = preferences.watch
    verb, _, names = argument.partition(" ")
    if verb == "add":
        added = [_known(talk, name) for name in _listed(names, "/watch add Energy, Utilities")]
        watched = tuple(dict.fromkeys((*watched, *added)))
    elif verb == "remove":
        gone = {_held(watched, talk, name) for name in _listed(names, "/watch remove Energy")}
        watched = tuple(name for name in watched if name not in gone)
    elif argument:
        raise UnusableInputError(
            "add or remove after /watch", repr(verb), "For example: /watch add Energy"
        )
    if len(watched) > MAX_WATCHED:
        raise UnusableInputError(
            f"a watch-list of at most {MAX_WATCHED}", len(watched), "Remove some first."
        )
    if watched != preferences.watch:
        save_preferences(home, preferences.model_copy(update={"watch": watched}))
    talk.say(f"Watched: {', '.join(watched)}." if watched else "Nothing is watched yet.")
    return True


def _listed(names: str, example: str) -> list[str]:
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    return wanted or [needed("", "sectors or symbols", example)]


def _known(talk: Talk, name: str) -> str:
    """Return a sector or symbol as the market names it."""
    book, vocabulary = talk.conversation.desk.facts, talk.conversation.vocabulary
    code = book.sector(name)
    if code is not None:
        return next(sector.name for sector in vocabulary.sectors if sector.code == code)
    symbol = book.symbol(name)
    if symbol is None:
        near = ", ".join(book.nearest(name)) or "none"
        raise UnusableInputError(
            "a sector or symbol of this market", repr(name), f"Nearest: {near}."
        )
    return symbol


def _held(watched: tuple[str, ...], talk: Talk, name: str) -> str:
    """Return what is watched under a name; it may be of another market."""
    for held in watched:
        if held.casefold() == name.casefold():
            return held
    known = _known(talk, name)
    if known not in watched:
        raise UnusableInputError(
            "something that is watched", repr(name), f"Watched: {', '.join(watched) or 'nothing'}."
        )
    return known


async def _cost(talk: Talk, _argument: str) -> bool:
    from agent.prices import prices_as_of

    last = answered(talk).usage
    line = await talk.conversation.threads.get(talk.conversation.thread_id)
    rows = [("last answer", *_spent(last, unpriced=last.usd is None))]
    if line is not None:
        rows.append(("conversation", *_spent(line, unpriced=bool(line.unpriced))))
    heads = ("", "tool calls", "model calls", "tokens in", "tokens out", "US dollars")
    talk.table(heads, rows)
    model = f"{last.model} ({last.brain})" if last.model else "no language model"
    talk.say(f"Answered by {model}; dollars by the price table of {prices_as_of()}.")
    return True


def _spent(used: Usage | ThreadLine, *, unpriced: bool) -> tuple[str, ...]:
    counts = (used.tool_calls, used.model_calls, used.input_tokens, used.output_tokens)
    usd = f"{used.usd or 0.0:.4f}"
    dollars = f"{usd}, not counting a model without a price" if unpriced else usd
    return (*(str(count) for count in counts), dollars)


async def _trace(talk: Talk, _argument: str) -> bool:
    from agent.tracing import as_lines

    answered(talk)
    run = talk.conversation.trace
    if run is None:
        talk.say("The last answer is from an earlier conversation; its timeline is not kept.")
    else:
        talk.say("\n".join(as_lines(run)))
    return True


MEMORY_COMMANDS: tuple[Command, ...] = (
    Command("/cost", "", "calls, tokens and dollars of the last answer and of all", _cost),
    Command("/trace", "", "how the seconds of the last answer were spent", _trace),
    Command("/watch", "[add|remove NAMES]", 'the watch-list, which "my sectors" means', _watch),
    Command(
        "/prefs", "[NAME VALUE]", "what new conversations begin with: market, lang, horizon", _prefs
    ),
    Command("/threads", "", "the conversations of this machine", _threads),
    Command("/name", "NAME", "name this conversation", _name),
    Command("/resume", "NAME", "go on with another conversation, by its name or id", _resume),
    Command("/new", "", "begin a conversation that remembers nothing", _new),
    Command("/export", "FILE", "save this whole conversation, as .md or .json", _export),
    Command("/delete", "NAME", "forget a conversation and its run records", _delete),
)
