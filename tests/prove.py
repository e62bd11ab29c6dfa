"""Run the full proofs and write what they print, with date and commit, to ``tests/proofs/``.

A proof is a test marked ``proof``. What it prints, usually tables in Markdown, becomes its section
of ``tests/proofs/NAME.md``, where NAME is its file's name without ``test_``. Run as ``make prove``,
with further arguments for pytest in ``PROOFS``, for example ``make prove PROOFS="-k lookahead"``.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "proofs"


class Collector:
    """Keeps the last report of each proof, by the file it stands in."""

    def __init__(self) -> None:
        self.reports: dict[str, dict[str, pytest.TestReport]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the report of the call, or of what came before it and kept it from being made."""
        if report.when == "call" or (report.when == "setup" and not report.passed):
            module, _, name = report.nodeid.partition("::")
            self.reports[Path(module).stem.removeprefix("test_")][name] = report


def stamp() -> str:
    """Return one line with the day, the commit and the machine's kind."""
    commit = _git("rev-parse", "--short=12", "HEAD") or "no commit"
    changed = _git("status", "--porcelain", "--", ".", ":!tests/proofs")
    dirty = " with uncommitted changes" if changed else ""
    cores = os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}{dirty}, "
        f"Python {platform.python_version()}, {cores} cores."
    )


def document(name: str, reports: dict[str, pytest.TestReport], made: str) -> str:
    """Return what one file of proofs has shown, as Markdown."""
    parts = [f"# {name.replace('_', ' ').capitalize()}", f"Made by `make prove` on {made}"]
    for test, report in sorted(reports.items()):
        sentence = test.removeprefix("test_").replace("::test_", ": ").replace("_", " ")
        parts.append(f"## {sentence}")
        parts.append(f"{report.outcome.capitalize()} in {report.duration:.1f} s.")
        if report.skipped and isinstance(report.longrepr, tuple):
            parts.append(str(report.longrepr[2]).replace(str(ROOT.parent), "…"))
        # A line with an address says where a package came from, which no file of ours may tell.
        said = [line for line in report.capstdout.splitlines() if "://" not in line]
        if shown := "\n".join(said).strip():
            parts.append(shown)
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Run the proofs, write their documents and return pytest's exit status."""
    collector = Collector()
    status = pytest.main(["-m", "proof", *arguments], plugins=[collector])
    made = stamp()
    for name, reports in collector.reports.items():
        path = FOLDER / f"{name}.md"
        path.write_text(document(name, reports, made), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}: {len(reports)} proofs")
    return int(status)


def _git(*arguments: str) -> str:
    finished = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return finished.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
