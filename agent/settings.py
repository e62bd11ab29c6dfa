"""The settings of a run: flag, else environment, else ``sectorvane.toml``, else default.

They are read once, at a front door. Nothing below a front door reads the environment. A key that is
not known and a value of the wrong kind stop the run before anything is fetched, and the message
names where the value came from.
"""

from __future__ import annotations

import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, SecretStr, ValidationError, field_validator

from agent.errors import MissingKeyError
from tools.contracts import Frozen, Horizon
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.remote.settings import RemoteServer
    from tools.workers import Workers

    RemoteServers = dict[str, RemoteServer]
else:
    # Most runs have no remote server, and its models cost every start some milliseconds.
    RemoteServers = dict[str, Any]

BrainName = Literal["auto", "offline", "openai"]
ScorerName = Literal["auto", "composite", "ensemble"]
LanguageName = Literal["auto", "en", "vi"]
LevelName = Literal["sector", "industry"]

SETTINGS_FILE = "sectorvane.toml"
DEFAULT_MARKET = "demo"
SIMULATED_MARKET = "demo"
"""The market that a seed changes; with one it is opened as ``demo:SEED``."""
ENVIRONMENT: Mapping[str, str] = {
    "home": "SECTORVANE_HOME",
    "market": "SECTORVANE_MARKET",
    "level": "SECTORVANE_LEVEL",
    "brain": "SECTORVANE_BRAIN",
    "model": "SECTORVANE_MODEL",
    "api_key": "OPENAI_API_KEY",
    "base_url": "OPENAI_BASE_URL",
    "mcp_token": "SECTORVANE_MCP_TOKEN",
}
"""Setting → the environment variable it may come from."""
KEY_VARIABLES = (
    "OPENAI_API_KEY", "FRED_API_KEY", "VIMO_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
    "SECTORVANE_MCP_TOKEN",
)  # fmt: skip
"""Variables that hold secrets; whether one is set may be told, what it holds never."""


class Mandate(Frozen):
    """What the reader may hold, ``[mandate]`` in the settings file."""

    sectors: tuple[str, ...] = ()
    """Included sectors, by any name the market knows; empty includes all."""
    horizon: Horizon | None = None
    """The horizon of a question that names none."""
    risk_tolerance: Literal["low", "medium", "high"] = "medium"
    largest_tilt: Annotated[float, Field(gt=0, le=1)] = 0.05
    """Largest weight that may be added to or taken from a sector, a fraction of the portfolio."""


class Settings(Frozen):
    """Everything a run may be told beside its question."""

    home: Path
    """Data, artefacts, conversations and run records."""
    market: Annotated[str, Field(min_length=1)] = DEFAULT_MARKET
    level: LevelName = "sector"
    """What is ranked: the market's sectors, or the industries below them."""
    as_of: date | None = None
    """The day whose end the run pretends to be at; None: the market's last completed one."""
    horizon: Horizon = "1M"
    horizon_fixed: bool = False
    """Whether a flag gave `horizon`, which then beats a horizon in the question."""
    brain: BrainName = "auto"
    model: str | None = None
    """Name of the model; None: the brain's default."""
    scorer: ScorerName = "auto"
    lang: LanguageName = "auto"
    """Language of the answer; ``auto``: the question's."""
    api_key: SecretStr | None = None
    base_url: str | None = None
    """Address of an OpenAI-compatible server; None: the client's own default."""
    mcp_token: SecretStr | None = None
    """What a client of ``sectorvane mcp --http`` must bear; None asks for nothing."""
    max_usd: Annotated[float, Field(gt=0)] | None = None
    """Dollars one question may cost; None: no limit."""
    max_tokens: Annotated[int, Field(gt=0)] | None = None
    """Tokens of a model one question may take, read and written; None: no limit."""
    max_seconds: Annotated[float, Field(gt=0)] | None = None
    """Seconds one question may take; None: the default limits of its calls."""
    seed: Annotated[int, Field(ge=0)] | None = None
    """Seed of a simulated market; other markets have no use for it."""
    jobs: Annotated[int, Field(ge=1)] = 1
    """Processes that training and back-tests may use."""
    engine: Literal["local", "dask"] = "local"
    """Where jobs run: on this machine, or on the cluster of `scheduler`."""
    scheduler: str | None = None
    """Address of a Dask scheduler."""
    mandate: Mandate = Mandate()
    remote: RemoteServers = Field(default_factory=dict)
    """Remote MCP servers by name, ``[remote.NAME]`` in the settings file."""
    slack: dict[str, Any] = Field(default_factory=dict)
    """``[slack]`` of the settings file as it stands there; only the Slack app reads it."""
    keys_present: tuple[str, ...] = ()
    """Names of the secret variables that are set; never their values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("as_of", mode="before")
    @classmethod
    def _is_a_day(cls, value: object) -> object:
        return parse_day(value) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("not an http address")
        return value

    @property
    def brain_in_use(self) -> Literal["offline", "openai"]:
        """What ``auto`` means: ``openai`` when a key or an address is set, else ``offline``."""
        if self.brain == "auto":
            return "openai" if self.api_key or self.base_url else "offline"
        return self.brain

    @property
    def workers(self) -> Workers:
        """Who trains and walks through the past."""
        from tools.workers import Workers

        return Workers(jobs=self.jobs, scheduler=self.scheduler)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every key and header that may be one; for those who must keep them out of what they write."""
        own = [one.get_secret_value() for one in (self.api_key, self.mcp_token) if one]
        return (*own, *(secret for server in self.remote.values() for secret in server.secrets))


