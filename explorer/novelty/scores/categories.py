"""How rare a row's categories are: each value, and each pair of values, by how often normal rows have it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.io.tables.categories import EQUALS
from explorer.novelty.scores.scorer import in_batches
from explorer.novelty.scores.table_score import TableScore

MAX_PAIRS = 200
"""Pairs of columns that are looked at; those that tell most of one another."""
RAREST = 0.0005
"""Added to every share, the same for any number of rows: what has learnt from four fifths of them, and sets thresholds,
must find a value never seen as rare as what has learnt from all."""
EXPECTED = (1.0, 4.0, 16.0, 64.0)
"""Pairs of values are compared with those that would be expected at least as often, in these steps."""


class Categories(TableScore):
    """One over the share of normal rows whose rarest value, or pair of values, is at least as rare as the row's.

    A value that ``c`` normal rows have is as rare as the values that rows have in common with at most ``c`` others: the
    share of these rows, each counted without itself, is how often a new normal row has a value as rare (the
    estimate of Good and Turing, for a value never seen). A pair of values is compared with those pairs alone whose
    values, were they independent, would meet at least about as often: so a pair that is missing where many were to
    be expected is rare, and one that is missing because both values are seldom is not.

    Source: Good 1953; leave-one-out ranks as in Vovk et al. 2005.
    """

    title = "Rare categories"
    summary = (
        "How rare a value or a pair of values of the row's categories is among normal rows, one never seen included."
    )
    unit = "normal rows to one that is as rare"

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return super().applies_to(checkpoint) and any(EQUALS in name for name in checkpoint.card.data.feature_names)

    def _fit_rows(self, normal: np.ndarray) -> None:
        codes = self._codes(normal)
        self.sizes_ = self.categories_[:, 1] - self.categories_[:, 0]
        shares = [self._of_value(codes[:, j], int(size)) for j, size in enumerate(self.sizes_)]
        self.value_shares_ = np.concatenate(shares) if shares else np.empty(0)
        pairs = [(a, b) for a in range(codes.shape[1]) for b in range(a)]
        tables = [self._of_pair(codes[:, a], codes[:, b], int(self.sizes_[a]), int(self.sizes_[b])) for a, b in pairs]
        order = np.argsort([-told for _, told in tables], kind="stable")[:MAX_PAIRS]
        self.pairs_ = np.array([pairs[i] for i in order], np.int64).reshape(-1, 2)
        self.pair_shares_ = np.concatenate([tables[i][0].ravel() for i in order]) if len(order) else np.empty(0)

    def _of_value(self, codes: np.ndarray, size: int) -> np.ndarray:
        """(size,) share of rows whose value at most as many others have."""
        counts = np.bincount(codes[codes >= 0], minlength=size)
        return _share_as_rare(counts, np.zeros(size, np.int64))

    def _of_pair(self, first: np.ndarray, second: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, float]:
        """(rows, columns) the same of pairs, 1 where one of both was never seen; and how much they tell in nats."""
        known = (first >= 0) & (second >= 0)
        counts = np.bincount(first[known] * columns + second[known], minlength=rows * columns).reshape(rows, columns)
        n = max(1, counts.sum())
        expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / n
        strata = np.searchsorted(EXPECTED, expected, "right")
        shares = _share_as_rare(counts.ravel(), strata.ravel()).reshape(counts.shape)
        shares[expected == 0] = 1.0
        has_any = counts > 0
        told = float((counts[has_any] / n * np.log(counts[has_any] / expected[has_any])).sum())
        return shares, told

    def score(self, x: Num[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        return in_batches(self._score_rows, x, 4096)

    def _score_rows(self, x: np.ndarray) -> np.ndarray:
        values, pairs = self._shares(x)
        return 1 / np.concatenate([values, pairs, np.ones((len(x), 1))], axis=1).min(1)

    def contributions(self, x: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
        return in_batches(self._parts, x, 4096)

    def _parts(self, x: np.ndarray) -> np.ndarray:
        """What is rarest counts most: of a pair both values alike, unless one of them is rare by itself."""
        values, pairs = self._shares(x)
        by_column = 1 / values - 1
        for number, (a, b) in enumerate(self.pairs_.tolist()):
            rarity = (1 / pairs[:, number] - 1) / 2
            for j in (a, b):
                by_column[:, j] += rarity
        parts = np.zeros(x.shape, np.float32)
        parts[:, self.categories_[:, 0]] = by_column
        return np.where(np.isnan(x), 0, parts).astype(np.float32)

    def _shares(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n, columns) and (n, pairs) how many normal rows are as rare; 1 where a value is missing."""
        codes = self._codes(x)
        starts = np.cumsum([0, *self.sizes_[:-1]]) if len(self.sizes_) else np.empty(0, np.int64)
        values = np.ones(codes.shape)
        if len(starts):
            values = np.where(codes >= 0, self.value_shares_[np.maximum(codes, 0) + starts], 1.0)
        pairs, start = np.ones((len(x), len(self.pairs_))), 0
        for number, (a, b) in enumerate(self.pairs_.tolist()):
            columns = int(self.sizes_[b])
            known = (codes[:, a] >= 0) & (codes[:, b] >= 0)
            pairs[known, number] = self.pair_shares_[start + codes[known, a] * columns + codes[known, b]]
            start += int(self.sizes_[a]) * columns
        return values, pairs


def _share_as_rare(counts: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """(k,) share of rows that are in a cell with at most so many others, of the same stratum or a higher one."""
    shares = np.empty(len(counts))
    order = np.argsort(counts, kind="stable")
    rising = counts[order]
    for stratum in np.unique(strata):
        rows = np.concatenate([[0], np.cumsum(np.where(strata[order] >= stratum, rising, 0))])
        of_stratum = strata == stratum
        # A row is counted without itself: its cell then holds one less.
        n_rare = rows[np.searchsorted(rising, counts[of_stratum] + 1, "right")]
        shares[of_stratum] = n_rare / max(1, counts.sum()) + RAREST
    return np.minimum(shares, 1.0)
