"""The two yardsticks of the simulated market: the best honest forecast of it, and the ceiling.

Both know every parameter of :mod:`tools.sources.demo.process`. The *oracle* sees what was published by the evening of
each day and filters the hidden state from it: the regime with the forward filter of a hidden Markov model, from the
sectors' returns, the managers' survey and consumer prices; each sector's demand with a Kalman filter, from foreign
flow and the tone of the news. Two things it leaves out cost little: what returns tell about demand beside flow and
tone, and each sector's own changing variance (it follows their common one). The *omniscient* forecast takes the true
regime and demand of the evening; what it cannot know is tomorrow's noise, so it is the most that any forecast can
reach.

Forecasts are days × sectors: the expected return of the sector less the benchmark's over the next `rows` trading days,
made at the end of the day. A day's forecast uses nothing published later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pandas as pd

from tools.sources.demo import companies, economy, process, signals

if TYPE_CHECKING:
    import numpy.typing as npt

    from tools.sources.demo.days import Days
    from tools.sources.demo.process import Floats
    from tools.sources.demo.source import Demo

N_REGIMES = len(process.REGIMES)
SHARE_FLOW_NOISE = 0.5
"""What is left of the shares' own foreign trading in a sector's flow, in units of demand."""
SPECIFIC_LEFT = 0.45
"""What is left of the shares' own returns in a sector's, a share of theirs."""
PRICE_ERROR = 1.08
"""Deviation of the surprise in consumer prices around its lean, the first figure's error included."""
VARIANCE_MEMORY = 0.95


class Seen(Protocol):
    """What the oracle looks at: the simulated market as it was known at the end of one day.

    An as-of view is one. Sources know no as-of, so what is asked of it is written here.
    """

    @property
    def days(self) -> pd.DatetimeIndex:
        """Trading days, oldest first."""

    @property
    def sector_codes(self) -> tuple[str, ...]:
        """Sectors with a price by then."""

    @property
    def index(self) -> pd.DataFrame:
        """Compounded return index, days × entities; NaN before the first price."""

    @property
    def daily_returns(self) -> pd.DataFrame:
        """Simple daily returns, days × entities."""

    @property
    def traded_value(self) -> pd.DataFrame | None:
        """Traded value, days × symbols."""

    @property
    def flow_net(self) -> pd.DataFrame | None:
        """Foreign buying less selling, days × symbols."""

    @property
    def macro(self) -> pd.DataFrame:
        """Macro rows published by then."""

    @property
    def signals(self) -> pd.DataFrame | None:
        """Signal rows published by then."""

    def member_columns(self, entity: str) -> npt.NDArray[np.intp]:
        """Return where the shares of a sector stand among the columns of `traded_value`."""


class Belief(NamedTuple):
    """What the oracle holds true at the end of each day."""

    regime: Floats
    """Days × regimes: probabilities."""
    demand: Floats
    """Days × sectors: expected demand."""
    releases: Floats
    """Days × 2: fading memory of the surprises."""


def oracle(view: Seen, rows: int) -> pd.DataFrame:
    """Return the best honest forecast of each day of a view of the simulated market."""
    held = beliefs(view)
    values = forecast(held.regime, held.demand, held.releases, rows)
    return _framed(view, values)


def omniscient(demo: Demo, view: Seen, rows: int) -> pd.DataFrame:
    """Return the forecast that knows the true regime and demand of each evening."""
    state = demo.state()
    hidden, count = state.process, len(view.days)
    certain = np.eye(N_REGIMES)[hidden.regime]
    memory = _memory(view)
    return _framed(view, forecast(certain[:count], hidden.demand[:count], memory, rows))


def forecast(regime: Floats, demand: Floats, releases: Floats, rows: int) -> Floats:
    """Return expected relative returns over the next `rows` days from what is held at the end of each."""
    ahead, step = np.zeros((N_REGIMES, N_REGIMES)), np.eye(N_REGIMES)
    for _ in range(rows):
        ahead += step
        step = step @ process.transition()
    own = regime @ ahead @ process.premia()
    own += process.DEMAND_EFFECT * _lasting(process.DEMAND_PERSISTENCE, rows) * demand
    lasting = process.RELEASE_EFFECT * _lasting(process.RELEASE_PERSISTENCE, rows)
    own += lasting * releases @ process.TILTS + rows * process.MARKET_DRIFT * process.EXPOSURE
    return np.asarray(own - (own @ weights())[:, None], dtype=np.float64)


def _lasting(persistence: float, rows: int) -> float:
    return (1.0 - persistence**rows) / (1.0 - persistence)


