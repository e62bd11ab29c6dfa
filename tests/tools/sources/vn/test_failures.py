"""Every way in which a provider fails ends as its name in an error, or as rows left out; never as another number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.providers import FAILURES, Providers, changed, nulls_inside, renamed_key, scaled
from tests.tools.sources.vn.exchange import TODAY, Exchange, live
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.providers import Failure
    from tools.sources.vn import VnMarket

EXCHANGE = Exchange(n_days=30)
UNIVERSE = pd.DataFrame({"symbol": sorted(EXCHANGE.shares), "kind": "stock"})
RECENT = TODAY - timedelta(days=3)
KEYS = {
    "prices": ["symbol", "observed_on"],
    "flows": ["symbol", "observed_on"],
    "signals": ["name", "entity", "observed_on"],
    "macro": ["series", "observed_on"],
    "universe": ["symbol"],
    "sectors": ["sector"],
}


class Case(NamedTuple):
    """One feed, the service that it asks, and who is named when that fails."""

    key: str
    under: str
    provider: str
    since: date | None = RECENT
    broken: str = ""
    """Another service that does not answer, so that this one is asked."""


CASES = {
    "bars": Case("vietcap/prices/VNFIN", "trading", "Vietcap"),
    "history": Case("vietcap/prices/VNFIN", "trading", "Vietcap", None),
    "second chart": Case("vietcap/prices/HPG", "dchart", "VNDirect", RECENT, "trading"),
    "listing": Case("vietcap/universe/HOSE", "iq", "Vietcap", None),
    "foreign trading": Case("vndirect/flows/HOSE", "finfo", "VNDirect"),
    "heatmap": Case("vietcap/flows/HOSE", "trading", "Vietcap", RECENT, "finfo"),
    "blocks": Case("vietcap/signals/block_trades/HOSE", "trading", "Vietcap"),
    "consumer prices": Case("vimoney/macro/CPI", "vimoney", "vi.money", None),
    "dollar": Case("vietcombank/macro/USDVND", "vietcombank", "Vietcombank"),
}


@pytest.fixture(scope="module")
def providers() -> Iterator[Providers]:
    with Providers(EXCHANGE.services) as server:
        yield server


@pytest.fixture(scope="module")
def kept() -> dict[str, dict[str, pd.DataFrame]]:
    """Good answers by case, asked for once."""
    return {}


@pytest.fixture
def server(providers: Providers) -> Iterator[Providers]:
    yield providers
    providers.heal()


def fetched(market: VnMarket, case: Case) -> dict[str, pd.DataFrame]:
    """Return what a feed brings, by table, until it fails."""
    feed = next(one for one in market.feeds(UNIVERSE) if one.key == case.key)
    batches = list(feed.fetch(case.since, TODAY))
    tables = {batch.table for batch in batches}
    return {
        table: pd.concat([batch.rows for batch in batches if batch.table == table])
        for table in tables
    }


def prepared(server: Providers, case: Case) -> None:
    if case.broken:
        server.fail("forbidden", under=case.broken)


def assert_nothing_new(good: dict[str, pd.DataFrame], came: dict[str, pd.DataFrame]) -> None:
    """Every row that came is one of the good ones, with the same numbers or without."""
    for table, rows in came.items():
        # The close before is that of the last bar that was kept.
        columns = [name for name in rows.columns if name != "previous_close"]
        right = good[table][columns].set_index(KEYS[table])
        left = rows[columns].set_index(KEYS[table])
        assert set(left.index) <= set(right.index)
        same = left.where(left.notna(), right.loc[left.index])
        pd.testing.assert_frame_equal(same, right.loc[left.index], check_dtype=False)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
class TestEveryFailureOfEveryProvider:
    @pytest.mark.parametrize("failure", FAILURES)
    def test_it_ends_as_an_error_that_names_the_provider(
        self, server: Providers, case: Case, failure: str
    ) -> None:
        prepared(server, case)
        server.fail(failure, under=case.under)
        market = live(server, timeout_seconds=0.25 if failure == "hang" else 10.0)
        with pytest.raises(SourceDownError, match=case.provider) as caught:
            fetched(market, case)
        assert "http" not in str(caught.value)
        if failure == "too_many_later" and not case.broken:
            assert caught.value.retry_after == 86_400

    def test_nulls_inside_lose_rows_and_change_none(self, server: Providers, case: Case) -> None:
        prepared(server, case)
        good = fetched(live(server), case)
        server.fail(lambda answer: changed(answer, nulls_inside), under=case.under)
        try:
            came = fetched(live(server), case)
        except SourceDownError as error:
            assert case.provider in str(error)  # noqa: PT017 - either end is right
            return
        assert_nothing_new(good, came)


class TestUnitsAndKeys:
    @pytest.mark.parametrize("factor", [1e-6, 1e-3, 1e3, 1e6])
    @pytest.mark.parametrize(
        ("name", "keys"),
        [
            ("bars", "ohlc"),
            ("history", "ohlc"),
            ("second chart", "ohlc"),
            ("foreign trading", ("buyVal", "sellVal", "netVal")),
            ("foreign trading", ("buyVol", "sellVol")),
            ("heatmap", ("price", "refPrice")),
            ("heatmap", ("value",)),
            ("heatmap", ("foreignBuyValue", "foreignSellValue")),
            ("heatmap", ("volume",)),
            ("blocks", ("putThroughValue",)),
            ("dollar", ("sell",)),
        ],
    )
    def test_a_changed_unit_brings_no_number(
        self, server: Providers, name: str, keys: tuple[str, ...], factor: float
    ) -> None:
        case = CASES[name]
        prepared(server, case)
        server.fail(
            lambda good: changed(good, lambda a: scaled(a, list(keys), factor)), under=case.under
        )
        try:
            came = fetched(live(server), case)
        except SourceDownError as error:
            assert case.provider in str(error)  # noqa: PT017 - either end is right
            return
        assert all(rows.empty for rows in came.values())

    @pytest.mark.parametrize(
        ("name", "keys"),
        [
            ("bars", ("symbol", "t", "o", "h", "l", "c", "v")),
            ("second chart", ("s", "t", "o", "h", "l", "c", "v")),
            ("listing", ("data", "code", "floor", "icbLv2")),
            ("foreign trading", ("data", "code", "tradingDate", "buyVal", "sellVal")),
            ("heatmap", ("data", "symbol", "price", "volume", "foreignBuyValue", "indexData")),
            ("consumer prices", ("data", "year", "month")),
            ("dollar", ("Data", "currencyCode", "sell", "Date")),
        ],
    )
    def test_a_renamed_key_brings_no_number(
        self, server: Providers, name: str, keys: tuple[str, ...]
    ) -> None:
        case = CASES[name]
        prepared(server, case)
        for key in keys:
            server.fail(_renaming(key), under=case.under)
            try:
                came = fetched(live(server), case)
            except SourceDownError as error:
                assert case.provider in str(error)  # noqa: PT017 - either end is right
                continue
            came.pop("universe", None)
            assert all(rows.empty for rows in came.values()), key


SCALARS: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, "", "1,5", "1.234.567", "NaN", "abc", [], {}, 10**30]
)


def _renaming(key: str) -> Failure:
    return lambda good: changed(good, lambda answer: renamed_key(answer, key, "renamed"))


class TestMangled:
    @pytest.mark.parametrize("name", [*CASES])
    @settings(
        max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_a_mangled_answer_brings_no_number_that_was_not_in_the_good_one(
        self,
        server: Providers,
        kept: dict[str, dict[str, pd.DataFrame]],
        name: str,
        data: st.DataObject,
    ) -> None:
        case = CASES[name]
        server.heal()
        prepared(server, case)
        good = kept[name] if name in kept else kept.setdefault(name, fetched(live(server), case))
        mangle = _mangler(data.draw(st.integers(0, 10_000)), data.draw(SCALARS))
        server.fail(lambda answer: changed(answer, mangle), under=case.under)
        try:
            came = fetched(live(server), case)
        except SourceDownError as error:
            assert case.provider in str(error)  # noqa: PT017 - either end is right
            return
        if name == "listing":
            return
        assert_nothing_new(good, came)


def _mangler(position: int, value: object) -> Callable[[Any], Any]:
    """Return what replaces one scalar of an answer, counted through all of it, by `value`."""

    def mangle(answer: Any) -> Any:
        count = _count(answer)
        left = [position % count] if count else [-1]

        def walk(item: Any) -> Any:
            if isinstance(item, dict):
                return {key: walk(one) for key, one in item.items()}
            if isinstance(item, list):
                return [walk(one) for one in item]
            left[0] -= 1
            return value if left[0] == -1 else item

        return walk(answer)

    return mangle


def _count(item: Any) -> int:
    if isinstance(item, dict):
        return sum(map(_count, item.values()))
    return sum(map(_count, item)) if isinstance(item, list) else 1
