"""Some of many rows, for whatever looks at no more than so many: never the first ones, since data are often sorted."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Shaped


def spread_positions(n: int, at_most: int, seed: int = 0) -> Int[np.ndarray, " m"]:
    """Positions among ``n`` rows: one at random from each of ``at_most`` runs of rows that are all about as long.

    Sorted rows are thus represented as they are in all of them, and rows in a cycle (day and night, or one of each
    class in turn) as well, since neither the runs' lengths nor the places in them keep step with it.

    Args:
        n: number of rows.
        at_most: how many to choose; all rows where there are no more.
        seed: of the choice; the same for the same numbers on every machine (NumPy's PCG64).

    Returns:
        (min(n, at_most),) int64, rising.

    Source: stratified sampling with one unit a stratum, Cochran 1977, section 8.12.
    """
    if n <= at_most:
        return np.arange(n)
    if at_most < 1:
        return np.empty(0, np.int64)
    random = np.random.Generator(np.random.PCG64(seed))
    # Some runs have one row more than the others: which ones is drawn, so that no row is chosen more often.
    lengths = random.permutation(np.arange(at_most) < n % at_most) + n // at_most
    return np.cumsum(lengths) - lengths + random.integers(lengths)


def spread_sample(rows: Shaped[np.ndarray, "n *event"], at_most: int, seed: int = 0) -> Shaped[np.ndarray, "m *event"]:
    """At most so many of the rows, spread over all of them and in their order; see ``spread_positions``."""
    return rows if len(rows) <= at_most else rows[spread_positions(len(rows), at_most, seed)]


class Reservoir:
    """Chooses rows of a stream whose length nobody knows yet: each is kept as likely as any other.

    Every row gets a random number; those with the smallest are kept.

    Args:
        at_most: how many rows to keep.
        seed: of the choice.

    Source: Vitter 1985, section 2 (the reservoir), by random keys.
    """

    def __init__(self, at_most: int, seed: int = 0) -> None:
        self._at_most, self._random = at_most, np.random.Generator(np.random.PCG64(seed))
        self._keys = np.empty(0)

    def choose(self, n: int) -> tuple[Int[np.ndarray, " kept"], Int[np.ndarray, " new"]]:
        """Take in ``n`` more rows.

        Returns:
            Positions among the rows that were held, of those that stay, and among the new ones, of those that come in;
            both rising, the held ones before the new.
        """
        held = len(self._keys)
        keys = np.concatenate([self._keys, self._random.random(n)])
        chosen = np.arange(len(keys))
        if len(keys) > self._at_most:
            chosen = np.sort(np.argpartition(keys, self._at_most)[: self._at_most])
        self._keys = keys[chosen]
        return chosen[chosen < held], chosen[chosen >= held] - held
