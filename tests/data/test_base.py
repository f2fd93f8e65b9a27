"""Splits and label numbers: against counts, the statistics of a shuffle and NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.base import split_rows


@pytest.mark.parametrize("n", [3, 10, 997])
def test_every_row_is_in_one_split_of_the_size_asked_for(n: int) -> None:
    parts = split_rows(n, seed=1, validation=0.1, test=0.3)
    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert sorted(together.tolist()) == list(range(n))
    assert len(parts.validation) == max(1, round(0.1 * n))
    assert len(parts.test) == max(1, round(0.3 * n))


def test_rows_are_shuffled_so_that_sorted_data_has_each_class_in_each_split() -> None:
    """Positions in a part of m of n shuffled rows have the mean (n - 1) / 2 and a known spread about it."""
    n = 4000
    for seed in range(20):
        parts = split_rows(n, seed)
        for rows in (parts.train, parts.validation, parts.test):
            error = n / np.sqrt(12 * len(rows)) * np.sqrt(1 - len(rows) / n)
            assert abs(rows.mean() - (n - 1) / 2) < 4.5 * error
    assert not np.array_equal(split_rows(n, 0).test, split_rows(n, 1).test)
