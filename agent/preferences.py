"""What a reader prefers, kept in their home: market, language, horizon, and a watch-list.

A preference gives way to a flag, an environment variable and the settings file; it only beats what
is built in.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from agent.records import write_atomically
from agent.settings import LanguageName, override, prepare_home
from tools.contracts import Frozen, Horizon
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from agent.settings import Settings
    from tools.contracts import Vocabulary

PREFERENCES_FILE = "preferences.toml"
MAX_WATCHED = 30


class Preferences(Frozen):
    """A reader's own defaults; None prefers nothing."""

    market: Annotated[str, Field(min_length=1)] | None = None
    lang: LanguageName | None = None
    horizon: Horizon | None = None
    watch: Annotated[tuple[str, ...], Field(max_length=MAX_WATCHED)] = ()
    """Sectors and symbols, as a market names them."""


def load_preferences(home: Path) -> Preferences:
    """Return the preferences of a home, none where nothing was said.

    Raises
    ------
    UnusableInputError
        When the file cannot be read as preferences.
    """
    path = home / PREFERENCES_FILE
    try:
        return Preferences.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return Preferences()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(path, str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise _unusable(path, f"`{name}`: {first['msg'].lower()}") from error


def save_preferences(home: Path, preferences: Preferences) -> None:
    """Write the preferences whole or not at all."""
    kept = preferences.model_dump(mode="json", exclude_none=True)
    # JSON's strings and lists of strings are TOML's too.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items()]
    write_atomically(prepare_home(home) / PREFERENCES_FILE, "\n".join(lines) + "\n")


def prefer(preferences: Preferences, name: str, value: str | None) -> Preferences:
    """Return the preferences with one of them changed; None takes it back.

    Raises
    ------
    UnusableInputError
        For an unknown preference or a value it cannot have.
    """
    choices = [field for field in Preferences.model_fields if field != "watch"]
    if name not in choices:
        raise UnusableInputError(
            "a preference", repr(name), f"There are: {', '.join(choices)}; /watch keeps the list."
        )
    try:
        return Preferences.model_validate({**preferences.model_dump(), name: value})
    except ValidationError as error:
        wanted = {"lang": "a language, auto, en or vi", "horizon": "a horizon, 1W, 1M or 3M"}
        raise UnusableInputError(
            wanted.get(name, "a market"), repr(value), f"For example: /prefs {name} {_LIKE[name]}"
        ) from error


_LIKE = {"market": "demo", "lang": "vi", "horizon": "3M"}


def with_preferences(settings: Settings, preferences: Preferences) -> Settings:
    """Return settings that follow the preferences where nothing else was said."""
    said = settings.model_fields_set
    wished: Mapping[str, str | None] = {
        "market": preferences.market,
        "lang": preferences.lang,
        "horizon": preferences.horizon,
    }
    unsaid = {name: value for name, value in wished.items() if value and name not in said}
    if not unsaid:
        return settings
    followed = override(settings, unsaid)
    return followed.model_copy(update={"horizon_fixed": settings.horizon_fixed})


def known_here(watched: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the part of a watch-list that a market knows, as the market names it."""
    names = {}
    for sector in vocabulary.sectors:
        for known in (sector.code, sector.name, sector.name_vi, sector.proxy):
            if known:
                names[known.casefold()] = sector.name
    names |= {row.symbol.casefold(): row.symbol for row in vocabulary.symbols}
    found = (names.get(name.casefold()) for name in watched)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _unusable(path: Path, came: str) -> UnusableInputError:
    return UnusableInputError(
        f"preferences in TOML at {path.name}", came, f"Mend or remove {path}."
    )
