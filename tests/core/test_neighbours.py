"""Nearest rows against scikit-learn, with nearly equal rows, missing values and large ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import nan_euclidean_distances
from sklearn.neighbors import NearestNeighbors

from explorer.core import neighbours
from explorer.core.neighbours import nearest, smallest


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


@pytest.mark.parametrize("dims", [2, 30])
def test_the_row_itself_is_left_out_also_where_rows_coincide(dims: int) -> None:
    random = np.random.default_rng(2)
    x = random.normal(size=(400, dims))
    x[100:110] = x[7]
    expected, _ = NearestNeighbors(n_neighbors=3).fit(x).kneighbors()
    positions, distances = nearest(x, x, 3, itself=np.arange(400))
    np.testing.assert_allclose(distances, expected, atol=1e-7)
    assert (positions != np.arange(400)[:, None]).all()
    asked = np.array([5, 6])
    itself = np.array([5, -1])  # the second counts as any other
    assert nearest(x, x[asked], 1, itself=itself)[0].tolist() == [[positions[5, 0]], [6]]


def test_rows_that_single_precision_cannot_tell_apart_are_told_apart() -> None:
    """Two hundred rows within a millionth of one another, far from the rest: rounding hides which is nearest."""
    random = np.random.default_rng(3)
    known = random.normal(size=(500, 40))
    known[200:400] = known[0] + 1e-7 * random.normal(size=(200, 40)) + 50
    rows = known[200:220] + 1e-7 * random.normal(size=(20, 40))
    exact = np.linalg.norm(rows[:, None] - known[None], axis=2)
    positions, distances = nearest(known, rows, 2)
    np.testing.assert_array_equal(positions, np.argsort(exact, axis=1)[:, :2])
    np.testing.assert_allclose(distances, np.sort(exact, axis=1)[:, :2], rtol=1e-9)
    present = random.random(rows.shape) > 0.5
    over = np.sqrt(np.square((rows[:, None] - known[None]) * present[:, None]).sum(2) * 40 / present.sum(1)[:, None])
    distances = nearest(known, np.where(present, rows, 0), 2, present)[1]
    np.testing.assert_allclose(distances, np.sort(over, axis=1)[:, :2], rtol=1e-9)


@pytest.mark.parametrize("shape", [(3,), (1, 6, 5)])
def test_chunks_of_known_rows_make_no_difference(shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    known = random.integers(0, 256, (300, *shape), np.uint8)
    rows = random.integers(0, 256, (70, *shape), np.uint8)
    flat = [x.reshape(len(x), -1).astype(float) for x in (known, rows)]
    expected, _ = NearestNeighbors(n_neighbors=4).fit(flat[0]).kneighbors(flat[1])
    monkeypatch.setattr(neighbours, "KNOWN_CHUNK", 37)
    monkeypatch.setattr(neighbours, "CHUNK", 16)
    np.testing.assert_allclose(nearest(known, rows, 4)[1], expected, rtol=1e-12)
    assert nearest(known, rows[:0], 4)[0].shape == (0, 4)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (7, 7), (63, 3), (64, 4), (1000, 9), (4099, 2)])
def test_the_smallest_of_many_are_those_of_a_sort(n: int, k: int) -> None:
    values = torch.from_numpy(np.random.default_rng(n).integers(0, 50, (5, n)).astype(np.float32))  # with ties
    least, places = smallest(values, k)
    assert torch.equal(least.sort(1).values, values.sort(1).values[:, :k])
    assert torch.equal(values.gather(1, places), least)
    assert all(len(set(row)) == k for row in places.tolist())
