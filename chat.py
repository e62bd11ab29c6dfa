"""The front door: the console script ``sectorvane``, of which ``chat.py`` is ``sectorvane chat``.

It only parses and calls one function a command; what is imported for a command is imported when it
runs, so that ``--help`` is quick. Whatever goes wrong ends here in one plain line: exit status 2
for input that cannot be used, 1 where no answer is possible. ``SECTORVANE_DEBUG=1`` shows the
traceback.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from agent.commands import serve, walk

# The framework reads the options out of the annotations when it runs.
from agent.commands.options import (
    AsJson,
    AsOf,
    Brain,
    Browser,
    Check,
    Compare,
    Delete,
    Engine,
    Export,
    Horizon,
    ImportPath,
    Jobs,
    Lang,
    Level,
    Market,
    Model,
    Out,
    Port,
    Providers,
    QuestionFirst,
    Record,
    Rename,
    Repair,
    Replay,
    Scheduler,
    Scorer,
    Seed,
    Since,
    Thread,
    Web,
    reader_left,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from agent.settings import Settings

OTHER_COMMANDS = (
    "backtest, conversations, doctor, eval, health, mcp, record, replay, runs, slack, sync, train."
)

app = typer.Typer(
    cls=QuestionFirst,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Where money is moving between sectors: a question in, a brief with checked numbers out.",
    epilog='`sectorvane "question"` is `sectorvane chat "question"`, which has its own --help.',
)


def _settings(**flags: object) -> Settings:
    from agent.preferences import load_preferences, with_preferences
    from agent.settings import load_settings

    settings = load_settings(flags, os.environ, Path.cwd())
    return with_preferences(settings, load_preferences(settings.home))


def _keys() -> dict[str, SecretStr]:
    from pydantic import SecretStr

    from agent.settings import KEY_VARIABLES

    found = {name: os.environ.get(name) for name in KEY_VARIABLES}
    return {name: SecretStr(value) for name, value in found.items() if value}


def _show_version(wanted: bool) -> None:
    if wanted:
        from agent.doctor import version_of

        sys.stdout.write(f"sectorvane {version_of('sectorvane')}\n")
        raise typer.Exit


@app.callback()
def _group(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Hold what belongs to no command."""


@app.command(epilog="Other commands, each with its own --help: " + OTHER_COMMANDS)
def chat(
    question: Annotated[str | None, typer.Argument(help="Nothing: a conversation.")] = None,
    market: Market = None,
    level: Level = None,
    as_of: AsOf = None,
    horizon: Horizon = None,
    brain: Brain = None,
    model: Model = None,
    scorer: Scorer = None,
    lang: Lang = None,
    compare: Compare = None,
    json_: AsJson = False,
    out: Out = None,
    record: Record = None,
    replay: Replay = None,
    thread: Thread = None,
    max_usd: Annotated[str | None, typer.Option(metavar="X", help="Dollars at most.")] = None,
    max_seconds: Annotated[str | None, typer.Option(metavar="X", help="Seconds at most.")] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show on stderr how the seconds were spent.")
    ] = False,
    web: Web = False,
    port: Port = None,
    browser: Browser = True,
    seed: Seed = None,
    jobs: Jobs = None,
    engine: Engine = None,
    scheduler: Scheduler = None,
) -> int:
    """Answer a question, or hold a conversation."""
    from agent.commands import answer
    from agent.tracing import set_up_exporter

    set_up_exporter(os.environ)
    settings = _settings(
        market=market,
        level=level,
        as_of=as_of,
        horizon=horizon,
        brain=brain,
        model=model,
        scorer=scorer,
        lang=lang,
        max_usd=max_usd,
        max_seconds=max_seconds,
        seed=seed,
        jobs=jobs,
        engine=engine,
        scheduler=scheduler,
    )
    wanted = answer.Answering(thread, compare, json_, out, record, replay, trace)
    if web or port is not None or not browser:
        from agent.commands import web as page

        return page.web(question, settings, wanted, page.Serving(web, port, browser))
    return answer.run(question, settings, wanted)


@app.command()
def runs(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    json_: AsJson = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Whole records, one a line.")] = False,
) -> int:
    """List run records, newest first."""
    from agent.commands import records

    return records.runs(_settings(), limit=limit, as_json=json_, as_jsonl=jsonl)


@app.command()
def conversations(
    name: Rename = None,
    delete: Delete = None,
    export: Export = None,
    json_: AsJson = False,
) -> int:
    """List, name, export and delete conversations; an ID may be a name."""
    from agent.commands import conversations as talks

    wanted = talks.Wanted(name, delete, export, json_)
    return talks.conversations(_settings(), wanted)


