"""The market as a whole: synced from its providers on loopback into a history, and asked in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from agent import ask
from agent.settings import Settings
from tests.providers import Providers
from tests.tools.sources.vn.exchange import Exchange, live
from tools.store.history import HistoryStore
from tools.sync.run import Sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agent.brief.model import Brief
    from tools.sync.run import SyncReport

FRIDAY = date(2025, 11, 21)
EVENING = datetime(2025, 11, 21, 11, 30, tzinfo=UTC)
BANKS = ("VCB", "ACB", "CTG")


class Desk(NamedTuple):
    """An exchange, its providers, and a home with what was synced from them on a Friday evening."""

    exchange: Exchange
    server: Providers
    home: Path
    first: SyncReport


def synced(server: Providers, home: Path, now: datetime = EVENING) -> SyncReport:
    market = live(server, now=lambda: now, history_years=0.5)
    with HistoryStore.at(home, market.market, write=True) as store:
        return Sync(market, store, home, now=lambda: now).run()


def asked(home: Path, question: str) -> Brief:
    return ask(question, market="vn", brain="offline", as_of=FRIDAY, settings=Settings(home=home))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    exchange = Exchange(n_days=120, today=FRIDAY)
    home = tmp_path_factory.mktemp("home")
    with Providers(exchange.services) as server:
        yield Desk(exchange, server, home, synced(server, home))


class TestSync:
    def test_every_feed_comes_through_and_nothing_is_set_aside(self, desk: Desk) -> None:
        assert {report.status for report in desk.first.feeds} == {"ok"}
        assert sum(report.n_quarantined for report in desk.first.feeds) == 0

    def test_the_history_holds_what_the_exchange_traded(self, desk: Desk) -> None:
        with HistoryStore.at(desk.home, live(desk.server).market) as store:
            data = store.market_data()
        hpg = data.prices[data.prices["symbol"] == "HPG"]
        assert hpg["close"].tolist() == desk.exchange.closes["HPG"].tolist()
        assert data.flows is not None
        assert len(data.flows) == desk.exchange.n_days * len(desk.exchange.shares)
        assert data.sectors.loc["8300", "name_vi"] == "Ngân hàng"
        assert data.universe.loc["HPG", "sector"] == "1700"

    def test_the_same_evening_again_changes_nothing(self, desk: Desk) -> None:
        again = synced(desk.server, desk.home)
        assert {report.status for report in again.feeds} == {"ok"}
        assert sum(report.n_new + report.n_revised for report in again.feeds) == 0


class TestQuestions:
    def net(self, desk: Desk, symbols: tuple[str, ...]) -> float:
        """Return what foreigners bought less what they sold in five sessions, in dong."""
        total = 0.0
        for symbol in symbols:
            bought, sold = desk.exchange.foreign[symbol]
            total += float(((bought - sold) * desk.exchange.closes[symbol])[-5:].sum())
        return total

    def test_foreign_flow_is_answered_in_english_from_the_right_sums(self, desk: Desk) -> None:
        brief = asked(desk.home, "Where did foreign money flow this week?")
        facts = brief.facts
        assert facts["8300.foreign_net_value.1W"].value == pytest.approx(self.net(desk, BANKS))
        every = tuple(desk.exchange.shares)
        assert facts["MARKET.foreign_net_value.1W"].value == pytest.approx(self.net(desk, every))
        assert facts["8300.foreign_net_value.1W"].source == "vn/vndirect+vietcap"
        assert "VND" in brief.markdown
        assert brief.review.passed

    def test_foreign_flow_is_answered_in_vietnamese_by_share(self, desk: Desk) -> None:
        brief = asked(desk.home, "Khối ngoại mua bán ròng ngành ngân hàng tuần này thế nào?")
        assert brief.language == "vi"
        assert "Ngân hàng" in brief.markdown
        assert "đồng" in brief.markdown
        value = brief.facts["VCB.foreign_net_value.1W"].value
        assert value == pytest.approx(self.net(desk, ("VCB",)))
        assert brief.review.passed

    def test_returns_are_those_of_the_exchange(self, desk: Desk) -> None:
        brief = asked(desk.home, "How did HPG do over the past week?")
        close = desk.exchange.closes["HPG"]
        assert brief.facts["HPG.return.1W"].value == pytest.approx(close[-1] / close[-6] - 1)

    def test_the_dollar_and_consumer_prices_are_known_as_they_were_public(self, desk: Desk) -> None:
        brief = asked(desk.home, "Tỷ giá USD/VND và CPI hiện nay ra sao?")
        assert brief.facts["MACRO.USDVND.latest"].value == 26_000 + FRIDAY.day
        inflation = brief.facts["MACRO.CPI_YOY.latest"]
        assert inflation.observed_on == date(2025, 10, 1)
        assert inflation.published_on == date(2025, 11, 10)


class TestFailures:
    def test_a_provider_that_is_down_is_named_and_the_rest_is_answered(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        desk.server.fail("forbidden", under="finfo")
        try:
            report = synced(desk.server, tmp_path)
        finally:
            desk.server.heal()
        failed = {one.feed_key: one.message for one in report.feeds if one.status != "ok"}
        assert list(failed) == ["vndirect/flows/HOSE"]
        assert "VNDirect" in failed["vndirect/flows/HOSE"]
        brief = asked(tmp_path, "Where did foreign money flow this week?")
        assert "MARKET.foreign_net_value.1W" not in brief.facts
        assert any("flow" in gap.what for gap in brief.gaps)

    def test_without_vietcap_the_second_source_still_brings_the_shares(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        desk.server.fail("forbidden", under="trading")
        try:
            report = synced(desk.server, tmp_path)
        finally:
            desk.server.heal()
        brought = {one.feed_key for one in report.feeds if one.status == "ok"}
        assert {f"vietcap/prices/{symbol}" for symbol in desk.exchange.shares} <= brought
        with HistoryStore.at(tmp_path, live(desk.server).market) as store:
            prices = store.market_data().prices
        hpg = prices["close"][prices["symbol"] == "HPG"]
        assert np.array_equal(hpg, desk.exchange.closes["HPG"])

    def test_a_late_day_comes_from_the_heatmap_and_is_put_right_later(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        late = Exchange(n_days=30, today=FRIDAY, flows_until=FRIDAY - timedelta(days=1))
        with Providers(late.services) as server:
            synced(server, tmp_path)
            late.flows_until = FRIDAY
            late.foreign["HPG"][0][-1] += 100
            again = synced(server, tmp_path, EVENING + timedelta(hours=2))
        flows = next(one for one in again.feeds if one.feed_key == "vndirect/flows/HOSE")
        assert (flows.n_new, flows.n_revised) == (0, 1)
