"""The agreements that hold the repository together, as tests that can fail."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "tools", "prompts")
FRONT_DOORS = {"chat.py", "agent/api.py"}
"""Where a process starts: the only files that read the environment."""
OUTERMOST = {"chat.py", "agent/slack/runs.py", "tools/mcp_server.py"}
"""Frames above which nobody is left to handle an error."""
TOP_LEVEL = {
    ".ci", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md",
    "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "agent", "cassettes", "chat.py",
    "constraints.txt", "prompts", "pyproject.toml", "tests", "tools",
}  # fmt: skip


def sources(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    front = ROOT / "chat.py"
    return [*files, front] if "agent" in folders and front.exists() else files


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Return every module a file imports, at any depth, and inside type-checking blocks."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def top(name: str) -> str:
    return name.split(".")[0]


def listed_files() -> list[str]:
    """Return the files of the repository: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("not a git checkout, so there is no list of files to read")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


class TestImportDirection:
    FORBIDDEN = frozenset(
        {"agent", "prompts", "chat", "langgraph", "langchain_core", "openai", "slack_sdk"}
        | {"slack_bolt"}
    )

    def test_the_tools_import_nothing_that_knows_a_language_model(self) -> None:
        guilty = {
            relative(path): sorted(found)
            for path in sources("tools")
            if (found := {name for name in imported(path) if top(name) in self.FORBIDDEN})
        }
        assert guilty == {}

    def test_importing_every_tool_module_loads_nothing_that_knows_a_language_model(self) -> None:
        modules = [
            relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for path in sources("tools")
        ]
        program = (
            "import importlib, sys\n"
            f"for name in {modules!r}: importlib.import_module(name)\n"
            f"print(sorted(set(sys.modules) & {set(self.FORBIDDEN)!r}))"
        )
        assert run_python(program) == "[]"

    def test_the_prompts_import_neither_the_agent_nor_the_tools(self) -> None:
        guilty = {
            relative(path)
            for path in sources("prompts")
            if {top(name) for name in imported(path)} & {"agent", "tools", "chat"}
        }
        assert guilty == set()

    def test_sources_know_no_as_of(self) -> None:
        above = ("tools.view", "tools.facts", "tools.desk", "tools.measures", "tools.scoring")
        guilty = {
            relative(path)
            for path in sources("tools/sources")
            if any(name.startswith(above) for name in imported(path))
        }
        assert guilty == set()


class TestStartIsCheap:
    def test_importing_the_catalogue_loads_no_library(self) -> None:
        program = (
            "import sys, tools\n"
            "assert tools.CATALOGUE\n"
            "print(sorted({'numpy', 'pandas', 'pydantic', 'mcp', 'sklearn'} & set(sys.modules)))"
        )
        assert run_python(program) == "[]"

    def test_importing_the_server_loads_no_learning_library(self) -> None:
        program = (
            "import sys, tools.mcp_server\n"
            "print(sorted({'sklearn', 'scipy', 'linearmodels', 'arch', 'vcr'} & set(sys.modules)))"
        )
        assert run_python(program) == "[]"


class TestShape:
    def test_no_module_is_longer_than_400_lines(self) -> None:
        assert longer_than(400, sources(*PACKAGES)) == {}

    def test_no_test_file_is_longer_than_500_lines(self) -> None:
        assert longer_than(500, sources("tests")) == {}

    def test_no_prompt_is_longer_than_500_lines(self) -> None:
        assert longer_than(500, sorted((ROOT / "prompts").glob("*.md"))) == {}

    def test_only_the_usual_names_stand_at_the_top_level(self) -> None:
        assert {name.split("/")[0] for name in listed_files()} - TOP_LEVEL == set()

    def test_every_function_lives_with_the_noun_it_serves(self) -> None:
        catch_alls = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
        guilty = {
            relative(path)
            for path in sources(*PACKAGES, "tests")
            if catch_alls & {path.stem, path.parent.name}
        }
        assert guilty == set()

    def test_no_test_folder_is_a_package(self) -> None:
        assert [relative(path) for path in (ROOT / "tests").rglob("__init__.py")] == []

    @pytest.mark.parametrize("name", [*PACKAGES, "chat"])
    def test_no_installed_distribution_takes_our_names(self, name: str) -> None:
        assert set(packages_distributions().get(name, ())) <= {"sectorvane"}


