"""How far a few labels go: a simple classifier on codes, on PCA and on the items themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Int, Shaped
from pydantic import BaseModel, ConfigDict

from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.core.errors import DataError
from explorer.core.intervals import Interval, mean_interval
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.evaluation.rows import training_rows

LABELS = (1, 2, 3, 5, 10, 20, 30, 50, 100)
"""Labels per class that are tried where nothing else is said."""
DRAWS = 20
MAX_TEST, MAX_PCA = 2_000, 10_000
CODE, ITEMS = "code", "items themselves"


class FewLabels(BaseModel):
    """The accuracy that some labels per class give.

    Args:
        labels: how many per class.
        inputs: what the classifier sees: ``CODE``, PCA, or ``ITEMS``.
        accuracy: share of held-out items given their label, the mean over the draws, with its 95 % interval over them.
        draws: how often the labelled items were drawn anew.
        n: held-out items.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: int
    inputs: str
    accuracy: Interval
    draws: int
    n: int


def few_labels(
    checkpoint: VectorCheckpoint, dataset: Dataset, labels: Sequence[int] = LABELS, draws: int = DRAWS, seed: int = 0
) -> list[FewLabels]:
    """Accuracy of the nearest labelled item on the code, on as many principal components, and on the items themselves.

    The labelled items are drawn from the training split, whose other labels are not used; up to 2,000 items of the test
    split are classified. PCA is fitted on up to 10,000 training items without their labels.

    Args:
        dataset: with labels; tables count in standard deviations of the training rows.

    Returns:
        For each number of labels, the three in this order.

    Raises:
        DataError: no labels, no test items, or a class with fewer training items than labels are asked for.
    """
    classes = checkpoint.card.recipe.data.classes
    train, test = (training_rows(dataset, classes, split) for split in ("train", "test"))
    if dataset.labels is None or not len(test):
        raise DataError(
            f"{dataset.title} has no {'labels' if dataset.labels is None else 'test items'}.",
            "Choose data that has labels and a test split.",
        )
    test = spread_sample(test, MAX_TEST)
    known = np.asarray(dataset.labels)
    chosen = [drawn_labels(known[train], max(labels), np.random.default_rng([seed, draw])) for draw in range(draws)]
    used, places = np.unique(np.stack(chosen), return_inverse=True)
    rows = train[used]
    x, x_test = (checkpoint.model.input(dataset.tensor(r)).flatten(1).numpy() for r in (rows, test))
    fitted_on = checkpoint.model.input(dataset.tensor(spread_sample(train, MAX_PCA))).flatten(1).numpy()
    size = min(checkpoint.latent_dim, *fitted_on.shape)
    mean, components = metrics.fitted_pca(fitted_on, size)
    inputs = {
        CODE: (checkpoint.encode(dataset.x[rows]), checkpoint.encode(dataset.x[test])),
        f"PCA, {size} components": ((x - mean) @ components.T, (x_test - mean) @ components.T),
        ITEMS: (x, x_test),
    }
    return accuracies(inputs, known[rows], known[test], places.reshape(draws, -1), labels)


def accuracies(
    inputs: Mapping[str, tuple[Shaped[np.ndarray, "n *event"], Shaped[np.ndarray, "m *event"]]],
    y: Shaped[np.ndarray, " n"],
    y_test: Shaped[np.ndarray, " m"],
    drawn: Int[np.ndarray, "draws k"],
    labels: Sequence[int],
) -> list[FewLabels]:
    """Accuracy of the nearest labelled item for each number of labels and each kind of input.

    Args:
        inputs: name -> what a classifier sees of the items that may be labelled, and of the held-out ones.
        y, y_test: their labels.
        drawn: positions among the first in each draw, as ``drawn_labels`` orders them.
        labels: how many per class.
    """
    n_classes = len(np.unique(y[drawn[0]]))
    answers = []
    for count in labels:
        for name, (z, z_test) in inputs.items():
            given = [positions[: count * n_classes] for positions in drawn]
            shares = np.array([1 - metrics.knn_probe(z[p], y[p], z_test, y_test) for p in given])
            accuracy = mean_interval(shares, (0.0, 1.0))
            answers.append(FewLabels(labels=count, inputs=name, accuracy=accuracy, draws=len(drawn), n=len(y_test)))
    return answers


def drawn_labels(y: Shaped[np.ndarray, " n"], at_most: int, random: np.random.Generator) -> Int[np.ndarray, " k"]:
    """Positions of items to be labelled: one of each class, then a second of each, and so on; none twice.

    So the first 3 C positions of C classes are three of each, and the items of few labels are among those of more.

    Raises:
        DataError: a class has fewer items than that.
    """
    names, counts = np.unique(y, return_counts=True)
    if counts.min() < at_most:
        raise DataError(
            f"A class has {counts.min():,} items to label, and {at_most:,} of each are asked for.",
            f"Ask for at most {counts.min():,} labels per class.",
        )
    each = [random.permutation(np.flatnonzero(y == name))[:at_most] for name in names]
    return np.stack(each, axis=1).ravel()
