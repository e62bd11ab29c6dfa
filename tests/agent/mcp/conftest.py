"""One small market, its home with a trained model, and servers over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from agent.mcp.server import FrontServer, build_front
from agent.settings import Settings
from tests.markets import write_market

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 1, 1)
Front = Callable[..., FrontServer]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("fronted") / "toy")


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home that servers of one worker share, so that a model is trained once."""
    return tmp_path_factory.mktemp("mcp-home")


@pytest.fixture(scope="session")
def front(folder: Path, shared_home: Path) -> Front:
    """Build the server of the small market, once for the same keyword arguments.

    They are those of `build_front`, a home or a language.
    """

    @cache
    def build(*, home: Path | None = None, lang: str = "auto", **given: Any) -> FrontServer:
        settings = Settings.model_validate(
            {
                "home": home or shared_home,
                "market": f"folder:{folder}",
                "brain": "offline",
                "lang": lang,
            }
        )
        return build_front(settings, today=lambda: TODAY, **given)

    return build
