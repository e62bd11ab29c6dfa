"""The fitted parameters of one market and quarter: JSON, named by what they were fitted on.

The key hashes the as-of view at the refit, never a whole folder, so that rows published later
cannot matter. An artefact that is missing, damaged, of other data or another version is not an
error: the model is fitted again, and a line in the log says why.

What is kept of an estimator is its numbers: coefficients, and the arrays of its trees. A pickle would run whatever
code it holds when it is loaded. Even formats that allow only listed types (skops) rebuild the library's own objects:
they need the library, and its version, at every question. Numbers in JSON hold nothing that could be run, are the same
bytes wherever they are written, can be read by anybody, and score without the library that fitted them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tools.contracts import Frozen
from tools.errors import UnusableInputError
from tools.scoring.choice import Choice
from tools.scoring.features import FEATURES
from tools.scoring.model import Fit
from tools.scoring.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.scoring.choice import ScorerName
    from tools.scoring.trees import Tree

_logger = logging.getLogger(__name__)

SCHEMA = "sectorvane.artefact/2"
CODE_VERSION = "10"
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


class Origin(Frozen):
    """What an artefact was fitted on and with; anything else makes another artefact."""

    format: str = SCHEMA
    code: str = CODE_VERSION
    data: str
    """Fingerprint of what was known of the market."""
    refit_on: date
    first_day: date
    last_day: date
    """The days that were known."""
    features: tuple[str, ...] = tuple(spec.name for spec in FEATURES)

    @property
    def key(self) -> str:
        """Hash of all of it."""
        return _sha256(_canonical(self.model_dump(mode="json")))


def artefact_path(home: Path, storage_key: str, origin: Origin) -> Path:
    """Return where the artefact of an origin lies."""
    return home / "artefacts" / storage_key / f"scoring-{origin.key[:32]}.json"


def load(path: Path, origin: Origin) -> Artefact | None:
    """Read an artefact; None when it is missing, damaged or another's, which the log then says."""
    try:
        envelope = json.loads(path.read_text(encoding="utf-8"))
        return _checked(envelope, origin)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except _UntrustedError as error:
        reason = str(error)
    except (ValueError, KeyError, TypeError, RecursionError):
        # cut off, no JSON, or not of the documented shape
        reason = "it is damaged"
    _logger.warning("Training again instead of using %s: %s.", path.name, reason)
    return None


class _UntrustedError(Exception):
    """Why an artefact is not used."""


def _checked(envelope: dict[str, Any], origin: Origin) -> Artefact:
    """Return the artefact of an envelope that is whole and of that origin."""
    wanted, found = origin.model_dump(mode="json"), envelope["origin"]
    for part, told in (
        ("format", "it has another format"),
        ("code", "it was trained by another version"),
        ("data", "it was trained on other data"),
    ):
        if found[part] != wanted[part]:
            raise _UntrustedError(told)
    if found != wanted:
        raise _UntrustedError("it was trained for another date or other features")
    body = envelope["artefact"]
    if envelope["sha256"] != _sha256(_canonical(body)):
        raise _UntrustedError("its content does not match its checksum")
    artefact = Artefact.model_validate(body)
    if artefact.refit_on != origin.refit_on or not all(map(_sound, artefact.horizons.values())):
        raise _UntrustedError("its parameters do not fit together")
    return artefact


def _sound(fit: HorizonFit) -> bool:
    """Whether the arrays of one horizon can be scored with."""
    names = [spec.name for spec in FEATURES]
    return {*fit.models} == {"composite", "ensemble"} and all(
        [entry.name for entry in model.fit.inputs] == names
        and all(entry.scale > 0 for entry in model.fit.inputs)
        and len(model.fit.trees) == len(model.fit.tree_weights)
        and all(_grown(tree) for grown in model.fit.trees for tree in grown.trees)
        for model in fit.models.values()
    )


def _grown(tree: Tree) -> bool:
    """Whether every way down a tree ends in a leaf."""
    n = len(tree.value)
    if not n or {len(tree.input), len(tree.threshold), len(tree.left), len(tree.right)} != {n}:
        return False
    return all(
        (left == right == -1)
        or (0 <= split < len(FEATURES) and node < left < n and node < right < n)
        for node, (split, left, right) in enumerate(
            zip(tree.input, tree.left, tree.right, strict=True)
        )
    )


def save(artefact: Artefact, path: Path, origin: Origin) -> None:
    """Write an artefact whole or not at all.

    Raises
    ------
    UnusableInputError
        When the folder cannot be written.
    """
    body = artefact.model_dump(mode="json")
    text = _canonical(
        {
            "origin": origin.model_dump(mode="json"),
            "sha256": _sha256(_canonical(body)),
            "artefact": body,
        }
    )
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
