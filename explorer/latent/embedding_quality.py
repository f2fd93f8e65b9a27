"""How far a map of codes can be trusted: whether neighbours stay neighbours, and whether classes stay apart.

Two spaces are compared: the one that counts (the codes, or the items themselves) and the flat map of it.
scikit-learn is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.errors import ExplorerError
from explorer.core.intervals import Rate, rate
from explorer.core.neighbours import nearest
from explorer.core.row_samples import spread_sample

MAX_CURVE_ITEMS = 1000
"""Curves need the rank of every item from every other: time and memory grow with the square."""
MAX_REFERENCES = 5000
"""Shares of neighbours are counted among so many items, spread over all."""
MAX_KNN_ITEMS = 5000
"""Accuracies of nearest neighbours are measured on so many items, spread over all."""
CHUNK = 4096
KS = (2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200)
"""Sizes of neighbourhood that curves are drawn over, as far as there are items for them."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Trust by size of the neighbourhood; all in [0, 1], 1 is best.

    Args:
        ks: (m,) sizes.
        trustworthiness: (m,) whether neighbours on the map are neighbours in the space that counts.
        continuity: (m,) whether neighbours there are neighbours on the map.
        n: items that it was measured on.
    """

    ks: Int[np.ndarray, " m"]
    trustworthiness: Float[np.ndarray, " m"]
    continuity: Float[np.ndarray, " m"]
    n: int


def curves(space: Num[np.ndarray, "n d"], places: Num[np.ndarray, "n 2"], ks: Sequence[int] = KS) -> Curves:
    """Trustworthiness and continuity over sizes of neighbourhood.

    Args:
        space: (N, D) codes or items; beyond ``MAX_CURVE_ITEMS`` so many, spread over all, are measured.
        places: (N, 2) on the map.
        ks: sizes, rising; those that are not under half the number of items are left out.

    Raises:
        ExplorerError: too few items for even the smallest.

    Source: Venna and Kaski 2001.
    """
    chosen = spread_sample(np.arange(len(space)), MAX_CURVE_ITEMS)
    n = len(chosen)
    sizes = np.array([k for k in ks if 2 * k < n])
    if not len(sizes):
        raise ExplorerError(f"{n} items are too few for {min(ks)} neighbours.", "Show more items.")
    (order_space, rank_space), (order_map, rank_map) = (_ordered(x[chosen]) for x in (space, places))
    return Curves(
        sizes,
        _kept(rank_space, order_map, sizes),
        _kept(rank_map, order_space, sizes),
        n,
    )


def _ordered(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every item's others from near to far, (N, N), itself first; and the place of each item in that order, (N, N)."""
    from sklearn.metrics import pairwise_distances

    distances = pairwise_distances(np.asarray(x, np.float64))
    np.fill_diagonal(distances, -1)  # also before items that coincide with it
    order = np.argsort(distances, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(len(x)), order.shape), axis=1)
    return order, ranks


