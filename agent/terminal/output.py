"""Where an answer goes: a terminal in colour, a pipe as Markdown or JSON, a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from agent.records import write_atomically
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.records import RunRecord
    from agent.reports.data import ReportData
    from agent.tracing import Finished

TEXT_KINDS = (".md", ".json")
"""Kinds that show the brief alone, and that a whole conversation can be saved as."""
REPORT_KINDS = (".html", ".png")
"""Kinds that show more beside it."""
FILE_KINDS = (*TEXT_KINDS, *REPORT_KINDS)


def show(
    brief: Brief,
    stream: TextIO,
    *,
    as_json: bool = False,
    one_line: bool = False,
    record: RunRecord | None = None,
) -> None:
    """Write a brief to `stream`: JSON if asked, coloured on a terminal, else its Markdown.

    A terminal draws charts beside it from `record`, the run that the brief came from.
    """
    if as_json:
        _write(brief.model_dump_json(indent=None if one_line else 2), stream)
    elif stream.isatty():
        from rich.console import Console

        from agent.brief.terminal import print_brief

        print_brief(
            brief, Console(file=stream, highlight=False), record.request if record else None
        )
    else:
        _write(brief.markdown.rstrip("\n"), stream)


def show_trace(run: Finished, stream: TextIO) -> None:
    """Write a run's timeline to `stream`."""
    from agent.tracing import as_lines

    _write("\n".join(as_lines(run)), stream)


def check_out(path: Path, kinds: tuple[str, ...] = FILE_KINDS) -> Path:
    """Return `path` where something can be saved to it by its ending, one of `kinds`.

    Raises
    ------
    UnusableInputError
        For another ending, a folder that is not there, or an image without what draws it.
    """
    kind = path.suffix.lower()
    if kind not in kinds:
        raise UnusableInputError(
            f"a file that ends in {', '.join(kinds[:-1])} or {kinds[-1]}",
            repr(str(path)),
            "This version writes no other kind.",
        )
    if kind == ".png":
        from agent.reports.drawing import check_drawing

        check_drawing()
    if not path.parent.is_dir():
        raise UnusableInputError(
            "a file in a folder that exists", repr(str(path)), f"Make {path.parent} first."
        )
    if path.is_dir():
        raise UnusableInputError("a file", f"the folder {str(path)!r}", "Name a file in it.")
    return path


def save(brief: Brief, path: Path, data: ReportData | None = None) -> None:
    """Write a brief to a file, whole or not at all; the ending says as what.

    Parameters
    ----------
    brief
        The answer.
    path
        Ends in ``.md``, ``.json``, ``.html`` (a page) or ``.png`` (its heatmap).
    data
        What a page or an image shows beside the brief; None: the brief's own facts alone.
    """
    check_out(path)
    content = _content(brief, path.suffix.lower(), data)
    try:
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
        write_atomically(path, content)
        path.chmod(mode)
    except OSError as error:
        raise UnusableInputError(
            "a file that can be written",
            f"{str(path)!r} ({error.strerror or type(error).__name__})",
            "Choose another file.",
        ) from error


def _content(brief: Brief, kind: str, data: ReportData | None) -> str | bytes:
    if kind == ".json":
        return f"{brief.model_dump_json(indent=2)}\n"
    if kind == ".html":
        from agent.reports.data import NO_DATA
        from agent.reports.page import as_html

        return as_html(brief, data or NO_DATA)
    if kind == ".png":
        from agent.reports.data import NO_DATA
        from agent.reports.images import heatmap_png

        return heatmap_png(brief, data or NO_DATA)
    text = brief.markdown.rstrip("\n")
    return f"{text}\n"


def _write(text: str, stream: TextIO) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
