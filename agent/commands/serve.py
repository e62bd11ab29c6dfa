"""The command lines of what serves: parsing alone, kept out of ``chat.py`` for its length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

# The framework reads the options out of the annotations when it runs.
from agent.commands.options import (  # noqa: TC001
    AsOf,
    Brain,
    Lang,
    Level,
    Market,
    Model,
    Scorer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from agent.settings import Settings

Http = Annotated[
    int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Streamable HTTP.")
]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Elsewhere needs SECTORVANE_MCP_TOKEN.")]
AllowHost = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A name that clients reach it under.")
]
Rate = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        help="Requests a minute for one client; 0: any, and any number of guesses at the token.",
    ),
]
Config = Annotated[
    Literal["claude", "cursor", "vscode", "zed"] | None,
    typer.Option(help="Print what this program's settings need, and end."),
]


def add_to(
    app: typer.Typer,
    settings_of: Callable[..., Settings],
    keys_of: Callable[[], dict[str, SecretStr]],
) -> None:
    """Add the commands to `app`; `settings_of` makes settings of flags, `keys_of` finds secrets."""

    @app.command()
    def mcp(
        market: Market = None,
        level: Level = None,
        as_of: AsOf = None,
        http: Http = None,
        host: Host = "127.0.0.1",
        allow_host: AllowHost = None,
        rate: Rate = 600,
        config: Config = None,
        brain: Brain = None,
        model: Model = None,
        scorer: Scorer = None,
        lang: Lang = None,
    ) -> int:
        """Serve tools, briefs and prompts over MCP: stdio, or HTTP on the loopback address."""
        from agent.commands import mcp as serving

        settings = settings_of(
            market=market,
            level=level,
            as_of=as_of,
            # Questions of other programs cost nobody anything unless this command is told so.
            brain=brain or "offline",
            model=model,
            scorer=scorer,
            lang=lang,
        )
        wanted = serving.Serving(http, host, tuple(allow_host or ()), rate, config)
        return serving.mcp(settings, wanted)

    @app.command()
    def slack(
        market: Market = None,
        level: Level = None,
        as_of: AsOf = None,
        brain: Brain = None,
        model: Model = None,
        scorer: Scorer = None,
        lang: Lang = None,
    ) -> int:
        """Answer in Slack: mentions, direct messages, threads, commands and subscriptions."""
        from agent.commands import slack as answering

        settings = settings_of(
            market=market,
            level=level,
            as_of=as_of,
            brain=brain,
            model=model,
            scorer=scorer,
            lang=lang,
        )
        return answering.slack(settings, keys_of())
