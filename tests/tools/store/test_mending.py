"""A damaged history is noticed, named, and mended from the last good state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.tools.store.history_rows import a_market, bars, fill
from tools.errors import SourceDownError
from tools.store.files import MANIFEST, WORKING
from tools.store.history import HistoryStore
from tools.store.mending import check, repair

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Publish two generations: of 5 days, and of 9."""
    with HistoryStore.open(tmp_path, a_market(), write=True) as store:
        fill(store, bars("AAA", n_days=5))
        store.publish()
        fill(store, bars("AAA", n_days=9))
        store.publish(go_on=False)
    return tmp_path


def n_days(folder: Path) -> int:
    with HistoryStore.open(folder, a_market()) as history:
        return len(history.market_data().prices)


def flip_bytes(path: Path) -> None:
    """Change single bytes all over a file, as a failing disk does."""
    content = bytearray(path.read_bytes())
    for place in range(20_000, len(content), 9_973):
        content[place] ^= 0xFF
    path.write_bytes(content)


def test_a_sound_history_is_said_to_be_sound(folder: Path) -> None:
    assert check(folder, a_market()) == ()
    assert repair(folder, a_market()) == (
        "The history of market toy is sound: nothing was changed.",
    )
    assert n_days(folder) == 9


def test_a_history_that_never_was_needs_no_mending(tmp_path: Path) -> None:
    assert check(tmp_path / "none", a_market()) == ()
    assert "nothing to mend" in repair(tmp_path / "none", a_market())[0]


def test_flipped_bytes_are_noticed_and_the_generation_before_comes_back(folder: Path) -> None:
    flip_bytes(folder / "history-000002.duckdb")
    assert any("not as it was published" in problem for problem in check(folder, a_market()))
    with pytest.raises(SourceDownError, match="--repair"):
        n_days(folder)
    told = repair(folder, a_market())
    assert "went back to history-000001.duckdb" in told[0]
    assert n_days(folder) == 5
    assert (folder / "broken-history-000002.duckdb").exists()


def test_no_writer_builds_on_a_damaged_file(folder: Path) -> None:
    flip_bytes(folder / "history-000002.duckdb")
    with pytest.raises(SourceDownError, match="not as it was written"):
        HistoryStore.open(folder, a_market(), write=True)


def test_a_cut_file_is_noticed_at_once(folder: Path) -> None:
    path = folder / "history-000002.duckdb"
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(
        SourceDownError, match=r"bytes\. Run `sectorvane sync --market toy --repair`"
    ):
        n_days(folder)
    repair(folder, a_market())
    assert n_days(folder) == 5


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "history-000002.duckdb").unlink()
    with pytest.raises(SourceDownError, match=r"history-000002\.duckdb is missing"):
        n_days(folder)
    repair(folder, a_market())
    assert n_days(folder) == 5


def test_a_broken_manifest_is_written_anew_from_what_can_be_read(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(SourceDownError, match="manifest"):
        n_days(folder)
    assert "history-000002.duckdb" in repair(folder, a_market())[0]
    assert n_days(folder) == 9


def test_a_broken_working_file_is_set_aside_and_syncing_goes_on(folder: Path) -> None:
    (folder / WORKING).write_bytes(b"not a database " * 5000)
    with pytest.raises(SourceDownError, match="--repair"):
        HistoryStore.open(folder, a_market(), write=True)
    assert n_days(folder) == 9
    assert "was set aside" in repair(folder, a_market())[0]
    with HistoryStore.open(folder, a_market(), write=True) as store:
        fill(store, bars("AAA", n_days=12))
        store.publish(go_on=False)
    assert n_days(folder) == 12
    assert check(folder, a_market()) == ()


def test_what_was_appended_survives_the_loss_of_the_published_file(folder: Path) -> None:
    with HistoryStore.open(folder, a_market(), write=True) as store:
        fill(store, bars("AAA", n_days=11))
    (folder / "history-000002.duckdb").unlink()
    repair(folder, a_market())
    with HistoryStore.open(folder, a_market(), write=True) as store:
        store.publish(go_on=False)
    assert n_days(folder) == 11


def test_rows_that_nobody_appended_are_noticed_when_the_file_is_opened(folder: Path) -> None:
    with HistoryStore.open(folder, a_market(), write=True):
        pass
    with duckdb.connect(str(folder / WORKING)) as db:
        db.execute("insert into prices select * from prices limit 1")
    with pytest.raises(SourceDownError, match="prices holds 10 rows, and 9 were stored"):
        HistoryStore.open(folder, a_market(), write=True)


def test_a_kill_between_renaming_and_the_manifest_loses_nothing(folder: Path) -> None:
    with HistoryStore.open(folder, a_market(), write=True) as store:
        fill(store, bars("AAA", n_days=11))
    (folder / WORKING).rename(folder / "history-000003.duckdb")
    assert n_days(folder) == 9
    with HistoryStore.open(folder, a_market(), write=True) as store:
        store.publish(go_on=False)
    assert n_days(folder) == 11
    assert check(folder, a_market()) == ()


def test_a_working_file_left_behind_by_an_ordered_copy_is_made_anew(folder: Path) -> None:
    old = folder / "history-000001.duckdb"
    (folder / WORKING).write_bytes(old.read_bytes())
    with HistoryStore.open(folder, a_market(), write=True) as store:
        fill(store, bars("AAA", n_days=10))
        store.publish(go_on=False)
    assert n_days(folder) == 10
