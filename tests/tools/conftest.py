"""Desks over the small seeded markets, opened once for each plan and date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.markets import MarketPlan, write_market
from tools.desk import Desk
from tools.sources import open_market
from tools.view import check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

LATER_THAN_ALL = date(2026, 1, 1)
OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> OpenDesk:
    """Open a desk on a small market; keyword arguments are fields of its plan, or `as_of`."""

    @cache
    def market(plan: tuple[tuple[str, Any], ...]) -> MarketData:
        folder: Path = tmp_path_factory.mktemp("market")
        return open_market(f"folder:{write_market(folder, MarketPlan(**dict(plan)))}")

    @cache
    def desk(as_of: date | None, plan: tuple[tuple[str, Any], ...]) -> Desk:
        data = market(plan)
        return Desk(data, check_as_of(data, as_of, LATER_THAN_ALL))

    def opened(as_of: date | None = None, **plan: Any) -> Desk:
        return desk(as_of, tuple(sorted(plan.items())))

    return opened


@pytest.fixture(scope="session")
def industries_desk() -> Desk:
    """Open a desk on the monthly market that ships with the libraries."""
    return Desk(open_market("industries"), date(2015, 6, 30))
