"""Where an answer goes: a terminal in colour, a pipe as Markdown or JSON, a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from agent.records import write_atomically
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.tracing import Finished

FILE_KINDS = (".md", ".json")


def show(brief: Brief, stream: TextIO, *, as_json: bool = False, one_line: bool = False) -> None:
    """Write a brief to `stream`: JSON if asked, coloured on a terminal, else its Markdown."""
    if as_json:
        _write(brief.model_dump_json(indent=None if one_line else 2), stream)
    elif stream.isatty():
        from rich.console import Console

        from agent.brief.terminal import print_brief

        print_brief(brief, Console(file=stream, highlight=False))
    else:
        _write(brief.markdown.rstrip("\n"), stream)


def show_trace(run: Finished, stream: TextIO) -> None:
    """Write a run's timeline to `stream`."""
    from agent.tracing import as_lines

    _write("\n".join(as_lines(run)), stream)


def check_out(path: Path) -> Path:
    """Return `path` where a brief can be saved to it by its ending.

    Raises
    ------
    UnusableInputError
        For another ending, or a folder that is not there.
    """
    if path.suffix.lower() not in FILE_KINDS:
        raise UnusableInputError(
            "a file that ends in .md or .json",
            repr(str(path)),
            "This version writes no other kind.",
        )
    if not path.parent.is_dir():
        raise UnusableInputError(
            "a file in a folder that exists", repr(str(path)), f"Make {path.parent} first."
        )
    if path.is_dir():
        raise UnusableInputError("a file", f"the folder {str(path)!r}", "Name a file in it.")
    return path


def save(brief: Brief, path: Path) -> None:
    """Write a brief to a file, whole or not at all; the ending says as what."""
    check_out(path)
    as_json = path.suffix.lower() == ".json"
    text = brief.model_dump_json(indent=2) if as_json else brief.markdown.rstrip("\n")
    try:
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
        write_atomically(path, f"{text}\n")
        path.chmod(mode)
    except OSError as error:
        raise UnusableInputError(
            "a file that can be written",
            f"{str(path)!r} ({error.strerror or type(error).__name__})",
            "Choose another file.",
        ) from error


def _write(text: str, stream: TextIO) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
