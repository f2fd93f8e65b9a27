"""Several models and PCA on the same items: what each loses, and what its code and its weights cost."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from jaxtyping import Float, Int, Num

from explorer import evaluation
from explorer.checkpoints import Metric, VectorCheckpoint
from explorer.core.errors import DataError
from explorer.core.intervals import POSITIVE
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_sample
from explorer.core.scale import shared_scale
from explorer.data.base import Dataset
from explorer.evaluation.measures import MAX_FIT_VALUES
from explorer.models import REGISTRY

CODE_LEVELS = 256
"""Values that one byte can take."""
RANGE_QUANTILES = (0.001, 0.999)
"""A byte covers this part of each dimension's codes; the rest is clipped."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One model on the items that all are measured on.

    Args:
        name: unique among the entries.
        title: what pages call it.
        method: its family, or PCA.
        trained_on: words on the items it was made from.
        latent_dim: values in a code.
        weights: numbers that the model holds.
        seconds: training time; NaN where unknown.
        error: mean squared error an item, with its interval.
        error_8bit: the same from codes of one byte a value.
        x_hat: (n, *event) its reconstructions of the shown items.
        shown_errors: (n,) their squared errors.
        column_errors: (D,) mean squared error of each column; empty for images.
        code_bits: of a code that is made of whole numbers; None: it is made of any numbers.
    """

    name: str
    title: str
    method: str
    trained_on: str
    latent_dim: int
    weights: int
    seconds: float
    error: Metric
    error_8bit: Metric
    x_hat: Float[np.ndarray, "n *event"]
    shown_errors: Float[np.ndarray, " n"]
    column_errors: Float[np.ndarray, " d"]
    code_bits: float | None = None

    @property
    def bytes_a_code(self) -> int:
        """Of float32 values, or of whole numbers written one after the other."""
        return 4 * self.latent_dim if self.code_bits is None else math.ceil(self.code_bits / 8)

    @property
    def bytes_8bit(self) -> int:
        """Of values of one byte each, as ``error_8bit`` has them; whole numbers stay as they are."""
        return self.latent_dim if self.code_bits is None else self.bytes_a_code


@dataclass(frozen=True, eq=False)
class ComparedItems:
    """The items that all entries are measured on.

    Args:
        dataset: where they are from.
        fit: (m,) training rows, which PCA is fitted on and table columns are scaled by.
        rows: (N,) rows to measure, none of them a training row.
        shown: (n,) rows to show.
        split: what to call ``rows``.
        others: rows that are not measured, though they could be.
    """

    dataset: Dataset
    fit: Int[np.ndarray, " m"]
    rows: Int[np.ndarray, " n"]
    shown: Int[np.ndarray, " k"]
    split: str = "test"
    others: Int[np.ndarray, " o"] = field(default_factory=lambda: np.empty(0, np.int64))

    def showing_first(self, row: int) -> ComparedItems:
        """The same items, this one shown before the others; unchanged where it is none that could be measured."""
        if row not in self.rows and row not in self.others:
            return self
        shown = np.array([row, *self.shown[self.shown != row]], np.int64)[: len(self.shown)]
        return replace(self, shown=shown)

    @property
    def unit(self) -> str:
        if self.dataset.kind == "image":
            return "squared error per image"
        return "squared error per row, in standard deviations"

    def scale(self) -> Float[np.ndarray, " d"] | float:
        """What a difference is divided by: 1 for images, each column's standard deviation for tables."""
        if self.dataset.kind == "image":
            return 1.0
        rows = self.fit if len(self.fit) > 1 else self.rows
        std = shared_scale(self.dataset.tensor(rows).numpy().std(0), self.dataset.categories.values())
        return np.where(std > 0, std, 1.0)

    def squared_errors(
        self, x: Num[np.ndarray, "n *event"], x_hat: Num[np.ndarray, "n *event"]
    ) -> Float[np.ndarray, "n *event"]:
        """(n, *event) squared differences in ``unit``, the same for every model."""
        return np.square((x - x_hat) / self.scale())


