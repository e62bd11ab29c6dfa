"""The tool ``ask``: a question in, the brief out, as Markdown and as the typed value."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - a field's type, read when the model is built
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import ConfigDict, Field

from agent.brief.model import Brief  # noqa: TC001 - read for the output schema
from agent.mcp.asking import Asked, Asker
from agent.mcp.telling import telling
from agent.settings import LanguageName
from tools.contracts import Horizon
from tools.mcp_server import PlainTool, strict

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context

LONGEST_QUESTION = 2000
"""Characters."""
Question = Annotated[
    str,
    Field(
        description="In English or Vietnamese, about this market.",
        min_length=1,
        max_length=LONGEST_QUESTION,
    ),
]
Window = Annotated[Horizon | None, Field(description="Horizon of the forecast.")]
Language = Annotated[LanguageName, Field(description="Of the answer; auto is the question's.")]
Compare = Annotated[date | None, Field(description="An earlier day to compare with.")]
Thread = Annotated[
    str | None, Field(description="thread_id of an earlier answer, to ask a follow-up question.")
]
Facts = Annotated[
    bool, Field(description="Whether the structured answer holds every fact, which is long.")
]


class AskTool(PlainTool):
    """Answers questions with an :class:`Asker`."""

    asker: Asker | None = Field(default=None, exclude=True)
    waits_for: Callable[[], str] = Field(default=lambda: "", exclude=True)

    model_config = ConfigDict(arbitrary_types_allowed=True)

    async def answer(
        self,
        accepted: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool,  # noqa: FBT001 - as the SDK hands it on
    ) -> Any:  # noqa: ANN401 - the SDK's own return type
        """Return the brief; its progress goes to a caller who asked to be told."""
        if self.asker is None:
            raise ValueError("the tool was not bound")
        facts = accepted.pop("facts")
        async with telling(context, self.waits_for) as progress:
            brief = (await self.asker.ask(Asked(**accepted), progress)).brief
        shown = brief if facts else brief.model_copy(update={"facts": {}})
        if not convert_result:
            return shown
        return CallToolResult(
            content=[TextContent(type="text", text=brief.markdown)],
            structured_content=shown.model_dump(mode="json", by_alias=True),
        )


def ask_tool(asker: Asker, waits_for: Callable[[], str], *, open_world: bool) -> AskTool:
    """Return the tool, bound to what answers.

    Parameters
    ----------
    waits_for
        Says what an answer has to wait for now; empty: for nothing.
    open_world
        Whether a language model elsewhere is asked.
    """

    def ask(
        *,
        question: Question,
        horizon: Window = None,
        language: Language = "auto",
        compare: Compare = None,
        thread: Thread = None,
        facts: Facts = False,
    ) -> Brief:
        """Answer a question with a brief: which sectors money moves to, why, how sure, what is missing.

        The text is the brief in Markdown; the structured answer is the brief as data, and
        usage.brain names what wrote it. The whole brief with every fact is the resource
        sectorvane://brief/RUN_ID/json. Takes seconds, the first one of a quarter longer.
        """
        raise NotImplementedError

    tool = AskTool.from_function(
        ask,
        name="ask",
        description=" ".join((ask.__doc__ or "").split()),
        annotations=ToolAnnotations(
            read_only_hint=False,
            destructive_hint=False,
            idempotent_hint=False,
            open_world_hint=open_world,
        ),
        structured_output=True,
    )
    bound = strict(tool)
    if not isinstance(bound, AskTool):
        raise TypeError("the SDK built a tool of another class")
    bound.asker, bound.waits_for = asker, waits_for
    return bound
