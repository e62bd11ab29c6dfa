"""What the loopback Slack keeps: messages as a person sees them, and the calls that made them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Call:
    """One call of the Web API."""

    method: str
    arguments: dict[str, Any]
    at: float


@dataclass
class Refusal:
    """What a method answers instead of doing its work."""

    error: str
    status: int = 200
    retry_after: str = ""
    times: int = 1
    carried_out: bool = False
    """The work is done all the same, and only the answer is lost."""
    when: Callable[[dict[str, Any]], bool] = lambda _arguments: True


@dataclass
class Message:
    """One message as Slack keeps it."""

    channel: str
    ts: str
    thread_ts: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    streaming: bool = False
    was_streamed: bool = False

    @property
    def part(self) -> str:
        """Which part of an answer it is; empty: none."""
        return str((self.metadata.get("event_payload") or {}).get("part", ""))

    @property
    def work(self) -> str:
        """Which question it answers; empty: none."""
        return str((self.metadata.get("event_payload") or {}).get("work", ""))

    @property
    def shown(self) -> str:
        """Everything that can be read in it."""
        return self.text + json.dumps(self.blocks, ensure_ascii=False)
