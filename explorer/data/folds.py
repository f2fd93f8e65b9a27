"""k-fold: items parted into folds of equal size, by rows or by groups, each of which is held out once."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from explorer.core.errors import DataError


def folds_of(n: int, folds: int, seed: int, groups: Int[np.ndarray, " n"] | None = None) -> Int[np.ndarray, " n"]:
    """The fold of each item, from 1.

    By rows: shuffled by seed and cut, sizes differ by one at most. By groups: the largest group first, each into the
    fold with the fewest items so far, groups of one size in an order drawn by seed; no fold is larger than another by
    more than the largest group.

    Args:
        n: number of items.
        folds: how many, 2 or more.
        seed: of the shuffle (NumPy's PCG64, whose stream is fixed across versions).
        groups: (n,) number of each item's group; None: every item is one.

    Returns:
        (n,) int64 in 1..folds.

    Raises:
        DataError: there are fewer items or groups than folds.

    Source: Stone 1974; by groups as scikit-learn's GroupKFold.
    """
    if groups is None:
        _check_enough(n, folds, "items")
        order = _shuffled(n, seed)
        fold = np.empty(n, np.int64)
        fold[order] = np.arange(n) * folds // n + 1
        return fold
    kinds, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    _check_enough(len(kinds), folds, "groups")
    order = _shuffled(len(kinds), seed)
    load, fold_of_kind = np.zeros(folds, np.int64), np.empty(len(kinds), np.int64)
    for kind in order[np.argsort(-sizes[order], kind="stable")]:
        lightest = int(load.argmin())
        load[lightest] += sizes[kind]
        fold_of_kind[kind] = lightest + 1
    return np.asarray(fold_of_kind[place])


def _shuffled(n: int, seed: int) -> Int[np.ndarray, " n"]:
    return np.random.Generator(np.random.PCG64(seed)).permutation(n)


def _check_enough(n: int, folds: int, what: str) -> None:
    if n < folds:
        raise DataError(f"There are {n:,} {what} for {folds:,} folds.", "Set data.split.folds to fewer.")
