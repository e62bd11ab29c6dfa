"""What every test stands on: a clean environment and no connection beyond this machine."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SECTORVANE_SHARED") or ROOT.parent / "shared" / "data")
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0")  # noqa: S104 - an address that may be connected to
SPEAKING = ("OPENAI_", "SECTORVANE_", "FRED_", "VIMO_", "SLACK_", "LANGSMITH_", "LANGCHAIN_")

hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.load_profile("suite")


def _refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop a connection that would leave this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if host not in LOOPBACK:
            raise RuntimeError(f"a test tried to connect to {host}")


sys.addaudithook(_refuse_the_outside)


def clean_environment() -> dict[str, str]:
    """Return the process's environment without what would change an answer."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(SPEAKING) or name == "SECTORVANE_SHARED"
    }


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, address or setting of the machine reaches a test."""
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home folder of the test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[], Path]:
    """Make homes that share what can only come out the same, whoever makes it.

    A model is thus trained once by all workers of the suite, and a simulated market made once.
    Conversations and runs are each home's own.
    """
    base = tmp_path_factory.getbasetemp()
    of_all = (base if worker_id == "master" else base.parent) / "made-once"

    def make() -> Path:
        folder = tmp_path_factory.mktemp("home")
        for name in ("artefacts", "simulated"):
            (of_all / name).mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(of_all / name, target_is_directory=True)
        return folder

    return make


@pytest.fixture(scope="session")
def session_home(new_home: Callable[[], Path]) -> Path:
    """Make a home that tests of one worker share."""
    return new_home()


@pytest.fixture(scope="session")
def shared_market() -> Callable[[str], Path]:
    """Find a shared market folder by id, or skip the test where there is none."""

    def find(name: str) -> Path:
        folder = SHARED / "markets" / name
        if not folder.is_dir():
            pytest.skip(f"no market folder {folder}")
        return folder

    return find


class Finished(NamedTuple):
    """What a command line left behind."""

    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Finished]


@pytest.fixture
def cli(
    session_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """Run a command line in this process, in an empty folder; further environment in `env`."""
    import chat

    def run(*arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> Finished:
        with monkeypatch.context() as here:
            here.chdir(tmp_path)
            here.setattr(sys, "stdin", io.StringIO(stdin))
            for name, value in {"SECTORVANE_HOME": str(session_home), **(env or {})}.items():
                here.setenv(name, value)
            capsys.readouterr()
            status = chat.run(arguments)
        return Finished(status, *capsys.readouterr())

    return run


@pytest.fixture
def process(session_home: Path, tmp_path: Path) -> Cli:
    """Run ``chat.py`` as a new process in an empty folder; further environment in `env`."""

    def run(*arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> Finished:
        environ = {**clean_environment(), "SECTORVANE_HOME": str(session_home), **(env or {})}
        finished = subprocess.run(
            [sys.executable, str(ROOT / "chat.py"), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environ,
            check=False,
            timeout=120,
        )
        return Finished(finished.returncode, finished.stdout, finished.stderr)

    return run
