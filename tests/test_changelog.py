from __future__ import annotations

import re
import tomllib
from datetime import date

from tests.conftest import ROOT

HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_newest_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [found[1] for found in HEADING.finditer(TEXT)]
    assert versions[0] == project["version"]
    assert versions == sorted(versions, key=lambda text: [int(n) for n in text.split(".")])[::-1]


def test_every_version_has_a_real_date() -> None:
    days = [date.fromisoformat(found[2]) for found in HEADING.finditer(TEXT)]
    assert days == sorted(days, reverse=True)


def test_every_change_stands_under_a_known_heading() -> None:
    kinds = set(re.findall(r"^### (.+)$", TEXT, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
