"""Limits are checked before the call that would pass them."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brains.base import Draft
from agent.brains.offline import OfflineBrain
from agent.budget import Budget, used_by
from agent.errors import BudgetSpentError, ModelDownError
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


def test_a_price_that_is_not_known_cannot_be_limited() -> None:
    budget = Budget(max_usd=5.0, usd_per_call=None)
    with pytest.raises(BudgetSpentError, match="price of this model is not known"):
        budget.check_model_call(Spent())
    Budget(usd_per_call=None).check_model_call(Spent())


class Priced(OfflineBrain):
    """Stands for a hosted model: a dollar a token read, two a token written."""

    def cost_usd(self, input_tokens: int, output_tokens: int) -> float:
        return input_tokens + 2.0 * output_tokens


@pytest.mark.parametrize(
    ("counted", "usd"),
    [
        ({"model_calls": 1, "input_tokens": 3, "output_tokens": 2}, 7.0),
        ({"model_calls": 2}, 100.0),
        ({}, 0.0),
    ],
)
def test_an_answer_costs_its_tokens_and_where_none_are_counted_its_ceiling(
    counted: dict[str, int], usd: float
) -> None:
    budget = Budget(usd_per_call=50.0)
    for made in (Draft(headline="", **counted), ModelDownError("of no use", **counted)):
        assert used_by(Priced(), budget, made)["usd"] == usd


def test_what_cannot_be_priced_has_no_sum() -> None:
    made = Draft(headline="", model_calls=1)
    used = used_by(OfflineBrain(), Budget(usd_per_call=None), made)
    assert used["usd"] is None
    spent = Spent(usd=0.5).plus(**used)
    assert (spent.usd, spent.model_calls) == (None, 1)
    assert Spent().plus(**used_by(OfflineBrain(), Budget(), Draft(headline=""))) == Spent()


async def test_a_model_call_gets_its_share_of_the_seconds_and_no_more() -> None:
    clock = Clock()
    budget = Budget(max_seconds=0.1, clock=clock)
    with pytest.raises(BudgetSpentError, match="share"):
        async with budget.model_call(Spent(), 0.5):
            await asyncio.sleep(5)
    async with Budget().model_call(Spent(), 0.5):
        pass


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
