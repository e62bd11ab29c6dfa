"""An artefact is trusted only when it is whole and its own; anything else is fitted again."""

from __future__ import annotations

import json
import re
import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tools.desk import Desk
from tools.errors import UnusableInputError
from tools.scoring.artefact import Origin, load, save
from tools.scoring.fitting import Trained, Training
from tools.scoring.trees import Tree, TreeSum

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import OpenDesk

LONG = {"n_days": 700}


@pytest.fixture(scope="module")
def small(open_desk: OpenDesk) -> Desk:
    return open_desk(**LONG)


def at_home(small: Desk, home: Path) -> Desk:
    return Desk(small.view._data, small.as_of, home=home)


ORIGIN = Origin(
    data="abc",
    refit_on=date(2023, 4, 3),
    first_day=date(2021, 1, 4),
    last_day=date(2023, 3, 31),
)


def leaf(n: int = 1, **changes: Any) -> TreeSum:
    """Return a sum of one tree that never splits, or one that is damaged."""
    nodes: dict[str, Any] = {
        "input": (-1,) * n, "threshold": (-2.0,) * n, "left": (-1,) * n, "right": (-1,) * n,
        "value": (0.0,) * n,
    }  # fmt: skip
    tree = Tree(**{**nodes, **changes})
    return TreeSum(member="forest", group="trend", rate=1.0, offset=0.0, trees=(tree,))


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


