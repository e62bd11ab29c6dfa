"""The fitted parameters of one market and quarter: JSON, named by what they were fitted on.

The key hashes the as-of view at the refit, never a whole folder, so that rows published later
cannot matter. An artefact that is missing, damaged, of another key or another version is not an
error: the model is fitted again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from tools.contracts import Frozen
from tools.errors import UnusableInputError
from tools.scoring.choice import Choice
from tools.scoring.model import Fit
from tools.scoring.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.scoring.choice import ScorerName

SCHEMA = "sectorvane.artefact/1"
CODE_VERSION = "6"
"""Raised whenever features, weights or fitting change; older artefacts are then fitted again."""


class InputPast(Frozen):
    """What one input of one sector has done up to the refit."""

    sd: float
    """Standard deviation over time, in the fact's unit."""
    low: float
    """1 % quantile."""
    high: float
    """99 % quantile."""


class ModelFit(Frozen):
    """One model's parameters and its record."""

    fit: Fit
    record: Record


class Measured(Frozen):
    """What has been measured of a market at one horizon, whichever model reads it."""

    groups: tuple[str, ...]
    """Groups this market has had any fact for."""
    sensitivities: dict[str, dict[str, float]]
    """Sector → series → relative return per unit of change."""
    answers: dict[str, dict[str, float]]
    """Sector → macro state → what it adds to the expected relative return, in standard deviations."""
    signal_weights: dict[str, float]
    """Signal → shrunk correlation with the relative returns that followed it; zero says nothing."""
    pasts: dict[str, dict[str, InputPast]]
    """Sector → input → its past."""


class HorizonFit(Measured):
    """Everything a scorer needs at one horizon."""

    models: dict[str, ModelFit]
    """``composite`` and ``ensemble``."""
    choice: Choice
    """Which one ``auto`` serves, and why."""
    record: Record
    """Of what ``auto`` would have served: at each refit the model that its past selected."""

    @property
    def serving(self) -> Literal["composite", "ensemble"]:
        """The model that ``auto`` serves."""
        return self.choice.model

    def in_force(self, scorer: ScorerName) -> InForce:
        """Return what a scorer of that name goes by."""
        model = self.serving if scorer == "auto" else scorer
        common = {name: getattr(self, name) for name in Measured.model_fields}
        chosen = self.models[model]
        record = self.record if scorer == "auto" else chosen.record
        return InForce(model=model, fit=chosen.fit, record=record, **common)


class InForce(Measured):
    """One model with what has been measured of its market."""

    model: Literal["composite", "ensemble"]
    fit: Fit
    record: Record


class Artefact(Frozen):
    """Both models as they stand for one quarter."""

    refit_on: date
    """First trading day of the quarter (monthly: of the year); later data played no part."""
    horizons: dict[str, HorizonFit]

    @property
    def content_hash(self) -> str:
        """Hash of the parameters; what a scorecard cites."""
        return _sha256(_canonical(self.model_dump(mode="json")))[:16]


def artefact_key(view_fingerprint: str, refit_on: date) -> str:
    """Return the key of what a fit depends on: data, date, model and code version."""
    return _sha256("\n".join([SCHEMA, CODE_VERSION, str(refit_on), view_fingerprint]))


def artefact_path(home: Path, storage_key: str, key: str) -> Path:
    """Return where the artefact of a key lies."""
    return home / "artefacts" / storage_key / f"composite-{key[:32]}.json"


def load(path: Path, key: str) -> Artefact | None:
    """Read an artefact; None when it is missing, damaged or another's."""
    try:
        envelope = json.loads(path.read_text(encoding="utf-8"))
        body = envelope["artefact"]
        if envelope["key"] != key or envelope["sha256"] != _sha256(_canonical(body)):
            return None
        return Artefact.model_validate(body)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def save(artefact: Artefact, path: Path, key: str) -> None:
    """Write an artefact whole or not at all.

    Raises
    ------
    UnusableInputError
        When the folder cannot be written.
    """
    body = artefact.model_dump(mode="json")
    text = _canonical({"artefact": body, "key": key, "sha256": _sha256(_canonical(body))})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".artefact-", suffix=".part")
    except OSError as error:
        raise UnusableInputError(
            "a folder for artefacts that can be written", path.parent, "Set SECTORVANE_HOME."
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise UnusableInputError(
            "a folder for artefacts that can be written",
            path.parent,
            "Free space or set SECTORVANE_HOME.",
        ) from error


def _canonical(body: Mapping[str, object]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
