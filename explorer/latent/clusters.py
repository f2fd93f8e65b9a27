"""Clusters of codes by density, and how far each can be relied on.

scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.errors import ExplorerError

MAX_ITEMS = 5000
"""Distances of all pairs are looked at where codes have many dimensions."""
RESAMPLES = 20
SURE, DOUBTFUL = 0.75, 0.6
"""Stabilities from which a cluster is called stable, and below which it is not (Hennig 2007, section 3)."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters of N items, the largest first.

    Args:
        labels: (N,) cluster of each item from 0; -1: in none.
        sizes: (K,) items of each.
        stability: (K,) in [0, 1]: how much of each cluster comes again where items are drawn anew.
    """

    labels: Int[np.ndarray, " n"]
    sizes: Int[np.ndarray, " k"]
    stability: Float[np.ndarray, " k"]


def find_clusters(codes: Num[np.ndarray, "n d"], min_size: int, resamples: int = RESAMPLES, seed: int = 0) -> Clusters:
    """Clusters by HDBSCAN, each with its stability under the bootstrap.

    Items are drawn with replacement, those that came up (about 63 %) clustered again with a least size that is as much
    smaller; the stability of a cluster is the mean, over the draws, of its greatest Jaccard index with a cluster of the
    draw, both among the items that were drawn.

    Args:
        codes: (N, D).
        min_size: of a cluster, in items, at least 2.
        resamples: draws.
        seed: of them.

    Raises:
        ExplorerError: more than ``MAX_ITEMS`` items, or fewer than two clusters could have.

    Source: Campello, Moulavi and Sander 2013; Hennig 2007, for the bootstrap.
    """
    n = len(codes)
    if n > MAX_ITEMS:
        raise ExplorerError(
            f"Clusters are looked for among at most {MAX_ITEMS:,} items, not {n:,}.", "Take fewer items."
        )
    if n < 2 * min_size:
        raise ExplorerError(f"{n:,} items hold no two clusters of {min_size:,}.", "Choose a smaller least size.")
    labels = _by_size(_labels(codes, min_size))
    sizes = np.bincount(labels[labels >= 0], minlength=labels.max() + 1)
    random = np.random.Generator(np.random.PCG64(seed))
    agreements = np.zeros((resamples, len(sizes)))
    for i in range(resamples):
        # An item that is drawn twice would be a dense place of its own.
        drawn = np.unique(random.integers(0, n, n))
        fewer = max(2, round(min_size * len(drawn) / n))
        agreements[i] = _agreement(labels[drawn], _labels(codes[drawn], fewer), len(sizes))
    return Clusters(labels, sizes, agreements.mean(0) if resamples else np.full(len(sizes), np.nan))


def _labels(codes: np.ndarray, min_size: int) -> np.ndarray:
    from sklearn.cluster import HDBSCAN

    model = HDBSCAN(min_cluster_size=min_size, copy=True)
    labels: np.ndarray = model.fit_predict(np.asarray(codes, np.float64))
    return labels


def _by_size(labels: np.ndarray) -> np.ndarray:
    """The same clusters, numbered from the largest."""
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(0, np.int64)
    place = np.full(len(sizes) + 1, -1)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return place[labels]


def _agreement(before: np.ndarray, after: np.ndarray, k: int) -> np.ndarray:
    """(K,) greatest Jaccard index of each former cluster with a new one, among the same items."""
    new = int(after.max()) + 1
    both = np.zeros((k, new + 1))
    inside = before >= 0
    np.add.at(both, (before[inside], after[inside]), 1)  # the last column is what the draw has in no cluster
    of_new = np.bincount(after[after >= 0], minlength=new)
    shared = both[:, :new]
    union = both.sum(1)[:, None] + of_new - shared
    return (shared / np.maximum(union, 1)).max(1, initial=0.0)
