"""The hidden state of the simulated market and the daily returns that it moves.

Each trading day has one of four regimes, a Markov chain (:data:`STAY`, :data:`NEXT`), and one demand for each sector,
an autoregression with coefficient :data:`DEMAND_PERSISTENCE` and unit variance. The return of share `i` of sector `s`
on day `t` is

    r(i,t) = market(t) × (1 + exposure(s)) + own(s,t) + specific(i,t)
    own(s,t) = expected(s,t) + drivers(t) × sensitivity(s) + cluster(s,t) + noise(s,t)
    expected(s,t) = premium(regime(t-1), s) + DEMAND_EFFECT × demand(s,t-1) + RELEASE_EFFECT × release(t-1) × tilt(s)

`market`, `noise` and `specific` have GARCH(1,1) variances, `cluster` is a shock that related sectors share, `drivers`
are the day's standardised moves of oil, yields, the exchange rate and gold (:mod:`tools.sources.demo.economy`), and
`release` is the fading memory of the newest surprises in the survey of purchasing managers and in consumer prices.
Foreign buying less selling, a share of a sector's trading, shows demand with noise, so it leads returns in part:

    flow(s,t) = FLOW_SCALE × (demand(s,t) + FLOW_NOISE × noise) + FLOW_FOLLOWS × own(s,t) / OWN_DAILY

Only sums, products, quotients and square roots are used, in a fixed order, and every stream of random numbers is drawn
day after day from its own PCG64 generator: the numbers are the same on any machine, and a later end changes no day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.sources.demo.companies import N_SECTORS, N_SHARES, SECTOR_OF

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

REGIMES = ("recovery", "expansion", "overheating", "slowdown")
STAY = 0.985
"""Chance that a regime lasts another day: 67 days on average."""
NEXT = 0.75
"""Chance that a regime which ends is followed by the next of :data:`REGIMES`, the first after the last."""

PREMIUM = 0.0007
"""Daily premium of one unit of :data:`PREMIA`."""
PREMIA: Floats = np.array([
    # Oil   Chem  Basic Cons  Indu  Food  Health Retail Util  Bank  Land  Tech
    [-0.7,  0.3,  0.8,  0.9,  0.2, -0.9, -0.8,  0.3, -0.9,  0.9,  0.8, -0.9],
    [ 0.1,  0.6,  0.5,  0.2,  0.8, -0.7, -0.9,  0.8, -1.1, -0.3, -0.2,  1.2],
    [ 1.4,  0.7,  0.8, -0.5,  0.3, -0.2, -0.3, -0.7,  0.4, -0.6, -1.2, -0.5],
    [-0.5, -0.9, -1.2, -0.8, -0.7,  1.2,  1.3, -0.3,  1.3,  0.2, -0.4,  0.6],
])  # fmt: skip
"""Regimes × sectors, in the order of the companies' sectors."""

DEMAND_PERSISTENCE = 0.9
DEMAND_EFFECT = 0.00075
RELEASE_EFFECT = 0.0005
RELEASE_PERSISTENCE = 0.9
TILTS: Floats = np.array([
    [ 0.3,  0.6,  0.9,  0.7,  0.8, -0.8, -0.9,  0.4, -0.9,  0.2,  0.1,  0.3],
    [ 0.8,  0.4,  0.5, -0.3,  0.0,  0.2,  0.1, -0.6,  0.2, -0.4, -1.0, -0.5],
])  # fmt: skip
"""Sectors' answer to a surprise of one deviation in the managers' survey and in consumer prices."""
SENSITIVITIES: Floats = np.array([
    [ 4.5,  0.8,  0.6, -0.3, -0.4, -0.2,  0.0, -0.3, -0.5, -0.3, -0.4,  0.0],
    [ 0.2,  0.0,  0.2, -0.4,  0.0, -0.3, -0.2, -0.3, -1.2,  1.4, -1.8, -0.6],
    [-0.2,  0.4, -0.6, -0.4,  0.2,  0.3,  0.0, -0.6, -0.3, -0.9, -0.8,  0.9],
    [ 0.2,  0.0,  0.9,  0.0,  0.0,  0.2,  0.1,  0.0,  0.2, -0.2, -0.3,  0.0],
])  # fmt: skip
"""Daily return, in thousandths, for a deviation of oil, the ten-year yield, the exchange rate and gold."""
EXPOSURE: Floats = np.array([0.1, 0.05, 0.2, 0.15, 0.0, -0.25, -0.35, 0.0, -0.3, 0.1, 0.15, -0.05])
"""Sectors' market beta less one."""
CLUSTER_OF: Ints = np.array([0, 0, 0, 1, 2, 3, 3, 2, 3, 1, 1, 2])
CLUSTER_DAILY = 0.004
MARKET_DAILY = 0.0122
MARKET_DRIFT = 0.00035
BIG_DAY, BIG_DAY_SCALE, USUAL_DAY_SCALE = 1.645, 1.9, 0.934
"""One day in twenty has twice the usual shock; the scales leave the variance at one."""
MARKET_ECHO = 0.07
"""First autocorrelation of the market's shocks."""
OWN_DAILY = 0.0098
SPECIFIC_DAILY = 0.0195
LIMIT = 0.069
"""The exchange's daily limit of 7 %, less a margin for ticks."""

FLOW_SCALE = 0.055
FLOW_NOISE = 1.2
FLOW_FOLLOWS = 0.018

STREAMS = {
    name: number
    for number, name in enumerate((
        "regime", "demand", "market", "own", "cluster", "specific", "flow", "drivers", "months", "trading",
        "halts", "flow_of_shares", "sentiment", "blocks", "bars", "attention", "silence",
        "shorts",
        "revisions",
    ))
}  # fmt: skip


