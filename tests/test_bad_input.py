"""Input that cannot be used: exit status 2, one plain line on stderr, nothing on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

QUESTION = "Which sectors are rotating in this month?"


def refused(cli: Cli, *arguments: str, **options: object) -> str:
    """Run and return the one line that says why not."""
    finished = cli(*arguments, **options)
    lines = finished.stderr.strip().splitlines()
    assert finished.returncode == 2, finished.stderr
    assert finished.stdout == ""
    assert len(lines) == 1, finished.stderr
    assert "Traceback" not in lines[0]
    return lines[0]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--market", "atlantis"], "demo"),
        (["--market", "demo:many"], "demo:7"),
        (["--market", "demo", "--seed", "-1"], "--seed"),
        (["--market", "folder:"], "folder"),
        (["--market", "folder:nowhere"], "nowhere"),
        (["--as-of", "1900-01-01"], "1900-01-01"),
        (["--as-of", "2999-12-31"], "2999-12-31"),
        (["--as-of", "tomorrow"], "YYYY-MM-DD"),
        (["--as-of", "2016-02-30"], "YYYY-MM-DD"),
        (["--horizon", "2W"], "1W, 1M or 3M"),
        (["--lang", "fr"], "auto, en or vi"),
        (["--scorer", "best"], "auto, composite or ensemble"),
        (["--brain", "oracle"], "auto, offline or openai"),
        (["--brain", "openai"], "OPENAI_API_KEY"),
        (["--compare", "soon"], "--compare"),
        (["--compare", "1900-01-01"], "1900-01-01"),
        (["--out", "brief.pdf"], ".md, .json, .html or .png"),
        (["--out", "nowhere/brief.md"], "nowhere"),
        (["--replay", "nowhere.yaml"], "nowhere.yaml"),
        (["--record", "nowhere/a.yaml"], "nowhere"),
        (["--record", "a.yaml", "--replay", "b.yaml"], "both"),
        (["--engine", "dask"], "--engine"),
        (["--max-usd", "much"], "--max-usd"),
        (["--no-such-option"], "--no-such-option"),
    ],
    ids=" ".join,
)
def test_a_flag_that_cannot_be_used(cli: Cli, flags: list[str], told: str) -> None:
    assert told in refused(cli, QUESTION, *flags)


def test_a_broken_market_folder_names_the_file(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "market.toml").write_text("id = 'mine'\n")
    assert "mine" in refused(cli, QUESTION, "--market", f"folder:{folder}")


def test_an_empty_question(cli: Cli) -> None:
    assert "a question" in refused(cli, "   ")


@pytest.mark.parametrize(
    "text", ["not toml", "markt = 'us'", "jobs = 'two'", "[mandate]\nsize = 1"]
)
def test_an_unusable_settings_file(cli: Cli, tmp_path: Path, text: str) -> None:
    (tmp_path / "sectorvane.toml").write_text(text, encoding="utf-8")
    assert "sectorvane.toml" in refused(cli, QUESTION)


def test_a_home_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = refused(cli, QUESTION, env={"SECTORVANE_HOME": str(tmp_path / "file" / "home")})
    assert "SECTORVANE_HOME" in line


def test_a_run_record_that_does_not_exist(cli: Cli) -> None:
    assert "sectorvane runs" in refused(cli, "replay", "no-such-run")


def test_a_debug_run_shows_the_traceback(cli: Cli) -> None:
    finished = cli(QUESTION, "--horizon", "2W", env={"SECTORVANE_DEBUG": "1"})
    assert finished.returncode == 2
    assert "Traceback" in finished.stderr
