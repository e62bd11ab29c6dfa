"""A sync asks the remote servers too: the journal fills day by day, and no failure of theirs ends it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.commands.sync import Syncing, bring
from agent.commands.sync_remote import NOT_ASKED, NOT_MAPPED, ask_remotes
from agent.remote.bench import remote_desk
from agent.remote.collecting import collect
from agent.remote.hub import RemoteHub
from agent.remote.ledger import MINUTE
from agent.remote.settings import RemoteTool
from agent.settings import Settings
from tests.agent.remote.room import FLOW, MAPPED, MONDAY, Calendar, room_with, server, serving, task
from tests.markets import write_market
from tests.remote_servers import serve_http
from tests.tools.sync.bar_provider import BarMarket, bar_server
from tools.desk import Desk
from tools.sources import open_market
from tools.store import history_folder
from tools.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.commands.sync_remote import RemoteRow
    from agent.remote.settings import RemoteServer
    from agent.state import CallOutcome
    from tests.conftest import Cli, Finished
    from tests.remote_servers import State
    from tools.sources.base import MarketData

ROOT = Path(__file__).resolve().parents[3]
TOOLS = {name: MAPPED[name] for name in ("get_sector_rotation", "get_foreign_flow")}
WEEKLY = task("get_foreign_flow", timeframe="1W")
TABLE = """
[remote.vimo]
url = "{url}"
{more}
[[remote.vimo.tools.get_foreign_flow.facts]]
metric = "foreign_net_value"
unit = "VND"
scale = 1e9
value = "data.net_value"
window = "1D"
accumulate = "sum"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write one market that has no feeds to sync."""
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=120)


@pytest.fixture(scope="module")
def market(folder: Path) -> MarketData:
    return open_market(f"folder:{folder}")


@pytest.fixture(scope="module")
def days(market: MarketData) -> list[date]:
    """List the market's last five trading days."""
    return [day.date() for day in sorted(set(market.prices["date"]))[-5:]]


@pytest.fixture
def state() -> State:
    # Yesterday is over in every time zone.
    return serving(datetime.now(UTC).date() - timedelta(days=1))


@pytest.fixture
def vimo(state: State) -> Iterator[str]:
    with serve_http("vimo", state) as address:
        yield address


def settings_for(home: Path, **servers: RemoteServer) -> Settings:
    return Settings(home=home, remote=servers)


class Daily:
    """A sync a day, at noon, of a market whose days are past."""

    def __init__(self, home: Path, market: MarketData, state: State, url: str) -> None:
        self.settings = settings_for(home, vimo=server(url, tools=TOOLS))
        self.market, self.state = market, state
        self.clock = Calendar(MONDAY)

    def sync(self, day: date, flow: float) -> tuple[RemoteRow, ...]:
        self.clock.day = day
        self.state.day, self.state.net_flow = day.isoformat(), flow
        return ask_remotes(self.settings, self.market.market, lambda: self.market, wall=self.clock)

    def week(self, day: date) -> CallOutcome:
        """Ask for a week as a question of that day does."""

        async def asked() -> CallOutcome:
            async with RemoteHub(self.settings.remote, self.settings.home, wall=self.clock) as hub:
                desk = remote_desk(hub, Desk(self.market, day), live=True)
                added = await desk.additions((WEEKLY,), room=9, timeout_seconds=9.0)
                return await desk.call(added.tasks[0], timeout_seconds=9.0)

        self.clock.day = day
        return asyncio.run(asked())


def weekly(outcome: CallOutcome) -> list[float | str]:
    return [fact.value for fact in outcome.facts if fact.period == "1W"]


