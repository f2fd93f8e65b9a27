"""What the first numbers of a code are worth on their own: the error at each width, with PCA's beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int

from explorer.checkpoints import Metric, VectorCheckpoint
from explorer.core import metrics
from explorer.core.errors import ExplorerError
from explorer.core.intervals import POSITIVE
from explorer.data.base import Dataset
from explorer.evaluation.measures import summary
from explorer.penalties import NestedDropout


def first_numbers(z: Float[np.ndarray, "n d"], width: int) -> Float[np.ndarray, "n d"]:
    """The codes with all but their first ``width`` numbers at 0, as nested dropout shows them to the decoder."""
    return np.where(np.arange(z.shape[1]) < width, z, 0).astype(z.dtype)


def errors_by_width(
    checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, widths: Sequence[int]
) -> list[Metric]:
    """The reconstruction error with the first 1, 2, … numbers of the code, over chosen rows.

    Args:
        split: what to call these rows.
        widths: how many numbers, each from 1 to the size of the code.

    Raises:
        ExplorerError: the model's code has no order: it was not trained with nested dropout.
    """
    if not isinstance(checkpoint.card.recipe.penalty, NestedDropout):
        raise ExplorerError(
            f"The code of {checkpoint.name} has no order.", "Choose a model that was trained with nested dropout."
        )
    x, z = dataset.tensor(rows), checkpoint.encode(dataset.x[rows])
    answers = []
    for width in widths:
        x_hat = torch.from_numpy(checkpoint.decode(first_numbers(z, width)))
        errors = checkpoint.model.reconstruction_error(x, x_hat).numpy()
        answers.append(summary("reconstruction error", "squared error per item", errors, split, POSITIVE))
    return answers


def pca_errors_by_width(
    dataset: Dataset,
    train_rows: Int[np.ndarray, " n"],
    rows: Int[np.ndarray, " m"],
    split: str,
    widths: Sequence[int],
) -> list[Metric]:
    """The same of PCA with as many components, fitted once on the training rows; of images."""
    x_train, x = (dataset.tensor(r).flatten(1).numpy() for r in (train_rows, rows))
    mean, components = metrics.fitted_pca(x_train, max(widths))
    return [
        summary(
            "reconstruction error",
            "squared error per item",
            metrics.pca_errors(x, mean, components[:width]),
            split,
            POSITIVE,
        )
        for width in widths
    ]
