"""An artefact is trusted only when it is whole and its own; anything else is fitted again."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tools.desk import Desk
from tools.errors import UnusableInputError
from tools.scoring.artefact import load, save

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import OpenDesk

LONG = {"n_days": 700}


@pytest.fixture(scope="module")
def small(open_desk: OpenDesk) -> Desk:
    return open_desk(**LONG)


def at_home(small: Desk, home: Path) -> Desk:
    return Desk(small.view._data, small.as_of, home=home)


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
            lambda text: text.replace('"key":"', '"key":"f', 1),
        ],
        ids=["cut off", "empty", "another thing", "changed number", "another key"],
    )
    def test_a_damaged_artefact_is_fitted_again(
        self, small: Desk, home: Path, damage: object
    ) -> None:
        wanted = at_home(small, home).scorer.artefact
        (written,) = files(home)
        whole = written.read_text()
        written.write_text(damage(whole))  # type: ignore[operator]
        assert written.read_text() != whole
        assert at_home(small, home).scorer.artefact == wanted
        assert written.read_text() == whole

    def test_a_valid_hash_over_nonsense_is_not_trusted(self, small: Desk, tmp_path: Path) -> None:
        artefact = small.scorer.artefact
        path = tmp_path / "a.json"
        save(artefact, path, "key")
        assert load(path, "key") == artefact
        assert load(path, "other") is None
        body = json.loads(path.read_text())
        body["artefact"] = {"model": 1}
        path.write_text(json.dumps(body))
        assert load(path, "key") is None

    def test_a_home_that_is_a_file_is_said_plainly(self, small: Desk, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("")
        with pytest.raises(UnusableInputError, match="SECTORVANE_HOME"):
            at_home(small, blocked).scorer.artefact_id  # noqa: B018

    def test_no_part_of_a_file_is_left_behind(self, small: Desk, home: Path) -> None:
        assert at_home(small, home).scorer.artefact_id
        assert not [path for path in files(home) if path.suffix == ".part"]
