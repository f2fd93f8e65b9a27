"""How much each item counts in the loss, by its label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from explorer.core.errors import RecipeError, TrainingError
from explorer.data.base import Dataset
from explorer.recipe import BALANCED, Recipe, weights_by_label

_LISTED = 8
"""Classes that a sentence names."""


@dataclass(frozen=True, eq=False)
class ClassWeights:
    """Weights by label, whose mean over the training items is 1.

    Args:
        by_label: (K,) float32 weight of an item of each label.
        words: what they do, in a sentence or two.
    """

    by_label: Float[Tensor, " k"]
    words: str

    def of(self, labels: Int[np.ndarray, " n"]) -> Float[Tensor, " n"]:
        """The weight of items of these labels."""
        return self.by_label[torch.from_numpy(np.asarray(labels, np.int64))]


def class_weights_of(recipe: Recipe, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> ClassWeights | None:
    """The weights that a recipe asks for; None where it asks for none.

    Balanced: an item of a label that n_c of n items have counts n / (K n_c), K the number of labels that there are, so
    that each label counts the same in all. From a table: as it says, labels that it does not name 1. Both are divided
    by their mean over the training items, which for balanced ones is 1 already.

    Args:
        recipe: that asks for them.
        dataset: with labels.
        rows: (n,) of the training items.

    Raises:
        TrainingError: there are no labels, one is not there, or no training item counts.
        RecipeError: its objective or penalty has a term of a whole batch.

    Source: King and Zeng 2001, as scikit-learn's ``compute_class_weight``.
    """
    training = recipe.training
    if not training.class_weights:
        return None
    for part in (recipe.objective, recipe.penalty):
        if part is not None and not part.weighs_items:
            raise RecipeError(
                f"A term of {part.title} is one of a whole batch, so that its items cannot be weighed.",
                "Leave training.class_weights out, or choose another objective or penalty.",
            )
    if dataset.labels is None:
        raise TrainingError(
            f"{dataset.title} has no labels to weigh items by.",
            "Leave training.class_weights out, or name the column of labels in data.roles.label.",
        )
    counts = np.bincount(dataset.labels[rows], minlength=len(dataset.label_names)).astype(np.float64)
    if training.class_weights == BALANCED:
        weights = np.where(counts > 0, counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1)), 1.0)
    else:
        weights = _from_table(weights_by_label(training.class_weights), dataset)
    mean = float((weights * counts).sum() / counts.sum())
    if not mean > 0:
        raise TrainingError("No training item counts in the loss.", "Give a label a weight in training.class_weights.")
    weights /= mean
    return ClassWeights(torch.from_numpy(weights.astype(np.float32)), _words(weights, counts, dataset.label_names))


def _from_table(table: Mapping[str, float], dataset: Dataset) -> Float[np.ndarray, " k"]:
    if unknown := [label for label in table if label not in dataset.label_names]:
        raise TrainingError(
            f"{dataset.title} has no label {unknown[0]!r} to weigh.",
            f"training.class_weights takes: {', '.join(dataset.label_names[:20])}.",
        )
    return np.array([table.get(label, 1.0) for label in dataset.label_names])


def _words(weights: Float[np.ndarray, " k"], counts: Float[np.ndarray, " k"], names: tuple[str, ...]) -> str:
    """Which labels count how much, and how many equally weighted items would vary as much: (sum w)^2 / sum w^2."""
    present = np.flatnonzero(counts)
    listed = ", ".join(f"{names[i]} {weights[i]:.3g} (n = {counts[i]:,.0f})" for i in present[:_LISTED])
    more = f" and {len(present) - _LISTED:,} more" if len(present) > _LISTED else ""
    worth = (weights * counts).sum() ** 2 / (weights**2 * counts).sum()
    return (
        f"Items count in the loss by their label: {listed}{more}. Losses of training and validation are weighted means"
        f" and vary like those of {worth:,.0f} equal items in place of {counts.sum():,.0f}; figures on test items are"
        " not weighted."
    )
