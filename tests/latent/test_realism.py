"""Sharpness and copies, against exchangeable draws, SciPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from sklearn.neighbors import NearestNeighbors

from explorer.core import neighbours
from explorer.latent import realism


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_sharpness_is_the_variance_of_scipys_laplacian(random):
    x = random.random((3, 2, 9, 7))
    expected = [np.mean([ndimage.laplace(plane)[1:-1, 1:-1].var() for plane in item]) for item in x]
    np.testing.assert_allclose(realism.sharpness(x), expected, rtol=1e-5)


def test_sharpness_of_a_checkerboard_a_ramp_and_a_blur(random):
    board = np.indices((10, 10)).sum(0)[None, None] % 2
    assert realism.sharpness(board.astype(np.float32))[0] == pytest.approx(16), "the Laplacian is 4 or -4 everywhere"
    np.testing.assert_array_equal(realism.sharpness(board.astype(np.uint8) * 255), realism.sharpness(board * 1.0))
    ramp = np.linspace(0, 1, 10)[None, None, None].repeat(10, axis=2)
    assert realism.sharpness(ramp)[0] == pytest.approx(0, abs=1e-12)
    noise = random.random((1, 1, 20, 20))
    assert realism.sharpness(ndimage.gaussian_filter(noise, (0, 0, 1, 1)))[0] < 0.1 * realism.sharpness(noise)[0]
    with pytest.raises(ValueError, match="2x5"):
        realism.sharpness(np.zeros((1, 1, 5, 2)))


def test_nearest_items_agree_with_scikit_learn(random, monkeypatch):
    monkeypatch.setattr(neighbours, "KNOWN_CHUNK", 64)
    x, among = random.random((40, 1, 5, 4), np.float32), random.random((300, 1, 5, 4), np.float32)
    distances, positions = NearestNeighbors(n_neighbors=1).fit(among.reshape(300, -1)).kneighbors(x.reshape(40, -1))
    nearest, measured = realism.nearest_items(x, among)
    np.testing.assert_array_equal(nearest, positions[:, 0])
    np.testing.assert_allclose(measured, distances[:, 0], rtol=1e-5)


def test_the_nearest_other_item_is_not_the_item_itself(random, monkeypatch):
    monkeypatch.setattr(neighbours, "KNOWN_CHUNK", 64)
    x = random.random((200, 6), np.float32)
    x[150] = x[3]
    distances, _ = NearestNeighbors(n_neighbors=2).fit(x).kneighbors(x)
    nearest, measured = realism.nearest_items(x, x, skip_itself=True)
    assert (nearest[3], nearest[150]) == (150, 3)
    np.testing.assert_allclose(measured, distances[:, 1], rtol=1e-4, atol=1e-6)
    assert (nearest != np.arange(200)).all()


def test_copies_are_found_and_fresh_draws_are_not_taken_for_copies(random):
    known, held_out, fresh = (random.standard_normal((n, 10)) for n in (2000, 2000, 1000))
    real = realism.nearest_items(held_out, known)[1]
    honest = realism.check_copies(*realism.nearest_items(fresh, known), real)
    assert honest.closer.low < realism.COPY_QUANTILE < honest.closer.high
    copies = known[:1000] + 1e-3
    copied = realism.check_copies(*realism.nearest_items(copies, known), real)
    assert copied.closer.value == 1
    np.testing.assert_array_equal(copied.positions, np.arange(1000))
    np.testing.assert_allclose(copied.distances, 1e-3 * np.sqrt(10), rtol=0.01)
    assert copied.limit < copied.usual
