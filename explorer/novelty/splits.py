"""Which rows fit a scorer, which set its threshold and which are scored; no row has two splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from explorer import evaluation
from explorer.checkpoints import VectorCheckpoint, affordable
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset, Subset

MIN_NORMAL_ITEMS = 8
MOST = 500
"""Rows of one split that are scored."""


@dataclass(frozen=True, eq=False)
class NoveltySplits:
    """Rows of normal items by what they are for; no row has two splits.

    Args:
        fit: (n,) row numbers that scorers learn from.
        calibrate: (n,) that set the threshold.
        test: (n,) that are scored beside novel ones.
        note: one sentence on where they come from.
    """

    fit: Int[np.ndarray, " n"]
    calibrate: Int[np.ndarray, " m"]
    test: Int[np.ndarray, " k"]
    note: str


def normal_splits(
    checkpoint: VectorCheckpoint,
    dataset: Dataset,
    classes: tuple[str, ...] = (),
    fit_limit: int = 2000,
    limit: int | None = None,
) -> NoveltySplits:
    """Share out the normal rows of a dataset, so that nothing is scored on what it was fitted on.

    Where the checkpoint was trained on this dataset, split this way, its training, validation and test rows are the
    three parts. Elsewhere half of the rows fit, a quarter calibrates and a quarter is scored, by a fixed shuffle.

    Args:
        classes: which labels are normal; empty: all of them.
        fit_limit, limit: at most so many rows to fit, and for either of the other two splits; None: ``MOST``, and fewer
            where the model takes long for one.

    Raises:
        DataError: a class the dataset does not have.
        ExplorerError: too few normal rows.
    """
    is_split_otherwise = evaluation.is_split_otherwise(checkpoint.card, dataset)
    if checkpoint.card.data.fingerprint == dataset.fingerprint and not is_split_otherwise:
        parts = [dataset.splits.train, dataset.splits.validation, dataset.splits.test]
        note = "Scorers are fitted on training rows, the threshold is set on validation rows, test rows are scored."
    else:
        order = np.random.Generator(np.random.PCG64(0)).permutation(len(dataset))
        parts = [np.sort(part) for part in np.split(order, [len(order) // 2, len(order) * 3 // 4])]
        note = "Half of the normal rows fit the scorers, a quarter sets the threshold, the last quarter is scored."
        if is_split_otherwise:
            note += " The model was trained on another split of these rows, so that it knows some of them."
    asked = limit
    limit = _unasked(checkpoint) if limit is None else limit
    if asked is None and limit < MOST:
        note += f" {affordable.fewer_items_words(checkpoint)}"
    if classes:
        is_normal = _has_class(dataset, classes)
        parts = [part[is_normal[part]] for part in parts]
    if min(len(part) for part in parts) < 2 or sum(len(part) for part in parts) < MIN_NORMAL_ITEMS:
        raise ExplorerError(
            f"{dataset.title} has too few normal items: {', '.join(str(len(part)) for part in parts)} "
            "to fit, to set the threshold and to score.",
            "Choose more classes as normal, or another dataset.",
        )
    fit, calibrate, test = (spread_sample(part, n) for part, n in zip(parts, (fit_limit, limit, limit), strict=True))
    return NoveltySplits(fit, calibrate, test, note)


def novel_rows(
    checkpoint: VectorCheckpoint, dataset: Dataset, normal_classes: tuple[str, ...] = (), limit: int | None = None
) -> Int[np.ndarray, " n"]:
    """Rows of novel items: those held out for the checkpoint that have none of the normal labels.

    Args:
        normal_classes: labels that are not novel; empty where every row of the dataset is.
        limit: at most so many, spread over all; None: as of ``normal_splits``.

    Raises:
        DataError: a class the dataset does not have.
    """
    rows, _ = evaluation.rows_for(checkpoint, dataset)
    if normal_classes:
        rows = rows[~_has_class(dataset, normal_classes)[rows]]
    return spread_sample(rows, _unasked(checkpoint) if limit is None else limit)


def _unasked(checkpoint: VectorCheckpoint) -> int:
    """Rows of one split that nobody gave a number of."""
    return min(MOST, max(affordable.LEAST_ITEMS, affordable.items_rebuilt_within(checkpoint)))


def _has_class(dataset: Dataset, classes: tuple[str, ...]) -> np.ndarray:
    whole = Subset(dataset.x, dataset.labels, np.arange(len(dataset)))
    return evaluation.class_mask(dataset, whole, classes)
