"""How a call is validated, answered and refused, on every way to reach the tools."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import anyio
import pytest
from mcp import Client
from pydantic import Field

from tools import ToolEntry
from tools.contracts import Fact, Gap, MarketStamp, ToolResult
from tools.errors import SourceDownError, ToolInputError
from tools.mcp_server import ERROR_KEY, as_text, bind, build_server, new_server, plain_schema

if TYPE_CHECKING:
    from mcp.types import CallToolResult

    from tools.desk import Desk

DAY = date(2024, 3, 29)
STAMP = MarketStamp(
    id="toy", name="Toy Market", as_of=DAY, last_day=DAY, benchmark="", currency="USD",
    simulated=True,
)  # fmt: skip
FACT = Fact(
    id="45.rel_return.1W", value=0.0123456789, unit="fraction", entity="45", metric="rel_return",
    period="1W", observed_on=DAY, published_on=DAY, source="toy/prices.parquet",
)  # fmt: skip
TROUBLE: dict[str, Exception] = {
    "input": ToolInputError("There is no sector 'Bnaks'. Nearest: Banks."),
    "down": SourceDownError("The feed does not answer; try later."),
    "crash": RuntimeError("/home/owner/.secret/key: token=abc123"),
}


class Echo(ToolResult):
    """What was asked."""

    sector: str | None = None
    names: tuple[str, ...] = ()


def get_echo(
    desk: Desk,
    *,
    window: Annotated[Literal["1D", "1W"], Field(description="Trailing window.")],
    sector: Annotated[str | None, Field(description="One sector.")] = None,
    names: Annotated[tuple[str, ...], Field(description="Names.")] = (),
) -> Echo:
    """Return what was asked."""
    return Echo(
        tool="get_echo", market=STAMP, facts=(FACT,), sector=sector, names=names, notes=(window,)
    )


def get_trouble(
    desk: Desk,
    *,
    kind: Annotated[Literal["input", "down", "crash"], Field(description="Which trouble.")],
) -> Echo:
    """Fail in one of the ways a tool may fail."""
    raise TROUBLE[kind]


def get_slow(desk: Desk) -> Echo:
    """Wait a fifth of a second."""
    time.sleep(0.2)
    return Echo(tool="get_slow", market=STAMP)


def get_patient(desk: Desk) -> Echo:
    """Wait until the desk says so, for two minutes at most."""
    told: Any = desk
    if not told.wait(120):
        raise RuntimeError("nobody was told")
    return Echo(tool="get_patient", market=STAMP)


ENTRIES = tuple(ToolEntry(__name__, name) for name in ("get_echo", "get_trouble", "get_slow"))


def toy_client() -> Client:
    # The fakes never look at the desk.
    return Client(build_server(None, catalogue=ENTRIES))  # type: ignore[arg-type]


async def call(name: str, arguments: dict[str, Any]) -> CallToolResult:
    async with toy_client() as client:
        return await client.call_tool(name, arguments)


def said(result: CallToolResult) -> str:
    return "".join(getattr(block, "text", "") for block in result.content)


class TestAnswers:
    async def test_structured_content_is_the_whole_result(self) -> None:
        result = await call("get_echo", {"window": "1W", "sector": "Banks"})
        assert not result.is_error
        echoed = Echo.model_validate(result.structured_content)
        assert echoed.facts == (FACT,)
        assert echoed.sector == "Banks"

    async def test_text_shows_market_facts_and_own_fields(self) -> None:
        text = said(await call("get_echo", {"window": "1W", "sector": "Banks"}))
        assert text.startswith("get_echo: Toy Market, as of 2024-03-29")
        assert "SIMULATED" in text
        assert (
            "| 45.rel_return.1W | 0.0123457 | fraction | 2024-03-29 | toy/prices.parquet |" in text
        )
        assert '{"sector":"Banks"}' in text

    def test_text_names_gaps(self) -> None:
        gap = Gap(what="flow", why="no feed", effect="less sure")
        text = as_text(ToolResult(tool="get_x", market=STAMP, gaps=(gap,)))
        assert "Missing: flow: no feed; less sure." in text

    async def test_null_stands_for_an_argument_left_out(self) -> None:
        result = await call("get_echo", {"window": "1W", "sector": None})
        assert result.structured_content is not None
        assert result.structured_content["sector"] is None

    async def test_six_waiting_tools_overlap(self) -> None:
        async with toy_client() as client:
            await client.call_tool("get_echo", {"window": "1D"})
            started = time.perf_counter()
            async with anyio.create_task_group() as calls:
                for _ in range(6):
                    calls.start_soon(client.call_tool, "get_slow", {})
            assert time.perf_counter() - started < 0.6

    async def test_a_time_limit_ends_the_wait(self) -> None:
        async with toy_client() as client:
            await client.call_tool("get_echo", {"window": "1D"})
            started = time.perf_counter()
            with anyio.move_on_after(0.02):
                await client.call_tool("get_slow", {})
            assert time.perf_counter() - started < 0.2


class TestProgress:
    @pytest.mark.parametrize(
        ("waits_for", "said_to_be"), [("", "get_patient is at work"), ("training", "training")]
    )
    async def test_a_caller_who_asks_hears_what_a_long_call_waits_for(
        self, waits_for: str, said_to_be: str
    ) -> None:
        heard = threading.Event()
        told: list[str] = []

        async def note(progress: float, total: float | None, message: str | None) -> None:
            told.append(message or "")
            heard.set()

        # The desk of this tool is what it waits for.
        desk: Any = heard
        tool = bind(get_patient, lambda: desk, name="get_patient", waits_for=lambda: waits_for)
        async with Client(new_server([tool]), mode="legacy") as client:
            result = await client.call_tool("get_patient", {}, progress_callback=note)
        assert not result.is_error
        assert told[0].startswith(said_to_be)


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({}, "window is required"),
            ({"window": "2D"}, "window: Input should be '1D' or '1W', got '2D'"),
            ({"window": None}, "window: Input should be '1D' or '1W', got None"),
            ({"window": "1D", "sectr": "Banks"}, "there is no argument 'sectr'"),
            ({"window": "1D", "sector": 5}, "sector: Input should be a valid string, got 5"),
            ({"window": "1D", "names": {"a": 1}}, "names: Input should be a valid tuple"),
        ],
    )
    async def test_a_bad_argument_is_named_with_what_is_possible(
        self, arguments: dict[str, Any], message: str
    ) -> None:
        result = await call("get_echo", arguments)
        assert result.is_error
        assert message in said(result)
        assert "Its arguments: window, sector, names." in said(result)
        assert result.meta is not None
        assert result.meta[ERROR_KEY] == "input"

    async def test_a_long_argument_is_not_repeated_whole(self) -> None:
        result = await call("get_echo", {"window": "x" * 5000})
        assert len(said(result)) < 300

    @pytest.mark.parametrize(
        "arguments",
        [
            {"window": "1D", "x" * 50_000: 1},
            {"window": "1D", **{f"extra_{i}": i for i in range(1000)}},
            {"window": "1D", "names": [0] * 1000},
        ],
    )
    async def test_huge_arguments_get_a_short_answer(self, arguments: dict[str, Any]) -> None:
        result = await call("get_echo", arguments)
        assert result.is_error
        assert len(said(result)) < 1000

    async def test_an_unknown_tool_is_an_error_result(self) -> None:
        result = await call("get_rich", {})
        assert result.is_error
        assert "get_rich" in said(result)

    @pytest.mark.parametrize("kind", ["input", "down"])
    async def test_a_known_error_arrives_with_its_sentence_and_kind(self, kind: str) -> None:
        result = await call("get_trouble", {"kind": kind})
        assert result.is_error
        assert said(result) == str(TROUBLE[kind])
        assert result.meta is not None
        assert result.meta[ERROR_KEY] == kind

    async def test_a_crash_says_so_without_its_text(self, caplog: pytest.LogCaptureFixture) -> None:
        result = await call("get_trouble", {"kind": "crash"})
        assert result.is_error
        assert said(result) == "get_trouble failed (RuntimeError). Other tools may still answer."
        assert "secret" not in caplog.text
        assert "Traceback" not in caplog.text

    async def test_a_crash_leaves_the_server_answering(self) -> None:
        async with toy_client() as client:
            assert (await client.call_tool("get_trouble", {"kind": "crash"})).is_error
            assert not (await client.call_tool("get_echo", {"window": "1D"})).is_error


class TestServing:
    def test_building_a_server_leaves_logging_alone(self) -> None:
        root = logging.getLogger()
        before = (list(root.handlers), root.level)
        build_server(None, catalogue=ENTRIES)  # type: ignore[arg-type]
        assert (list(root.handlers), root.level) == before

    def test_a_schema_keeps_a_default_that_is_not_null(self) -> None:
        schema = {"properties": {"lookback": {"type": "string", "default": "3Y", "title": "L"}}}
        assert plain_schema(schema)["properties"] == {
            "lookback": {"type": "string", "default": "3Y"}
        }
