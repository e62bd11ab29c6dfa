"""The market a command works on, opened from the settings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.settings import prepare_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from agent.settings import Settings
    from tools.desk import Desk
    from tools.scoring.fitting import Trained
    from tools.sources.base import MarketData


def open_desk(settings: Settings, *, tell: Callable[[Trained], None] | None = None) -> Desk:
    """Return the market at the as-of that the settings name, keeping artefacts in their home.

    Parameters
    ----------
    settings
        Market, as-of, model and workers.
    tell
        Is told how a training goes, where one is needed; None: nobody is.

    Raises
    ------
    UnusableInputError
        For an unknown market, a broken folder, an impossible date or an unwritable home.
    """
    from tools.desk import Desk
    from tools.scoring.fitting import HERE, Training

    home = prepare_home(settings.home)
    training = Training(workers=settings.workers, tell=tell or HERE.tell)
    return Desk(*open_market_as_of(settings), home, settings.scorer, training)


def open_market_as_of(settings: Settings) -> tuple[MarketData, date]:
    """Return the whole market that the settings name, and the day that its past ends at."""
    from tools.sources import open_market
    from tools.view import check_as_of

    market_data = open_market(settings.market, settings.home, settings.level)
    if settings.remote:
        from agent.remote.signals import with_remote_signals

        market_data = with_remote_signals(market_data, settings.remote, settings.home)
    today = datetime.now(UTC).astimezone().date()
    return market_data, check_as_of(market_data, settings.as_of, today)