def weights() -> Floats:
    """Return the sectors' weights in the index at the start, which stand for later ones."""
    size = np.array([sector.size for sector in companies.SECTORS])
    return np.asarray(size / size.sum(), dtype=np.float64)


def _framed(view: Seen, values: Floats) -> pd.DataFrame:
    frame = pd.DataFrame(values, index=view.days, columns=pd.Index(companies.CODES))
    frame = frame[list(view.sector_codes)]
    listed = view.index[list(view.sector_codes)].notna()
    return frame.where(listed)


def beliefs(view: Seen) -> Belief:
    """Filter the hidden state from what was published by the evening of each day."""
    codes = list(companies.CODES)
    returns = view.daily_returns.reindex(columns=codes).to_numpy()
    market = view.daily_returns["MARKET"].to_numpy()
    beta = (1.0 + process.EXPOSURE) / (1.0 + float(process.EXPOSURE @ weights()))
    relative = returns - market[:, None] * beta
    memory = _memory(view)
    moves = process.weighted(_moves(view), process.SENSITIVITIES) / 1000.0
    demand = _demand(view, relative)
    due = process.DEMAND_EFFECT * demand + process.RELEASE_EFFECT * memory @ process.TILTS
    known = moves.copy()
    known[1:] += due[:-1]
    return Belief(_regimes(view, relative, known, beta), demand, memory)


def _published(view: Seen) -> tuple[tuple[Days, Days], Floats]:
    """Return when the survey and consumer prices came out, and their surprises, months × 2."""
    macro = view.macro
    survey = macro[macro["series"] == "PMI"]
    prices = macro[macro["series"] == "CPI"]
    first = prices.groupby("observed_on", observed=True).first()
    final = prices.groupby("observed_on", observed=True)["value"].last()
    count = len(survey)
    # The survey comes out before consumer prices: its newest month may have none yet.
    padded = np.append(first["value"], [np.nan] * (count - len(first)))
    revised = np.append(final, [np.nan] * (count - len(final)))
    surprise = economy.surprises(survey["value"].to_numpy(), padded, revised)
    dates = survey["published_on"].to_numpy(dtype="datetime64[D]")
    later = np.append(
        first["published_on"].to_numpy(dtype="datetime64[D]"),
        np.full(count - len(first), np.datetime64("2999-01-01", "D")),
    )
    return (dates, later), np.nan_to_num(surprise)


def _memory(view: Seen) -> Floats:
    published, surprise = _published(view)
    return economy.releases(view.days.to_numpy(dtype="datetime64[D]"), published, surprise)


def _moves(view: Seen) -> Floats:
    """Return the standardised moves of the four drivers, from their published levels."""
    levels = {
        name: view.macro.loc[view.macro["series"] == name, "value"].to_numpy()
        for name in ("OIL", "US10Y", "USDVND", "GOLD")
    }
    out = np.zeros((len(view.days), 4))
    for column, (name, scale) in enumerate(
        {"OIL": 0.021, "US10Y": 0.05, "USDVND": 0.0013, "GOLD": 0.009}.items()
    ):
        level = levels[name][: len(out)]
        base = 1.0 if name == "US10Y" else level[:-1]
        out[1 : len(level), column] = (level[1:] - level[:-1]) / base / scale
    return np.clip(out, -5.0, 5.0)


def _flow(view: Seen) -> Floats:
    """Return foreign net buying over traded value, days × sectors."""
    out = np.full((len(view.days), companies.N_SECTORS), np.nan)
    net, value = view.flow_net, view.traded_value
    if net is None or value is None:
        return out
    for column, code in enumerate(companies.CODES):
        members = view.member_columns(code)
        if len(members):
            traded = np.nansum(value.to_numpy()[: len(net)][:, members], axis=1)
            bought = net.to_numpy()[:, members]
            known = np.isfinite(bought).any(axis=1) & (traded > 0)
            out[: len(net)][known, column] = np.nansum(bought, axis=1)[known] / traded[known]
    return out


def _tone(view: Seen) -> Floats:
    """Return the tone of the news, days × sectors."""
    told = view.signals
    if told is None:
        return np.full((len(view.days), companies.N_SECTORS), np.nan)
    told = told[told["name"] == "sentiment"]
    wide = told.pivot_table(index="observed_on", columns="entity", values="value", observed=True)
    return wide.reindex(index=view.days, columns=list(companies.CODES)).to_numpy()


