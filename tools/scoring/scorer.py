"""The scoring model behind one interface: facts in, scorecard out.

:meth:`Scorer.score` looks at nothing but the facts it is given and the artefact in force. A group
without facts is left out and named; no value stands in for a missing one.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import MARKET_ENTITY, Fact, Horizon, Scorecard, parse_fact_id
from tools.errors import ToolInputError
from tools.facts import FactBook
from tools.health.failing import weak_groups
from tools.measures.macro import driver_changes
from tools.measures.signals import sector_signals, unusual_level
from tools.scoring.alternative import signal_tilt
from tools.scoring.explanation import Explanation, explain_inputs
from tools.scoring.features import (
    FEATURES,
    FITTED,
    GROUPS,
    MACRO_RESPONSE,
    MACRO_TILT,
    OPTIONAL_GROUPS,
    SIGNAL_TILT,
)
from tools.scoring.fitting import HERE, artefact_of
from tools.scoring.inputs import read_inputs
from tools.scoring.model import VERSIONS
from tools.scoring.panel import horizon_exists
from tools.scoring.record import NO_RECORD, Record
from tools.scoring.record_facts import beside_numbers, card_numbers, record_numbers
from tools.scoring.responses import macro_states, respond
from tools.scoring.scorecard import RowWriter, ranked
from tools.scoring.sensitivities import tilt
from tools.scoring.surrogate import second_opinion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tools.scoring.artefact import Artefact, InForce
    from tools.scoring.choice import Choice, ScorerName
    from tools.scoring.fitting import Training
    from tools.scoring.record_facts import Number
    from tools.scoring.training import Model
    from tools.view import AsOfView


class Scorer:
    """The model in force at the end of a view.

    Parameters
    ----------
    view
        The market as it is known.
    home
        Where artefacts are kept; None keeps nothing.
    name
        Which model scores; `auto` is the one that the record before each refit selects.
    training
        How the models are trained where no artefact is at hand.
    """

    def __init__(
        self,
        view: AsOfView,
        home: Path | None = None,
        name: ScorerName = "auto",
        training: Training = HERE,
    ) -> None:
        self._view = view
        self._home = home
        self._name: ScorerName = name
        self._training = training
        self._one_at_a_time = Lock()
        self._inputs: dict[Horizon, tuple[Fact, ...]] = {}

    @property
    def artefact(self) -> Artefact:
        """The fitted parameters, read or fitted at first use, once for all threads that ask."""
        with self._one_at_a_time:
            return self._artefact

    @cached_property
    def _artefact(self) -> Artefact:
        return artefact_of(self._view, self._home, self._training)

    @cached_property
    def artefact_id(self) -> str:
        """Content hash of the fitted parameters."""
        return self.artefact.content_hash

    def inputs(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return the facts the model reads, of every sector, with the tilts.

        Empty for a horizon the market does not have.
        """
        if not horizon_exists(self._view, horizon):
            return ()
        if horizon not in self._inputs:
            specs = [spec for spec in FEATURES if spec.metric not in FITTED]
            ids = [
                spec.fact_id(code, horizon) for code in self._view.sector_codes for spec in specs
            ]
            ids += [spec.fact_id(MARKET_ENTITY, horizon) for spec in specs if spec.against_market]
            facts, _ = FactBook(self._view).collect(ids)
            self._inputs[horizon] = (
                *facts,
                *self._tilts(horizon),
                *self._responses(horizon),
                *self._signal_tilts(horizon),
            )
        return self._inputs[horizon]

    def scorecard(self, horizon: Horizon, *, exclude_groups: Collection[str] = ()) -> Scorecard:
        """Return the scorecard of the view's own facts."""
        return self.score(self._by_id(horizon), horizon, exclude_groups=exclude_groups)

    def score(
        self,
        facts: Mapping[str, Fact],
        horizon: Horizon,
        *,
        exclude_groups: Collection[str] = (),
    ) -> Scorecard:
        """Score every sector from facts alone.

        Parameters
        ----------
        facts
            By id; what the model does not read is ignored.
        horizon
            Window of the forecast.
        exclude_groups
            Groups to leave out, as if the market had no facts for them.

        Returns
        -------
        Scorecard
            Without sectors where no input is known, or the market has no such horizon.

        Raises
        ------
        ToolInputError
            For an unknown group.
        """
        _check_groups(exclude_groups)
        if not horizon_exists(self._view, horizon):
            return self._empty(horizon)
        fitted = self._fitted(horizon)
        inputs = read_inputs(facts, tuple(self._view.sector_codes), horizon, exclude_groups)
        entries = ranked(fitted, inputs)
        seen = {group for entry in entries for group in entry.contributions}
        expected = {*GROUPS} - ({*OPTIONAL_GROUPS} - {*fitted.groups})
        missing = tuple(group for group in GROUPS if group in expected and group not in seen)
        sectors = self._view.sectors
        writer = RowWriter(
            fitted=fitted,
            horizon=horizon,
            inputs=inputs,
            facts=facts,
            names={str(code): str(name) for code, name in sectors["name"].items()},
            thin=frozenset(str(code) for code, thin in sectors["thin"].items() if thin),
            missing_groups=missing,
            excluded=frozenset(exclude_groups),
            weak=weak_groups(self._view),
        )
        return Scorecard(
            model=VERSIONS[fitted.model],
            artefact=self.artefact_id,
            base_value=fitted.fit.intercept,
            horizon=horizon,
            missing_groups=missing,
            # without a single input there is no ranking, only names in alphabetical order
            sectors=tuple(
                writer.write(entry, rank) for rank, entry in enumerate(entries, 1) if seen
            ),
        )

    def facts(self, scorecard: Scorecard) -> tuple[Fact, ...]:
        """Return the scorecard's numbers as citable facts."""
        facts = []
        for entry in scorecard.sectors:
            numbers: list[tuple[str, float, str]] = [
                ("score", entry.score, "log-odds"),
                ("probability", entry.probability, "fraction"),
                ("expected", entry.expected, "fraction"),
                ("low", entry.low, "fraction"),
                ("high", entry.high, "fraction"),
                ("rank", float(entry.rank), "rank"),
            ]
            numbers += [
                (f"contribution.{group}", value, "log-odds")
                for group, value in entry.contributions.items()
            ]
            facts += [
                self._fact(f"{entry.sector}.{metric}.{scorecard.horizon}", value, unit)
                for metric, value, unit in numbers
            ]
        return tuple(facts)

    def explain(self, sector: str, horizon: Horizon) -> Explanation:
        """Take one sector's score apart, input by input.

        Raises
        ------
        ToolInputError
            For a sector or a horizon the market does not have.
        """
        fitted, facts = self._fitted(horizon), self._by_id(horizon)
        scorecard = self.score(facts, horizon)
        found = [entry for entry in scorecard.sectors if entry.sector == sector]
        if not found:
            known = ", ".join(self._view.sector_codes)
            raise ToolInputError(f"No sector {sector!r} here; known: {known}.")
        inputs = read_inputs(facts, (sector,), horizon)
        parts, missing = explain_inputs(fitted, inputs, horizon)
        return Explanation(
            horizon=horizon,
            base_value=scorecard.base_value,
            sector=found[0],
            inputs=parts,
            missing=missing,
            record=fitted.record,
            second_opinion=second_opinion(fitted.fit, inputs.relative[0]),
        )

    def opinion_facts(self, found: Explanation) -> tuple[Fact, ...]:
        """Return how far the local surrogate agrees, as citable facts of the sector."""
        opinion, code = found.second_opinion, found.sector.sector
        if opinion is None:
            return ()
        numbers = [("surrogate_agreement", opinion.agreement, "fraction")]
        if opinion.rank_correlation is not None:
            numbers.append(("surrogate_rank_correlation", opinion.rank_correlation, "correlation"))
        return tuple(
            self._fact(f"{code}.{metric}.{found.horizon}", value, unit)
            for metric, value, unit in numbers
        )

    def record(self, horizon: Horizon) -> Record:
        """Return the model's own out-of-sample record before the refit."""
        return self._fitted(horizon).record if horizon_exists(self._view, horizon) else NO_RECORD

    def notes(self, horizon: Horizon) -> tuple[str, ...]:
        """Return what a reader should know of the model in force."""
        fit = self._fitted(horizon).fit
        notes = []
        if not fit.trained:
            notes.append(
                "Less than a year of outcomes was known at the last refit: prior weights only, "
                "no record."
            )
        if fit.slope_floored:
            notes.append(
                "On this market's own past the composite showed no skill at this horizon; a small "
                "floor under its slope keeps the ranking defined."
            )
        if named := self._signals_at_work(horizon):
            notes.append(
                f"Other evidence sums {', '.join(named)}: how unusual each is now, times what it has "
                "told of the sectors so far."
            )
        return tuple(notes)

    def model(self, horizon: Horizon) -> Model:
        """Return the model that serves."""
        return self._fitted(horizon).model

    def choice(self, horizon: Horizon) -> Choice | None:
        """Return why the rule serves it; None where a reader asked for one by name."""
        return self.artefact.horizons[horizon].choice if self._name == "auto" else None

    def record_facts(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return the record as citable facts of the market; none where there is no record."""
        return self._facts_of_market(record_numbers(self.record(horizon)), horizon)

    def card_facts(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return everything on the signal card as citable facts of the market."""
        numbers = card_numbers(self.record(horizon), self.choice(horizon))
        return self._facts_of_market(numbers, horizon)

    def beside_facts(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return what a signal card of another horizon cites of this one."""
        return self._facts_of_market(beside_numbers(self.record(horizon)), horizon)

    def _facts_of_market(self, numbers: Sequence[Number], horizon: Horizon) -> tuple[Fact, ...]:
        return tuple(
            self._fact(f"{MARKET_ENTITY}.{metric}.{horizon}", value, unit)
            for metric, value, unit in numbers
        )

    def _empty(self, horizon: Horizon) -> Scorecard:
        return Scorecard(
            model=VERSIONS["composite" if self._name == "auto" else self._name],
            artefact=self.artefact_id,
            base_value=0.0,
            horizon=horizon,
            missing_groups=GROUPS,
            sectors=(),
        )

    def _by_id(self, horizon: Horizon) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.inputs(horizon)}

    def _fitted(self, horizon: Horizon) -> InForce:
        if not horizon_exists(self._view, horizon):
            raise ToolInputError(
                f"This market is monthly and has no window of {horizon}; use 1M or 3M."
            )
        return self.artefact.horizons[horizon].in_force(self._name)

    def _tilts(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return each sector's macro tilt: its sensitivities times the latest changes."""
        fitted, codes = self._fitted(horizon), tuple(self._view.sector_codes)
        changes = driver_changes(self._view, horizon).iloc[-1:]
        betas = np.full((len(codes), len(changes.columns)), np.nan)
        for row, code in enumerate(codes):
            measured = fitted.sensitivities.get(code, {})
            betas[row] = [measured.get(str(name), np.nan) for name in changes.columns]
        latest = tilt(betas, changes.to_numpy(dtype=np.float64))[0]
        table = self._view.market.files.get("macro", "macro")
        return tuple(
            self._fact(f"{code}.{MACRO_TILT}.{horizon}", float(value), "fraction", table)
            for code, value in zip(codes, latest, strict=True)
            if np.isfinite(value)
        )

    def _responses(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return what each sector has answered before to where macro news and levels stand now."""
        known, codes = self._fitted(horizon).answers, tuple(self._view.sector_codes)
        states = macro_states(self._view).iloc[-1:]
        if states.empty or not len(states.columns):
            return ()
        answers = np.zeros((len(codes), len(states.columns)))
        for row, code in enumerate(codes):
            measured = known.get(code, {})
            answers[row] = [measured.get(str(name), 0.0) for name in states.columns]
        latest = respond(answers, states.to_numpy(dtype=np.float64))[0]
        table = self._view.market.files.get("macro", "macro")
        return tuple(
            self._fact(f"{code}.{MACRO_RESPONSE}.{horizon}", float(value), "sd", table)
            for code, value in zip(codes, latest, strict=True)
        )

    def _signal_tilts(self, horizon: Horizon) -> tuple[Fact, ...]:
        """Return each sector's signal tilt: what its signals have told before times how unusual they are."""
        known = self._fitted(horizon).signal_weights
        codes = tuple(self._view.sector_codes)
        names = [name for name in sector_signals(self._view) if name in known]
        levels = np.full((len(codes), len(names)), np.nan)
        for column, name in enumerate(names):
            levels[:, column] = unusual_level(self._view, name)[list(codes)].iloc[-1]
        latest = signal_tilt(np.array([known[name] for name in names]), levels)
        table = self._view.market.files.get("signals", "signals")
        return tuple(
            self._fact(f"{code}.{SIGNAL_TILT}.{horizon}", float(value), "sd", table)
            for code, value in zip(codes, latest, strict=True)
            if np.isfinite(value)
        )

    def _signals_at_work(self, horizon: Horizon) -> tuple[str, ...]:
        """Return the signals behind the tilt, without those that told nothing beyond chance."""
        known = self._fitted(horizon).signal_weights
        return tuple(name for name in sector_signals(self._view) if known.get(name))

    def _fact(self, fact_id: str, value: float | str, unit: str, table: str = "scorecard") -> Fact:
        entity, metric, period = parse_fact_id(fact_id)
        return Fact(
            id=fact_id,
            value=value,
            unit=unit,
            entity=entity,
            metric=metric,
            period=period,
            observed_on=self._view.last_day,
            published_on=self._view.published_on(self._view.last_day),
            source=f"{self._view.market.id}/{table}",
        )


def _check_groups(groups: Collection[str]) -> None:
    unknown = [group for group in groups if group not in GROUPS]
    if unknown:
        raise ToolInputError(f"No group {unknown[0]!r}; the groups are {', '.join(GROUPS)}.")
