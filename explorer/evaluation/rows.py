"""Which rows of a dataset a model was trained on, and which count as held out for it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from explorer.checkpoints import Card, Checkpoint
from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset, Subset
from explorer.data.splits import Split


def rows_for(checkpoint: Checkpoint, dataset: Dataset) -> tuple[Int[np.ndarray, " n"], str]:
    """Rows of ``dataset`` to show for a checkpoint, and words for what they are to it.

    The test split where it was trained on this dataset, split this way; every row where none was trained on; else
    every row, with a label that says so or claims nothing. Data of a few items may have no test rows: then all as well.
    For a conditional model that was given a label only rows of that label, where the data has it.

    Returns:
        (n,) row numbers, and a label such as "test" or "test, label 3".
    """
    rows, split = _rows_for(checkpoint, dataset)
    given = checkpoint.card.given
    if given is None or dataset.labels is None or given not in dataset.label_names:
        return rows, split
    own = rows[np.asarray(dataset.labels)[rows] == dataset.label_names.index(given)]
    return (own, f"{split}, label {given}") if len(own) else (rows, split)


def _rows_for(checkpoint: Checkpoint, dataset: Dataset) -> tuple[np.ndarray, str]:
    trained_on = checkpoint.card.data
    if trained_on.fingerprint == dataset.fingerprint:
        if trained_on.splits == dataset.splits.note and len(dataset.splits.test):
            return dataset.splits.test, "test"
        # The same items cut by another seed, whose test rows were trained on, or too few of them for a test.
        return np.arange(len(dataset)), "partly trained on"
    if dataset.fingerprint in trained_on.fingerprint_of("train", "validation"):
        return np.arange(len(dataset)), "partly trained on"
    if trained_on.name in dataset.held_out_for or dataset.fingerprint in trained_on.fingerprint_of("test"):
        return np.arange(len(dataset)), "held out"
    return np.arange(len(dataset)), "other data"


def is_split_otherwise(card: Card, dataset: Dataset) -> bool:
    """Whether a model learnt from these very items, split in another way than they are here.

    Of a model that learnt from one file and was held against another that is the first by itself, too.
    """
    if dataset.fingerprint in card.data.fingerprint_of("train", "validation"):
        return True
    return card.data.fingerprint == dataset.fingerprint and card.data.splits != dataset.splits.note


def training_rows(
    dataset: Dataset, classes: tuple[str, ...], split: Split, limit: int | None = None
) -> Int[np.ndarray, " n"]:
    """Row numbers of a split, restricted to classes and to a sample of at most ``limit``.

    Raises:
        DataError: a class the dataset does not have, or nothing left.
    """
    subset = dataset.split(split)
    rows = subset.indices
    if classes:
        rows = rows[class_mask(dataset, subset, classes)]
    return rows if limit is None else spread_sample(rows, limit)


def class_mask(dataset: Dataset, subset: Subset, classes: tuple[str, ...]) -> Bool[np.ndarray, " n"]:
    """(n,) bool: which rows of the subset have one of these labels."""
    unknown = [name for name in classes if name not in dataset.label_names]
    if unknown or subset.labels is None:
        raise DataError(
            f"{dataset.title} has no class {unknown[0] if unknown else classes[0]!r}.",
            f"Its classes: {', '.join(dataset.label_names) or 'none'}.",
        )
    return np.isin(subset.labels, [dataset.label_names.index(name) for name in classes])
