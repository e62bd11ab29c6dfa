"""What a model call costs, from a dated table beside this file; nothing is fetched.

A model on the reader's own machine costs nothing. A model that the table does not know has no price
and None says so: a made-up price would be an ungrounded number.
"""

from __future__ import annotations

import ipaddress
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Price", "cost_usd", "price_of", "prices_as_of", "prices_check_by"]

PER = 1_000_000


class Price(NamedTuple):
    """US dollars for a million tokens."""

    input_usd: float
    output_usd: float

    def cost_usd(self, input_tokens: int, output_tokens: int) -> float:
        """Return what so many tokens cost."""
        return (input_tokens * self.input_usd + output_tokens * self.output_usd) / PER


def price_of(model: str, base_url: str | None = None) -> Price | None:
    """Return a model's price, None where it is not known.

    Parameters
    ----------
    model
        Its name, with or without the date of a snapshot.
    base_url
        Where it is asked; on this machine or its own network it costs nothing.
    """
    if base_url and _is_local(base_url):
        return Price(0.0, 0.0)
    names = sorted(_table().prices, key=len, reverse=True)
    found = next((name for name in names if _is_snapshot(model, name)), None)
    return _table().prices[found] if found else None


def cost_usd(
    model: str, input_tokens: int, output_tokens: int, base_url: str | None = None
) -> float | None:
    """Return what a call cost, None where the model's price is not known."""
    price = price_of(model, base_url)
    return None if price is None else price.cost_usd(input_tokens, output_tokens)


def prices_as_of() -> date:
    """Return the day the table was true."""
    return _table().as_of


def prices_check_by() -> date:
    """Return the day by which the table must be compared with the provider's list again."""
    return _table().check_by


class _Table(NamedTuple):
    as_of: date
    check_by: date
    prices: dict[str, Price]


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("agent").joinpath("prices.toml").read_text(encoding="utf-8"))
    prices = {name: Price(*pair) for name, pair in raw["models"].items()}
    return _Table(raw["as_of"], raw["check_by"], prices)


def _is_snapshot(model: str, name: str) -> bool:
    """Return whether `model` is `name` or a dated snapshot of it, and no sibling of it."""
    rest = model.removeprefix(name) if model.startswith(name) else None
    return rest == "" or bool(rest and rest[0] == "-" and rest[1:2].isdigit())


def _is_local(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
