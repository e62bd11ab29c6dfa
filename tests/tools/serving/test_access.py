"""Who may reach a server over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tools.errors import UnusableInputError
from tools.serving.access import HttpAccess, OneToken

TOKEN = "0123456789abcdef"  # noqa: S105 - guards nothing


class TestStarting:
    def test_the_loopback_address_needs_no_token(self) -> None:
        assert HttpAccess(port=8000).address == "http://127.0.0.1:8000/mcp"

    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", "::", ""])  # noqa: S104
    def test_any_other_address_needs_a_token(self, host: str) -> None:
        with pytest.raises(UnusableInputError, match="SECTORVANE_MCP_TOKEN"):
            HttpAccess(port=8000, host=host, allow_hosts=("me.example",))

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
    def test_every_address_needs_the_names_it_is_reached_under(self, host: str) -> None:
        with pytest.raises(UnusableInputError, match="--allow-host"):
            HttpAccess(port=8000, host=host, token=TOKEN)

    @pytest.mark.parametrize(
        "name", ["me.example:8000", "http://me.example", "me.example/mcp", "*", "", "a b"]
    )
    def test_a_name_that_no_request_can_bear_is_refused(self, name: str) -> None:
        with pytest.raises(UnusableInputError, match="name of a host"):
            HttpAccess(port=8000, token=TOKEN, allow_hosts=("me.example", name))

    def test_where_every_address_is_bound_clients_are_told_a_name(self) -> None:
        access = HttpAccess(port=8000, host="0.0.0.0", token=TOKEN, allow_hosts=("fd00::1",))  # noqa: S104
        assert access.address == "http://[fd00::1]:8000/mcp"

    def test_a_token_that_can_be_guessed_is_refused_without_repeating_it(self) -> None:
        with pytest.raises(UnusableInputError, match="16 characters") as refused:
            HttpAccess(port=8000, token="hunter2")  # noqa: S106 - guards nothing
        assert "hunter2" not in str(refused.value)

    @pytest.mark.parametrize(
        ("given", "hosts"),
        [
            ({"host": "192.168.1.5"}, {"192.168.1.5", "192.168.1.5:*"}),
            ({"host": "0.0.0.0", "allow_hosts": ("me.example",)}, {"me.example", "me.example:*"}),  # noqa: S104
            ({"host": "fd00::1"}, {"[fd00::1]", "[fd00::1]:*"}),
        ],
    )
    def test_the_names_of_the_server_are_checked_for(
        self, given: dict[str, Any], hosts: set[str]
    ) -> None:
        security = HttpAccess(port=8000, token=TOKEN, **given).security
        assert hosts <= set(security.allowed_hosts)
        assert {f"https://{host}" for host in hosts} <= set(security.allowed_origins)
        assert not {"0.0.0.0", "*", "0.0.0.0:*"} & set(security.allowed_hosts)  # noqa: S104


class TestTheToken:
    async def test_the_right_one_is_known(self) -> None:
        known = await OneToken(TOKEN).verify_token(TOKEN)
        assert known is not None

    @pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "é" * 16])
    async def test_any_other_is_not(self, token: str) -> None:
        assert await OneToken(TOKEN).verify_token(token) is None