class TestEveryDay:
    def test_three_days_are_a_journal_of_three_and_a_week_names_the_missing_until_five_are_there(
        self, home: Path, market: MarketData, state: State, vimo: str, days: list[date]
    ) -> None:
        daily = Daily(home, market, state, vimo)
        rows = [row for n, day in enumerate(days[:3], 1) for row in daily.sync(day, 10.0 * n)]
        assert {(row.provider, row.status) for row in rows} == {("vimo", "ok")}
        assert [row.observed_to for row in rows[::2]] == [day.isoformat() for day in days[:3]]
        journal = Journal(history_folder(home, market.market.storage_key))
        kept = journal.entries(server="vimo", tool="get_foreign_flow")
        assert [entry.answered_on for entry in kept] == days[:3]

        n_calls = len(state.calls)
        third = daily.week(days[2])
        assert len(state.calls) == n_calls, "the sync's answer of the day is the question's too"
        assert not weekly(third)
        told = [gap.why for gap in third.gaps if gap.what == "vimo get_foreign_flow over 1W"]
        earlier = [d.date() for d in sorted(set(market.prices["date"]))[-7:-5]]
        assert len(told) == 1
        assert all(str(day) in told[0] for day in earlier)
        assert not any(str(day) in told[0] for day in days[:3])

        daily.sync(days[3], 40.0)
        assert not weekly(daily.week(days[3]))
        daily.sync(days[4], 50.0)
        assert weekly(daily.week(days[4])) == [pytest.approx(150e9)]

    def test_a_second_sync_of_the_day_asks_nothing_again(
        self, home: Path, market: MarketData, state: State, vimo: str, days: list[date]
    ) -> None:
        daily = Daily(home, market, state, vimo)
        first, again = (daily.sync(days[0], 1.0) for _ in range(2))
        assert first == again
        assert len(state.calls) == len(TOOLS)

    def test_a_day_that_the_markets_own_feeds_lack_is_journalled_all_the_same(
        self, home: Path, market: MarketData, state: State, vimo: str, days: list[date]
    ) -> None:
        daily = Daily(home, market, state, vimo)
        later = days[-1] + timedelta(days=30)
        assert {row.status for row in daily.sync(later, 1.0)} == {"ok"}

    async def test_where_the_minutes_quota_is_used_up_the_rest_waits_for_the_next(
        self, home: Path, state: State, vimo: str
    ) -> None:
        state.day = MONDAY.isoformat()
        waited: list[float] = []
        async with room_with(home, vimo=server(vimo, tools=TOOLS, per_minute=1)) as room:

            async def pause(seconds: float) -> None:
                waited.append(seconds)
                room.hub.ledger.wall = lambda: room.clock() + seconds + 1

            came = await collect(room.hub, room.desk(), pause=pause)
        assert [outcome.status for outcome in came] == ["ok", "ok"]
        assert waited == [MINUTE]

    async def test_a_days_quota_is_not_waited_for(
        self, home: Path, state: State, vimo: str
    ) -> None:
        state.day = MONDAY.isoformat()

        async def pause(seconds: float) -> None:
            pytest.fail(f"waited {seconds} s")

        async with room_with(home, vimo=server(vimo, tools=TOOLS, per_day=1)) as room:
            came = await collect(room.hub, room.desk(), pause=pause)
        assert [outcome.status for outcome in came] == ["ok", "failed"]


class TestWhatDoesNotCome:
    def rows(self, home: Path, market: MarketData, **servers: RemoteServer) -> list[RemoteRow]:
        settings = settings_for(home, **servers)
        return list(ask_remotes(settings, market.market, lambda: market))

    def test_a_server_that_is_away_is_a_failure_for_each_of_its_tools_and_the_other_is_asked(
        self, home: Path, market: MarketData, vimo: str
    ) -> None:
        away = server("http://127.0.0.1:9/", tools=TOOLS, timeout_seconds=2.0)
        rows = self.rows(home, market, away=away, vimo=server(vimo, tools=TOOLS))
        assert [(row.provider, row.status) for row in rows] == [
            ("away", "failed"), ("away", "failed"), ("vimo", "ok"), ("vimo", "ok"),
        ]  # fmt: skip
        assert {row.message for row in rows[:2]} == {"the server cannot be reached or ended"}

    def test_the_servers_own_words_are_not_repeated(
        self, home: Path, market: MarketData, state: State, vimo: str
    ) -> None:
        state.mode = "bad_key"
        (row, _other) = self.rows(home, market, vimo=server(vimo, tools=TOOLS))
        assert (row.status, row.message) == ("failed", "the server refused the key, or needs one")

    def test_what_cannot_be_asked_without_a_question_or_is_not_mapped_is_skipped(
        self, home: Path, market: MarketData, vimo: str, state: State
    ) -> None:
        tools = {
            "get_stock_info": RemoteTool(facts=(FLOW,)),
            "get_nothing": MAPPED["get_foreign_flow"],
        }
        rows = self.rows(home, market, vimo=server(vimo, tools=tools), bare=server(vimo, tools={}))
        assert [(row.provider, row.tool, row.status, row.message) for row in rows] == [
            ("vimo", "get_stock_info", "skipped", NOT_ASKED),
            ("vimo", "get_nothing", "skipped", NOT_ASKED),
            ("bare", "", "skipped", NOT_MAPPED),
        ]
        assert not state.calls

    def test_a_market_that_cannot_be_opened_is_a_failure_of_every_tool_and_no_end(
        self, home: Path, market: MarketData, vimo: str
    ) -> None:
        settings = settings_for(home, vimo=server(vimo, tools=TOOLS))
        rows = ask_remotes(settings, market.market, lambda: open_market("vn", home))
        assert [row.status for row in rows] == ["failed", "failed"]
        assert "run `sectorvane sync --market vn` first" in rows[0].message

    def test_a_day_before_the_market_begins_is_a_failure_of_every_tool(
        self, home: Path, market: MarketData, vimo: str
    ) -> None:
        settings = settings_for(home, vimo=server(vimo, tools=TOOLS))
        early = Calendar(date(2001, 1, 1))
        rows = ask_remotes(settings, market.market, lambda: market, wall=early)
        assert [row.status for row in rows] == ["failed", "failed"]
        assert rows[0].message.startswith("the servers could not be asked: ")

    def test_a_server_for_other_markets_has_no_row(
        self, home: Path, market: MarketData, vimo: str
    ) -> None:
        assert self.rows(home, market, vimo=server(vimo, tools=TOOLS, markets=("vn",))) == []


