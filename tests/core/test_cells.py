"""Neighbours by cells against scikit-learn: where columns hang together, and where cells are no help."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from explorer.core import neighbours
from explorer.core.cells import Cells
from explorer.core.neighbours import nearest


def factors(n: int, width: int, hidden: int, noise: float, seed: int) -> np.ndarray:
    """Rows of columns that a few hidden numbers make."""
    random, weights = np.random.default_rng(seed), np.random.default_rng(7).normal(size=(hidden, width))
    return random.normal(size=(n, hidden)) @ weights + noise * random.normal(size=(n, width))


def check(known: np.ndarray, rows: np.ndarray, k: int = 5) -> None:
    expected, _ = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(known.astype(np.float64)).kneighbors(rows)
    positions, distances = nearest(known, rows, k)
    np.testing.assert_allclose(distances, expected, rtol=1e-6, atol=1e-6)
    of_positions = np.linalg.norm(rows[:, None] - known[positions], axis=2)
    np.testing.assert_allclose(of_positions, distances, rtol=1e-9, atol=1e-9)
    assert all(len(set(row)) == k for row in positions.tolist())


@pytest.mark.parametrize(("hidden", "noise"), [(3, 0.0), (3, 0.1), (5, 0.3), (20, 1.0)])
def test_rows_that_few_numbers_make(hidden: int, noise: float) -> None:
    known = factors(5000, 20, hidden, noise, 0).astype(np.float32)
    check(known, factors(1500, 20, hidden, noise, 1))


def test_rows_far_from_all_known_ones() -> None:
    known, rows = factors(4500, 12, 3, 0.1, 0).astype(np.float32), factors(1100, 12, 3, 0.1, 1)
    rows[::3] *= 40
    rows[::7] += 500
    check(known, rows)


def test_known_rows_that_are_equal_and_groups_far_apart() -> None:
    random = np.random.default_rng(2)
    known = np.repeat(factors(450, 9, 2, 0.1, 0), 10, axis=0)
    known[:2000] += 1000
    known[4000:] = known[4000]
    rows = np.concatenate([known[random.integers(4500, size=1000)], factors(200, 9, 2, 0.1, 1)])
    expected, _ = NearestNeighbors(n_neighbors=4, algorithm="brute").fit(known).kneighbors(rows)
    np.testing.assert_allclose(nearest(known, rows, 4)[1], expected, atol=2e-5)  # of scikit-learn's rounding


def test_the_row_itself_is_left_out() -> None:
    x = factors(4200, 10, 3, 0.1, 3)
    expected, order = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(x).kneighbors()
    positions, distances = nearest(x, x, 3, itself=np.arange(len(x)))
    np.testing.assert_allclose(distances, expected, rtol=1e-6)
    np.testing.assert_array_equal(positions, order)


def test_most_pairs_need_no_look_where_columns_hang_together() -> None:
    cells = Cells(factors(8192, 30, 3, 0.05, 0).astype(np.float32))
    _, beyond = cells.candidates(factors(1024, 30, 3, 0.05, 1), 9)
    assert cells.compared < 0.25
    assert np.isfinite(beyond).mean() > 0.95


def test_no_row_outside_the_candidates_is_nearer_than_is_said() -> None:
    known, rows = factors(5000, 15, 4, 0.2, 0), factors(1024, 15, 4, 0.2, 1)
    positions, beyond = Cells(known).candidates(rows, 9)
    squares = cdist(rows, known, "sqeuclidean")
    others = squares.copy()
    np.put_along_axis(others, positions, np.inf, axis=1)
    is_known = np.isfinite(beyond)
    assert (others.min(1)[is_known] >= beyond[is_known]).all()
    # And the bound says something: it lies at the candidates' furthest.
    furthest = np.take_along_axis(squares, positions, 1).max(1)
    np.testing.assert_allclose(beyond[is_known], furthest[is_known], rtol=1e-2, atol=1e-2)


def test_where_cells_are_no_help_all_rows_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    whole = Cells.candidates
    monkeypatch.setattr(Cells, "candidates", lambda self, rows, n: (asked.append(len(rows)), whole(self, rows, n))[1])
    random = np.random.default_rng(5)
    check(random.normal(size=(5000, 30)).astype(np.float32), random.normal(size=(3000, 30)))
    assert asked == [neighbours.TRIED_ROWS]
