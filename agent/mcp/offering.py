"""The prompts a server offers, in English and Vietnamese, and what may stand in their blanks.

An argument is turned into what the market calls it before it stands in a prompt: a client's own
text would be a way to write instructions under this server's name.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import anyio
from mcp import MCPError
from mcp.server.mcpserver.prompts import Prompt
from mcp.types import INVALID_PARAMS, Completion, PromptReference, ResourceTemplateReference
from pydantic import Field

from agent.mcp.shelf import MOST_LISTED
from prompts.offered import LANGUAGES, offer
from tools.contracts import HORIZONS, HeatmapPeriod
from tools.errors import ToolInputError
from tools.names import fold, sector_named, shortened
from tools.stress.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mcp.server.mcpserver import MCPServer
    from mcp.types import CompletionArgument, CompletionContext
    from mcp.types import Prompt as OfferedPrompt

    from agent.mcp.shelf import Shelf
    from tools.contracts import Vocabulary
    from tools.desk import Desk

MOST_COMPLETIONS = 100
"""As the protocol limits them."""
_Sector = Annotated[str, Field(description="A sector, by code or name in either language.")]
_Horizon = Annotated[str, Field(description="1W, 1M or 3M; left out: 1M.")]
_Language = Annotated[str, Field(description="en or vi; left out: en.")]
_Scenario = Annotated[str, Field(description=f"One of {', '.join(SCENARIOS)}.")]


class Offering:
    """Fills the prompts for one market.

    Parameters
    ----------
    desk
        Returns the market as it stands.
    """

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def daily_brief(self, horizon: _Horizon = "1M", language: _Language = "en") -> str:
        """Write today's sector brief. Viết bản tin ngành hôm nay."""
        return offer(
            "daily_brief", _language(language), horizon=_horizon(horizon), **self._market()
        )

    def compare(
        self,
        first: _Sector,
        second: _Sector,
        horizon: _Horizon = "1M",
        language: _Language = "en",
    ) -> str:
        """Compare two sectors. So sánh hai ngành."""
        spoken = _language(language)
        return offer(
            "compare",
            spoken,
            first=self._sector(first, spoken),
            second=self._sector(second, spoken),
            horizon=_horizon(horizon),
            **self._market(),
        )

    def stress(self, scenario: _Scenario = "rate_hike", language: _Language = "en") -> str:
        """Stress the sectors with a scenario. Kiểm tra sức chịu đựng của các ngành."""
        name = _one_of("scenario", scenario, SCENARIOS)
        found = next(entry for known, entry in SCENARIOS.items() if known == name)
        return offer(
            "stress", _language(language), scenario=name, means=found.means, **self._market()
        )

    def _market(self) -> dict[str, str]:
        stamp = self._desk().stamp
        return {"market": stamp.name, "as_of": stamp.as_of.isoformat()}

    def _sector(self, text: str, language: str) -> str:
        desk = self._desk()
        try:
            code = sector_named(desk, text)
        except ToolInputError as unknown:
            raise MCPError(code=INVALID_PARAMS, message=str(unknown)) from unknown
        named = next(row for row in desk.vocabulary.sectors if row.code == code)
        return (named.name_vi if language == "vi" else "") or named.name or named.code


def add_prompts(server: MCPServer[Any], offering: Offering) -> None:
    """Offer the prompts."""
    titles = {
        "daily_brief": "Daily brief · Bản tin ngành",
        "compare": "Compare sectors · So sánh ngành",
        "stress": "Stress test · Kiểm tra sức chịu đựng",
    }
    for name, title in titles.items():
        server.add_prompt(Prompt.from_function(getattr(offering, name), name=name, title=title))


def check_asked(offered: Iterable[OfferedPrompt], name: str, arguments: Mapping[str, str]) -> None:
    """See that a prompt of this name takes these arguments.

    Raises
    ------
    MCPError
        When it does not, naming what there is.
    """
    prompts = {prompt.name: prompt.arguments or [] for prompt in offered}
    if name not in prompts:
        raise _refused(f"there is no prompt {shortened(name)}; there are {', '.join(prompts)}")
    known = [argument.name for argument in prompts[name]]
    missing = [one.name for one in prompts[name] if one.required and one.name not in arguments]
    if missing:
        raise _refused(f"{name}: {', '.join(missing)} is required")
    extra = [shortened(one) for one in arguments if one not in known]
    if extra:
        raise _refused(
            f"{name}: there is no argument {', '.join(extra)}; there are {', '.join(known)}"
        )


def _refused(why: str) -> MCPError:
    return MCPError(code=INVALID_PARAMS, message=f"{why}.")


def add_completions(
    server: MCPServer[Any], vocabulary: Callable[[], Vocabulary], shelf: Shelf
) -> None:
    """Complete the arguments of prompts and of resource templates."""

    def choices(argument: str) -> Iterable[str]:
        match argument:
            case "first" | "second":
                rows = vocabulary().sectors
                yield from (row.name or row.code for row in rows)
                yield from (row.name_vi for row in rows if row.name_vi)
            case "horizon":
                yield from HORIZONS
            case "language":
                yield from LANGUAGES
            case "scenario":
                yield from SCENARIOS
            case "period":
                yield from get_args(HeatmapPeriod)
            case "run_id":
                yield from (line.run_id for line in islice(shelf.lines(), MOST_LISTED))

    # The SDK's decorator has no types of its own.
    @server.completion()  # type: ignore[no-untyped-call, untyped-decorator]
    async def complete(
        ref: PromptReference | ResourceTemplateReference,  # noqa: ARG001 - names say enough
        argument: CompletionArgument,
        context: CompletionContext | None,  # noqa: ARG001 - no argument depends on another
    ) -> Completion:
        begun = fold(argument.value)

        def fit() -> list[str]:
            return [value for value in choices(argument.name) if fold(value).startswith(begun)]

        # A long shelf is read from many files, and the market may have to be opened.
        fitting = await anyio.to_thread.run_sync(fit)
        shown = fitting[:MOST_COMPLETIONS]
        return Completion(values=shown, total=len(fitting), has_more=len(fitting) > len(shown))


def _language(text: str) -> Literal["en", "vi"]:
    return "vi" if _one_of("language", text, LANGUAGES) == "vi" else "en"


def _horizon(text: str) -> str:
    return _one_of("horizon", text, HORIZONS)


def _one_of(name: str, text: str, known: Iterable[str]) -> str:
    if text not in known:
        wanted = ", ".join(known)
        raise _refused(f"{name} is one of {wanted}; got {shortened(text)}")
    return text
