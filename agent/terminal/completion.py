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

    def __init__(self, vocabulary: Callable[[], Vocabulary]) -> None:
        self._vocabulary = vocabulary
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
        if command == "/save":
            return self._paths.get_completions(Document(argument), complete_event)
        if command == "/why":
            return _matching(argument, _sectors(self._vocabulary()), shortest=0)
        return _matching(argument, _CHOICES.get(command, ()), shortest=0)

    def _commands(self, typed: str) -> Iterator[Completion]:
        for command in COMMANDS:
            if command.name.startswith(typed):
                yield Completion(command.name, -len(typed), display_meta=command.does)

    def _names(self, text: str) -> Iterator[Completion]:
        """Offer names that the last words may begin, the longest beginning first."""
        vocabulary = self._vocabulary()
        names = (*_sectors(vocabulary), *_symbols(vocabulary), *_series(vocabulary))
        words = text.split(" ")
        for count in range(min(_LONGEST_NAME_WORDS, len(words)), 0, -1):
            typed = " ".join(words[-count:])
            found = list(islice(_matching(typed, names), _MOST_OFFERED))
            if found:
                yield from found
                return


_CHOICES: dict[str, tuple[_Name, ...]] = {
    "/lang": (
        _Name("en", "English"),
        _Name("vi", "tiếng Việt"),
        _Name("auto", "the question's own"),
    ),
    "/market": (
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