def _kept(ranks: np.ndarray, order: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """For each size k, 1 less the penalty for the k nearest by ``order`` that lie beyond the k nearest by ``ranks``."""
    n = len(ranks)
    ranks_of_nearest = np.take_along_axis(ranks, order[:, 1 : sizes.max() + 1], axis=1)
    penalties = np.array([np.maximum(ranks_of_nearest[:, :k] - k, 0).sum() for k in sizes])
    kept: np.ndarray = 1 - 2 * penalties / (n * sizes * (2 * n - 3 * sizes - 1))
    return kept


def neighbour_share(
    space: Num[np.ndarray, "n d"], places: Num[np.ndarray, "n 2"], k: int, items: Int[np.ndarray, " m"] | None = None
) -> Float[np.ndarray, " k_items"]:
    """Of each item's ``k`` nearest on the map, the share that is among its ``k`` nearest in the space that counts.

    Args:
        space: (N, D) codes or items.
        places: (N, 2) on the map.
        k: neighbours, at most N - 1.
        items: positions of the items asked for; all where None.

    Returns:
        (len(items),) in [0, 1], by chance about k / N. Among more than ``MAX_REFERENCES`` items neighbours are looked
        for among so many, spread over all.

    Raises:
        ExplorerError: too few items for so many neighbours.

    Source: the agreement rate of Chen and Buja 2009, section 4; per item.
    """
    asked = np.arange(len(space)) if items is None else np.asarray(items)
    references = spread_sample(np.arange(len(space)), MAX_REFERENCES)
    if len(references) <= k:
        raise ExplorerError(f"{len(space)} items are too few for {k} neighbours.", "Show more items.")
    on_map, truly = (_nearest_others(x, references, asked, k) for x in (places, space))
    shared = [
        (a[:, :, None] == b[:, None, :]).any(2).sum(1) for a, b in zip(_in_parts(on_map), _in_parts(truly), strict=True)
    ]
    return np.concatenate(shared) / k


def _in_parts(x: np.ndarray) -> list[np.ndarray]:
    """A long array in pieces, so that what is made of each fits in memory."""
    return np.array_split(x, -(-len(x) // CHUNK))


def _nearest_others(x: np.ndarray, references: np.ndarray, asked: np.ndarray, k: int) -> np.ndarray:
    """(M, k) positions of the nearest references to each item asked for, itself left out."""
    place = np.full(len(x), -1)
    place[references] = np.arange(len(references))
    return references[nearest(x[references], x[asked], k, itself=place[asked])[0]]


@dataclass(frozen=True)
class Spot:
    """Trust of one place of a map; shares in [0, 1], 1 is best.

    Args:
        of_item: of the item's neighbours on the map, the share that are true ones.
        around: the mean of that share over the item and its neighbours on the map.
        k: neighbours.
    """

    of_item: float
    around: float
    k: int


def spot(space: Num[np.ndarray, "n d"], places: Num[np.ndarray, "n 2"], item: int, k: int) -> Spot:
    """How far the place of one item can be trusted; see ``neighbour_share``.

    Args:
        space: (N, D) codes or items.
        places: (N, 2) on the map.
        item: its position.
        k: neighbours.

    Raises:
        ExplorerError: too few items for so many neighbours.
    """
    if len(places) <= k:
        raise ExplorerError(f"{len(places)} items are too few for {k} neighbours.", "Show more items.")
    distances = np.linalg.norm(np.asarray(places) - places[item], axis=1)
    distances[item] = -1
    near = np.flatnonzero(distances <= np.partition(distances, k)[k])
    nearby = near[np.argsort(distances[near], kind="stable")][: k + 1]
    shares = neighbour_share(space, places, k, nearby)
    return Spot(float(shares[0]), float(shares.mean()), k)


def knn_accuracy(x: Num[np.ndarray, "n d"], labels: Int[np.ndarray, " n"], k: int) -> Rate:
    """How often the ``k`` nearest other items vote for an item's own label.

    Leave-one-out: all others vote for each item. A tie goes to the first label.

    Args:
        x: (N, D) codes, places or items; beyond ``MAX_KNN_ITEMS`` so many, spread over all, are measured.
        labels: (N,) below 0 for not labelled, which takes no part.
        k: neighbours.

    Returns:
        Share with its 95 % interval, and the number of items.

    Raises:
        ExplorerError: too few labelled items.
    """
    labelled = spread_sample(np.flatnonzero(np.asarray(labels) >= 0), MAX_KNN_ITEMS)
    if len(labelled) <= k:
        raise ExplorerError(f"{len(labelled)} labelled items are too few for {k} neighbours.", "Show more items.")
    values, known_labels = np.asarray(x)[labelled], np.asarray(labels)[labelled]
    neighbours = known_labels[nearest(values, values, k, itself=np.arange(len(values)))[0]]
    votes = np.zeros((len(known_labels), known_labels.max() + 1), int)
    np.add.at(votes, (np.arange(len(known_labels))[:, None], neighbours), 1)
    return rate(int((votes.argmax(1) == known_labels).sum()), len(known_labels))
