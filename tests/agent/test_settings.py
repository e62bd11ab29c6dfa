from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.errors import MissingKeyError
from agent.settings import SETTINGS_FILE, load_settings, override, parse_day, prepare_home
from tests.conftest import ROOT
from tools.errors import UnusableInputError


def written(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


class TestPrecedence:
    def test_a_default_stands_where_nothing_is_said(self, tmp_path: Path) -> None:
        settings = load_settings({}, {}, tmp_path)
        assert settings.market == "demo"
        assert settings.horizon == "1M"
        assert settings.brain_in_use == "offline"
        assert not settings.horizon_fixed

    def test_the_file_beats_the_default(self, tmp_path: Path) -> None:
        assert load_settings({}, {}, written(tmp_path, 'market = "folder:a"')).market == "folder:a"

    def test_the_environment_beats_the_file(self, tmp_path: Path) -> None:
        folder = written(tmp_path, 'market = "folder:a"')
        assert load_settings({}, {"SECTORVANE_MARKET": "folder:b"}, folder).market == "folder:b"

    def test_a_flag_beats_the_environment(self, tmp_path: Path) -> None:
        environ = {"SECTORVANE_MARKET": "folder:b"}
        assert load_settings({"market": "folder:c"}, environ, tmp_path).market == "folder:c"

    def test_a_flag_that_is_none_and_an_empty_variable_count_as_not_given(
        self, tmp_path: Path
    ) -> None:
        settings = load_settings({"market": None}, {"SECTORVANE_MARKET": ""}, tmp_path)
        assert settings.market == "demo"

    def test_only_a_flag_fixes_the_horizon(self, tmp_path: Path) -> None:
        folder = written(tmp_path, 'horizon = "3M"')
        assert not load_settings({}, {}, folder).horizon_fixed
        fixed = load_settings({"horizon": "1W"}, {}, folder)
        assert (fixed.horizon, fixed.horizon_fixed) == ("1W", True)

    def test_the_mandate_gives_the_default_horizon(self, tmp_path: Path) -> None:
        folder = written(tmp_path, '[mandate]\nhorizon = "3M"\nsectors = ["Energy"]\n')
        settings = load_settings({}, {}, folder)
        assert settings.horizon == "3M"
        assert settings.mandate.sectors == ("Energy",)

    def test_a_key_or_an_address_makes_auto_the_openai_brain(self, tmp_path: Path) -> None:
        for variable, value in (
            ("OPENAI_API_KEY", "key"),
            ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"),
        ):
            assert load_settings({}, {variable: value}, tmp_path).brain_in_use == "openai"

    def test_a_flag_can_keep_the_offline_brain_beside_a_key(self, tmp_path: Path) -> None:
        settings = load_settings({"brain": "offline"}, {"OPENAI_API_KEY": "key"}, tmp_path)
        assert settings.brain_in_use == "offline"

    def test_dates_and_limits_are_read_from_text(self, tmp_path: Path) -> None:
        settings = load_settings({"as_of": "2016-12-31", "max_usd": "0.5"}, {}, tmp_path)
        assert settings.as_of == date(2016, 12, 31)
        assert settings.max_usd == 0.5


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("markt = 'us'", "known setting"),
            ("market = 3", "a market"),
            ("jobs = true", "whole number"),
            ("max_usd = '5'", "dollars"),
            ("market = ", "settings file in TOML"),
            ("horizon = '2W'", "1W, 1M or 3M"),
            ("[mandate]\ntilt = 1", "mandate"),
            ("[mandate]\nlargest_tilt = 7", "largest_tilt"),
            ("mandate = 'none'", "mandate"),
            ("remote = 'vimo'", "remote"),
            ("[remote]\nvimo = 'here'", "is a table"),
            ("[remote.Vi_Mo]\nurl = 'http://127.0.0.1/'", "a short word"),
            ("[remote.vimo]\nper_minute = 3", "either url or command"),
            ("[remote.vimo]\nurl = 'http://a'\ncommand = ['b']", "either url or command"),
            ("[remote.vimo]\nurl = 'vimo.vn'", "not an http address"),
            ("[remote.vimo]\nurl = 'http://a'\nper_minute = 0", "per_minute"),
            ("[remote.vimo]\nurl = 'http://a'\nspeed = 3", "speed"),
            (
                "[remote.vimo]\nurl = 'http://a'\nmarkets = ['mars']",
                "'mars'; possible are demo, us",
            ),
            ("[remote.vimo]\nurl = 'http://a'\nmarkets = 'vn'", "not one string"),
            ("[remote.vimo]\ncommand = 'npx server'", "not one string"),
            ("[remote.vimo]\nurl = 'http://a'\nkey = 'vimo_1'", "by environment variable"),
            ("[remote.vimo]\nurl = 'http://a'\nheaders = {A = 'b'}", "https://"),
            (
                "[remote.vimo]\nurl = 'http://a'\n[[remote.vimo.tools.t.facts]]\n"
                "metric = 'return'\nunit = 'fraction'\nvalue = 'v'\naccumulate = 'sum'",
                "only days add up",
            ),
        ],
    )
    def test_a_settings_file_that_cannot_be_used(
        self, tmp_path: Path, text: str, told: str
    ) -> None:
        with pytest.raises(UnusableInputError, match=told):
            load_settings({}, {}, written(tmp_path, text))

    def test_a_settings_file_that_is_no_text(self, tmp_path: Path) -> None:
        (tmp_path / SETTINGS_FILE).write_bytes(b"\xff\xfe\x00")
        with pytest.raises(UnusableInputError, match="TOML"):
            load_settings({}, {}, tmp_path)

    def test_a_settings_file_that_is_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / SETTINGS_FILE).mkdir()
        with pytest.raises(UnusableInputError, match="TOML"):
            load_settings({}, {}, tmp_path)

    @pytest.mark.parametrize(
        "flags",
        [
            {"as_of": "yesterday"},
            {"as_of": "20161231"},
            {"as_of": "1577836800"},
            {"horizon": "1Y"},
            {"brain": "crystal-ball"},
            {"scorer": "best"},
            {"lang": "fr"},
            {"max_usd": "-1"},
            {"max_seconds": "soon"},
            {"jobs": "0"},
            {"seed": "x"},
            {"engine": "dask"},
            {"scheduler": "tcp://127.0.0.1:8786"},
            {"scheduler": "here", "engine": "dask"},
            {"scheduler": "tcp://127.0.0.1:8786", "engine": "local"},
            {"market": ""},
        ],
    )
    def test_a_flag_of_the_wrong_kind_names_itself(
        self, tmp_path: Path, flags: dict[str, str]
    ) -> None:
        name = next(iter(flags)).replace("_", "-")
        with pytest.raises(UnusableInputError, match=f"--{name}"):
            load_settings(flags, {}, tmp_path)

    def test_a_cluster_is_used_with_its_address(self, tmp_path: Path) -> None:
        address = "tcp://127.0.0.1:8786"
        asked = load_settings({"engine": "dask", "scheduler": address, "jobs": "2"}, {}, tmp_path)
        assert (asked.workers.scheduler, asked.workers.jobs) == (address, 2)
        assert load_settings({}, {}, tmp_path).workers.scheduler is None

    def test_the_openai_brain_needs_a_key_or_an_address(self, tmp_path: Path) -> None:
        with pytest.raises(MissingKeyError, match="OPENAI_API_KEY"):
            load_settings({"brain": "openai"}, {}, tmp_path)

    def test_an_address_is_an_http_address(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableInputError, match="OPENAI_BASE_URL"):
            load_settings({}, {"OPENAI_BASE_URL": "localhost:11434"}, tmp_path)


