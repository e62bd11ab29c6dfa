"""Training as a reader sees it: progress on stderr, what serves on stdout, no alarm where a file was damaged."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from agent.commands.train import training_view
from tests.markets import write_market
from tools.scoring.fitting import Trained

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

QUESTION = "Which sectors are rotating in?"
LINES = ["training", "  trained 1W (1 of 3)", "  trained 1M (2 of 3)", "  trained 3M (3 of 3)"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market"))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestTrain:
    def test_progress_is_on_stderr_and_what_serves_on_stdout(
        self, cli: Cli, folder: Path, home: Path
    ) -> None:
        env = {"SECTORVANE_HOME": str(home)}
        first = cli("train", "--market", f"folder:{folder}", env=env)
        assert first.returncode == 0, first.stderr
        assert [line[: len(LINES[n])] for n, line in enumerate(first.stderr.splitlines())] == LINES
        assert "serves 1W, 1M, 3M" in first.stdout
        assert first.stdout.count("| composite |") == 3
        again = cli("train", "--market", f"folder:{folder}", "--scorer", "ensemble", env=env)
        assert again.stderr == "", "what is at hand is not trained again"
        assert again.stdout.count("| ensemble | asked for |") == 3
        ids = {re.findall(r"artefact (\w+)", told.stdout)[0] for told in (first, again)}
        assert len(ids) == 1

    def test_two_processes_train_the_same(self, cli: Cli, folder: Path, tmp_path: Path) -> None:
        written = []
        for jobs in ("1", "2"):
            home = tmp_path / jobs
            done = cli(
                "train", "--market", f"folder:{folder}", "--jobs", jobs,
                env={"SECTORVANE_HOME": str(home)},
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            written += [path.read_bytes() for path in home.glob("artefacts/*/*.json")]
        assert len(written) == 2
        assert written[0] == written[1]

    def test_on_a_terminal_it_is_a_bar_that_goes_away(self) -> None:
        stream = _Terminal()
        with training_view(stream) as tell:
            tell(Trained(0, 3, None))
            tell(Trained(1, 3, "1W"))
        assert "training" in stream.getvalue()


class TestFirstQuestion:
    def test_it_trains_with_progress_and_the_second_does_not(
        self, cli: Cli, folder: Path, home: Path
    ) -> None:
        env = {"SECTORVANE_HOME": str(home)}
        ask = ("chat", QUESTION, "--market", f"folder:{folder}")
        first, second = cli(*ask, env=env), cli(*ask, env=env)
        assert "training the scoring model, once a quarter" in first.stderr
        assert "trained 3 of 3 horizons" in first.stderr
        assert "train" not in second.stderr

    def test_a_damaged_artefact_is_one_line_and_no_traceback(
        self, cli: Cli, folder: Path, home: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        env = {"SECTORVANE_HOME": str(home)}
        ask = ("chat", QUESTION, "--market", f"folder:{folder}", "--json")
        cli(*ask, env=env)
        (artefact,) = home.glob("artefacts/*/*.json")
        artefact.write_text(artefact.read_text()[:-9])
        again = cli(*ask, env=env)
        assert again.returncode == 0
        assert "Traceback" not in again.stderr
        assert [record.getMessage() for record in caplog.records] == [
            f"Training again instead of using {artefact.name}: it is damaged."
        ]
