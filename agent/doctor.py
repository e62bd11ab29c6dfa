"""Whether everything a question needs is in order: versions, home, market, keys and model.

Keys are only ever said to be set or not. A model server is asked for its list of models, with a
short timeout and only where a key or an address is configured.
"""

from __future__ import annotations

import platform
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal, NamedTuple

from agent.settings import KEY_VARIABLES, prepare_home
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agent.settings import Settings

Verdict = Literal["ok", "warning", "failed"]
_LIBRARIES = ("langgraph", "mcp", "numpy", "openai", "pandas", "pydantic", "scikit-learn", "vcrpy")
_MODEL_SECONDS = 3.0


class Finding(NamedTuple):
    """One thing looked at."""

    what: str
    verdict: Verdict
    says: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is found, one thing at a time; later ones do not depend on earlier ones."""
    yield Finding("sectorvane", "ok", version_of("sectorvane"))
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()}")
    yield Finding("libraries", "ok", ", ".join(f"{name} {version_of(name)}" for name in _LIBRARIES))
    yield _judged("home", lambda: _home(settings))
    yield _judged("market", lambda: _market(settings))
    for name in KEY_VARIABLES:
        yield Finding(name, "ok", "set" if name in settings.keys_present else "not set")
    yield _judged("brain", lambda: _brain(settings))
    for name in settings.remote:
        yield _judged(f"remote {name}", partial(_remote, settings, name))


def _judged(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except SectorvaneError as error:
        return Finding(what, "failed", str(error))


def version_of(name: str) -> str:
    """Return the installed version of a package, or that there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _home(settings: Settings) -> Finding:
    return Finding("home", "ok", f"{prepare_home(settings.home)} can be written")


def _market(settings: Settings) -> Finding:
    from agent.commands.desk import open_desk

    desk = open_desk(settings)
    stamp, view = desk.stamp, desk.view
    says = (
        f"{settings.market}: {stamp.name}, {len(view.sector_codes)} sectors, as of {stamp.as_of}, "
        f"last day {stamp.last_day}, {len(view.findings)} irregularities"
    )
    if view.staleness:
        return Finding("market", "warning", f"{says}; {view.staleness.why}")
    return Finding("market", "ok", says)


def _remote(settings: Settings, name: str) -> Finding:
    """Say whether a remote server answers, what it serves and what its quota leaves; spend none."""
    from agent.remote.looking import look

    seen = look(settings, name)
    return Finding(f"remote {name}", "ok" if seen.reached else "warning", seen.says)


def _brain(settings: Settings) -> Finding:
    if settings.brain_in_use == "offline":
        return Finding(
            "brain", "ok", "offline (a deterministic planner and writer, no language model)"
        )
    from openai import APIStatusError, OpenAI, OpenAIError

    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    where = settings.base_url or "the default address"
    try:
        with OpenAI(
            api_key=key, base_url=settings.base_url, timeout=_MODEL_SECONDS, max_retries=0
        ) as client:
            names = [model.id for model in client.models.list().data]
    except APIStatusError as error:
        return Finding(
            "brain", "failed", f"openai: {where} answers with status {error.status_code}"
        )
    except OpenAIError as error:
        return Finding(
            "brain", "failed", f"openai: {where} is not reached ({type(error).__name__})"
        )
    if settings.model and names and settings.model not in names:
        return Finding(
            "brain", "warning", f"openai: {where} is reached but does not list {settings.model}"
        )
    return Finding("brain", "ok", f"openai: {where} is reached, {len(names)} models")
