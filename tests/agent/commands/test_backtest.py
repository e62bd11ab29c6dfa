"""A walk-forward as a desk reads it, and the record of several markets in one table."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.markets import write_market

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Write a small market and return the options that choose it."""
    path = write_market(tmp_path_factory.mktemp("toy"), n_days=460, n_sectors=5, n_shares=3)
    return "--market", f"folder:{path}"


class TestBacktest:
    def test_the_short_form_says_in_words_what_it_found(
        self, cli: Cli, toy: tuple[str, str]
    ) -> None:
        finished = cli("backtest", *toy)
        assert finished.returncode == 0, finished.stderr
        said = finished.stdout
        assert said.startswith("# Walk-forward of toy, horizon 1M, every 1M")
        for part in (
            "The served model ranked ", "Against the single signal chosen on the past it gained ",
            "a ceiling that nobody could have held", "**Ranking and calls**",
            "**Probabilities and intervals**", "**Paper portfolios**", "**Coming leaders**",
            "**By the market's state**",
        ):  # fmt: skip
            assert part in said
        assert "| past_chosen | " in said
        assert "feature." not in said
        assert re.search(r"right in \d+\.\d% \(\d+% to \d+%\)", said)
        assert " %" not in said
        assert "**By year**" not in said

    def test_two_sectors_are_told_to_have_no_order_to_judge(self, cli: Cli, tmp_path: Path) -> None:
        path = write_market(tmp_path / "m", n_days=460, n_sectors=2, n_shares=3)
        said = cli("backtest", "--market", f"folder:{path}", "--horizon", "1W").stdout
        assert "Too few dates have three sectors to rank" in said
        assert "No outcome is known" not in said
        assert "and was right in" in said
        assert "nan" not in said
        assert "ceiling: " not in said

    def test_the_words_are_about_the_scorer_asked_for(self, cli: Cli, toy: tuple[str, str]) -> None:
        said = cli("backtest", *toy, "--scorer", "ensemble").stdout
        ranked = [line for line in said.splitlines() if line.startswith("| ")][2]
        assert ranked.startswith("| ensemble | ")
        assert "| ensemble | market above its trend | " in said
        assert "| sectorvane | market above its trend | " not in said

    def test_the_full_form_has_every_feature_and_year(self, cli: Cli, toy: tuple[str, str]) -> None:
        said = cli("backtest", *toy, "--full").stdout
        assert "| feature.rs_ratio | " in said
        assert "| sectorvane | 2022 | " in said

    def test_several_horizons_are_one_document(self, cli: Cli, toy: tuple[str, str]) -> None:
        both = cli("backtest", *toy, "--horizon", "1M", "--horizon", "3M", "--json")
        assert both.returncode == 0, both.stderr
        document = json.loads(both.stdout)
        assert (document["schema"], document["market"]) == ("sectorvane.backtest/1", "toy")
        assert [run["horizon"] for run in document["runs"]] == ["1M", "3M"]
        alone = json.loads(cli("backtest", *toy, "--horizon", "3M", "--json").stdout)
        assert document["runs"][1] == alone

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--trade", "noon"], "--trade"),
            (["--horizon", "1M", "--horizon", "2M"], "--horizon"),
            (["--engine", "dask"], "--scheduler"),
        ],
        ids=" ".join,
    )
    def test_what_it_cannot_use_is_one_line(
        self, cli: Cli, toy: tuple[str, str], arguments: list[str], told: str
    ) -> None:
        finished = cli("backtest", *toy, *arguments)
        assert finished.returncode == 2, finished.stderr
        assert told in finished.stderr
        assert len(finished.stderr.splitlines()) == 1


class TestRecord:
    def test_each_market_and_horizon_has_one_row(self, cli: Cli, toy: tuple[str, str]) -> None:
        finished = cli("record", *toy, *toy, "--horizon", "1W")
        assert finished.returncode == 0, finished.stderr
        lines = [line for line in finished.stdout.splitlines() if line.startswith("| toy")]
        assert len(lines) == 2
        assert lines[0].startswith("| toy | 1W | ")
        assert "past_chosen" in finished.stdout
        assert "toy after" in finished.stderr

    def test_a_simulated_market_is_called_so(self, cli: Cli, tmp_path: Path) -> None:
        path = write_market(tmp_path / "m", n_days=460, n_sectors=4, n_shares=3, simulated=True)
        finished = cli("record", "--market", f"folder:{path}", "--horizon", "1W", "--json")
        (run,) = json.loads(finished.stdout)["runs"]
        assert run["simulated"] is True
        assert (run["horizon"], run["every"]) == ("1W", "1W")
