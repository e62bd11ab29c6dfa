"""A preference gives way to whatever else was said, and beats only what is built in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agent.preferences import (
    PREFERENCES_FILE,
    Preferences,
    known_here,
    load_preferences,
    prefer,
    save_preferences,
    with_preferences,
)
from agent.settings import load_settings
from tests.fakes import VOCABULARY
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

LIKED = Preferences(market="folder:/liked", lang="vi", horizon="3M", watch=("Energy", "OILX"))


def test_preferences_come_back_as_they_were_kept(tmp_path: Path) -> None:
    odd = Preferences(market='folder:C:\\a "b"', watch=("Năng lượng", "A'B"))
    for preferences in (LIKED, odd, Preferences()):
        save_preferences(tmp_path, preferences)
        assert load_preferences(tmp_path) == preferences


def test_a_home_without_preferences_prefers_nothing(tmp_path: Path) -> None:
    assert load_preferences(tmp_path) == Preferences()


@pytest.mark.parametrize("text", ['lang = "fr"', "what = 1", "not toml", 'watch = "Energy"'])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / PREFERENCES_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInputError, match=PREFERENCES_FILE):
        load_preferences(tmp_path)


@pytest.mark.parametrize(
    ("flags", "environ", "file", "market"),
    [
        ({}, {}, "", "folder:/liked"),
        ({}, {}, 'market = "folder:/filed"', "folder:/filed"),
        ({}, {"SECTORVANE_MARKET": "folder:/env"}, 'market = "folder:/filed"', "folder:/env"),
        ({"market": "industries"}, {"SECTORVANE_MARKET": "folder:/env"}, "", "industries"),
    ],
)
def test_flag_beats_environment_beats_file_beats_preference_beats_default(
    tmp_path: Path, flags: dict[str, Any], environ: dict[str, str], file: str, market: str
) -> None:
    (tmp_path / "sectorvane.toml").write_text(file, encoding="utf-8")
    settings = load_settings({"home": tmp_path, **flags}, environ, tmp_path)
    followed = with_preferences(settings, LIKED)
    assert followed.market == market
    assert (followed.lang, followed.horizon) == ("vi", "3M")


def test_a_preferred_horizon_gives_way_to_the_questions_own(tmp_path: Path) -> None:
    settings = with_preferences(load_settings({"home": tmp_path}, {}, tmp_path), LIKED)
    assert settings.horizon == "3M"
    assert not settings.horizon_fixed


def test_a_preference_is_set_and_taken_back() -> None:
    liked = prefer(Preferences(), "lang", "vi")
    assert liked.lang == "vi"
    assert prefer(liked, "lang", None) == Preferences()


@pytest.mark.parametrize(("name", "value"), [("lang", "fr"), ("horizon", "2W"), ("colour", "red")])
def test_a_preference_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnusableInputError):
        prefer(Preferences(), name, value)


def test_a_watch_list_is_read_as_the_market_names_it() -> None:
    watched = ("10", "tài chính", "oilx", "Elsewhere", "Energy")
    assert known_here(watched, VOCABULARY) == ("Energy", "Financials", "OILX")