class Process(NamedTuple):
    """What the generator has drawn, days first; hidden from everything but the omniscient forecast."""

    regime: Ints
    demand: Floats
    """Days × sectors."""
    expected: Floats
    """Days × sectors: the part of each day's own return that was due the evening before."""
    market: Floats
    variance: Floats
    """The market's variance of each day, known the evening before."""
    own: Floats
    """Days × sectors."""
    returns: Floats
    """Days × shares, within the exchange's limit."""
    flow: Floats
    """Days × sectors: foreign net buying over traded value."""


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one stream of random numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, STREAMS[name]])))


def regimes(seed: int, n_days: int) -> Ints:
    """Return the regime of each day."""
    draws = stream(seed, "regime").random((n_days, 2)).tolist()
    state, path = 0, []
    for leaves, onward in draws:
        if leaves > STAY:
            step = 1 if onward < NEXT else 2 if onward < (1 + NEXT) / 2 else 3
            state = (state + step) % len(REGIMES)
        path.append(state)
    return np.array(path, dtype=np.intp)


def transition() -> Floats:
    """Return the chance of each regime tomorrow (column) given today's (row)."""
    n = len(REGIMES)
    steps = [STAY, (1 - STAY) * NEXT, (1 - STAY) * (1 - NEXT) / 2, (1 - STAY) * (1 - NEXT) / 2]
    return np.array([[steps[(later - now) % n] for later in range(n)] for now in range(n)])


def autoregression(shocks: Floats, persistence: float) -> Floats:
    """Return an autoregression with unit variance from standard normal shocks, days first."""
    scale = np.sqrt(1.0 - persistence * persistence)
    out = np.empty_like(shocks)
    value = shocks[0]
    for row in range(len(shocks)):
        value = persistence * value + scale * shocks[row]
        out[row] = value
    return out


def clustered(shocks: Floats, alpha: float, beta: float) -> tuple[Floats, Floats]:
    """Return shocks with GARCH(1,1) variances around one, and the variances."""
    out, variances = np.empty_like(shocks), np.empty_like(shocks)
    variance = np.ones_like(shocks[0])
    for row in range(len(shocks)):
        variances[row] = variance
        value = np.sqrt(variance) * shocks[row]
        out[row] = value
        variance = np.minimum((1.0 - alpha - beta) + alpha * value * value + beta * variance, 12.0)
    return out, variances


def premia() -> Floats:
    """Return the daily premium of each sector in each regime."""
    return PREMIUM * PREMIA


def weighted(factors: Floats, weights: Floats) -> Floats:
    """Return factors (days × k) times weights (k × n), added up in a fixed order."""
    total = np.zeros((len(factors), weights.shape[1]))
    for position in range(weights.shape[0]):
        total += factors[:, position, None] * weights[position]
    return total


def run(
    seed: int, regime: Ints, drivers: Floats, releases: Floats, *, signal: bool = True
) -> Process:
    """Return the hidden state and the returns of every day.

    Parameters
    ----------
    seed
        What all streams start from.
    regime
        The regime of each day.
    drivers
        Days × 4: standardised moves of oil, the ten-year yield, the exchange rate and gold.
    releases
        Days × 2: fading memory of the surprises published by the evening of each day.
    signal
        Without it no return can be foreseen: premia, demand and releases move nothing, and the market neither
        drifts nor echoes. The random numbers are the same.
    """
    n_days = len(regime)
    demand = autoregression(
        stream(seed, "demand").standard_normal((n_days, N_SECTORS)), DEMAND_PERSISTENCE
    )
    expected = np.zeros((n_days, N_SECTORS))
    due = premia()[regime] + DEMAND_EFFECT * demand + RELEASE_EFFECT * weighted(releases, TILTS)
    if signal:
        expected[1:] = due[:-1]
    steps = stream(seed, "market").standard_normal((n_days, 2))
    steps[:, 0] *= np.where(steps[:, 1] > BIG_DAY, BIG_DAY_SCALE, USUAL_DAY_SCALE)
    shocks, variance = clustered(steps[:, :1], 0.15, 0.83)
    market = MARKET_DAILY * shocks[:, 0]
    if signal:
        market[1:] += MARKET_ECHO * market[:-1].copy()
        market += MARKET_DRIFT
    noise, _ = clustered(stream(seed, "own").standard_normal((n_days, N_SECTORS)), 0.16, 0.78)
    cluster = stream(seed, "cluster").standard_normal((n_days, 4))[:, CLUSTER_OF]
    own = expected + weighted(drivers, SENSITIVITIES) / 1000.0
    nervous = np.sqrt(0.5 + 0.5 * variance)
    own += nervous * (CLUSTER_DAILY * cluster + OWN_DAILY * noise)
    specific, _ = clustered(stream(seed, "specific").standard_normal((n_days, N_SHARES)), 0.12, 0.8)
    returns = (market[:, None] * (1.0 + EXPOSURE) + own)[
        :, SECTOR_OF
    ] + SPECIFIC_DAILY * nervous * specific
    seen = demand + FLOW_NOISE * stream(seed, "flow").standard_normal((n_days, N_SECTORS))
    return Process(
        regime=regime,
        demand=demand,
        expected=expected,
        market=market,
        variance=variance[:, 0],
        own=own,
        returns=np.clip(returns, -LIMIT, LIMIT),
        flow=FLOW_SCALE * seen + FLOW_FOLLOWS * own / OWN_DAILY,
    )
