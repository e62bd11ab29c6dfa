"""Limits are checked before the call that would pass them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.budget import Budget
from agent.errors import BudgetSpentError
from agent.state import Spent
from tests.fakes import Clock


@pytest.mark.parametrize(
    ("budget", "spent", "limit"),
    [
        (Budget(max_model_calls=2), Spent(model_calls=2), "2 model calls"),
        (Budget(max_usd=0.1, usd_per_call=0.06), Spent(usd=0.05), "0.1 USD"),
        (
            Budget(max_tokens=100, tokens_per_call=60),
            Spent(input_tokens=30, output_tokens=20),
            "100 tokens",
        ),
    ],
)
def test_a_call_that_would_pass_a_limit_is_refused_and_the_limit_is_named(
    budget: Budget, spent: Spent, limit: str
) -> None:
    with pytest.raises(BudgetSpentError, match=limit):
        budget.check_model_call(spent)


def test_when_the_seconds_are_spent_no_model_is_called_and_tools_get_no_time() -> None:
    clock = Clock()
    budget = Budget(max_seconds=10, clock=clock)
    budget.check_model_call(Spent())
    clock.seconds = 7.0
    assert budget.timeout() == 3.0
    clock.seconds = 11.0
    with pytest.raises(BudgetSpentError, match="10"):
        budget.check_model_call(Spent())
    assert budget.timeout() < 0.01


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1))
def test_dollars_never_pass_their_limit(spent: float, price: float, limit: float) -> None:
    budget = Budget(max_usd=limit, usd_per_call=price)
    try:
        budget.check_model_call(Spent(usd=spent))
    except BudgetSpentError:
        return
    assert spent + price <= limit
