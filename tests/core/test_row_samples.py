"""A sample of rows stands for all of them, in whatever order they come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from explorer.core.row_samples import spread_positions, spread_sample


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 99))
def test_positions_are_distinct_in_order_and_one_of_each_run(n: int, at_most: int, seed: int) -> None:
    positions = spread_positions(n, at_most, seed)
    assert len(positions) == min(n, at_most)
    assert (np.diff(positions) > 0).all()
    if 0 < at_most < n:
        # Each run is n // at_most rows long or one row longer: so are steps from run to run, give or take both places.
        assert np.diff(positions).max(initial=0) < 2 * (n // at_most + 1)
        assert positions[0] <= n // at_most
        assert positions[-1] >= n - n // at_most - 1


@pytest.mark.parametrize(("n", "at_most"), [(30, 20), (30, 7), (31, 30), (12, 3)])
def test_every_row_is_chosen_about_as_often_as_any_other(n: int, at_most: int) -> None:
    """Over many seeds; the first and last runs have no neighbour on one side, so their rows differ a little."""
    draws = 4000
    counts = np.bincount(np.concatenate([spread_positions(n, at_most, seed) for seed in range(draws)]), minlength=n)
    share = at_most / n
    inner = slice(n // 6, n - n // 6)
    spread = np.sqrt(share * (1 - share) / draws)
    assert np.abs(counts[inner] / draws - share).max() < 5 * spread + 0.05 * share


@pytest.mark.parametrize("period", [2, 3, 5, 10])
@pytest.mark.parametrize(("n", "at_most"), [(3000, 2000), (10_001, 1001), (10_000, 1000), (1999, 1000)])
def test_rows_in_a_cycle_are_all_represented(n: int, at_most: int, period: int) -> None:
    """Every n-th row would take one class alone where the classes come in turn."""
    phases = np.bincount(spread_positions(n, at_most) % period, minlength=period)
    assert stats.chisquare(phases).pvalue > 1e-4, phases


def test_sorted_rows_are_represented_better_than_by_chance() -> None:
    """Each class fills a stretch of runs, so that its count is right to a few items, where chance would miss by 20."""
    classes = np.repeat(np.arange(4), [5000, 2500, 1500, 1000])
    counts = np.bincount(spread_sample(classes, 1000), minlength=4)
    np.testing.assert_allclose(counts, [500, 250, 150, 100], atol=2)


def test_the_same_rows_every_time_and_all_where_they_are_few() -> None:
    rows = 3 * np.arange(500)
    np.testing.assert_array_equal(spread_sample(rows, 40), spread_sample(rows, 40))
    assert (spread_sample(rows, 40) != spread_sample(rows, 40, seed=1)).any()
    assert spread_sample(rows, 500) is rows
