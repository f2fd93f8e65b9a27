"""Clusters: those of scikit-learn, and a stability that is high for real ones and low for noise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score, jaccard_score

from explorer.core.errors import ExplorerError
from explorer.latent import clusters
from explorer.latent.clusters import find_clusters

CENTRES = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0]])
KINDS = np.repeat([0, 1, 2], [60, 100, 40])


@pytest.fixture
def blobs() -> np.ndarray:
    return CENTRES[KINDS] + np.random.default_rng(0).normal(size=(len(KINDS), 3))


def test_clusters_are_those_of_scikit_learn_the_largest_first(blobs: np.ndarray) -> None:
    found = find_clusters(blobs, 10, resamples=0)
    assert adjusted_rand_score(found.labels, HDBSCAN(min_cluster_size=10, copy=True).fit_predict(blobs)) == 1
    assert adjusted_rand_score(KINDS[found.labels >= 0], found.labels[found.labels >= 0]) == 1
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)
    np.testing.assert_array_equal(np.bincount(found.labels[found.labels >= 0]), found.sizes)


def test_real_clusters_are_stable_and_those_of_noise_are_not(blobs: np.ndarray) -> None:
    real = find_clusters(blobs, 10, resamples=6)
    assert len(real.sizes) == 3
    assert real.stability.min() > clusters.SURE
    noise = [find_clusters(np.random.default_rng(i).uniform(size=(200, 3)), 5, resamples=6) for i in range(1, 6)]
    assert np.concatenate([one.stability for one in noise]).mean() < clusters.DOUBTFUL


def test_agreement_is_the_greatest_jaccard_index() -> None:
    random = np.random.default_rng(2)
    before, after = random.integers(-1, 3, 90), random.integers(-1, 4, 90)
    expected = [max(jaccard_score(before == k, after == j) for j in range(4)) for k in range(3)]
    np.testing.assert_allclose(clusters._agreement(before, after, 3), expected)


def test_no_cluster_at_all_is_an_answer() -> None:
    found = find_clusters(np.random.default_rng(0).normal(size=(60, 2)), 25, resamples=2)
    assert len(found.sizes) == len(found.stability)


@pytest.mark.parametrize(("n", "size"), [(9, 5), (clusters.MAX_ITEMS + 1, 5)])
def test_too_few_and_too_many_items_are_refused(n: int, size: int) -> None:
    with pytest.raises(ExplorerError):
        find_clusters(np.zeros((n, 2)), size)
