"""``sectorvane doctor``: what :mod:`agent.doctor` finds, as a list."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from agent.doctor import examine

if TYPE_CHECKING:
    from agent.settings import Settings

_MARKS = {"ok": "✓", "warning": "!", "failed": "✗"}


def doctor(settings: Settings, *, as_json: bool) -> int:
    """Print each finding as it is made; the status is 1 when something failed."""
    findings = []
    for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            sys.stdout.write(f"{_MARKS[finding.verdict]} {finding.what}: {finding.says}\n")
            sys.stdout.flush()
    if as_json:
        rows = [finding._asdict() for finding in findings]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return int(any(finding.verdict == "failed" for finding in findings))
