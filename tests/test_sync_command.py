"""``sectorvane sync`` at the front door: what it prints, where it sends a reader, and with which status it ends."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from agent.commands.sync import Syncing, as_markdown, bring
from agent.commands.sync_progress import progress_of
from agent.settings import load_settings
from tests.markets import write_market, write_past_of_vn
from tests.tools.sync.bar_provider import BarMarket, Trouble, bar_server, symbols
from tools.sources import open_market
from tools.store.history import HistoryStore
from tools.sync.run import Sync

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli
    from tools.sync.run import SyncReport

WHEN = datetime(2017, 3, 2, 11, tzinfo=UTC)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def synced(home: Path, stream: io.StringIO, trouble: Trouble | None = None) -> SyncReport:
    with bar_server(trouble) as server:
        live = BarMarket(server.url, 4)
        with (
            HistoryStore.at(home, live.market, write=True) as store,
            progress_of(stream, "bars") as progress,
        ):
            return Sync(live, store, home, observer=progress, now=lambda: WHEN).run()


@pytest.mark.parametrize("market", ["us", "vn"])
def test_a_question_to_a_market_without_history_says_what_to_run(
    cli: Cli, home: Path, market: str
) -> None:
    finished = cli("--market", market, "Which sectors lead?", env={"SECTORVANE_HOME": str(home)})
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert f"run `sectorvane sync --market {market}` first" in finished.stderr
    assert len(finished.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--market", "demo"], "us or vn"),
        (["--market", "vn", "--since", "yesterday"], "--since"),
        (["--market", "vn", "--since", "2999-01-01"], "begun"),
        (["--market", "vn", "--import", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_synced_is_refused(
    cli: Cli, home: Path, flags: list[str], told: str
) -> None:
    finished = cli("sync", *flags, env={"SECTORVANE_HOME": str(home)})
    assert finished.returncode == 2
    assert told in finished.stderr


def test_a_folder_is_imported_and_then_answers(cli: Cli, home: Path, tmp_path: Path) -> None:
    path = write_past_of_vn(tmp_path / "past", 90)
    env = {"SECTORVANE_HOME": str(home)}
    finished = cli("sync", "--market", "vn", "--import", str(path), env=env)
    assert finished.returncode == 0, finished.stderr
    assert "| prices |" in finished.stdout
    assert len(open_market("vn", home).prices) > 1000
    assert cli("sync", "--market", "vn", "--check", env=env).stdout.endswith("is sound.\n")
    assert cli("health", "--market", "vn", env=env).returncode == 0


def test_a_history_without_its_benchmark_says_so(cli: Cli, home: Path, tmp_path: Path) -> None:
    env = {"SECTORVANE_HOME": str(home)}
    path = write_market(tmp_path / "past", n_days=60)
    assert cli("sync", "--market", "us", "--import", str(path), env=env).returncode == 0
    finished = cli("Which sectors lead?", "--market", "us", env=env)
    assert finished.returncode != 0
    assert "no prices of its benchmark SPY" in finished.stderr
    assert "sectorvane sync --market us" in finished.stderr


def test_a_damaged_history_is_found_and_mended(cli: Cli, home: Path, tmp_path: Path) -> None:
    env = {"SECTORVANE_HOME": str(home)}
    path = write_market(tmp_path / "past", n_days=60)
    for _ in range(2):
        cli("sync", "--market", "us", "--import", str(path), env=env)
    newest = max((home / "history").rglob("history-*.duckdb"))
    newest.write_bytes(newest.read_bytes()[:-100])
    assert cli("sync", "--market", "us", "--check", env=env).returncode == 1
    mended = cli("sync", "--market", "us", "--repair", "--json", env=env)
    assert mended.returncode == 0
    assert "went back" in json.loads(mended.stdout)["told"][0]
    assert cli("sync", "--market", "us", "--check", env=env).returncode == 0


def test_plain_lines_tell_the_way_where_there_is_no_terminal(home: Path) -> None:
    lines = io.StringIO()
    synced(home, lines, Trouble(statuses={"AAB": 500}))
    told = lines.getvalue().splitlines()
    assert told[0] == "sync bars: 2 feeds to ask"
    assert any("✗ Loopback/prices/AAB: Loopback gave no usable answer" in line for line in told)
    assert "\x1b" not in lines.getvalue()


def test_a_terminal_gets_a_bar(home: Path) -> None:
    stream = Terminal()
    synced(home, stream)
    assert "sync bars" in stream.getvalue()
    assert "\x1b[" in stream.getvalue()


def test_the_report_names_what_came_and_what_did_not(home: Path) -> None:
    report = synced(home, io.StringIO(), Trouble(statuses={"AAB": 401}))
    told = as_markdown(report)
    assert "| Loopback | prices | 4 | 1 | 2 |" in told
    assert "the key or the access is refused" in told
    assert "http://" not in told


@pytest.mark.parametrize(("status", "ends"), [(200, 0), (503, 1)])
def test_a_sync_without_a_price_ends_with_a_status_that_a_timer_sees(
    home: Path, status: int, ends: int, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {} if status == 200 else dict.fromkeys(symbols(3), status)
    with bar_server(Trouble(statuses=refused)) as server:
        settings = load_settings({"home": home}, {}, home)
        assert bring(settings, lambda _: BarMarket(server.url, 3), Syncing(as_json=True)) == ends
    feeds = json.loads(capsys.readouterr().out)["feeds"]
    assert {feed["status"] for feed in feeds if feed["table"] == "sectors"} == {"ok"}