@app.command()
def replay(run_id: str, json_: AsJson = False, out: Out = None) -> int:
    """Render one run again from its record."""
    from agent.commands import records

    return records.replay(_settings(), run_id, as_json=json_, out=out)


@app.command()
def health(
    market: Market = None, level: Level = None, as_of: AsOf = None, json_: AsJson = False
) -> int:
    """Audit the feeds of a market: freshness, completeness, irregularities."""
    from agent.commands import market as markets

    return markets.health(_settings(market=market, level=level, as_of=as_of), as_json=json_)


@app.command()
def sync(
    market: Market = None,
    since: Since = None,
    jobs: Providers = 4,
    json_: AsJson = False,
    import_: ImportPath = None,
    check: Check = False,
    repair: Repair = False,
) -> int:
    """Bring the history of a live market (us, vn) up to date; it can be stopped and goes on."""
    from agent.commands import sync as syncing

    wanted = syncing.Syncing(since, jobs, json_, import_, check, repair)
    return syncing.sync(_settings(market=market), _keys(), wanted)


@app.command()
def train(
    market: Market = None,
    level: Level = None,
    as_of: AsOf = None,
    scorer: Scorer = None,
    seed: Seed = None,
    jobs: Jobs = None,
    engine: Engine = None,
    scheduler: Scheduler = None,
) -> int:
    """Train and save the scoring artefact of a market."""
    from agent.commands import train as training

    return training.train(
        _settings(
            market=market,
            level=level,
            as_of=as_of,
            scorer=scorer,
            seed=seed,
            jobs=jobs,
            engine=engine,
            scheduler=scheduler,
        )
    )


walk.add_to(app, _settings)
serve.add_to(app, _settings, _keys)


@app.command("eval")
def evaluate(
    market: Market = None,
    as_of: AsOf = None,
    brain: Brain = None,
    model: Model = None,
    mutations: Annotated[
        int, typer.Option(min=0, metavar="N", help="Mistakes to make in correct briefs.")
    ] = 1000,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="A question set in JSONL for the planner, or a folder."),
    ] = None,
    repeats: Annotated[
        int, typer.Option(min=0, metavar="K", help="Ask the same questions so often and compare.")
    ] = 0,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An earlier evaluation's JSON to compare with."),
    ] = None,
    seed: Seed = None,
    json_: AsJson = False,
) -> int:
    """Measure how often the review catches what is false, how often plans are right, and what repeats change."""
    from agent.commands import evaluate as evaluating

    settings = _settings(market=market, as_of=as_of, brain=brain, model=model, seed=seed)
    return evaluating.evaluate(
        settings, evaluating.Evaluating(mutations, questions, json_, repeats, against)
    )


@app.command()
def doctor(
    market: Market = None, brain: Brain = None, model: Model = None, json_: AsJson = False
) -> int:
    """Look whether everything a question needs is in order."""
    from agent.commands import doctor as surgery

    return surgery.doctor(_settings(market=market, brain=brain, model=model), as_json=json_)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; what goes wrong is one line on stderr."""
    from tools.errors import SectorvaneError, UnusableInputError

    try:
        status = app(args=arguments, prog_name=_program(), standalone_mode=False)
        sys.stdout.flush()
    except TyperException as error:
        told = error.format_message().rstrip(".")
        return _refuse(f"{told}. `{_program()} --help` says what is possible.", 2)
    except UnusableInputError as error:
        return _refuse(str(error), 2)
    except SectorvaneError as error:
        return _refuse(str(error), 1)
    except BrokenPipeError:
        return reader_left()
    except (KeyboardInterrupt, typer.Abort):
        return _refuse("Stopped.", 130)
    except Exception as error:  # noqa: BLE001 - the outermost frame: one plain line, never a traceback
        told = f"{type(error).__name__}: {error}".strip()
        return _refuse(
            f"Something went wrong that should not have ({told}). SECTORVANE_DEBUG=1 shows where.",
            1,
        )
    return status if isinstance(status, int) else 0


def main() -> None:
    """Run the process's command line and exit."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run([_as_utf8(argument) for argument in sys.argv[1:]]))


def _as_utf8(argument: str) -> str:
    """Return an argument as it was typed, also where the locale knows no UTF-8."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeDecodeError:
        return argument


def _program() -> str:
    name = Path(sys.argv[0]).name
    return name if name == "chat.py" else "sectorvane"


def _refuse(message: str, status: int) -> int:
    if os.environ.get("SECTORVANE_DEBUG"):
        import traceback

        traceback.print_exc()
    sys.stderr.write(f"{message}\n")
    return status


if __name__ == "__main__":
    main()
