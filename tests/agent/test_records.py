"""Run records are written whole or not at all, and carry no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agent.records import list_records, load_record, write_atomically
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_appears_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_write_leaves_the_old_file_and_no_half_of_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_atomically(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "\ud800")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_an_unknown_run_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="sectorvane runs"):
        load_record(tmp_path, "nope")


def test_a_path_in_place_of_an_id_reaches_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnusableInputError):
        load_record(tmp_path, "../secret")


def test_a_damaged_record_is_passed_over_in_the_list_and_refused_when_opened(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    (folder / "x.json").write_text('{"half":', encoding="utf-8")
    assert list(list_records(tmp_path)) == []
    with pytest.raises(UnusableInputError, match="cannot be read"):
        load_record(tmp_path, "x")