class TestKnownValues:
    def test_it_is_written_once_and_read_again(self, small: Desk, home: Path) -> None:
        first = at_home(small, home).scorer
        assert first.artefact == small.scorer.artefact
        (written,) = files(home)
        assert written.parent.parent == home / "artefacts"
        stamp = written.stat().st_mtime_ns
        assert at_home(small, home).scorer.artefact == first.artefact
        assert [path.stat().st_mtime_ns for path in files(home)] == [stamp]

    def test_it_says_what_it_was_trained_on(self, small: Desk, home: Path) -> None:
        assert at_home(small, home).scorer.artefact_id
        (written,) = files(home)
        origin = Origin.model_validate(json.loads(written.read_text())["origin"])
        before = small.view.at(origin.last_day)
        assert origin.refit_on == small.scorer.artefact.refit_on > origin.last_day
        assert (origin.first_day, origin.data) == (before.days[0].date(), before.fingerprint())
        assert "momentum.12M" in origin.features
        assert origin.key.startswith(written.stem.removeprefix("scoring-"))

    def test_threads_that_ask_at_the_same_time_train_once(self, small: Desk, home: Path) -> None:
        told: list[Trained] = []
        training = Training(tell=told.append)
        desk = Desk(small.view._data, small.as_of, home=home, training=training)
        ids: set[str] = set()
        asking = [
            threading.Thread(target=lambda: ids.add(desk.scorer.artefact_id)) for _ in range(4)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert len(ids) == 1
        assert [(one.done, one.of, one.horizon) for one in told] == [
            (0, 3, None), (1, 3, "1W"), (2, 3, "1M"), (3, 3, "3M"),
        ]  # fmt: skip

    def test_another_day_of_the_quarter_uses_the_same_file(self, small: Desk, home: Path) -> None:
        for day in (date(2023, 5, 2), date(2023, 5, 31)):
            assert Desk(small.view._data, day, home=home).scorer.artefact_id
        assert len(files(home)) == 1

    def test_training_twice_gives_the_same_bytes(self, small: Desk, tmp_path: Path) -> None:
        for name in ("one", "two"):
            assert at_home(small, tmp_path / name).scorer.artefact_id
        (one,), (two,) = files(tmp_path / "one"), files(tmp_path / "two")
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes()


class TestRefusals:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda text: text[: len(text) // 2],
            lambda _: "",
            lambda _: "[]",
            lambda text: re.sub(r'"slope":\d', '"slope":9', text, count=1),
            lambda text: text.replace('"data":"', '"data":"f', 1),
            lambda text: re.sub(r'"code":"[^"]*"', '"code":"0"', text, count=1),
            lambda text: text.replace("sectorvane.artefact/", "sectorvane.artefact/9", 1),
            lambda text: text.replace("momentum.12M", "momentum.11M", 1),
            lambda text: re.sub(r'"slope":\d', '"slope":NaN,"x":9', text, count=1),
            lambda _: "[" * 100_000,
        ],
        ids=[
            "cut off", "empty", "another thing", "changed number", "other data", "other version",
            "other format", "other features", "not a number", "endless depth",
        ],
    )  # fmt: skip
    def test_a_damaged_artefact_is_fitted_again_and_the_log_says_why(
        self, small: Desk, home: Path, damage: object, caplog: pytest.LogCaptureFixture
    ) -> None:
        wanted = at_home(small, home).scorer.artefact
        (written,) = files(home)
        whole = written.read_text()
        written.write_text(damage(whole))  # type: ignore[operator]
        assert written.read_text() != whole
        assert at_home(small, home).scorer.artefact == wanted
        assert written.read_text() == whole
        (line,) = (record.getMessage() for record in caplog.records)
        assert line.startswith(f"Training again instead of using {written.name}: it")
        assert str(home) not in line

    def test_a_missing_artefact_is_nothing_to_log(
        self, small: Desk, home: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert at_home(small, home).scorer.artefact_id
        assert not caplog.records

    @pytest.mark.parametrize(
        "grown",
        [
            leaf(input=(0,), left=(0,), right=(0,)),
            leaf(input=(99,), left=(1,), right=(2,)),
            leaf(3, input=(0, -1, -1), left=(1, -1, -1), right=(3, -1, -1)),
            leaf(3, input=(99, -1, -1), left=(1, -1, -1), right=(2, -1, -1)),
            leaf(threshold=()),
            leaf(0),
        ],
        ids=["a loop", "no children", "a child too many", "no such input", "no threshold", "empty"],
    )
    def test_trees_that_lead_nowhere_are_not_trusted(
        self, small: Desk, tmp_path: Path, grown: TreeSum, caplog: pytest.LogCaptureFixture
    ) -> None:
        whole = small.scorer.artefact.model_copy(update={"refit_on": ORIGIN.refit_on})
        fit = whole.horizons["1M"]
        path = tmp_path / "a.json"
        for trees, trusted in (((leaf(),), True), ((grown,), False)):
            model = fit.models["ensemble"]
            with_trees = model.fit.model_copy(update={"trees": trees, "tree_weights": (1.0,)})
            models = {**fit.models, "ensemble": model.model_copy(update={"fit": with_trees})}
            horizons = {**whole.horizons, "1M": fit.model_copy(update={"models": models})}
            save(whole.model_copy(update={"horizons": horizons}), path, ORIGIN)
            assert (load(path, ORIGIN) is not None) == trusted
        assert "do not fit together" in caplog.text

    def test_a_valid_hash_over_nonsense_is_not_trusted(self, small: Desk, tmp_path: Path) -> None:
        artefact = small.scorer.artefact.model_copy(update={"refit_on": ORIGIN.refit_on})
        path = tmp_path / "a.json"
        save(artefact, path, ORIGIN)
        assert load(path, ORIGIN) == artefact
        assert load(path, ORIGIN.model_copy(update={"data": "abd"})) is None
        assert load(path, ORIGIN.model_copy(update={"refit_on": date(2023, 7, 3)})) is None
        body = json.loads(path.read_text())
        body["artefact"] = {"model": 1}
        path.write_text(json.dumps(body))
        assert load(path, ORIGIN) is None

    def test_a_home_that_is_a_file_is_said_plainly(self, small: Desk, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("")
        with pytest.raises(UnusableInputError, match="SECTORVANE_HOME"):
            at_home(small, blocked).scorer.artefact_id  # noqa: B018

    def test_no_part_of_a_file_is_left_behind(self, small: Desk, home: Path) -> None:
        assert at_home(small, home).scorer.artefact_id
        assert not [path for path in files(home) if path.suffix == ".part"]