class TestSecrets:
    @given(key=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12))
    def test_a_key_is_never_shown(self, key: str) -> None:
        settings = load_settings({}, {"OPENAI_API_KEY": key, "FRED_API_KEY": key}, Path("/none"))
        assert key not in repr(settings)
        assert key not in settings.model_dump_json()
        assert settings.keys_present == ("OPENAI_API_KEY", "FRED_API_KEY")

    def test_a_key_of_the_wrong_kind_is_refused_without_showing_it(self, tmp_path: Path) -> None:
        folder = written(tmp_path, "api_key = 123456789")
        with pytest.raises(UnusableInputError) as refused:
            load_settings({}, {}, folder)
        assert "123456789" not in str(refused.value)


class TestRemote:
    def test_a_server_gets_its_key_from_the_environment_alone(self, tmp_path: Path) -> None:
        folder = written(tmp_path, "[remote.vimo]\nurl = 'https://vimo.example/api/mcp'")
        settings = load_settings({}, {"VIMO_API_KEY": "vimo_secret"}, folder)
        assert settings.remote["vimo"].key == SecretStr("vimo_secret")
        assert settings.keys_present == ("VIMO_API_KEY",)
        assert settings.secrets == ("vimo_secret",)
        assert "vimo_secret" not in repr(settings)
        assert "vimo_secret" not in settings.model_dump_json()

    def test_the_variable_may_have_another_name(self, tmp_path: Path) -> None:
        text = "[remote.desk]\nurl = 'http://127.0.0.1:9/mcp'\nkey_env = 'DESK_TOKEN'"
        settings = load_settings({}, {"DESK_TOKEN": "t"}, written(tmp_path, text))
        assert settings.remote["desk"].key == SecretStr("t")
        assert settings.keys_present == ("DESK_TOKEN",)

    @pytest.mark.parametrize(
        ("named", "market_id"),
        [("vn", "vn"), ("demo:7", "demo-7"), ("demo-7", "demo-7"), ("folder:my:own", "my:own")],
    )
    def test_a_server_is_asked_about_the_markets_it_lists_alone(
        self, tmp_path: Path, named: str, market_id: str
    ) -> None:
        text = f"[remote.vimo]\nurl = 'http://127.0.0.1:9/mcp'\nmarkets = ['{named}']"
        server = load_settings({}, {}, written(tmp_path, text)).remote["vimo"]
        assert server.knows(market_id, simulated=True)
        assert not server.knows("us", simulated=False)

    def test_a_key_never_travels_unencrypted_beyond_the_machine(self, tmp_path: Path) -> None:
        folder = written(tmp_path, "[remote.vimo]\nurl = 'http://vimo.example/api/mcp'")
        assert load_settings({}, {}, folder).remote["vimo"].key is None
        with pytest.raises(UnusableInputError, match="https") as refused:
            load_settings({}, {"VIMO_API_KEY": "vimo_secret"}, folder)
        assert "vimo_secret" not in str(refused.value)

    def test_a_server_survives_a_change_of_another_setting(self, tmp_path: Path) -> None:
        folder = written(tmp_path, "[remote.vimo]\ncommand = ['npx', 'server']\nper_day = 50")
        settings = load_settings({}, {"VIMO_API_KEY": "k"}, folder)
        assert override(settings, {"lang": "vi"}).remote == settings.remote

    def test_without_a_table_nothing_of_it_is_loaded(self) -> None:
        program = (
            "import sys, agent.conversation, agent.nodes.plan\n"
            "print(sorted(m for m in sys.modules if m.startswith('agent.remote.')))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"


class TestOverride:
    def test_none_changes_nothing(self, tmp_path: Path) -> None:
        settings = load_settings({"horizon": "3M"}, {"OPENAI_API_KEY": "key"}, tmp_path)
        assert override(settings, {"market": None}) == settings

    def test_a_change_is_checked_like_a_flag(self, tmp_path: Path) -> None:
        settings = load_settings({}, {}, tmp_path)
        assert override(settings, {"lang": "vi"}).lang == "vi"
        with pytest.raises(UnusableInputError):
            override(settings, {"lang": "fr"})
        with pytest.raises(MissingKeyError):
            override(settings, {"brain": "openai"})

    def test_a_secret_survives(self, tmp_path: Path) -> None:
        settings = load_settings({}, {"OPENAI_API_KEY": "key"}, tmp_path)
        assert override(settings, {"horizon": "1W"}).api_key == SecretStr("key")


class TestHome:
    def test_it_is_made_where_it_is_missing(self, tmp_path: Path) -> None:
        home = prepare_home(tmp_path / "a" / "b")
        assert home.is_dir()
        assert list(home.iterdir()) == []

    def test_one_that_cannot_be_written_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(UnusableInputError, match="SECTORVANE_HOME"):
            prepare_home(tmp_path / "file" / "home")

    def test_a_home_is_made_absolute_and_its_tilde_expanded(self, tmp_path: Path) -> None:
        settings = load_settings({}, {"SECTORVANE_HOME": "~/sv"}, tmp_path)
        assert settings.home == Path.home() / "sv"


@pytest.mark.parametrize("text", ["2016-02-30", "2016-1-1", "20160101", "2016-W01-1", "", "today"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_day(text)
