"""Every command of the README runs, and what it shows as output is what its command prints now.

A ``bash`` block is run line by line, with ``python`` and ``sectorvane`` standing for the program
under test. A comment before a block says what else it needs::

    <!-- proof -->         takes minutes; run by `make prove`
    <!-- model server -->  the address is replaced by a scripted server's
    <!-- serves -->        is expected to go on until it is stopped
    <!-- market folder --> ../my-market is a copy of a shared market folder

An output is shown between comments, ``<!-- output of: COMMAND -->`` and ``<!-- end of output -->``;
``long output of`` is for a command that takes many seconds, and is looked at by `make prove`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conftest import ROOT, clean_environment
from tests.scripted_model import ScriptedModel, call, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[a-z ]+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL
)
OUTPUT = re.compile(
    r"(?P<head><!-- (?P<long>long )?output of: (?P<command>.*?) -->\n)(?P<printed>.*?)"
    r"(?P<tail><!-- end of output -->\n)",
    re.DOTALL,
)
TEXT = README.read_text(encoding="utf-8")


class Block(NamedTuple):
    """One fenced block."""

    mark: str
    kind: str
    text: str

    def commands(self) -> list[str]:
        """Return its commands, with continued lines joined and comments left out."""
        joined = self.text.replace("\\\n", " ")
        lines = (line.split(" #")[0].strip() for line in joined.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def blocks(mark: str = "") -> list[Block]:
    text = README.read_text(encoding="utf-8")
    found = [Block(m["mark"] or "", m["kind"], m["text"]) for m in BLOCK.finditer(text)]
    return [block for block in found if block.kind == "bash" and block.mark == mark]


def commands(mark: str = "") -> list[str]:
    return [command for block in blocks(mark) for command in block.commands()]


@pytest.fixture
def shell(tmp_path: Path, session_home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command of the README with stand-ins for the installed programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (("sectorvane", f"{ROOT / 'chat.py'} "), ("python", ""), ("python3", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {script}"$@"\n')
        program.chmod(0o755)
    work = tmp_path / "clone"
    work.mkdir()
    for name in ("chat.py", "Makefile", "agent", "tools", "prompts", "cassettes"):
        (work / name).symlink_to(ROOT / name)
    started: list[subprocess.Popen[str]] = []

    def start(command: str) -> subprocess.Popen[str]:
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        process = subprocess.Popen(
            ["bash", "-ec", command],
            cwd=work,
            env={**clean_environment(), "SECTORVANE_HOME": str(session_home), "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def succeeds(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, f"{process.args!r}\n{err}"
    return out


@pytest.mark.parametrize("command", commands())
def test_a_command_runs(shell: Callable[..., subprocess.Popen[str]], command: str) -> None:
    succeeds(shell(command))


@pytest.mark.parametrize("command", commands("market folder"))
def test_a_command_on_a_market_folder_runs(
    shell: Callable[..., subprocess.Popen[str]],
    command: str,
    shared_market: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    shutil.copytree(shared_market("id"), tmp_path / "my-market")
    assert succeeds(shell(command))


@pytest.mark.parametrize("command", commands("serves"))
def test_a_server_starts(shell: Callable[..., subprocess.Popen[str]], command: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    shell(re.sub(r"--http \d+", f"--http {port}", command))
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nothing listens")


@pytest.mark.parametrize("command", commands("model server"))
def test_a_model_behind_an_address_is_asked(
    shell: Callable[..., subprocess.Popen[str]], command: str
) -> None:
    plan = call(("get_sector_heatmap", {"period": "monthly"}))
    with ScriptedModel([plan, write("{{name:MARKET}} returned {{MARKET.return.1M}}.")]) as server:
        asked = re.sub(r"OPENAI_BASE_URL=\S+", f"OPENAI_BASE_URL={server.base_url}", command)
        assert succeeds(shell(asked))
        assert server.requests, "the server was never asked"


@pytest.mark.proof
def test_the_long_commands_run_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environ = {**clean_environment(), "SECTORVANE_HOME": str(tmp_path / "home")}
    print("| command | s |\n|---|---:|")
    for command in commands("proof"):
        if command.startswith("python3 -m venv"):
            shutil.rmtree(clone / ".venv")
        # the suite runs in continuous integration; here one file shows that the command works
        asked = f"{command} TESTS=tests/agent/test_settings.py" if "test" in command else command
        started = time.monotonic()
        ran = subprocess.run(
            ["bash", "-ec", asked], cwd=clone, env=environ, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr.decode(errors="replace")[-2000:]
        print(f"| `{command}` | {time.monotonic() - started:.1f} |")


def test_every_mark_is_known() -> None:
    text = README.read_text(encoding="utf-8")
    marks = {found["mark"] for found in BLOCK.finditer(text) if found["mark"]}
    assert marks <= {"proof", "model server", "serves", "market folder"}


def test_every_output_is_of_a_day_that_is_over() -> None:
    """Without an as-of the simulated market goes on, and what is shown would change with it."""
    for found in OUTPUT.finditer(TEXT):
        assert "--as-of" in found["command"] or "--market industries" in found["command"]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(found["command"], marks=[pytest.mark.proof] if found["long"] else [])
        for found in OUTPUT.finditer(TEXT)
    ],
)
def test_an_output_is_what_its_command_prints_now(
    shell: Callable[..., subprocess.Popen[str]], command: str
) -> None:
    printed = succeeds(shell(command)).strip("\n")
    text = README.read_text(encoding="utf-8")

    def renewed(found: re.Match[str]) -> str:
        if found["command"] != command:
            return found[0]
        return f"{found['head']}```markdown\n{printed}\n```\n{found['tail']}"

    wanted = OUTPUT.sub(renewed, text)
    if os.environ.get("UPDATE_SAMPLE"):
        README.write_text(wanted, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == wanted, "`make sample` writes it anew"
