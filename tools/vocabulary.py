"""Everything a market can be asked about as of a day: sectors, symbols, series, and which kinds of data it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.contracts import SectorName, SymbolName, Vocabulary

if TYPE_CHECKING:
    from tools.view import AsOfView


def vocabulary_of(view: AsOfView) -> Vocabulary:
    """Return the names and series of a view."""
    sectors, universe = view.sectors, view.universe
    signals = view.signals
    return Vocabulary(
        market_id=view.market.id,
        market_name=view.market.name,
        currency=view.market.currency,
        monthly=view.market.monthly,
        sectors=tuple(
            SectorName(
                code=code,
                name=row["name"],
                name_vi=row["name_vi"],
                proxy=row["proxy"],
                thin=bool(row["thin"]),
            )
            for code, row in sectors.to_dict("index").items()
        ),
        symbols=tuple(
            SymbolName(symbol=symbol, name=row["name"], sector=row["sector"], kind=row["kind"])
            for symbol, row in universe.to_dict("index").items()
        ),
        series=tuple(sorted(view.macro["series"].unique())),
        series_aliases=dict(view.market.macro_aliases),
        has_flows=view.flow_net is not None,
        has_shares=bool((universe["kind"] == "stock").any()),
        has_trading=view.traded_value is not None,
        signals=() if signals is None else tuple(sorted(signals["name"].unique())),
    )
