"""Data sorted by class before it was split, so that validation items are of other classes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Int

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, figure
from explorer.diagnosis.record import TrainingRecord

APART = 0.25
"""Total variation between the class shares of two splits; a quarter of the items would have to change class."""
UNLIKELY = 1e-6
"""How likely such class shares have to be where the split was drawn by lot."""


def shares_apart(train: Int[np.ndarray, " n"], validation: Int[np.ndarray, " m"]) -> tuple[float, float]:
    """How far the shares of classes in two splits are apart, and how likely that is by chance.

    Args:
        train, validation: labels, n and m of them.

    Returns:
        Total variation in [0, 1], and the p-value of the chi-square test of homogeneity.

    Source: Pearson 1900.
    """
    from scipy.stats import chi2_contingency

    names = np.unique(np.concatenate([train, validation]))
    counts = np.array([[(labels == name).sum() for name in names] for labels in (train, validation)])
    if len(names) < 2:
        return 0.0, 1.0
    shares = counts / counts.sum(1, keepdims=True)
    apart = 0.5 * float(np.abs(shares[0] - shares[1]).sum())
    return apart, float(chi2_contingency(counts).pvalue)


class SortedClasses(Examination):
    """Whether the classes of the validation items are those of the training items."""

    name: ClassVar[str] = "sorted classes"
    title: ClassVar[str] = "Validation items are of other classes"
    summary: ClassVar[str] = (
        "The class shares of training and validation items differ by a quarter or more, and not by chance (p < 1e-6)."
    )
    needs: ClassVar[Needs] = "items"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        dataset = record.dataset
        if dataset is None or dataset.labels is None or not len(record.validation_rows):
            return None
        train, validation = dataset.labels[record.train_rows], dataset.labels[record.validation_rows]
        apart, p = shares_apart(train, validation)
        if apart <= APART or p >= UNLIKELY:
            return None
        missing = len(set(np.unique(validation).tolist()) - set(np.unique(train).tolist()))
        return self.finding(
            "wrong",
            [
                figure("class shares of the two splits apart", apart, "total variation", "validation", len(validation)),
                figure("classes that were never learnt from", missing, "classes", "validation", len(validation)),
                figure("chance of that in a random split", p, "p-value", "validation", len(validation)),
            ],
            "The data look sorted by class and cut in that order: the validation loss is that of other things than were"
            " learnt.",
            "Shuffle the items before they are split, or leave the splits to the program.",
        )
