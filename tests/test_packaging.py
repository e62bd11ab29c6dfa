"""The wheel holds what the program needs and nothing else, installs, and starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from packaging.specifiers import SpecifierSet

from tests.conftest import ROOT, clean_environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    finished = subprocess.run(
        [sys.executable, "-c", build, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return folder / finished.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel into a folder that stands before everything else on the path."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def tracked(*patterns: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for package in ("agent", "tools", "prompts")
        for pattern in patterns
        for path in (ROOT / package).rglob(pattern)
    }


def test_every_module_and_every_file_of_words_and_numbers_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = tracked("*.py", "*.md", "*.json", "*.toml", "*.csv", "*.npz", "*.gz") | {"chat.py"}
    assert wanted <= inside


def test_no_test_cassette_or_cache_is_inside(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "agent",
        "chat.py",
        "prompts",
        "tools",
    }
    assert not any("__pycache__" in name for name in zipfile.ZipFile(wheel).namelist())


def test_the_wheel_may_not_be_published(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
    assert "Private :: Do Not Upload" in archive.read(metadata).decode()


def test_the_console_script_is_the_front_door(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    entry = next(name for name in archive.namelist() if name.endswith("/entry_points.txt"))
    assert "sectorvane = chat:main" in archive.read(entry).decode()


def test_the_installed_program_starts_anywhere(installed: Path, tmp_path: Path) -> None:
    start = "import chat, sys; sys.argv = ['sectorvane', '--version']; chat.main()"
    finished = subprocess.run(
        [sys.executable, "-c", start],
        cwd=tmp_path,
        env={**clean_environment(), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (finished.returncode, finished.stdout) == (0, f"sectorvane {version}\n")


def test_help_loads_nothing_heavy() -> None:
    look = (
        "import sys, chat; chat.run(['--help']); "
        "print([name for name in ('pandas', 'numpy', 'langgraph', 'mcp', 'openai', 'pydantic') "
        "if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stdout.splitlines()[-1] == "[]"


class TestConstraints:
    LINES = (ROOT / "constraints.txt").read_text().splitlines()

    def test_every_line_pins_one_version_and_names_no_host(self) -> None:
        pins = [line for line in self.LINES if not line.startswith("#")]
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line) for line in pins)
        assert len(pins) == len({line.lower() for line in pins})

    def test_everything_that_is_asked_for_is_pinned(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
        names = {re.split(r"[<>=!~\[; ]", line)[0].lower().replace("_", "-") for line in asked}
        pinned = {line.split("==")[0].lower().replace("_", "-") for line in self.LINES}
        assert names - pinned == set()

    def test_every_pinned_version_runs_on_the_oldest_python_that_is_supported(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        oldest = project["project"]["requires-python"].removeprefix(">=") + ".0"
        pins = dict(line.split("==") for line in self.LINES if not line.startswith("#"))
        too_new = {}
        for name, version in pins.items():
            try:
                # Any: the stubs of some Pythons lack the methods of a message.
                known: Any = metadata.metadata(name)
            except metadata.PackageNotFoundError:
                continue  # an extra that is not installed here
            needs = known.get("Requires-Python")
            if known["Version"] == version and needs and oldest not in SpecifierSet(needs):
                too_new[name] = needs
        assert too_new == {}

    def test_the_files_behind_the_industries_come_with_an_extra_that_the_tests_have(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        extra = set(project["project"]["optional-dependencies"]["history"])
        assert {line.split(">")[0] for line in extra} == {"arch", "linearmodels"}
        assert not extra & set(project["project"]["dependencies"])
        assert extra <= set(project["dependency-groups"]["dev"])


@pytest.mark.skipif(os.name == "nt", reason="make is not there")
class TestMakefile:
    def test_help_names_every_target(self) -> None:
        finished = subprocess.run(
            ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        for target in ("env", "chat", "test", "prove", "bench", "check", "help"):
            assert f"make {target} " in finished.stdout

    @pytest.mark.parametrize(
        "question",
        [
            "Which sectors are rotating in this month?",
            "Ngành nào đang dẫn đầu?",
            'it\'s "quoted", `ticked`, 100% & $HOME; and (braced) #1',
            "--looks like a flag",
        ],
    )
    def test_a_question_passes_through_make_unharmed(self, tmp_path: Path, question: str) -> None:
        """A stand-in for the interpreter in .venv prints what it is given."""
        (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
        python.chmod(0o755)
        for name in ("pyproject.toml", "constraints.txt", ".venv/.ready"):
            (tmp_path / name).touch()
        escaped = question.replace("$", "$$")  # make's own way to write a dollar
        finished = subprocess.run(
            ["make", "-s", "chat", f"ASK={escaped}", "ARGS=--market 'folder:a b'"],
            cwd=tmp_path,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        given = finished.stdout.splitlines()
        assert given == ["chat.py", "--market", "folder:a b", "--", question], finished.stderr
