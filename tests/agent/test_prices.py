from __future__ import annotations

from datetime import date, timedelta

import pytest

from agent.prices import Price, cost_usd, price_of, prices_as_of, prices_check_by


def test_a_known_model_costs_what_the_table_says() -> None:
    assert price_of("gpt-4o-mini") == Price(0.15, 0.60)
    assert cost_usd("gpt-4o-mini", 1_000_000, 500_000) == pytest.approx(0.45)


def test_a_dated_snapshot_costs_what_its_family_costs_and_a_sibling_does_not() -> None:
    assert price_of("gpt-4o-mini-2024-07-18") == price_of("gpt-4o-mini")
    assert price_of("gpt-4o-2024-11-20") == price_of("gpt-4o")
    assert price_of("gpt-4o-audio-preview") is None


def test_an_unknown_model_has_no_price_rather_than_a_made_up_one() -> None:
    assert price_of("llama-9") is None
    assert cost_usd("llama-9", 10, 10, "https://models.example") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:11434/v1",
        "http://localhost:8000/v1",
        "http://10.0.0.3/v1",
        "http://[::1]:1/v1",
    ],
)
def test_a_model_on_ones_own_machine_or_network_costs_nothing(address: str) -> None:
    assert cost_usd("llama-9", 1000, 1000, address) == 0.0


def test_the_table_says_of_which_day_it_is_and_when_it_must_be_checked() -> None:
    assert date(2025, 1, 1) < prices_as_of() < prices_check_by()
    assert prices_check_by() - prices_as_of() < timedelta(days=550)