def parse_day(text: str) -> date:
    """Return the day that `text` writes as YYYY-MM-DD, the only form understood.

    Raises
    ------
    ValueError
        For any other text.
    """
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("not written as YYYY-MM-DD")
    return day


class _Given(NamedTuple):
    """A raw value and where it came from, as a reader would name it."""

    value: object
    origin: str


_WANTED: Mapping[str, str] = {
    "home": "a folder for SECTORVANE_HOME",
    "market": "a market, demo, industries or folder:PATH",
    "level": "a level, sector or industry",
    "as_of": "a date as YYYY-MM-DD",
    "horizon": "a horizon, 1W, 1M or 3M",
    "brain": "a brain, auto, offline or openai",
    "model": "the name of a model",
    "scorer": "a scorer, auto, composite or ensemble",
    "lang": "a language, auto, en or vi",
    "api_key": "a key as text",
    "base_url": "an address that begins with http:// or https://",
    "mcp_token": "a token as text",
    "max_usd": "a limit in dollars above 0",
    "max_tokens": "a limit in tokens, a whole number above 0",
    "max_seconds": "a limit in seconds above 0",
    "seed": "a whole number, 0 or more",
    "jobs": "a whole number, 1 or more",
    "engine": "an engine, local, or dask with --scheduler ADDRESS",
    "scheduler": "the address of a Dask scheduler, tcp://HOST:PORT, with --engine dask",
    "mandate": "a table [mandate] of sectors, horizon, risk_tolerance and largest_tilt",
    "remote": "a table [remote.NAME] for each remote MCP server",
    "slack": "a table [slack] for the Slack app",
}
_SECRET = ("api_key", "mcp_token")
"""Settings whose value stands in no message."""
_FILE_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "as_of": (date, str),
    "max_usd": (int, float),
    "max_tokens": int,
    "max_seconds": (int, float),
    "seed": int,
    "jobs": int,
    "mandate": dict,
    "remote": dict,
    "slack": dict,
}
"""Kinds a value in the settings file may have; text where nothing is said."""


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Settings:
    """Return the settings of a run; the settings file is looked for in `cwd`.

    A flag that is None and an environment variable that is empty count as not given.

    Raises
    ------
    UnusableInputError
        For an unreadable settings file, an unknown key, or a value of the wrong kind.
    MissingKeyError
        When the ``openai`` brain is asked for without a key and without an address.
    """
    given = _from_file(cwd / SETTINGS_FILE)
    for field, variable in ENVIRONMENT.items():
        if environ.get(variable):
            given[field] = _Given(environ[variable], variable)
    for field, value in flags.items():
        if value is not None:
            given[field] = _Given(value, f"--{field.replace('_', '-')}")
    mandate = given["mandate"].value if "mandate" in given else {}
    if "horizon" not in given and isinstance(mandate, dict) and "horizon" in mandate:
        given["horizon"] = _Given(mandate["horizon"], f"[mandate] in {SETTINGS_FILE}")
    given, keys = _with_remote(given, environ)
    settings = _validated({"home": _Given(default_home(), "the default"), **given})
    present = (*(name for name in KEY_VARIABLES if environ.get(name)), *keys)
    return settings.model_copy(
        update={
            "home": settings.home.expanduser().absolute(),
            "horizon_fixed": flags.get("horizon") is not None,
            "keys_present": tuple(dict.fromkeys(present)),
        }
    )


