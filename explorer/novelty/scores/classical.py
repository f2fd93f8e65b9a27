"""Baselines that see the items alone: scikit-learn learns them, plain arrays hold and score them.

A fitted scorer is a few arrays, so that a detector can be saved without pickles and scores the same with every version
of scikit-learn, which is imported where it is used: it takes about a second.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.neighbours import nearest
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_sample
from explorer.data.encoded_columns import CategoryColumn
from explorer.data.encoding import TableEncoding
from explorer.data.stored import as_float
from explorer.novelty.scores.scorer import Scorer, in_batches, stored

MAX_SUPPORT_ITEMS = 3000
"""A one-class SVM takes time that grows with the square of the items; it is fitted on so many at most."""

MIN_ROWS, MAX_ROWS, MAX_VALUES = 2048, 16384, 1 << 20
"""Rows that are scored at once: from so many to so many, between them by their values."""


def _rows_at_once(x: np.ndarray) -> int:
    return max(MIN_ROWS, min(MAX_ROWS, MAX_VALUES // max(1, int(np.prod(x.shape[1:])))))


class Baseline(Scorer):
    """A method on the items themselves; table columns are standardised on the normal rows."""

    uses_checkpoint = False
    _common: np.ndarray | float = np.nan
    """(D,) scale of the columns that code a category; NaN of others, which have their own."""

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        return cls()

    def learn_columns(self, encoding: TableEncoding) -> Self:
        # Columns that code a category keep their common scale: a rare value's own grows with the rows, and what has
        # learnt from four fifths of them would find it nearer than what has learnt from all.
        scales = [
            (column.scale if column.form == "plain" and j <= len(column.values) else 1.0)
            if isinstance(column, CategoryColumn)
            else np.nan
            for column in encoding.columns
            for j in range(len(column.encoded))
        ]
        self._common = np.array(scales)
        return self

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        rows = as_float(normal).flatten(1).double().numpy()
        self.event_shape_ = np.array(normal.shape[1:])
        if normal.ndim == 2:
            self.mean_, std = np.nan_to_num(np.nanmean(rows, 0)), np.nan_to_num(np.nanstd(rows, 0))
            self.scale_ = np.where(np.isnan(self._common), np.where(std > 0, std, 1.0), self._common)
        else:
            self.mean_, self.scale_ = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
        # A missing cell counts as the mean of its column, which is 0 here.
        self._fit_rows(np.nan_to_num((rows - self.mean_) / self.scale_))
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        if tuple(x.shape[1:]) != tuple(self.event_shape_):
            raise ExplorerError(
                f"Items of shape {x.shape[1:]} do not compare with normal ones of shape {tuple(self.event_shape_)}.",
                "Choose data of one shape.",
            )
        return in_batches(lambda items: self._score_rows(*self._rows(items)), x, _rows_at_once(x))

    def _rows(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n, D) rows as they were fitted, 0 where a cell is missing, and (n, D) which cells are there."""
        rows = (as_float(x).flatten(1).double().numpy() - self.mean_) / self.scale_
        present = ~np.isnan(rows)
        return np.where(present, rows, 0.0), present

    @abstractmethod
    def _fit_rows(self, rows: np.ndarray) -> None: ...

    @abstractmethod
    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray: ...


