"""Journalled answers as signals of a market, so that they are facts and features without new code.

A day's value counts from the day it was first heard, whatever the server says of itself: a model
must not be trained on what nobody had seen. An answer that replaced an earlier one of the same day
is a revision of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.remote.mapping import Names, parsed, values_of
from tools.contracts import MARKET_ENTITY, SectorName, SymbolName, Vocabulary
from tools.errors import SourceDownError
from tools.store import history_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from agent.remote.book import Entry
    from agent.remote.settings import RemoteFact, RemoteServer
    from tools.sources.base import MarketData


def with_remote_signals(
    market_data: MarketData, servers: Mapping[str, RemoteServer], home: Path
) -> MarketData:
    """Return a market with what remote servers have answered about it; itself where they have not.

    Only measures that the settings give a unit are taken, under the server's name:
    ``get_sentiment`` mapped to ``tone`` becomes the signal ``vimo_tone``.
    """
    market = market_data.market
    known = {
        name: server
        for name, server in servers.items()
        if server.knows(market.id, simulated=market.simulated)
    }
    try:
        rows = list(_rows(market_data, known, home)) if known else []
    except SourceDownError:
        # A question names the broken journal as a gap; the market stands without it.
        return market_data
    if not rows:
        return market_data
    import pandas as pd

    table = pd.DataFrame(rows)
    for column in ("observed_on", "published_on"):
        table[column] = pd.to_datetime(table[column])
    keys = ["name", "entity", "observed_on", "published_on"]
    table = table.drop_duplicates(keys, keep="last")
    theirs = [table] if market_data.signals is None else [market_data.signals, table]
    whole = pd.concat(theirs, ignore_index=True).sort_values(keys, ignore_index=True)
    return replace(market_data, signals=whole, memo={})


def _rows(
    market_data: MarketData, servers: Mapping[str, RemoteServer], home: Path
) -> Iterator[dict[str, object]]:
    from agent.remote.book import entries_of
    from tools.store.journal import JOURNAL_FILE, Journal

    folder = history_folder(home, market_data.market.storage_key)
    if not (folder / JOURNAL_FILE).exists():
        return
    zone = ZoneInfo(market_data.market.timezone)
    vocabulary = _vocabulary(market_data)
    for name, server in servers.items():
        names = Names(vocabulary, server.entities)
        for entry in entries_of(Journal(folder), name):
            tool = server.tools.get(entry.tool)
            for mapping in tool.facts if tool is not None else ():
                yield from _signals(name, entry, mapping, names, zone)


def _signals(
    server: str, entry: Entry, mapping: RemoteFact, names: Names, zone: ZoneInfo
) -> Iterator[dict[str, object]]:
    if entry.observed_on is None or mapping.window not in {None, "1D"}:
        return
    heard = entry.retrieved_at.astimezone(zone).date()
    for value in values_of(parsed(entry), mapping, names)[0]:
        yield {
            "name": f"{server}_{mapping.metric}",
            "entity": value.entity,
            "observed_on": entry.observed_on,
            "published_on": max(heard, entry.observed_on),
            "value": value.amount,
            "unit": mapping.unit,
        }


def _vocabulary(market_data: MarketData) -> Vocabulary:
    """Return the names of a market's entities, before any view of it is opened."""
    market = market_data.market
    return Vocabulary(
        market_id=market.id,
        market_name=market.name,
        currency=market.currency,
        monthly=market.monthly,
        sectors=tuple(
            SectorName(code=str(code), name=row["name"], name_vi=row["name_vi"], proxy=row["proxy"])
            for code, row in market_data.sectors.to_dict("index").items()
        ),
        symbols=tuple(
            SymbolName(symbol=str(symbol), name=row["name"])
            for symbol, row in market_data.universe.to_dict("index").items()
            if str(symbol) != MARKET_ENTITY
        ),
        series=(),
        series_aliases={},
        has_flows=False,
        has_shares=False,
        has_trading=False,
    )
