"""An agent of another framework that uses the tools through that framework's own MCP adapters.

A program as text, because it runs in an environment of its own: ``langchain-mcp-adapters`` is built
on the MCP library before version 2. The model is scripted: it calls the tools it was told to, one
after another, and ends with what the last one said. The program prints one line of JSON.

Its arguments are JSON: a connection as ``MultiServerMCPClient`` takes it, and a list of
[tool, arguments].
"""

AGENT = '''
from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_mcp_adapters.client import MultiServerMCPClient
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from pydantic import Field


class Scripted(BaseChatModel):
    """Calls what its script says, then repeats the beginning of the last answer."""

    script: list[tuple[str, dict[str, Any]]]
    bound: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> Scripted:
        """Note which tools the agent was given."""
        self.bound.extend(tool.name for tool in tools)
        return self

    def _generate(self, messages: list[Any], *_: Any, **__: Any) -> ChatResult:
        done = sum(isinstance(message, ToolMessage) for message in messages)
        if done < len(self.script):
            name, arguments = self.script[done]
            call = {"name": name, "args": arguments, "id": f"call-{done}"}
            said = AIMessage(content="", tool_calls=[call])
        else:
            said = AIMessage(content=f"{messages[-1].text[:200]}")
        return ChatResult(generations=[ChatGeneration(message=said)])


async def main(connection: dict[str, Any], calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Let the agent answer one request and print what it did."""
    client = MultiServerMCPClient({"sectorvane": connection})
    tools = await client.get_tools()
    model = Scripted(script=calls)
    speaking = model.bind_tools(tools)

    async def speak(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await speaking.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("speak", speak)
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "speak")
    graph.add_conditional_edges("speak", tools_condition)
    graph.add_edge("tools", "speak")
    state = await graph.compile().ainvoke({"messages": [("user", "Where is money moving?")]})
    answers = [message for message in state["messages"] if isinstance(message, ToolMessage)]
    resources = await client.get_resources("sectorvane", uris=["sectorvane://heatmap"])
    prompt = await client.get_prompt("sectorvane", "daily_brief", arguments={"language": "vi"})
    print(
        json.dumps(
            {
                "bound": model.bound,
                "answers": [[one.name, one.status, one.text] for one in answers],
                "structured": [bool(one.artifact) for one in answers],
                "last": state["messages"][-1].text,
                "heatmap": resources[0].as_string(),
                "prompt": prompt[0].text,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1]), json.loads(sys.argv[2])))
'''
