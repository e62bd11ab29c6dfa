"""A signal weighs what it has told before, and nothing where that is chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.alternative import signal_tilt, signal_weights
from tools.scoring.features import OPTIONAL_GROUPS
from tools.scoring.panel import FeaturePanel, feature_panel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.tools.conftest import OpenDesk


def with_signals(panel: FeaturePanel, *levels: NDArray[np.float64]) -> FeaturePanel:
    names = tuple(f"signal{n}" for n in range(len(levels)))
    return replace(panel, signals=np.stack(levels, axis=2), signal_names=names)


class TestWeights:
    def test_a_signal_that_told_the_future_weighs_its_correlation(
        self, open_desk: OpenDesk
    ) -> None:
        panel = feature_panel(open_desk(n_days=700, n_sectors=7).view, "1W")
        noise = np.random.default_rng(1).normal(0, 0.02, panel.forward.shape)
        telling = with_signals(panel, np.nan_to_num(panel.forward) + noise)
        assert signal_weights(telling, len(panel.days))[0] > 0.3
        opposite = with_signals(panel, -np.nan_to_num(panel.forward) + noise)
        assert signal_weights(opposite, len(panel.days))[0] < -0.3

    def test_noise_weighs_next_to_nothing(self, open_desk: OpenDesk) -> None:
        panel = feature_panel(open_desk(n_days=700, n_sectors=7).view, "1W")
        rng = np.random.default_rng(2)
        noise = with_signals(panel, *(rng.normal(size=panel.forward.shape) for _ in range(40)))
        weights = signal_weights(noise, len(panel.days))
        assert (weights == 0).mean() > 0.4
        assert np.abs(weights).max() < 0.15

    def test_outcomes_that_had_not_ended_are_not_looked_at(self, open_desk: OpenDesk) -> None:
        panel = feature_panel(open_desk(n_days=700, n_sectors=7).view, "1M")
        level = np.random.default_rng(3).normal(size=panel.forward.shape)
        known = 500
        changed = panel.forward.copy()
        changed[known - panel.horizon_rows :] = 9.0
        before = signal_weights(with_signals(panel, level), known)
        after = signal_weights(with_signals(replace(panel, forward=changed), level), known)
        np.testing.assert_array_equal(before, after)


class TestTilt:
    def test_what_a_sector_lacks_is_left_out(self) -> None:
        levels = np.array([[1.0, np.nan], [np.nan, np.nan], [2.0, -1.0]])
        found = signal_tilt(np.array([0.1, 0.2]), levels)
        np.testing.assert_allclose(found, [0.1, np.nan, 0.0])


class TestScorecard:
    def test_a_market_with_signals_has_their_group_and_adds_up(self, open_desk: OpenDesk) -> None:
        card = open_desk(n_days=700, with_signals=True).scorer.scorecard("1W")
        assert all("signals" in row.contributions for row in card.sectors)
        for row in card.sectors:
            assert (
                row.score == card.base_value + sum(row.contributions.values())
                or abs(row.score - card.base_value - sum(row.contributions.values())) < 1e-12
            )

    def test_the_signals_behind_the_tilt_are_named(self, open_desk: OpenDesk) -> None:
        for horizon in ("1W", "1M"):
            scorer = open_desk(n_days=700, with_signals=True).scorer
            weights = scorer.artefact.horizons[horizon].signal_weights
            (note,) = [n for n in scorer.notes(horizon) if n.startswith("Other evidence")] or [""]
            assert weights
            for name, weight in weights.items():
                assert (name in note) == (weight != 0.0)

    def test_a_market_without_signals_does_not_miss_them(self, open_desk: OpenDesk) -> None:
        card = open_desk(n_days=700).scorer.scorecard("1W")
        assert not set(OPTIONAL_GROUPS) & set(card.missing_groups)

    def test_nor_names_any(self, open_desk: OpenDesk) -> None:
        notes = open_desk(n_days=700).scorer.notes("1W")
        assert not any(note.startswith("Other evidence") for note in notes)
