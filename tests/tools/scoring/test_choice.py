"""The model a reader asks for is the one that scores, at every front door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest

from agent import settings
from agent.api import ask
from agent.settings import Settings
from tests.markets import write_market
from tools.desk import Desk
from tools.scoring.choice import ScorerName
from tools.scoring.model import VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli
    from tests.tools.conftest import OpenDesk

QUESTION = "Which sectors will lead over the next month?"
MODELS: tuple[ScorerName, ...] = ("composite", "ensemble")


def at(desk: Desk, name: ScorerName) -> Desk:
    return Desk(desk.view._data, desk.as_of, scorer_name=name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("asked"), n_days=700)


def scores(card: dict[str, Any]) -> list[tuple[str, float]]:
    return [(row["sector"], row["score"]) for row in card["sectors"]]


class TestDesk:
    def test_a_scorecard_says_which_model_made_it(self, open_desk: OpenDesk) -> None:
        desk = open_desk(n_days=700)
        cards = {name: at(desk, name).scorer.scorecard("1M") for name in MODELS}
        assert {name: card.model for name, card in cards.items()} == VERSIONS
        served = desk.scorer.artefact.horizons["1M"].serving
        assert desk.scorer.scorecard("1M").model == VERSIONS[served]
        ranked = [[row.score for row in card.sectors] for card in cards.values()]
        assert ranked[0] != ranked[1]

    def test_both_models_are_read_from_one_artefact(self, open_desk: OpenDesk) -> None:
        desk = open_desk(n_days=700)
        assert {at(desk, name).scorer.artefact_id for name in MODELS} == {desk.scorer.artefact_id}

    def test_answers_of_two_models_are_never_kept_under_one_key(self, open_desk: OpenDesk) -> None:
        desk = open_desk(n_days=700)
        assert len({desk.key, *(at(desk, name).key for name in MODELS)}) == 3
        assert at(desk, "auto").key == desk.key


class TestFrontDoors:
    def test_the_settings_know_the_same_names(self) -> None:
        assert get_args(settings.ScorerName) == get_args(ScorerName)

    def test_one_conversation_asked_with_either_model_mixes_no_answers(
        self, cli: Cli, folder: Path, home: Path
    ) -> None:
        briefs, statuses = {}, []
        for name in (*MODELS, MODELS[0]):
            done = cli(
                "chat", QUESTION, "--market", f"folder:{folder}", "--scorer", name, "--json",
                "--thread", "either", env={"SECTORVANE_HOME": str(home)},
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            brief = briefs[name] = json.loads(done.stdout)
            assert brief["scorecard"]["model"] == VERSIONS[name]
            statuses.append({call["status"] for call in brief["plan"]})
        assert statuses == [{"ok"}, {"ok"}, {"cached"}]
        assert scores(briefs["composite"]["scorecard"]) != scores(briefs["ensemble"]["scorecard"])

    def test_python_asks_for_a_model_by_name(self, folder: Path, session_home: Path) -> None:
        base = Settings(home=session_home, market=f"folder:{folder}")
        brief = ask(QUESTION, scorer="composite", settings=base)
        assert brief.scorecard is not None
        assert brief.scorecard.model == VERSIONS["composite"]

    def test_an_unknown_model_is_refused_with_the_known_ones(self, cli: Cli) -> None:
        refused = cli("chat", QUESTION, "--scorer", "oracle")
        assert refused.returncode == 2
        assert "auto, composite or ensemble" in refused.stderr
