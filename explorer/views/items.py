"""The items that a view shows of a model, and what each of them is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Int, Num

from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.row_samples import spread_positions
from explorer.data import Dataset


@runtime_checkable
class ShownItems(Protocol):
    """A model and the rows of a dataset that a view shows; the app's own kind keeps what it has computed."""

    @property
    def checkpoint(self) -> VectorCheckpoint: ...

    @property
    def dataset(self) -> Dataset: ...

    @property
    def rows(self) -> Int[np.ndarray, " n"]:
        """Row numbers in the dataset."""

    @property
    def split(self) -> str:
        """What those rows are to the model, with their number: "test, n = 1,000"."""

    @property
    def card(self) -> Card: ...

    @property
    def is_image(self) -> bool: ...

    @property
    def is_real(self) -> bool:
        """Whether the items come from data, and not from the decoder itself."""

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Shown items by position among ``rows``, as stored."""

    def labels(self) -> Int[np.ndarray, " n"] | None: ...

    def codes(self) -> Num[np.ndarray, "n d"]: ...

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows`` to show first."""


@dataclass(frozen=True, eq=False)
class HeldItems:
    """Items of a dataset with their codes, outside the app; ``held_items`` makes them.

    Args:
        checkpoint: the model and its card.
        dataset: items of the shape it takes.
        rows: (n,) which of them.
        split: what they are to the model, with their number.
        held: (n, latent_dim) their codes.
    """

    checkpoint: VectorCheckpoint
    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str
    held: Num[np.ndarray, "n d"]

    is_real = True

    @property
    def card(self) -> Card:
        return self.checkpoint.card

    @property
    def is_image(self) -> bool:
        return self.dataset.kind == "image"

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Items by position among ``rows``, as stored."""
        return self.dataset.x[self.rows[positions]]

    def labels(self) -> Int[np.ndarray, " n"] | None:
        return None if self.dataset.labels is None else np.asarray(self.dataset.labels)[self.rows]

    def codes(self) -> Num[np.ndarray, "n d"]:
        return self.held

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows``: every class in turn."""
        return class_by_class(self.labels(), len(self.rows), n)


def held_items(checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str) -> HeldItems:
    """Items of a dataset, encoded.

    Args:
        rows: (n,) which of them.
        split: what they are to the model ("test").
    """
    codes = checkpoint.encode(dataset.x[rows])
    return HeldItems(checkpoint, dataset, rows, f"{split}, n = {len(rows):,}", codes)


def class_by_class(labels: Int[np.ndarray, " n"] | None, total: int, n: int) -> Int[np.ndarray, " k"]:
    """(n,) positions to show first: every class in turn, the same ones every time.

    Args:
        labels: (total,) of the items; None: they have none, and the positions are spread over all.
        total: how many there are.
    """
    if labels is None:
        return spread_positions(total, n)
    # Rank within its own class, then class: one of each class before the second of any.
    # Within a class in random order: what lies side by side in a file is often alike.
    order = np.lexsort((np.random.Generator(np.random.PCG64(0)).permutation(len(labels)), labels))
    starts = np.searchsorted(labels[order], labels[order])
    rank = np.empty(len(labels), int)
    rank[order] = np.arange(len(labels)) - starts
    return np.lexsort((labels, rank))[:n]
