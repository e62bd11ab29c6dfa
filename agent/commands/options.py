"""What a command line may say: options by the name of what they set, and the group that takes a bare question."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

Market = Annotated[
    str | None, typer.Option(help="demo (SIMULATED), us, vn, industries, or folder:PATH.")
]
Level = Annotated[
    str | None,
    typer.Option(metavar="sector|industry", help="industry: the industries below the sectors."),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Pretend to be at the end of this day."),
]
Horizon = Annotated[
    str | None, typer.Option(metavar="1W|1M|3M", help="Beats a horizon in the question.")
]
Brain = Annotated[
    str | None,
    typer.Option(metavar="auto|offline|openai", help="auto: openai where a key or address is set."),
]
Model = Annotated[str | None, typer.Option(help="Name of the model behind the openai brain.")]
Scorer = Annotated[str | None, typer.Option(metavar="auto|composite|ensemble")]
Lang = Annotated[str | None, typer.Option(metavar="auto|en|vi", help="Language of the answer.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Save as well, as .md, .json, .html or .png.")
]
Jobs = Annotated[str | None, typer.Option(metavar="N", help="Processes that may be used.")]
Seed = Annotated[str | None, typer.Option(metavar="N", help="Seed of a simulated market.")]
Engine = Annotated[str | None, typer.Option(metavar="local|dask", help="Where jobs run.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Of a Dask scheduler, with --engine dask.")
]
Compare = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="The same question at this day too.")
]
Record = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Keep the conversation as a cassette.")
]
Replay = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Answer from a cassette, no network.")
]
Thread = Annotated[
    str | None, typer.Option(metavar="ID|NAME", help="Take up an earlier conversation.")
]
Rename = Annotated[
    tuple[str, str] | None, typer.Option(metavar="ID NAME", help="Name a conversation.")
]
Delete = Annotated[str | None, typer.Option(metavar="ID", help="Forget one, its run records too.")]
Export = Annotated[
    tuple[str, Path] | None,
    typer.Option(metavar="ID FILE", help="Save one whole, as .md or .json."),
]
Predictions = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Save every prediction, as .parquet.")
]
Seeds = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="The simulated markets of seeds 1 to N.")
]
Oracle = Annotated[
    bool, typer.Option("--oracle", help="Beside the best possible forecasts of `demo`.")
]
Since = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Ask again for everything from this day on."),
]
Providers = Annotated[
    int, typer.Option("--jobs", min=1, metavar="N", help="Providers asked at the same time.")
]
ImportPath = Annotated[
    Path | None,
    typer.Option("--import", metavar="PATH", help="Take a market folder into the history."),
]
Check = Annotated[bool, typer.Option("--check", help="Only look the history through.")]
Repair = Annotated[
    bool, typer.Option("--repair", help="Go back to the last good state of the history.")
]
Web = Annotated[bool, typer.Option("--web", help="The conversation as a page in the browser.")]
Port = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=65535, help="Of --web; nothing: a free one.")
]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Of --web: whether to open the browser.")
]


class QuestionFirst(TyperGroup):
    """A group whose default command is ``chat``: anything that is no command begins a question."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the framework's own type
        """Put ``chat`` before arguments that name no command."""
        own = {"--version"} if ctx.info_name == "chat.py" else {"--version", "--help", "-h"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["chat", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the framework's own type
        """Run the command; the framework would make a reader that has left an error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return reader_left()


def reader_left() -> int:
    """End quietly: what is still buffered for stdout must not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
