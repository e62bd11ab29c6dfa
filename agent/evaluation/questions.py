"""Question sets: what is asked, and what a right plan holds.

A set is a JSONL file: ``question``, ``language``, ``market``, optional ``history`` (earlier questions), and
``expected`` with ``intent`` (one, or a list of acceptable ones), ``calls`` and, where a plan may hold a call without
being wrong, ``optional``. A wanted call is ``{"tool", "arguments"}``, or ``{"any": [...]}`` where one of several
answers the question. Only the arguments that are written are compared; null means that the argument must be absent,
and ``{"includes": [[names], ...]}`` that a list holds at least one of each group of names.

A ``sets.toml`` beside the files says what each set was used for: ``tuned``, ``seen`` or ``unseen``.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Literal, get_args

from tools.contracts import Frozen
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

Use = Literal["tuned", "seen", "unseen"]
"""Tuned on; measured once and looked at since; never looked at while building."""
USES: tuple[Use, ...] = get_args(Use)
SETS_FILE = "sets.toml"


class Question(Frozen):
    """One question with what a right plan holds."""

    question: str
    language: str
    market: str
    expected: dict[str, Any]
    history: tuple[str, ...] = ()
    source: str = ""
    """The name of its set."""
    use: Use = "seen"
    """What its set was used for."""

    @property
    def intents(self) -> tuple[str, ...]:
        """The acceptable intents; empty where any is."""
        wanted = self.expected.get("intent", ())
        return (wanted,) if isinstance(wanted, str) else tuple(wanted)

    @property
    def wanted(self) -> list[list[dict[str, Any]]]:
        """The wanted calls, each as the list of its alternatives."""
        return [list(call.get("any") or [call]) for call in self.expected.get("calls", [])]

    @property
    def optional(self) -> list[dict[str, Any]]:
        """Calls that neither help nor harm."""
        return list(self.expected.get("optional", []))


def read_sets(path: Path) -> tuple[Question, ...]:
    """Read one set, or every set of a folder, with what each was used for.

    Raises
    ------
    UnusableInputError
        When a file cannot be read, a line is no question, or a folder has no sets.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise UnusableInputError("a folder with question sets", path.name, "Change --questions.")
    uses = _uses((path if path.is_dir() else path.parent) / SETS_FILE)
    return tuple(
        question.model_copy(update={"source": file.stem, "use": uses.get(file.stem, "seen")})
        for file in files
        for question in read_questions(file)
    )


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set.

    Raises
    ------
    UnusableInputError
        When a line is no question; names the line.
    """
    found = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(Question.model_validate(json.loads(line)))
        except ValueError as error:
            raise UnusableInputError(
                "a question set in JSONL", f"{path.name} line {at}", "Correct that line."
            ) from error
    return tuple(found)


def _uses(path: Path) -> dict[str, Use]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableInputError(
            "a list of question sets", SETS_FILE, "Correct that file."
        ) from error
    wrong = [name for name, use in table.items() if use not in USES]
    if wrong:
        raise UnusableInputError(
            f"a use of each set, one of {', '.join(USES)}",
            f"{SETS_FILE}: {wrong[0]}",
            "Correct that file.",
        )
    return table


def same_arguments(wanted: dict[str, Any], planned: dict[str, Any]) -> bool:
    """Whether a planned call has the wanted arguments; a list may hold more than the wanted."""
    return all(_same(value, planned.get(name)) for name, value in wanted.items())


def _same(wanted: object, planned: object) -> bool:
    if isinstance(wanted, dict) and "includes" in wanted:
        return isinstance(planned, list | tuple) and all(
            any(name in planned for name in names) for names in wanted["includes"]
        )
    if isinstance(wanted, list):
        return isinstance(planned, list | tuple) and {*map(str, wanted)} <= {*map(str, planned)}
    return wanted == planned
