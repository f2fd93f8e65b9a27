"""Nearest rows against scikit-learn, with nearly equal rows, missing values and large ones."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics.pairwise import nan_euclidean_distances
from sklearn.neighbors import NearestNeighbors

from explorer.core.neighbours import nearest


@pytest.mark.parametrize("offset", [0.0, 1000.0])
@pytest.mark.parametrize(("n", "dims"), [(600, 3), (50, 40), (4, 2)])
def test_nearest_rows_are_scikit_learns(n: int, dims: int, offset: float) -> None:
    random = np.random.default_rng(0)
    known = (random.normal(size=(n, dims)) + offset).astype(np.float32)
    rows = random.normal(size=(700, dims)) + offset
    expected, order = NearestNeighbors(n_neighbors=min(5, n)).fit(known).kneighbors(rows)
    positions, distances = nearest(known, rows, 5)
    np.testing.assert_allclose(distances, expected, rtol=1e-6)
    np.testing.assert_array_equal(positions, order)


def test_a_copy_is_at_distance_nothing() -> None:
    known = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    positions, distances = nearest(known, known.astype(np.float64), 1)
    np.testing.assert_array_equal(positions[:, 0], np.arange(300))
    np.testing.assert_array_equal(distances, 0)


def test_missing_values_do_not_count() -> None:
    random = np.random.default_rng(1)
    known, rows = random.normal(size=(200, 6)).astype(np.float32), random.normal(size=(90, 6))
    present = random.random(rows.shape) > 0.3
    present[:, 0] = True
    every = nan_euclidean_distances(np.where(present, rows, np.nan), known)
    distances = nearest(known, np.where(present, rows, 0), 4, present)[1]
    np.testing.assert_allclose(distances, np.sort(every, axis=1)[:, :4], rtol=1e-6)
