"""One market at one as-of, with everything computed from it at most once: what every tool is called on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tools.facts import FactBook
from tools.scoring.fitting import HERE
from tools.scoring.scorer import Scorer
from tools.view import AsOfView

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tools.contracts import MarketStamp, Vocabulary
    from tools.scoring.choice import ScorerName
    from tools.scoring.fitting import Training
    from tools.sources.base import MarketData


class Desk:
    """A market as it was known at the end of `as_of`.

    Parameters
    ----------
    market_data
        The whole market, as its source loaded it.
    as_of
        The day whose end the desk pretends to be at.
    home
        Where artefacts are kept; None keeps nothing.
    scorer_name
        Which model scores; `auto` is the one that the record before each refit selects.
    training
        How the models are trained where no artefact is at hand.
    """

    def __init__(
        self,
        market_data: MarketData,
        as_of: date,
        home: Path | None = None,
        scorer_name: ScorerName = "auto",
        training: Training = HERE,
    ) -> None:
        self.view = AsOfView(market_data, as_of)
        self.home = home
        self.scorer_name: ScorerName = scorer_name
        self.scorer = Scorer(self.view, home, scorer_name, training)
        """The scoring model of the quarter of `as_of`, trained or read from its artefact at first use."""

    @property
    def as_of(self) -> date:
        """The day asked for."""
        return self.view.as_of

    @property
    def key(self) -> str:
        """What every answer of this desk depends on: the data that were known, and the model asked for."""
        return f"{self.view.fingerprint()} {self.scorer_name}"

    @property
    def stamp(self) -> MarketStamp:
        """Which market, as of when."""
        return self.view.stamp

    @property
    def vocabulary(self) -> Vocabulary:
        """What this market can be asked about."""
        return self.view.vocabulary

    @cached_property
    def facts(self) -> FactBook:
        """The facts of the view, by id."""
        return FactBook(self.view)
