"""The calls of a remote server stand on the conversation's cassette, without the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from agent.cassette import record, replay
from tests.agent.remote.room import room_with, server, serving, task
from tests.remote_servers import serve_http

if TYPE_CHECKING:
    from pathlib import Path

KEY = "vimo_" + "0123456789abcdef" * 2


@pytest.mark.parametrize("plain", [False, True])
async def test_a_recorded_server_answers_again_when_it_is_gone(
    home: Path, tmp_path: Path, plain: bool
) -> None:
    cassette = tmp_path / "remote.yaml"
    plan = (task("get_sector_heatmap", period="daily"), task("get_foreign_flow", timeframe="1D"))
    with serve_http("vimo", serving(), plain=plain) as url:
        protocol = "jsonrpc" if plain else "mcp"
        known = server(url, key=SecretStr(KEY), protocol=protocol)
        with record(cassette, secrets=(KEY,)):
            async with room_with(home, vimo=known) as room:
                recorded, _gaps = await room.outcomes(*plan)
    assert KEY not in cassette.read_text(encoding="utf-8")
    with replay(cassette):
        async with room_with(tmp_path, vimo=known) as room:
            replayed, _gaps = await room.outcomes(*plan)
    assert replayed == recorded
    assert [outcome.status for outcome in replayed] == ["ok", "ok"]