def _demand(view: Seen, relative: Floats) -> Floats:
    """Follow demand with a Kalman filter; the state is today's and yesterday's demand.

    Flow shows demand with white noise. Tone shows it with noise that lasts, so its difference from
    0.6 times yesterday's is what is looked at.
    """
    own = np.nan_to_num(relative)
    flow = _flow(view) / process.FLOW_SCALE
    flow -= process.FLOW_FOLLOWS / process.FLOW_SCALE * own / process.OWN_DAILY
    week = np.zeros_like(own)
    for lag in range(5):
        week[lag:] += own[: len(own) - lag] / process.OWN_DAILY
    tone = (_tone(view) - signals.TONE_OF_WEEK * week) / signals.TONE_OF_DEMAND
    fading = signals.TONE_PERSISTENCE
    news = np.full_like(tone, np.nan)
    news[1:] = tone[1:] - fading * tone[:-1]
    loud = signals.TONE_NOISE / signals.TONE_OF_DEMAND
    noise = (
        process.FLOW_NOISE**2 + SHARE_FLOW_NOISE**2,
        loud * loud * (1.0 - fading * fading),
    )
    seen = (np.array([1.0, 0.0]), np.array([1.0, -fading]))
    step = np.array([[process.DEMAND_PERSISTENCE, 0.0], [1.0, 0.0]])
    drive = np.diag([1.0 - process.DEMAND_PERSISTENCE**2, 0.0])
    mean, spread = np.zeros((2, companies.N_SECTORS)), np.eye(2)
    out = np.zeros_like(own)
    for row in range(len(own)):
        mean, spread = step @ mean, step @ spread @ step.T + drive
        for values, sight, error in zip((flow[row], news[row]), seen, noise, strict=True):
            known = np.isfinite(values)
            if known.any():
                gain = spread @ sight / (sight @ spread @ sight + error)
                mean += np.outer(gain, np.where(known, values - sight @ mean, 0.0))
                spread = spread - np.outer(gain, sight @ spread)
        out[row] = mean[0]
    return out


def _covariance(beta: Floats) -> tuple[Floats, Floats]:
    """Return what turns own returns into relative ones, and the relative ones' inverse covariance."""
    same = process.CLUSTER_OF[:, None] == process.CLUSTER_OF
    spread = process.OWN_DAILY**2 + (SPECIFIC_LEFT * process.SPECIFIC_DAILY) ** 2
    noise = np.diag(np.full(companies.N_SECTORS, spread)) + process.CLUSTER_DAILY**2 * same
    turn = np.eye(companies.N_SECTORS) - np.outer(beta, weights())
    return turn, np.linalg.pinv(turn @ noise @ turn.T, rcond=1e-6)


def _regimes(view: Seen, relative: Floats, known: Floats, beta: Floats) -> Floats:
    """Return the probability of each regime at the end of each day."""
    turn, inverse = _covariance(beta)
    missing = ~np.isfinite(relative)
    surprise_rows = _surprise_rows(view)
    chance = np.full(N_REGIMES, 1.0 / N_REGIMES)
    out, common, onward = np.empty((len(relative), N_REGIMES)), 1.0, process.transition()
    residual = relative - known @ turn.T
    residual[missing] = 0.0
    means = process.premia() @ turn.T
    for row in range(len(relative)):
        # The premium of a day is that of the evening before, so the day's returns speak of that regime.
        apart = residual[row] - np.where(missing[row], 0.0, means)
        distance = np.einsum("ki,ij,kj->k", apart, inverse, apart)
        chance = chance * np.exp(-0.5 * (distance - distance.min()) / common)
        chance = (chance / chance.sum()) @ onward
        for lean, value, error in surprise_rows.get(row, ()):
            told = np.exp(-0.5 * ((value - lean) / error) ** 2)
            chance = chance * told / (chance * told).sum()
        out[row] = chance
        size = float(distance.min()) / (companies.N_SECTORS - 1)
        common = max(VARIANCE_MEMORY * common + (1.0 - VARIANCE_MEMORY) * size, 0.3)
    return out


def _surprise_rows(view: Seen) -> dict[int, list[tuple[Floats, float, float]]]:
    """Return what each day's releases tell about the regime: lean, surprise and its deviation."""
    published, surprise = _published(view)
    days = view.days.to_numpy(dtype="datetime64[D]")
    told: dict[int, list[tuple[Floats, float, float]]] = {}
    leans = ((economy.SURVEY_LEAN, 1.0), (economy.PRICE_LEAN, PRICE_ERROR))
    for kind, (lean, error) in enumerate(leans):
        for month, day in enumerate(published[kind]):
            row = int(np.searchsorted(days, day))
            if days[0] <= day <= days[-1] and row < len(days):
                told.setdefault(row, []).append((lean, float(surprise[month, kind]), error))
    return told