class TestDiscipline:
    def test_only_the_outermost_frames_catch_everything(self) -> None:
        guilty = {relative(path) for path in sources(*PACKAGES) if catches_everything(path)}
        assert guilty <= OUTERMOST

    def test_only_two_modules_retry(self) -> None:
        users = {
            relative(path)
            for path in sources(*PACKAGES)
            if "tenacity" in {top(name) for name in imported(path)}
        }
        assert users <= {"agent/retry.py", "tools/sources/http.py"}

    def test_only_front_doors_read_the_environment(self) -> None:
        guilty = {relative(path) for path in sources(*PACKAGES) if reads_environment(path)}
        assert guilty <= FRONT_DOORS

    def test_no_file_names_a_package_registry(self) -> None:
        hosts = [
            "".join(parts)
            for parts in (
                ("py", "pi.org"), ("python", "hosted.org"), ("ana", "conda.org"), ("npm", "js.org"),
            )
        ] + ["-".join(("index", "url"))]  # fmt: skip
        guilty = {
            name
            for name in listed_files()
            if any(host in (ROOT / name).read_text("utf-8", errors="ignore") for host in hosts)
        }
        assert guilty == set()


class TestTheTestsThemselves:
    """A check that cannot fail keeps nothing."""

    @pytest.mark.parametrize(
        "text",
        [
            "try:\n    pass\nexcept Exception:\n    pass",
            "try:\n    pass\nexcept (ValueError, BaseException):\n    pass",
            "try:\n    pass\nexcept:\n    pass",
        ],
    )
    def test_a_catch_all_is_seen(self, tmp_path: Path, text: str) -> None:
        assert catches_everything(written(tmp_path, text))

    def test_a_handler_that_cleans_up_and_raises_again_is_no_catch_all(
        self, tmp_path: Path
    ) -> None:
        text = "try:\n    pass\nexcept BaseException:\n    print()\n    raise"
        assert not catches_everything(written(tmp_path, text))

    @pytest.mark.parametrize(
        "text",
        [
            "import os\nos.environ['A']",
            "import os\nos.getenv('A')",
            "from os import environ",
            "import os as system\nsystem.environ",
        ],
    )
    def test_an_environment_read_is_seen(self, tmp_path: Path, text: str) -> None:
        assert reads_environment(written(tmp_path, text))

    def test_an_import_inside_a_function_is_seen(self, tmp_path: Path) -> None:
        path = written(tmp_path, "def f():\n    from agent.brief import model\n    return model")
        assert imported(path) == {"agent.brief"}


def written(folder: Path, text: str) -> Path:
    path = folder / "module.py"
    path.write_text(text, encoding="utf-8")
    return path


def longer_than(limit: int, paths: list[Path]) -> dict[str, int]:
    lengths = {relative(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    return {name: length for name, length in lengths.items() if length > limit}


def names_of(node: ast.expr | None) -> Iterator[str]:
    if node is None:
        yield "BaseException"
    elif isinstance(node, ast.Tuple):
        for element in node.elts:
            yield from names_of(element)
    elif isinstance(node, ast.Name):
        yield node.id


def ends_in_raise(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler hands the error on, as one that only cleans up does."""
    return isinstance(handler.body[-1], ast.Raise)


def catches_everything(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handlers = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and not ends_in_raise(node)
    )
    caught = {name for handler in handlers for name in names_of(handler.type)}
    return bool(caught & {"Exception", "BaseException"})


def reads_environment(path: Path) -> bool:
    readers = {"environ", "environb", "getenv"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in readers:
            return True
        named = isinstance(node, ast.ImportFrom) and node.module == "os" and node.names
        if named and readers & {alias.name for alias in named}:
            return True
    return False


def run_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
