"""What the prompt offers while one types: slash commands and the names a market knows."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from agent.terminal.slash import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tools.contracts import Vocabulary

_MOST_OFFERED = 12
_LONGEST_NAME_WORDS = 4
_SHORTEST_PREFIX = 2


class _Name(NamedTuple):
    """Something that can be named in a question, and what it is."""

    text: str
    meaning: str


class SectorvaneCompleter(Completer):
    """Completes slash commands and the names of the market in the conversation."""

    def __init__(
        self,
        vocabulary: Callable[[], Vocabulary],
        watched: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._vocabulary = vocabulary
        self._watched = watched
        self._paths = PathCompleter(expanduser=True)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Offer what the text before the cursor may become."""
        text = document.text_before_cursor
        if not text.startswith("/"):
            return self._names(text)
        command, space, argument = text.partition(" ")
        if not space:
            return self._commands(command)
        if command in ("/save", "/export"):
            return self._paths.get_completions(Document(argument), complete_event)
        if command == "/why":
            return _matching(argument, _sectors(self._vocabulary()), shortest=0)
        if command == "/watch":
            return self._watchable(argument)
        return _matching(argument, _CHOICES.get(command, ()), shortest=0)

    def _watchable(self, argument: str) -> Iterator[Completion]:
        verb, space, names = argument.partition(" ")
        if not space:
            return _matching(verb, _CHOICES["/watch"], shortest=0)
        typed = names.rpartition(",")[2].lstrip()
        if verb == "remove":
            watched = [_Name(name, "watched") for name in self._watched()]
            return _matching(typed, watched, shortest=0)
        vocabulary = self._vocabulary()
        return _matching(typed, (*_sectors(vocabulary), *_symbols(vocabulary)), shortest=0)

    def _commands(self, typed: str) -> Iterator[Completion]:
        for command in COMMANDS:
            if command.name.startswith(typed):
                yield Completion(command.name, -len(typed), display_meta=command.does)

    def _names(self, text: str) -> Iterator[Completion]:
        """Offer names that the last words may begin, the longest beginning first."""
        vocabulary = self._vocabulary()
        watched = ", ".join(self._watched())
        own = [_Name(words, watched) for words in _OWN_LIST if watched]
        names = (*own, *_sectors(vocabulary), *_symbols(vocabulary), *_series(vocabulary))
        words = text.split(" ")
        for count in range(min(_LONGEST_NAME_WORDS, len(words)), 0, -1):
            typed = " ".join(words[-count:])
            found = list(islice(_matching(typed, names), _MOST_OFFERED))
            if found:
                yield from found
                return


_OWN_LIST = ("my sectors", "danh mục của tôi")
_CHOICES: dict[str, tuple[_Name, ...]] = {
    "/lang": (
        _Name("en", "English"),
        _Name("vi", "tiếng Việt"),
        _Name("auto", "the question's own"),
    ),
    "/watch": (_Name("add", "watch sectors or symbols"), _Name("remove", "watch them no more")),
    "/prefs": (
        _Name("lang", "en, vi or auto"),
        _Name("market", "demo, industries or folder:PATH"),
        _Name("horizon", "1W, 1M or 3M"),
    ),
    "/plan": (_Name("skip", "the answer again without one of its calls"),),
    "/market": (
        _Name("demo", "a SIMULATED market, daily, up to the latest business day"),
        _Name("industries", "12 US industries, monthly, 1949–2017"),
        _Name("folder:", "your own data"),
    ),
}


def _matching(
    typed: str, names: Iterable[_Name], *, shortest: int = _SHORTEST_PREFIX
) -> Iterator[Completion]:
    if len(typed) < shortest:
        return
    begun = typed.casefold()
    for name in names:
        if name.text.casefold().startswith(begun) and name.text.casefold() != begun:
            yield Completion(name.text, -len(typed), display_meta=name.meaning)


def _sectors(vocabulary: Vocabulary) -> tuple[_Name, ...]:
    english = [_Name(sector.name, f"sector {sector.code}") for sector in vocabulary.sectors]
    vietnamese = [
        _Name(sector.name_vi, f"sector {sector.code}")
        for sector in vocabulary.sectors
        if sector.name_vi and sector.name_vi != sector.name
    ]
    return (*english, *vietnamese)


def _symbols(vocabulary: Vocabulary) -> tuple[_Name, ...]:
    return tuple(_Name(symbol.symbol, symbol.name) for symbol in vocabulary.symbols)


def _series(vocabulary: Vocabulary) -> tuple[_Name, ...]:
    named = [_Name(series, "macro series") for series in vocabulary.series]
    others = [
        _Name(alias, f"macro series {series}")
        for alias, series in vocabulary.series_aliases.items()
    ]
    return (*named, *others)