class Additive(Baseline):
    """A baseline whose score is a sum over pixels or columns."""

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        parts = in_batches(lambda items: self._parts(*self._rows(items)), x, _rows_at_once(x))
        return parts.reshape(len(x), *x.shape[1:]).astype(np.float32)

    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        # As if the missing cells were like the rest of the row.
        return self._parts(rows, present).sum(1) * rows.shape[1] / np.maximum(present.sum(1), 1)

    @abstractmethod
    def _parts(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        """(n, D) what each pixel or column adds, 0 where it is missing."""


class PCAReconstruction(Additive):
    """Squared error of rebuilding an item from ``n_components`` principal components of the normal ones.

    Source: Jackson and Mudholkar 1979.
    """

    title = "PCA reconstruction"
    summary = "The same as the reconstruction error, with the best linear code of the same size."
    unit = "squared error"

    def __init__(self, n_components: int = 8) -> None:
        self.n_components = n_components

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        return cls(checkpoint.latent_dim)

    def _fit_rows(self, rows: np.ndarray) -> None:
        n, columns = rows.shape
        # As many components as columns would lose nothing of any item: then half of them.
        size = self.n_components if self.n_components < columns else max(1, columns // 2)
        pca = pca_of(rows, min(size, n))
        self.centre_, self.components_ = pca.mean_, np.ascontiguousarray(pca.components_)

    def _parts(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        offsets = rows - self.centre_
        return np.square(offsets - offsets @ self.components_.T @ self.components_) * present


class KNN(Baseline):
    """Mean distance from the ``k`` nearest normal items; at most ``MAX_STORED_VALUES`` values of them are kept.

    Source: Ramaswamy et al. 2000; the mean, Angiulli and Pizzuti 2002.
    """

    title = "k-nearest neighbours"
    summary = "Mean distance from an item to the nearest normal items, pixel by pixel or column by column."
    unit = "distance"

    def __init__(self, k: int = 5) -> None:
        self.k = k

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        parts = in_batches(self._squared_offsets, x, _rows_at_once(x))
        return parts.reshape(len(x), *x.shape[1:]).astype(np.float32)

    def _squared_offsets(self, x: np.ndarray) -> np.ndarray:
        rows, present = self._rows(x)
        neighbours = self.nearest(rows, present)[0]
        return np.mean([np.square(rows - self.rows_[i]) for i in neighbours.T], axis=0) * present

    def _fit_rows(self, rows: np.ndarray) -> None:
        self.rows_ = stored(rows.astype(np.float32))

    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        return self.nearest(rows, present)[1].mean(1)

    def nearest(
        self, rows: Float[np.ndarray, "n d"], present: Bool[np.ndarray, "n d"]
    ) -> tuple[Int[np.ndarray, "n k"], Float[np.ndarray, "n k"]]:
        """(n, k) row numbers in ``rows_`` and distances, nearest first, over the cells that are there."""
        return nearest(self.rows_, rows, self.k, None if present.all() else present)


class ECOD(Additive):
    """How far in the tails of the columns' distributions an item lies: the logarithms of its tail shares added up.

    Of each column the larger of the left and the right tail's -log share counts, where a share counts the item itself.
    This is the method ECOD as PyOD computes it for one item. Missing cells add nothing.

    Source: Li et al. 2022 (ECOD), algorithm 1.
    """

    title = "ECOD (tail probabilities)"
    summary = "How rare an item's values are, column by column: the shares of normal items beyond them."
    unit = "nats"

    def _fit_rows(self, rows: np.ndarray) -> None:
        self.sorted_ = np.sort(stored(rows), axis=0)

    def _parts(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        n = len(self.sorted_)
        parts = np.empty_like(rows)
        for j, (known, values) in enumerate(zip(self.sorted_.T, rows.T, strict=True)):
            left = (np.searchsorted(known, values, "right") + 1) / (n + 1)
            right = (n - np.searchsorted(known, values, "left") + 1) / (n + 1)
            parts[:, j] = -np.log(np.minimum(left, right))
        return parts * present


class IsolationForest(Baseline):
    """How few random cuts set an item apart. A missing cell counts as the mean of its column.

    The trees are kept as arrays over all nodes: the column and value of each cut, the two nodes it leads to, and of
    each leaf the depth, with the depth that cutting on would have added.

    Source: Liu, Ting and Zhou 2008.
    """

    title = "Isolation forest"
    summary = "Anomalous items are isolated by few random splits, ordinary ones only by many."
    unit = "isolation score"
    is_positive = False

    def __init__(self, n_trees: int = 100, seed: int = 0) -> None:
        self.n_trees = n_trees
        self.seed = seed

    def _fit_rows(self, rows: np.ndarray) -> None:
        from sklearn import ensemble

        forest = ensemble.IsolationForest(n_estimators=self.n_trees, random_state=self.seed).fit(rows)
        trees = [estimator.tree_ for estimator in forest.estimators_]
        self.roots_ = np.cumsum([0, *(tree.node_count for tree in trees[:-1])]).astype(np.int32)
        shift = np.repeat(self.roots_, [tree.node_count for tree in trees])
        left, right = (
            np.concatenate([getattr(t, name) for t in trees]) for name in ("children_left", "children_right")
        )
        here, is_leaf = np.arange(len(shift)), left < 0
        # A leaf leads to itself, so that all items can take the same number of steps.
        self.children_ = np.stack([np.where(is_leaf, here, side + shift) for side in (left, right)]).astype(np.int32)
        self.columns_ = np.maximum(np.concatenate([t.feature for t in trees]), 0).astype(np.int32)
        self.cuts_ = np.concatenate([t.threshold for t in trees])
        further = _mean_depth(np.concatenate([t.n_node_samples for t in trees]))
        self.depths_ = np.concatenate([_depths(t.children_left, t.children_right) for t in trees]) + further
        self.typical_depth_ = _mean_depth(np.array([forest.max_samples_]))

    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        values = rows.astype(np.float32)  # as scikit-learn compares them
        nodes = np.repeat(self.roots_[None], len(values), 0)
        items = np.arange(len(values))[:, None]
        while True:
            goes_right = values[items, self.columns_[nodes]] > self.cuts_[nodes]
            following = np.where(goes_right, self.children_[1][nodes], self.children_[0][nodes])
            if (following == nodes).all():
                break
            nodes = following
        return 2.0 ** (-self.depths_[nodes].mean(1) / self.typical_depth_)


def _mean_depth(n: np.ndarray) -> np.ndarray:
    """Mean depth at which random cuts single out one of n items (Liu, Ting and Zhou 2008, equation 1)."""
    many = np.maximum(n, 3).astype(np.float64)
    of_many = 2 * (np.log(many - 1) + np.euler_gamma) - 2 * (many - 1) / many
    return np.where(n <= 1, 0.0, np.where(n == 2, 1.0, of_many))


def _depths(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Depth of each node of one tree; children come after their parents."""
    depths = np.zeros(len(left))
    for node in np.flatnonzero(left >= 0):
        depths[[left[node], right[node]]] = depths[node] + 1
    return depths


class OneClassSVM(Baseline):
    """Distance outside a smooth boundary around the normal items, fitted on at most ``MAX_SUPPORT_ITEMS`` of them.

    A missing cell counts as the mean of its column.

    Source: Schoelkopf et al. 2001.
    """

    title = "One-class SVM"
    summary = "A smooth boundary is drawn around the normal items; the score is how far outside an item lies."
    unit = "negative kernel sum"
    is_positive = False

    def __init__(self, nu: float = 0.1, seed: int = 0) -> None:
        self.nu = nu
        self.seed = seed

    def _fit_rows(self, rows: np.ndarray) -> None:
        from sklearn import svm

        rows = spread_sample(rows, MAX_SUPPORT_ITEMS, self.seed)
        machine = svm.OneClassSVM(nu=self.nu).fit(rows)
        self.support_, self.weights_ = machine.support_vectors_, machine.dual_coef_[0]
        variance = rows.var()  # scikit-learn's gamma="scale"
        self.gamma_ = np.array(1 / (rows.shape[1] * variance) if variance > 0 else 1.0)

    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        from scipy.spatial.distance import cdist

        return -np.exp(-self.gamma_ * cdist(rows, self.support_, "sqeuclidean")) @ self.weights_