def _with_remote(
    given: dict[str, _Given], environ: Mapping[str, str]
) -> tuple[dict[str, _Given], tuple[str, ...]]:
    """Read the tables of remote servers and put their keys in; return where those came from."""
    tables = given["remote"].value if "remote" in given else None
    if not tables or not isinstance(tables, dict):
        return given, ()
    from agent.remote.settings import read_servers

    servers, present = read_servers(tables, environ, SETTINGS_FILE)
    return {**given, "remote": _Given(servers, given["remote"].origin)}, present


def override(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return `settings` with `changes` put over them, checked alike; None changes nothing.

    A secret keeps its wrapping, and a changed `horizon` counts as fixed.
    """
    wanted = {field: value for field, value in changes.items() if value is not None}
    kept = {
        field: _Given(getattr(settings, field), "the settings")
        for field in settings.model_fields_set
    }
    asked = {field: _Given(value, field) for field, value in wanted.items()}
    fixed = settings.horizon_fixed or "horizon" in wanted
    return _validated({**kept, **asked}).model_copy(update={"horizon_fixed": fixed})


def default_home() -> Path:
    """Return the platform's folder for a user's data."""
    import platformdirs

    return Path(platformdirs.user_data_dir("sectorvane", appauthor=False))


def prepare_home(home: Path) -> Path:
    """Make the home folder where it is missing and see that it can be written.

    Raises
    ------
    UnusableInputError
        When it cannot.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home, prefix=".writable-"):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnusableInputError(
            "a home folder that can be written",
            f"{home} ({reason})",
            "Set SECTORVANE_HOME to a folder of your own.",
        ) from error
    return home


def _from_file(path: Path) -> dict[str, _Given]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableInputError(
            f"a settings file in TOML at {path.name}", str(error), "Mend the file or move it away."
        ) from error
    for key, value in table.items():
        if key not in _WANTED:
            raise UnusableInputError(
                f"a known setting in {path.name}", repr(key), f"Known are: {', '.join(_WANTED)}."
            )
        kinds = _FILE_KINDS.get(key, str)
        if not isinstance(value, kinds) or isinstance(value, bool):
            shown = "a value of another kind" if key in _SECRET else repr(value)
            raise UnusableInputError(_WANTED[key], shown, f"Change `{key}` in {path.name}.")
    return {key: _Given(value, f"`{key}` in {path.name}") for key, value in table.items()}


def _validated(given: Mapping[str, _Given]) -> Settings:
    """Build the settings; the first problem becomes one plain message."""
    values: dict[str, Any] = {field: raw.value for field, raw in given.items()}
    _check_engine(given)
    simulated = values.get("market", DEFAULT_MARKET) == SIMULATED_MARKET
    if simulated and values.get("seed") is not None:
        values["market"] = f"{SIMULATED_MARKET}:{values['seed']}"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _refusal(error, given) from error
    if settings.brain == "openai" and not (settings.api_key or settings.base_url):
        raise MissingKeyError(
            "a key or an address for the openai brain",
            "neither OPENAI_API_KEY nor OPENAI_BASE_URL",
            "Set one of them, or use --brain offline, which needs none.",
        )
    return settings


def _check_engine(given: Mapping[str, _Given]) -> None:
    """See that a cluster has an address, and an address a cluster."""
    engine, scheduler = given.get("engine"), given.get("scheduler")
    address = scheduler.value if scheduler else None
    if engine is not None and engine.value == "dask" and address is None:
        raise UnusableInputError(
            _WANTED["engine"], "no address", f"Add --scheduler ADDRESS, or change {engine.origin}."
        )
    if scheduler is None or address is None:
        return
    on_cluster = engine is not None and engine.value == "dask"
    if not on_cluster or not str(address).startswith(("tcp://", "tls://")):
        raise UnusableInputError(
            _WANTED["scheduler"], repr(address), f"Change {scheduler.origin} or add --engine dask."
        )


def _refusal(error: ValidationError, given: Mapping[str, _Given]) -> UnusableInputError:
    first = error.errors(include_url=False, include_input=False)[0]
    field, *inner = (str(part) for part in first["loc"])
    if inner:
        name = ".".join(inner)
        return UnusableInputError(
            f"a usable [mandate] in {SETTINGS_FILE}",
            f"`{name}`: {first['msg'].lower()}",
            f"It may hold {', '.join(Mandate.model_fields)}.",
        )
    origin = given[field].origin if field in given else field
    came = repr(given[field].value) if field in given and field not in _SECRET else "another"
    return UnusableInputError(_WANTED.get(field, "a known setting"), came, f"Change {origin}.")
