"""How early a ranking saw leadership come, on cases drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tools.backtest.lead import DAILY, MONTHLY, lead, top_of

N = 300


def spell(*parts: tuple[int, int]) -> np.ndarray:
    """Return a sector that is in from each first row to before each second."""
    out = np.zeros((N, 1), dtype=bool)
    for first, last in parts:
        out[first:last] = True
    return out


class TestKnownValues:
    def test_a_sector_taken_in_before_it_leads_is_early(self) -> None:
        found = lead(spell((100, 180)), spell((88, 180)), 1, DAILY)
        assert (found.entries, found.median, found.early, found.misses) == (1, 12.0, 1, 0)

    def test_a_lead_is_capped(self) -> None:
        assert lead(spell((150, 200)), spell((5, 200)), 1, DAILY).median == 63.0

    def test_a_sector_dropped_and_taken_in_again_counts_from_the_last_time(self) -> None:
        found = lead(spell((100, 180)), spell((60, 90), (95, 180)), 1, DAILY)
        assert found.median == 5.0

    def test_taken_in_later_is_negative_and_too_late_a_miss(self) -> None:
        assert lead(spell((100, 180)), spell((107, 180)), 1, DAILY).median == -7.0
        assert lead(spell((100, 180)), spell((163, 180)), 1, DAILY).median == -63.0
        late = lead(spell((100, 180)), spell((164, 180)), 1, DAILY)
        assert (late.median, late.misses) == (None, 1)

    def test_who_leaves_the_leaders_at_once_has_not_entered(self) -> None:
        assert lead(spell((100, 121)), spell((90, 121)), 1, DAILY).entries == 0
        assert lead(spell((100, 122)), spell((90, 121)), 1, DAILY).entries == 1
        # five of the 26 days after may be missing
        assert lead(spell((100, 110), (115, 130)), spell((90, 99)), 1, DAILY).entries == 1

    def test_a_false_entry_never_leads_in_time(self) -> None:
        leaders = spell((100, 180))
        assert lead(leaders, spell((30, 35)), 1, DAILY).false_entries == 1
        assert lead(leaders, spell((37, 45)), 1, DAILY).false_entries == 0
        assert lead(leaders, spell((37, 45)), 1, DAILY).taken_in == 1

    def test_nothing_counts_before_the_first_row_or_without_days_after(self) -> None:
        assert lead(spell((100, 180)), spell((90, 180)), 101, DAILY).entries == 0
        assert lead(spell((N - 63, N)), spell((90, 180)), 1, DAILY).entries == 0
        assert lead(spell((100, 180)), spell((90, 180)), 1, DAILY, 99).entries == 0
        assert lead(spell((100, 180)), spell((90, 180)), 1, DAILY, 100).entries == 1
        assert lead(spell((30, 40)), spell((90, 180)), 1, DAILY, 89).taken_in == 0
        assert lead(spell((N - 64, N)), spell((90, 180)), 1, DAILY).entries == 1

    def test_months_have_their_own_lengths(self) -> None:
        found = lead(spell((100, 104)), spell((90, 104)), 1, MONTHLY)
        assert (found.entries, found.median) == (1, 3.0)

    def test_the_top_three_ties_by_position_and_none_where_all_are_equal(self) -> None:
        scores = np.array([[1.0, 2, 2, 2, 0], [1, 1, 1, 1, 1], [np.nan, 1, 2, np.nan, 3]])
        listed = np.ones(scores.shape, bool)
        listed[2, 4] = False
        assert top_of(scores, listed).astype(int).tolist() == [
            [0, 1, 1, 1, 0], [0, 0, 0, 0, 0], [0, 1, 1, 0, 0],
        ]  # fmt: skip


class TestProperties:
    @pytest.mark.parametrize("seed", range(5))
    def test_it_is_what_the_definition_says_day_by_day(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        walks = np.cumsum(rng.normal(size=(N, 6)), axis=0)
        listed = np.ones(walks.shape, bool)
        leaders = top_of(walks, listed)
        chosen = top_of(walks + rng.normal(0, 3, (N, 6)).cumsum(axis=0) * 0.3, listed)
        leads, misses = [], 0
        for day in range(50, N - 63):
            for sector in range(6):
                joined = leaders[day, sector] and not leaders[day - 1, sector]
                if not joined or leaders[day + 1 : day + 27, sector].sum() < 21:
                    continue
                if chosen[day, sector]:
                    since = day
                    while since > 0 and chosen[since - 1, sector]:
                        since -= 1
                    leads.append(min(day - since, 63))
                    continue
                later = [d for d in range(day + 1, day + 64) if chosen[d, sector]]
                if later:
                    leads.append(day - later[0])
                else:
                    misses += 1
        found = lead(leaders, chosen, 50, DAILY)
        assert found.misses == misses
        assert found.entries == len(leads) + misses
        assert found.median == (float(np.median(leads)) if leads else None)