class TestBehindTheFeeds:
    @pytest.mark.parametrize(("mode", "status"), [("ok", "ok"), ("http_500", "failed")])
    def test_the_feeds_come_through_whatever_a_remote_server_does(
        self, home: Path, state: State, vimo: str, mode: str, status: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        state.mode = mode  # type: ignore[assignment]
        settings = settings_for(home, vimo=server(vimo, tools=TOOLS))
        with bar_server() as bars:
            done = bring(settings, lambda _closes: BarMarket(bars.url, 4), Syncing(as_json=True))
        told = json.loads(capsys.readouterr().out)
        assert done == 0
        assert {feed["status"] for feed in told["feeds"]} == {"ok"}
        assert [(row["provider"], row["status"]) for row in told["remote"]] == [
            ("vimo", status),
            ("vimo", status),
        ]


class TestAtTheFrontDoor:
    def sync(
        self, cli: Cli, home: Path, market: str, url: str, *flags: str, more: str = ""
    ) -> Finished:
        (home.parent / "sectorvane.toml").write_text(
            TABLE.format(url=url, more=more), encoding="utf-8"
        )
        return cli("sync", "--market", market, *flags, env={"SECTORVANE_HOME": str(home)})

    def test_a_folder_without_feeds_is_asked_about_where_a_server_knows_it(
        self, cli: Cli, home: Path, folder: Path, vimo: str
    ) -> None:
        finished = self.sync(cli, home, f"folder:{folder}", vimo)
        assert finished.returncode == 0, finished.stderr
        assert "# Sync of market toy (" in finished.stdout
        assert "| vimo | get_foreign_flow | ok | 1 |" in finished.stdout
        assert "feeds" not in finished.stdout

    def test_where_nothing_came_the_status_says_so_and_the_row_why(
        self, cli: Cli, home: Path, folder: Path, vimo: str, state: State
    ) -> None:
        state.mode = "rate_limit_error"
        finished = self.sync(cli, home, f"folder:{folder}", vimo, "--json")
        (row,) = json.loads(finished.stdout)["remote"]
        assert finished.returncode == 1
        assert (row["status"], row["message"]) == (
            "failed", "the server says that its limit of calls is reached",
        )  # fmt: skip

    def test_the_simulated_market_is_asked_about_only_where_the_settings_list_it(
        self, cli: Cli, home: Path, vimo: str, state: State
    ) -> None:
        refused = self.sync(cli, home, "demo", vimo)
        assert refused.returncode == 2
        assert "us or vn" in refused.stderr
        assert not state.calls
        listed = self.sync(cli, home, "demo", vimo, more='markets = ["demo"]')
        assert listed.returncode == 0, listed.stderr
        assert len(state.calls) == 1

    @pytest.mark.parametrize("flags", [("--check",), ("--repair",), ("--since", "2024-01-02")])
    def test_a_market_without_a_history_has_none_to_look_through(
        self, cli: Cli, home: Path, folder: Path, vimo: str, state: State, flags: tuple[str, ...]
    ) -> None:
        refused = self.sync(cli, home, f"folder:{folder}", vimo, *flags)
        assert refused.returncode == 2
        assert "us or vn" in refused.stderr
        assert not state.calls

    def test_an_unknown_market_is_refused_as_ever(self, cli: Cli, home: Path, vimo: str) -> None:
        refused = self.sync(cli, home, "mars", vimo)
        assert refused.returncode == 2
        assert "us or vn" in refused.stderr

    def test_without_a_table_nothing_of_remote_servers_is_loaded_or_told(self, home: Path) -> None:
        program = (
            "import io, sys, contextlib\n"
            "from agent.commands.sync import Syncing, bring\n"
            "from agent.settings import Settings\n"
            "from tests.tools.sync.bar_provider import BarMarket, bar_server\n"
            "told = io.StringIO()\n"
            "with bar_server() as bars, contextlib.redirect_stdout(told):\n"
            f"    bring(Settings(home={str(home)!r}), lambda _: BarMarket(bars.url, 2),"
            " Syncing(as_json=True))\n"
            "print('\"remote\"' in told.getvalue(),"
            " [m for m in sys.modules if m.startswith(('agent.remote', 'agent.commands.sync_remote'))])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "False []"
