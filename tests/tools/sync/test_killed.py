"""A sync that is killed loses nothing, doubles nothing, and leaves a history that opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.sync.killed import kill_syncs

if TYPE_CHECKING:
    from pathlib import Path


def test_five_killed_syncs_lose_and_double_nothing(home: Path) -> None:
    found, n_bars = kill_syncs(home, n_kills=5, n_shares=8, seed=3)
    assert found["storing"] + found["publishing"] == 5
    assert n_bars >= 8 * 170
