"""What a report is about: a model, the rows that it is measured on, and those that its map shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from explorer.checkpoints import Card, Checkpoint, VectorCheckpoint
from explorer.data import Dataset
from explorer.data.beside import ItemColumn
from explorer.data.stored import batches
from explorer.evaluation.measures import rows_at_once
from explorer.views.items import ShownItems, class_by_class, decoded_items, thinned_items

UNSEEN = ("test", "held out")
"""Words for rows that a model has not learnt from."""


@dataclass(frozen=True, eq=False)
class Reported:
    """A model and its items.

    Args:
        checkpoint: the model and its card.
        items: that its map shows; None for a model without codes.
        dataset: that it is measured on; None where there are no real items.
        rows: (n,) which of them.
        split: what these are to the model ("test").
        beside: columns beside all items of the dataset, texts among them; they are told with the items that are shown.
    """

    checkpoint: Checkpoint
    items: ShownItems | None
    dataset: Dataset | None
    rows: Int[np.ndarray, " n"]
    split: str
    beside: Sequence[ItemColumn] = ()

    @property
    def card(self) -> Card:
        return self.checkpoint.card

    @property
    def was_unseen(self) -> bool:
        """Whether it is known that the model has not learnt from the rows."""
        return self.split in UNSEEN

    @property
    def of(self) -> str:
        """The rows in words: "MNIST, test, n = 1,000"."""
        return "" if self.dataset is None else f"{self.dataset.title}, {self.split}, n = {len(self.rows):,}"

    @property
    def labels(self) -> Int[np.ndarray, " n"] | None:
        """(n,) of the rows."""
        if self.dataset is None or self.dataset.labels is None:
            return None
        return np.asarray(self.dataset.labels)[self.rows]

    @cached_property
    def errors(self) -> Float[np.ndarray, " n"]:
        """(n,) squared reconstruction error of each row; none without real items."""
        return errors_of(self.checkpoint, self.dataset, self.rows)

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows`` to show: every class in turn, never chosen by the result."""
        return class_by_class(self.labels, len(self.rows), n)


def errors_of(checkpoint: Checkpoint, dataset: Dataset | None, rows: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """(n,) squared reconstruction error of each row."""
    if dataset is None:
        return np.zeros(0, np.float32)
    parts = (dataset.x[part] for _, part in batches(rows, rows_at_once(dataset)))
    return np.concatenate([np.zeros(0, np.float32), *map(checkpoint.reconstruction_errors, parts)])


def reported_items(
    checkpoint: VectorCheckpoint,
    dataset: Dataset,
    rows: Int[np.ndarray, " n"],
    split: str,
    on_map: int,
    beside: Sequence[ItemColumn] = (),
) -> Reported:
    """A model and rows of a dataset.

    Args:
        split: what they are to the model ("test").
        on_map: at most so many are shown on the map, spread over all.
        beside: columns beside all items of the dataset.
    """
    return Reported(checkpoint, thinned_items(checkpoint, dataset, rows, split, on_map), dataset, rows, split, beside)


def reported_samples(checkpoint: Checkpoint, on_map: int) -> Reported:
    """A model without data: what its card knows, and a map of what it decodes itself where it has codes."""
    items = decoded_items(checkpoint, on_map) if isinstance(checkpoint, VectorCheckpoint) else None
    return Reported(checkpoint, items, None, np.zeros(0, np.int64), "")
