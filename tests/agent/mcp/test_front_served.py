"""``sectorvane mcp`` as other programs meet it: a process on stdio, and one behind a token over HTTP."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import anyio
import httpx2
import jsonschema  # type: ignore[import-untyped]  # it ships no types, and one call needs none
import pytest
from mcp import Client, StdioServerParameters

from agent.brief.model import Brief
from tests.agent.mcp.calls import ASKED, CALLS, PROMPTS, QUESTION
from tests.conftest import ROOT, clean_environment
from tests.mcp_servers import ACCEPT, TOKEN, command, connected
from tools import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from mcp.types import CallToolResult


@pytest.fixture(scope="module")
def address(folder: Path, shared_home: Path) -> Iterator[str]:
    """Serve over HTTP behind a token."""
    with command("--market", f"folder:{folder}", home=shared_home, token=TOKEN) as (address, _):
        yield address


def stdio(folder: Path, home: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=[str(ROOT / "chat.py"), "mcp", "--market", f"folder:{folder}"],
        env={**clean_environment(), "SECTORVANE_HOME": str(home)},
        cwd=home,
    )


async def clients(way: str, folder: Path, home: Path, address: str) -> AsyncIterator[Client]:
    kind, mode = way.split()
    if kind == "http":
        async with connected(address, token=TOKEN, mode=mode) as client:
            yield client
    else:
        async with Client(stdio(folder, home), mode=mode) as client:
            yield client


@pytest.mark.parametrize("way", ["stdio auto", "http legacy", "http auto"])
async def test_every_tool_resource_and_prompt_is_served(
    way: str, folder: Path, shared_home: Path, address: str
) -> None:
    async for client in clients(way, folder, shared_home, address):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(CALLS) == {entry.name for entry in CATALOGUE} | {"ask"}
        for name, arguments in CALLS.items():
            result = await client.call_tool(name, arguments)
            assert not result.is_error, said(result)
            schema = tools[name].output_schema
            assert schema is not None
            jsonschema.validate(result.structured_content, schema)
        for one in (await client.list_resources()).resources:
            content = (await client.read_resource(one.uri)).contents[0]
            assert content.mime_type == one.mime_type
        for name, given in PROMPTS.items():
            got = await client.get_prompt(name, given)
            assert "Toy market toy" in got.messages[0].content.text  # type: ignore[union-attr]


@pytest.mark.parametrize("way", ["stdio legacy", "http legacy", "http auto"])
async def test_a_question_tells_how_it_goes_on(
    way: str, folder: Path, shared_home: Path, address: str
) -> None:
    told: list[tuple[float, float | None, str]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message or ""))

    async for client in clients(way, folder, shared_home, address):
        result = await client.call_tool("ask", ASKED, progress_callback=note)
        assert not result.is_error
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
    assert all(of is not None and done <= of for done, of, _ in told)
    texts = "\n".join(text for _, _, text in told)
    for stage in ("calls to make", "get_sector_forecast: ", "writing", "checking every number"):
        assert stage in texts


async def test_twelve_clients_at_once_get_their_own_answers(address: str) -> None:
    sectors = ("Energy", "Materials", "Financials", "Consumer Staples")
    wrong: list[str] = []

    async def one(number: int) -> None:
        sector = sectors[number % len(sectors)]
        async with connected(address, token=TOKEN, mode="legacy" if number % 2 else "auto") as own:
            for _ in range(5):
                answer = await own.call_tool("explain_sector", {"sector": sector, "horizon": "1M"})
                content = answer.structured_content or {}
                if content.get("row", {}).get("name") != sector:
                    wrong.append(f"{sector}: {said(answer)[:200]}")

    async with anyio.create_task_group() as group:
        for number in range(12):
            group.start_soon(one, number)
    assert wrong == []


async def test_questions_at_once_are_answered_each_in_its_own_conversation(address: str) -> None:
    answers: dict[str, Brief] = {}

    async def one(client: Client, question: str) -> None:
        result = await client.call_tool("ask", {"question": question})
        answers[question] = Brief.model_validate(result.structured_content)

    questions = (
        QUESTION,
        "How would a rate hike hit the sectors?",
        "Hello!",
        "Why is Energy where it is?",
    )
    async with connected(address, token=TOKEN) as client, anyio.create_task_group() as group:
        for question in questions:
            group.start_soon(one, client, question)
    assert {question: brief.question for question, brief in answers.items()} == {
        question: question for question in questions
    }
    assert len({brief.thread_id for brief in answers.values()}) == len(questions)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_a_question_that_is_given_up_frees_its_place(address: str, mode: str) -> None:
    async with connected(address, token=TOKEN, mode=mode) as client:
        for _ in range(6):
            with anyio.move_on_after(0.05):
                await client.call_tool("ask", {"question": "How risky is every sector?"})
        with anyio.fail_after(300):
            result = await client.call_tool("ask", ASKED)
        assert not result.is_error


def test_what_goes_wrong_is_told_without_a_trace(address: str) -> None:
    for message in (
        {"method": "tools/call", "params": {"name": "get_rich", "arguments": {}}},
        {"method": "tools/call", "params": {"name": "ask", "arguments": {"question": 5}}},
        {"method": "tools/call", "params": {"name": "ask", "arguments": "x"}},
        {"method": "prompts/get", "params": {"name": "poem"}},
        {"method": "resources/read", "params": {"uri": "file:///etc/passwd"}},
        {"method": "resources/list", "params": {"cursor": "\x00"}},
        {"method": "completion/complete", "params": {}},
        {"method": "no/such/method"},
    ):
        headers = {**ACCEPT, "authorization": f"Bearer {TOKEN}"}
        body = {"jsonrpc": "2.0", "id": 1, **message}
        answer = httpx2.post(address, json=body, headers=headers, timeout=60)
        for telling in ("Traceback", 'File "', "site-packages", str(ROOT)):
            assert telling not in answer.text


def test_stopping_the_server_ends_it_although_a_client_listens(
    folder: Path, shared_home: Path
) -> None:
    with command("--market", f"folder:{folder}", home=shared_home) as (address, process):
        hello = {
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18", "capabilities": {},
                "clientInfo": {"name": "t", "version": "1"},
            },
        }  # fmt: skip
        session = httpx2.post(address, json=hello, headers=ACCEPT).headers["mcp-session-id"]
        headers = {"accept": "text/event-stream", "mcp-session-id": session}
        with httpx2.stream("GET", address, headers=headers, timeout=60) as stream:
            assert stream.status_code == 200
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(300) in (0, 130)


def said(result: CallToolResult) -> str:
    return "".join(getattr(block, "text", "") for block in result.content)