def choose_items(
    dataset: Dataset, classes: tuple[str, ...] = (), fit_limit: int = 5000, limit: int = 500, shown: int = 8
) -> ComparedItems:
    """Test rows of a dataset to measure on, and its training rows for PCA; no model here was trained on a test row.

    Args:
        classes: restrict both to these labels; those the dataset does not have are ignored.
        fit_limit, limit, shown: at most so many rows of each kind, spread over all.

    Raises:
        DataError: there are no such test rows.
    """
    known = tuple(name for name in classes if name in dataset.label_names)
    # Of large items fewer, but no fewer than are measured: PCA of 5,000 pictures of 3x64x64 takes 3 GiB and minutes.
    fit_limit = min(fit_limit, max(limit, MAX_FIT_VALUES // math.prod(dataset.event_shape)))
    fit = spread_sample(evaluation.training_rows(dataset, known, "train"), fit_limit)
    test = evaluation.training_rows(dataset, known, "test")
    rows = spread_sample(test, limit)
    if not len(rows):
        raise DataError(f"{dataset.title} has no test rows to compare on.", "Choose another dataset.")
    return ComparedItems(dataset, fit, rows, spread_sample(rows, shown), others=np.setdiff1d(test, rows))


def measure(checkpoint: VectorCheckpoint, items: ComparedItems) -> Entry:
    """A checkpoint on the items.

    Raises:
        ExplorerError: the items do not fit the model.
    """
    card = checkpoint.card
    x, x_shown = (items.dataset.tensor(rows).numpy() for rows in (items.rows, items.shown))
    codes, x_hat = checkpoint.encode(x), checkpoint.reconstruct(x)
    x_hat_8bit = x_hat
    if checkpoint.model.code_bits is None:
        known = card.latent
        low, high = (known.quantiles[0], known.quantiles[-1]) if known else np.quantile(codes, RANGE_QUANTILES, axis=0)
        x_hat_8bit = checkpoint.decode(through_bytes(codes, np.asarray(low), np.asarray(high)))
    return _entry(
        items,
        name=checkpoint.name,
        title=card.title,
        method=REGISTRY[card.recipe.model.family][1].title,
        trained_on="elsewhere"
        if card.origin
        else ", ".join([f"{card.data.n_train:,} of {card.data.title}", *card.recipe.data.classes]),
        latent_dim=checkpoint.latent_dim,
        weights=card.weights,
        seconds=card.training_seconds or float("nan"),
        arrays=(x, x_hat, x_hat_8bit, x_shown, checkpoint.reconstruct(x_shown)),
        code_bits=checkpoint.model.code_bits,
    )


def measure_pca(items: ComparedItems, sizes: Sequence[int]) -> list[Entry]:
    """PCA on the items, fitted on their training rows: one entry for each size of code, at most what the items allow.

    It is fitted once, for the largest size: the components of a smaller code are the first of a larger one's. None
    where there are too few training rows to fit it.
    """
    if len(items.fit) < 2:
        return []
    x_fit, x, x_shown = (items.dataset.tensor(rows).numpy() for rows in (items.fit, items.rows, items.shown))
    largest = fit_pca(items, max(sizes))
    entries = []
    for n_components in sorted({min(size, largest.latent_dim) for size in sizes}):
        pca = largest.first(n_components)
        low, high = np.quantile(pca.encode(x_fit), RANGE_QUANTILES, axis=0)
        codes = pca.encode(x)
        x_hat_8bit = pca.decode(through_bytes(codes, low, high))
        entries.append(
            _entry(
                items,
                name=f"pca-{n_components}",
                title=f"PCA, {n_components}-D",
                method="PCA",
                trained_on=f"{len(x_fit):,} of {items.dataset.title}",
                latent_dim=n_components,
                weights=pca.weights,
                seconds=largest.seconds_,
                arrays=(x, pca.decode(codes), x_hat_8bit, x_shown, pca.reconstruct(x_shown)),
            )
        )
    return entries


def fit_pca(items: ComparedItems, size: int) -> LinearCode:
    """PCA of this size at most, fitted on the items' training rows, of which there are two or more."""
    return LinearCode(size, items.scale()).fit(items.dataset.tensor(items.fit).numpy())


def showing(entry: Entry, model: VectorCheckpoint | LinearCode, items: ComparedItems) -> Entry:
    """A measured model with what it makes of other shown items.

    Args:
        entry: measured on the same rows.
        model: that it is of.
        items: with the items to show.
    """
    x = items.dataset.tensor(items.shown).numpy()
    x_hat = model.reconstruct(x)
    return replace(entry, x_hat=x_hat, shown_errors=_sums(items.squared_errors(x, x_hat)))


def through_bytes(
    codes: Float[np.ndarray, "n d"], low: Float[np.ndarray, " d"], high: Float[np.ndarray, " d"]
) -> Float[np.ndarray, "n d"]:
    """Codes as they come back from one byte a value: evenly spaced levels from ``low`` to ``high``, clipped.

    Args:
        codes: (N, D).
        low, high: (D,) ends of each dimension's range.

    Returns:
        (N, D) float32, inside the range at most half a level from ``codes``.
    """
    step = np.maximum((high - low) / (CODE_LEVELS - 1), np.finfo(np.float32).tiny)
    levels = np.clip(np.rint((codes - low) / step), 0, CODE_LEVELS - 1).astype(np.uint8)
    return (low + levels * step).astype(np.float32)


class LinearCode:
    """PCA as an autoencoder: the best linear code of its size.

    Args:
        n_components: values in a code; at most what the items allow.
        scale: what values are divided by first.

    Attributes:
        mean_: (V,) of the scaled items, flattened.
        components_: (latent_dim, V) orthonormal rows, the largest variance first.
        seconds_: how long the fit took.
    """

    def __init__(self, n_components: int, scale: Float[np.ndarray, " d"] | float = 1.0) -> None:
        self.n_components = n_components
        self.scale = scale

    @property
    def latent_dim(self) -> int:
        return len(self.components_)

    @property
    def weights(self) -> int:
        """The mean and the components."""
        return self.mean_.size + self.components_.size

    def fit(self, x: Num[np.ndarray, "n *event"]) -> Self:
        """Learn from (N, *event) float items."""
        start = time.perf_counter()
        rows = self._rows(x)
        pca = pca_of(rows, min(self.n_components, *rows.shape))
        self.event_shape_, self.mean_, self.components_ = x.shape[1:], pca.mean_, pca.components_
        self.seconds_ = time.perf_counter() - start
        return self

    def first(self, n_components: int) -> LinearCode:
        """The same code, shortened to its first values."""
        shorter = copy(self)
        shorter.components_ = self.components_[:n_components]
        return shorter

    def encode(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n latent_dim"]:
        """(N, *event) -> (N, latent_dim)."""
        return (self._rows(x) - self.mean_) @ self.components_.T

    def decode(self, z: Float[np.ndarray, "n latent_dim"]) -> Float[np.ndarray, "n *event"]:
        """(N, latent_dim) -> (N, *event) float32."""
        rows = z @ self.components_ + self.mean_
        return (rows.reshape(len(z), *self.event_shape_) * self.scale).astype(np.float32)

    def reconstruct(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        """(N, *event) -> (N, *event): there and back."""
        return self.decode(self.encode(x))

    def _rows(self, x: np.ndarray) -> np.ndarray:
        return (x / self.scale).reshape(len(x), -1)


def _entry(
    items: ComparedItems,
    *,
    name: str,
    title: str,
    method: str,
    trained_on: str,
    latent_dim: int,
    weights: int,
    seconds: float,
    arrays: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    code_bits: float | None = None,
) -> Entry:
    """Measure what every kind of model gives: items and reconstructions, at 8 bits, and of the shown items."""
    x, x_hat, x_hat_8bit, x_shown, x_hat_shown = arrays
    squared = items.squared_errors(x, x_hat)
    return Entry(
        name=name,
        title=title,
        method=method,
        trained_on=trained_on,
        latent_dim=latent_dim,
        weights=weights,
        seconds=seconds,
        error=_mean(squared, items),
        error_8bit=_mean(items.squared_errors(x, x_hat_8bit), items),
        x_hat=x_hat_shown,
        shown_errors=_sums(items.squared_errors(x_shown, x_hat_shown)),
        column_errors=squared.mean(0) if squared.ndim == 2 else np.empty(0),
        code_bits=code_bits,
    )


def _mean(squared: np.ndarray, items: ComparedItems) -> Metric:
    return evaluation.summary("reconstruction error", items.unit, _sums(squared), items.split, POSITIVE)


def _sums(squared: np.ndarray) -> np.ndarray:
    return squared.reshape(len(squared), -1).sum(1)
