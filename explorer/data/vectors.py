"""Items' own numbers as vectors: embeddings that came without a model, and how their distances are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Num

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.data.stored import batches
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import AS_ASKED

VectorScale = Literal["as they are", "unit length", "standardised"]
VECTOR_SCALES: tuple[VectorScale, ...] = get_args(VectorScale)
SPREAD_ROWS = 10_000
"""Rows, spread over all, of which the spread of each column is compared with that of the others."""
UNEVEN = 30.0
"""Columns of embeddings spread alike; where one spreads so many times as much as the median one, it decides alone."""
CHUNK = 65_536


@dataclass(frozen=True, eq=False)
class Vectors:
    """A vector an item.

    Args:
        x: (N, D) numbers of the items; may be memory-mapped.
        columns: (D,) which of them are the vector.
        names: of the D numbers.
        beside: names of the columns that are no part of it, though a model would learn from them.
    """

    x: Num[np.ndarray, "n total"]
    columns: tuple[int, ...]
    names: tuple[str, ...]
    beside: tuple[str, ...] = ()

    def rows(self, rows: Num[np.ndarray, " m"] | slice) -> Float[np.ndarray, "m d"]:
        """Those of some items, as they are in the file."""
        chosen = np.asarray(self.x[rows], np.float32)
        return chosen if len(self.columns) == self.x.shape[1] else chosen[:, list(self.columns)]


@dataclass(frozen=True, eq=False)
class VectorScaling:
    """What distances between vectors are measured in.

    Args:
        scale: ``as they are``; ``unit length``, in which Euclidean distances rank as cosines do (their square is
            2 - 2 cos); ``standardised``, each number less its mean and divided by its standard deviation over all
            items.
        mean, std: (D,) of a standardised one; a number that is always the same is divided by 1.
    """

    scale: VectorScale
    mean: Float[np.ndarray, " d"] | None = None
    std: Float[np.ndarray, " d"] | None = None

    def __call__(self, vectors: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
        """Vectors (N, D) as distances are measured between them; one of zeros stays one."""
        if self.scale == "unit length":
            lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
            return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        if self.mean is not None and self.std is not None:
            return ((vectors - self.mean) / self.std).astype(np.float32)
        return np.asarray(vectors, np.float32)


def are_vectors(dataset: Dataset) -> bool:
    """Whether the items of a dataset can stand for themselves on a map."""
    return dataset.vectors is not None or (dataset.kind == "table" and bool(_columns(dataset)))


def vectors_of(dataset: Dataset) -> Vectors:
    """The vectors beside the items, else a table's rows: its numbers, and a category only where somebody said so.

    Raises:
        DataError: the items are pictures without vectors, or have no number.
    """
    if dataset.vectors is not None:
        size = dataset.vectors.shape[1]
        return Vectors(dataset.vectors, tuple(range(size)), tuple(f"v{i + 1}" for i in range(size)))
    if dataset.kind != "table":
        raise DataError(
            f"{dataset.title} holds pictures and no vectors.",
            "Choose a model that gives them codes, or add a file of vectors.",
        )
    columns = _columns(dataset)
    if not columns:
        raise DataError(f"{dataset.title} has no column of numbers.", "Say under Read as which columns are numbers.")
    names = dataset.feature_names or tuple(f"column {i + 1}" for i in range(dataset.event_shape[0]))
    beside = tuple(name for name, places in dataset.categories.items() if not {*places} & {*columns})
    return Vectors(dataset.x, columns, tuple(names[i] for i in columns), beside)


def _columns(dataset: Dataset) -> tuple[int, ...]:
    contract = dataset.contract
    roles = contract.columns if isinstance(contract, TableContract) else ()
    asked = {column.name for column in roles if column.reason == AS_ASKED}
    no_numbers = {i for name, places in dataset.categories.items() if name not in asked for i in places}
    return tuple(i for i in range(dataset.event_shape[0]) if i not in no_numbers)


def scaling_of(vectors: Vectors, scale: VectorScale) -> VectorScaling:
    """What distances are measured in, with the statistics of all items that it takes."""
    if scale != "standardised":
        return VectorScaling(scale)
    n, total, squares = 0, np.zeros(len(vectors.columns)), np.zeros(len(vectors.columns))
    origin = vectors.rows(slice(0, 1)).astype(np.float64)[0]  # squares of large numbers lose small spreads
    for _, part in batches(vectors.x, CHUNK):
        moved = np.asarray(part, np.float64)[:, list(vectors.columns)] - origin
        n, total, squares = n + len(moved), total + moved.sum(0), squares + np.square(moved).sum(0)
    std = np.sqrt(np.maximum(squares / n - np.square(total / n), 0))
    return VectorScaling(scale, origin + total / n, np.where(std > 0, std, 1))


def uneven_columns(vectors: Vectors) -> tuple[str, float] | None:
    """The number that spreads most and how many times as much as the median one; None for less than ``UNEVEN``."""
    spread = vectors.rows(spread_sample(np.arange(len(vectors.x)), SPREAD_ROWS)).std(0, dtype=np.float64)
    median = float(np.median(spread))
    most = int(spread.argmax())
    if len(spread) < 2 or not median or spread[most] < UNEVEN * median:
        return None
    return vectors.names[most], float(spread[most] / median)
