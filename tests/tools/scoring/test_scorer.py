"""The scorecard as its readers rely on it: reasons that add up, a call that a flip does flip."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markets import cut_after, shuffled, write_market
from tools.backtest.walk_forward import predictions
from tools.contracts import Fact
from tools.desk import Desk
from tools.errors import ToolInputError
from tools.scoring.explanation import explain_inputs
from tools.scoring.features import FEATURES, FITTED, GROUPS
from tools.scoring.inputs import read_inputs
from tools.scoring.model import add_up, call_of, probability_of
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk

ROOT = Path(__file__).resolve().parents[3]
LONG = {"n_days": 900}


@pytest.fixture(scope="module")
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(**LONG)


class TestKnownValues:
    def test_score_is_base_value_plus_contributions_in_their_order(self, desk: Desk) -> None:
        for horizon in ("1W", "1M", "3M"):
            found = desk.scorer.scorecard(horizon)
            for row in found.sectors:
                assert row.score == add_up(found.base_value, row.contributions)
                assert row.score == pytest.approx(
                    found.base_value + math.fsum(row.contributions.values()), abs=1e-12
                )

    def test_input_contributions_add_up_to_their_groups(self, desk: Desk) -> None:
        found = desk.scorer.explain("4000", "1M")
        for group, value in found.sector.contributions.items():
            parts = [part.contribution for part in found.inputs if part.group == group]
            assert math.fsum(parts) == pytest.approx(value, abs=1e-14)

    def test_an_input_counts_coefficient_times_clipped_deviations(self, desk: Desk) -> None:
        fit = desk.scorer.artefact.horizons["1M"].in_force("auto").fit
        for part in desk.scorer.explain("4000", "1M").inputs:
            if ".contribution." in part.input:
                continue
            index = [spec.fact_id("4000", "1M") for spec in FEATURES].index(part.input)
            entry = fit.inputs[index]
            value = part.value
            if FEATURES[index].against_market:
                value -= number(desk, FEATURES[index].fact_id("MARKET", "1M"))
            wanted = entry.coefficient * max(-3, min(3, (value - entry.centre) / entry.scale))
            assert part.contribution == pytest.approx(wanted, abs=1e-12)

    def test_an_input_that_is_missing_here_is_named(self, desk: Desk) -> None:
        fitted = desk.scorer.artefact.horizons["1M"].in_force("auto")
        facts = {f.id: f for f in desk.scorer.inputs("1M") if f.id != "4000.momentum.12M"}
        parts, missing = explain_inputs(fitted, read_inputs(facts, ("4000",), "1M"), "1M")
        assert missing == ("4000.momentum.12M",)
        assert "4000.momentum.12M" not in {part.input for part in parts}

    def test_the_inputs_are_the_contracts_own_facts(self, desk: Desk) -> None:
        for fact in desk.scorer.inputs("1M"):
            if fact.metric not in FITTED:
                assert fact == desk.facts.get(fact.id)

    def test_the_macro_tilt_is_sensitivities_times_the_latest_changes(self, desk: Desk) -> None:
        measured = desk.scorer.artefact.horizons["1M"].sensitivities["4000"]
        rate = desk.view.macro.query("series == 'RATE'").set_index("observed_on")["value"]
        days = desk.view.days
        change = rate[: days[-1]].iloc[-1] - rate[: days[-22]].iloc[-1]
        others = [name for name in measured if name != "RATE"]
        assert others == ["FEAR", "OIL"]
        tilt = next(f for f in desk.scorer.inputs("1M") if f.id == "4000.macro_tilt.1M")
        rest = 0.0
        for name in others:
            table = desk.view.macro.query("series == @name")
            known = table.set_index("published_on")["value"]
            rest += measured[name] * (known[: days[-1]].iloc[-1] / known[: days[-22]].iloc[-1] - 1)
        assert float(tilt.value) == pytest.approx(measured["RATE"] * change + rest, abs=1e-9)

    def test_the_walk_forward_says_what_a_live_scorer_said_then(self, desk: Desk) -> None:
        frame = predictions(desk.view, "1M", models=["sectorvane"])
        for day in frame["date"].unique()[[0, len(frame["date"].unique()) // 2, -1]]:
            then = Desk(desk.view._data, day.date())
            live = {row.sector: row for row in then.scorer.scorecard("1M").sectors}
            rows = frame[frame["date"] == day]
            assert set(rows["sector"]) == set(live)
            for row in rows.itertuples():
                assert row.score == pytest.approx(live[row.sector].score, abs=1e-12)
                assert row.probability == pytest.approx(live[row.sector].probability, abs=1e-12)
                assert row.low == pytest.approx(live[row.sector].low, abs=1e-12)

    def test_a_quarter_has_one_artefact(self, desk: Desk) -> None:
        first = Desk(desk.view._data, date(2023, 4, 10)).scorer
        last = Desk(desk.view._data, date(2023, 6, 30)).scorer
        next_one = Desk(desk.view._data, date(2023, 7, 10)).scorer
        assert first.artefact_id == last.artefact_id != next_one.artefact_id
        assert first.artefact.refit_on == date(2023, 4, 3)


class TestProperties:
    def test_rank_follows_score_and_ties_go_by_code(self, desk: Desk) -> None:
        rows = desk.scorer.scorecard("1M").sectors
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
        assert list(rows) == sorted(rows, key=lambda row: (-row.score, row.sector))

    def test_without_a_difference_sectors_are_ranked_by_code(self, desk: Desk) -> None:
        same = {
            f"{code}.rs_ratio": value("rs_ratio", code, 101.0) for code in desk.view.sector_codes
        }
        rows = desk.scorer.score(same, "1M").sectors
        assert [row.sector for row in rows] == list(desk.view.sector_codes)

    @given(st.lists(st.floats(-5, 5), min_size=2, max_size=20), st.floats(-0.3, 0.3))
    def test_probability_is_monotone_in_score(self, scores: list[float], base: float) -> None:
        found = [probability_of(score, base) for score in sorted(scores)]
        assert found == sorted(found)
        for score in scores:
            call = call_of(score, base)
            assert (call == "none") == (probability_of(score, base) == 0.5)

    @given(st.floats(-0.3, 0.3))
    def test_a_base_value_alone_is_never_a_call(self, base: float) -> None:
        assert call_of(base, base) == "none"

    def test_expected_agrees_with_probability_and_lies_in_its_interval(self, desk: Desk) -> None:
        for horizon in ("1W", "1M", "3M"):
            for row in desk.scorer.scorecard(horizon).sectors:
                assert np.sign(row.expected) == np.sign(row.probability - 0.5)
                assert row.low <= row.expected <= row.high

    @pytest.mark.parametrize("horizon", ["1W", "1M", "3M"])
    def test_applying_a_flip_flips_the_call(self, desk: Desk, horizon: str) -> None:
        facts = {fact.id: fact for fact in desk.scorer.inputs(horizon)}  # type: ignore[arg-type]
        found = 0
        for row in desk.scorer.scorecard(horizon).sectors:  # type: ignore[arg-type]
            if row.flip is None:
                assert row.flip_reason
                continue
            found += 1
            assert facts[row.flip.input].value == row.flip.from_
            moved = facts[row.flip.input].model_copy(update={"value": row.flip.to})
            after = desk.scorer.score({**facts, row.flip.input: moved}, horizon)  # type: ignore[arg-type]
            changed = next(entry for entry in after.sectors if entry.sector == row.sector)
            assert changed.call == row.flip.new_call != row.call
            nearly = row.flip.from_ + 0.999 * (row.flip.to - row.flip.from_)
            held = facts[row.flip.input].model_copy(update={"value": nearly})
            before = desk.scorer.score({**facts, row.flip.input: held}, horizon)  # type: ignore[arg-type]
            assert next(e for e in before.sectors if e.sector == row.sector).call == row.call
        assert found

    def test_excluded_groups_leave_no_contribution_and_lower_confidence(self, desk: Desk) -> None:
        whole = desk.scorer.scorecard("1M")
        without = desk.scorer.scorecard("1M", exclude_groups=("flow", "trend"))
        assert without.missing_groups == ("trend", "flow")
        by_code = {row.sector: row for row in whole.sectors}
        for row in without.sectors:
            kept = {
                g: v for g, v in by_code[row.sector].contributions.items() if g in row.contributions
            }
            assert row.contributions == kept
            assert {"flow", "trend"}.isdisjoint(row.contributions)
            assert row.confidence == "low"

    def test_a_missing_fact_is_left_out_and_not_filled(self, desk: Desk) -> None:
        facts = {f.id: f for f in desk.scorer.inputs("1M") if f.id != "4000.breadth"}
        row = next(r for r in desk.scorer.score(facts, "1M").sectors if r.sector == "4000")
        assert "breadth" not in row.contributions
        assert row.confidence == "low"

    def test_facts_of_other_things_do_not_matter(self, desk: Desk) -> None:
        facts = {fact.id: fact for fact in desk.scorer.inputs("1M")}
        more = {**facts, "MARKET.return.1M": value("return", "MARKET", 9.0)}
        assert desk.scorer.score(more, "1M") == desk.scorer.score(facts, "1M")

    def test_without_any_fact_there_is_no_ranking(self, desk: Desk) -> None:
        assert desk.scorer.score({}, "1M").sectors == ()

    def test_the_scorecards_numbers_are_its_facts(self, desk: Desk) -> None:
        found = desk.scorer.scorecard("1M")
        facts = {fact.id: fact.value for fact in desk.scorer.facts(found)}
        for row in found.sectors:
            assert facts[f"{row.sector}.score.1M"] == row.score
            assert facts[f"{row.sector}.rank.1M"] == row.rank
            for group, part in row.contributions.items():
                assert facts[f"{row.sector}.contribution.{group}.1M"] == part

    def test_thin_sectors_and_silent_models_earn_no_trust(self, open_desk: OpenDesk) -> None:
        thin = open_desk(n_days=900, n_shares=2)
        assert {row.confidence for row in thin.scorer.scorecard("1M").sectors} == {"low"}

    def test_the_first_year_has_no_record_but_a_ranking(self, open_desk: OpenDesk) -> None:
        for as_of in (date(2021, 2, 15), date(2021, 8, 2)):
            early = open_desk(as_of=as_of, **LONG)
            found = early.scorer.scorecard("1M")
            assert {row.confidence for row in found.sectors} == {"low"}
            assert "no record" in early.scorer.notes("1M")[0]
            assert early.scorer.record_facts("1M") == ()
            assert found.base_value == 0.0
            assert len({row.score for row in found.sectors}) > 1


class TestPointInTime:
    def test_later_data_change_neither_artefact_nor_scorecard(self, tmp_path: Path) -> None:
        as_of = date(2023, 3, 15)
        whole = write_market(tmp_path / "whole", n_days=900)
        cut = write_market(tmp_path / "cut", n_days=900)
        cut_after(cut, as_of.isoformat())
        shuffled(cut)
        found = [Desk(open_market(f"folder:{path}"), as_of).scorer for path in (whole, cut)]
        assert found[0].artefact == found[1].artefact
        for horizon in ("1W", "1M", "3M"):
            assert found[0].scorecard(horizon) == found[1].scorecard(horizon)

    @pytest.mark.parametrize("lags", [(1, 0), (0, 2), (2, 1)])
    def test_it_holds_with_publication_lags(self, tmp_path: Path, lags: tuple[int, int]) -> None:
        prices, flows = lags
        path = write_market(tmp_path / "lagging", prices_days=prices, flows_days=flows, n_days=900)
        data = open_market(f"folder:{path}")
        view = AsOfView(data, date(2023, 12, 29))
        frame = predictions(view, "1M", models=["composite"])
        day = frame["date"].unique()[-4]
        live = Desk(data, day.date()).scorer.scorecard("1M")
        for row in frame[frame["date"] == day].itertuples():
            entry = next(r for r in live.sectors if r.sector == row.sector)
            assert row.score == pytest.approx(entry.score, abs=1e-12)

    def test_one_thread_or_two_give_the_same_bytes(self, tmp_path: Path) -> None:
        path = write_market(tmp_path / "market", n_days=900)
        program = (
            "import sys\n"
            "from datetime import date\n"
            "from tools.desk import Desk\n"
            "from tools.sources import open_market\n"
            "desk = Desk(open_market(sys.argv[1]), date(2023, 3, 15))\n"
            "cards = [desk.scorer.scorecard(h).model_dump_json() for h in ('1W', '1M', '3M')]\n"
            "print(desk.scorer.artefact.model_dump_json(), *cards)\n"
        )
        outputs = [
            subprocess.run(
                [sys.executable, "-c", program, f"folder:{path}"],
                cwd=ROOT,
                env={"OMP_NUM_THREADS": n, "OPENBLAS_NUM_THREADS": n, "PYTHONHASHSEED": n},
                capture_output=True,
                check=True,
            ).stdout
            for n in ("1", "2")
        ]
        assert outputs[0] == outputs[1]
        assert len(outputs[0]) > 1000


class TestRefusals:
    def test_an_unknown_group_is_answered_with_the_known_ones(self, desk: Desk) -> None:
        with pytest.raises(ToolInputError, match="trend, rotation"):
            desk.scorer.score({}, "1M", exclude_groups=("magic",))

    def test_an_unknown_sector_is_answered_with_the_known_ones(self, desk: Desk) -> None:
        with pytest.raises(ToolInputError, match="4000"):
            desk.scorer.explain("9999", "1M")

    def test_a_monthly_market_has_no_week(self, industries_desk: Desk) -> None:
        scorer = industries_desk.scorer
        assert scorer.scorecard("1W").sectors == ()
        assert (scorer.inputs("1W"), scorer.record_facts("1W")) == ((), ())
        with pytest.raises(ToolInputError, match="monthly"):
            scorer.explain("Enrgy", "1W")


def test_every_group_has_an_input() -> None:
    assert {spec.group for spec in FEATURES} == set(GROUPS)


def number(desk: Desk, fact_id: str) -> float:
    found = desk.facts.get(fact_id)
    assert isinstance(found, Fact)
    return float(found.value)


def value(metric: str, entity: str, number: float) -> Fact:
    return Fact(
        id=f"{entity}.{metric}",
        value=number,
        unit="index",
        entity=entity,
        metric=metric,
        observed_on=date(2023, 1, 2),
        published_on=date(2023, 1, 2),
        source="toy/prices.parquet",
    )
