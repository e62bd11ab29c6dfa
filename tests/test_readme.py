"""Every command of the README runs, and what it shows as output is what its command prints now.

A ``bash`` block is run line by line, with ``python`` and ``sectorvane`` standing for the program
under test. A comment before a block says what else it needs::

    <!-- proof -->         takes minutes; run by `make prove`
    <!-- model server -->  the address is replaced by a scripted server's
    <!-- serves -->        is expected to go on until it is stopped
    <!-- slack server -->  serves as well, on a Slack on the loopback address
    <!-- images -->        needs the extra images
    <!-- market folder --> ../my-market is a copy of a shared market folder

An output is shown between comments, ``<!-- output of: COMMAND -->`` and ``<!-- end of output -->``;
``long output of`` is for a command that takes many seconds, and is looked at by `make prove`. ``<!--
table of: FILE: HEAD -->`` shows the table of a proof whose first heading that is, and after a
further colon the rows wanted, separated by semicolons.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
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
TABLE = re.compile(
    r"(?P<head><!-- table of: (?P<file>[^:]+): (?P<first>[^:]+?)(?:: (?P<rows>.*?))? -->\n)"
    r"(?P<printed>.*?)(?P<tail><!-- end of output -->\n)",
    re.DOTALL,
)
TEXT = README.read_text(encoding="utf-8")
SECTIONS = (
    "Two commands",
    "Real markets and a model",
    "The conversation, on a page, as a report and in Slack",
    "MCP",
    "From Python",
    "How the score works",
    "Its record",
    "Limits",
)
PATIENCE_SECONDS, LONG_SECONDS = 120, 1200


class Block(NamedTuple):
    """One fenced block."""

    mark: str
    kind: str
    text: str

    def commands(self) -> list[str]:
        """Return its commands, with continued lines joined and comments left out."""
        joined = re.sub(r" *\\\n *", " ", self.text)
        lines = (line.split(" #")[0].strip() for line in joined.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def blocks(mark: str = "", kind: str = "bash") -> list[Block]:
    found = [Block(m["mark"] or "", m["kind"], m["text"]) for m in BLOCK.finditer(TEXT)]
    return [block for block in found if block.kind == kind and block.mark == mark]


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

    def start(command: str, **environ: str) -> subprocess.Popen[str]:
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        # A browser that only ends: the page must not open on the screen of whoever runs this.
        always = {"SECTORVANE_HOME": str(session_home), "PATH": path, "BROWSER": "true"}
        process = subprocess.Popen(
            ["bash", "-ec", command],
            cwd=work,
            env={**clean_environment(), **always, **environ},
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


def succeeds(process: subprocess.Popen[str], seconds: float = PATIENCE_SECONDS) -> str:
    out, err = process.communicate(timeout=seconds)
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
    asked, count = re.subn(r"--(http|port) \d+", rf"--\1 {port}", command)
    secret = {"SECTORVANE_MCP_TOKEN": "0123456789abcdef"} if "--host" in command else {}
    shell(asked if count else f"{command} --port {port}", **secret)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nothing listens")


@pytest.mark.parametrize("command", commands("images"))
def test_a_command_that_draws_runs(
    shell: Callable[..., subprocess.Popen[str]], command: str
) -> None:
    pytest.importorskip("matplotlib", reason="Matplotlib is not installed")
    succeeds(shell(command))


@pytest.mark.parametrize("command", commands("slack server"))
def test_it_listens_to_slack_until_it_is_interrupted(
    shell: Callable[..., subprocess.Popen[str]], command: str, tmp_path: Path
) -> None:
    """The settings are those that the README shows, but for the workspace and the address."""
    for needed in ("slack_bolt", "aiohttp"):
        pytest.importorskip(needed, reason="the extra slack is not installed")
    from tests.slack_server import TEAM, slack_server

    (shown,) = [block.text for block in blocks(kind="toml") if block.text.lstrip()[:7] == "[slack]"]
    with slack_server() as slack:
        ours = re.sub(r'"T\w+"', f'"{TEAM}"', textwrap.dedent(shown))
        settings = f'{ours}api_url = "{slack.api_url}"\n'
        (tmp_path / "clone" / "sectorvane.toml").write_text(settings, encoding="utf-8")
        process = shell(command, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")  # noqa: S106
        slack.wait_for(lambda: slack.sockets_opened or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        succeeds(process)
        assert slack.faults == []
        assert slack.sockets_opened


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
    marks = {found["mark"] for found in BLOCK.finditer(TEXT) if found["mark"]}
    known = {"proof", "model server", "serves", "slack server", "images", "market folder"}
    assert marks <= known


def test_the_sections_stand_in_their_order() -> None:
    assert tuple(re.findall(r"^## (.+)$", OUTPUT.sub("", TEXT), re.MULTILINE)) == SECTIONS


def test_every_link_leads_to_a_file_of_the_repository() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_output_is_of_a_day_that_is_over() -> None:
    """Without an as-of the simulated market goes on, and what is shown would change with it."""
    for found in OUTPUT.finditer(TEXT):
        assert "--as-of" in found["command"] or "--market industries" in found["command"]


@pytest.mark.parametrize(
    ("command", "is_long"),
    [
        pytest.param(
            found["command"],
            bool(found["long"]),
            marks=[pytest.mark.proof] if found["long"] else [],
        )
        for found in OUTPUT.finditer(TEXT)
    ],
)
def test_an_output_is_what_its_command_prints_now(
    shell: Callable[..., subprocess.Popen[str]], command: str, is_long: bool
) -> None:
    seconds = LONG_SECONDS if is_long else PATIENCE_SECONDS
    printed = succeeds(shell(command), seconds).strip("\n")
    # A table alone is shown as one; a whole answer as the text that it is.
    shown = f"{printed}\n" if printed.startswith("|") else f"```markdown\n{printed}\n```\n"

    def renewed(found: re.Match[str]) -> str:
        return f"{found['head']}{shown}{found['tail']}" if found["command"] == command else found[0]

    renew(OUTPUT, renewed)


def table_of(file: str, first: str, rows: str | None) -> str:
    """Return the first table of a proof whose first heading is this, whole or the rows named."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    begin = next(at for at, line in enumerate(lines) if line.startswith(f"| {first} |"))
    table = list(itertools.takewhile(lambda line: line.startswith("|"), lines[begin:]))
    if rows is None:
        return "\n".join(table)
    body = {line.split("|")[1].strip(" *"): line for line in table[2:]}
    return "\n".join([*table[:2], *(body[name] for name in rows.split("; "))])


@pytest.mark.parametrize(
    ("file", "first"), [(found["file"], found["first"]) for found in TABLE.finditer(TEXT)]
)
def test_an_output_of_a_proof_is_what_its_table_says(file: str, first: str) -> None:
    def renewed(found: re.Match[str]) -> str:
        if (found["file"], found["first"]) != (file, first):
            return found[0]
        return f"{found['head']}{table_of(file, first, found['rows'])}\n{found['tail']}"

    renew(TABLE, renewed)


def renew(shape: re.Pattern[str], renewed: Callable[[re.Match[str]], str]) -> None:
    """Compare the README with what it should show, and write that where it is asked for."""
    text = README.read_text(encoding="utf-8")
    wanted = shape.sub(renewed, text)
    if os.environ.get("UPDATE_SAMPLE"):
        README.write_text(wanted, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == wanted, "`make sample` writes it anew"
