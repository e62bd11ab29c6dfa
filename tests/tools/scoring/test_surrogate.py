"""The second opinion knows nothing of the model and still names the same reasons where the score is a straight line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from agent.api import ask
from agent.settings import Settings
from tests.markets import write_market
from tests.tools.scoring.grown import with_trees
from tools.outlook import explain_sector
from tools.scoring.features import FEATURES
from tools.scoring.inputs import read_inputs
from tools.scoring.model import finite_contributions, scores
from tools.scoring.surrogate import PENALTY, SAMPLES, SEED, SPREAD, _slopes, second_opinion

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk
    from tools.scoring.model import Fit

N = len(FEATURES)


@pytest.fixture(scope="module")
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(n_days=700)


@pytest.fixture(scope="module")
def fit(desk: Desk) -> Fit:
    return desk.scorer.artefact.horizons["1M"].models["ensemble"].fit


def within(fit: Fit, seed: int) -> NDArray[np.float64]:
    """Return inputs well inside their clips, some of them missing."""
    rng = np.random.default_rng(seed)
    centre = np.array([entry.centre for entry in fit.inputs])
    scale = np.array([entry.scale for entry in fit.inputs])
    values = centre + scale * np.clip(rng.normal(size=N), -0.9, 0.9)
    return np.where(rng.random(N) < 0.15, np.nan, values)


class TestKnownValues:
    def test_a_straight_line_is_found_again(self, fit: Fit) -> None:
        for seed in range(5):
            row = within(fit, seed)
            found, own = second_opinion(fit, row), finite_contributions(fit, row)
            assert found is not None
            assert found.agreement == 1.0
            assert found.r_squared == pytest.approx(1.0, abs=1e-3)
            for group, value in own.items():
                assert found.contributions[group] == pytest.approx(value, abs=2e-3)

    def test_the_slopes_are_those_of_the_librarys_ridge(self, fit: Fit) -> None:
        crooked, row = with_trees(fit), within(fit, 7)
        moves = np.random.default_rng(SEED).normal(0.0, SPREAD, (SAMPLES, N))
        moves = np.where(np.isfinite(row), moves, 0.0)
        scale = np.array([entry.scale for entry in fit.inputs])
        near = np.exp(-(moves**2).sum(axis=1) / (2 * SPREAD**2 * np.isfinite(row).sum()))
        near /= near.sum()
        ridge = Ridge(alpha=PENALTY / SAMPLES)
        ridge.fit(moves, scores(crooked, row + moves * scale), sample_weight=near)
        np.testing.assert_allclose(_slopes(crooked, row)[0], ridge.coef_, atol=1e-9)

    def test_asked_twice_it_says_the_same(self, fit: Fit) -> None:
        crooked, row = with_trees(fit), within(fit, 2)
        assert second_opinion(crooked, row) == second_opinion(crooked, row)

    def test_a_score_that_bends_is_told_from_a_straight_one(self, fit: Fit) -> None:
        """Trees that outweigh the lines by far leave a straight line little to explain."""
        opinions = [second_opinion(with_trees(fit, size=1.0), within(fit, n)) for n in range(20)]
        found = [opinion for opinion in opinions if opinion is not None]
        assert np.mean([opinion.r_squared for opinion in found]) < 0.9
        assert min(opinion.agreement for opinion in found) < 1.0

    def test_without_an_input_there_is_no_opinion(self, fit: Fit) -> None:
        assert second_opinion(fit, np.full(N, np.nan)) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Why is Financials ranked where it is?", r"confirms the direction of \d+% of the"),
        ("Vì sao ngành Tài chính xếp hạng như vậy?", r"xác nhận chiều tác động của \d+% các"),
    ],
    ids=["en", "vi"],
)
def test_the_why_of_a_brief_says_how_far_it_agrees(
    question: str, said: str, tmp_path_factory: pytest.TempPathFactory, session_home: Path
) -> None:
    folder = write_market(tmp_path_factory.mktemp("market"))
    brief = ask(question, settings=Settings(home=session_home, market=f"folder:{folder}"))
    assert brief.review.passed
    assert not brief.review.fallback
    assert re.search(said, brief.markdown)
    assert "4000.surrogate_agreement.1M" in brief.facts


class TestTool:
    def test_it_stands_beside_the_attribution_as_facts(self, desk: Desk) -> None:
        answer = explain_sector(desk, sector="4000", horizon="1M")
        facts = {fact.id: fact.value for fact in answer.facts}
        opinion = answer.second_opinion
        assert opinion is not None
        assert facts["4000.surrogate_agreement.1M"] == opinion.agreement
        assert facts["4000.surrogate_rank_correlation.1M"] == opinion.rank_correlation
        inputs = read_inputs({f.id: f for f in desk.scorer.inputs("1M")}, ("4000",), "1M")
        assert opinion == second_opinion(
            desk.scorer.artefact.horizons["1M"].in_force("auto").fit, inputs.relative[0]
        )
        assert 0.0 <= opinion.agreement <= 1.0
