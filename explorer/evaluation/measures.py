"""Held-out figures of a model, with PCA's beside them."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import torch
from jaxtyping import Float, Int

from explorer.checkpoints import Checkpoint, Metric, VectorCheckpoint, require_both_halves
from explorer.core import metrics
from explorer.core.errors import DataError, ExplorerError
from explorer.core.gathered import gathered
from explorer.core.intervals import POSITIVE, mean_interval
from explorer.core.row_samples import spread_sample
from explorer.core.scale import shared_scale
from explorer.data.base import Dataset
from explorer.data.stored import batches
from explorer.evaluation.rows import training_rows
from explorer.models import Reconstructor, VariationalAutoencoder

MAX_STREAMED_SIZE = 4096
"""Images of so many values and fewer are all taken in, in parts: PCA then needs 128 MiB for their covariance."""
MAX_FIT_VALUES = 1 << 24
"""PCA is fitted on at most so many numbers, 128 MiB of them: in double precision it needs that several times over."""
ROWS_AT_ONCE = 1024
VALUES_AT_ONCE = ROWS_AT_ONCE * MAX_STREAMED_SIZE
"""Fewer rows of larger items: a layer of 64 channels makes 64 times as many numbers of a picture of 3x64x64."""


@torch.inference_mode()
def evaluate(
    checkpoint: Checkpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, seed: int = 0
) -> list[Metric]:
    """Reconstruction error, PSNR (images), for a variational model the ELBO and so on, over chosen rows.

    The ELBO bounds log p(x) in the data's own units, for tables too; the error of tables is in standard deviations.

    A photo denoiser is measured by the PSNR it reaches on noise of three levels instead.

    Args:
        rows: (n,) row numbers, n >= 1.
        split: what to call these rows.
        seed: of the posterior samples in the ELBO.

    Raises:
        DataError: no rows.
        ExplorerError: an encoder or a decoder alone.
    """
    require_both_halves(checkpoint)
    if not len(rows):
        raise DataError(f"There are no {split} rows in {dataset.title}.", "Choose another split.")
    generator = torch.Generator().manual_seed(seed)
    names: list[tuple[str, str]] = []

    def figures_of(part: Int[np.ndarray, " k"]) -> Float[np.ndarray, "k f"]:
        with telling(checkpoint, dataset, part):
            figures = checkpoint.model.item_figures(dataset.tensor(part), generator)
        names[:] = figures
        return torch.stack(list(figures.values()), 1).numpy()

    size = rows_at_once(dataset)
    parts = (figures_of(part) for _, part in batches(rows, size))
    of_items = [
        summary(name, unit, values, split, _bounds(name, checkpoint.model))
        for (name, unit), values in zip(names, gathered(parts, len(rows)).T, strict=True)
    ]
    together = checkpoint.model.split_figures(dataset.tensor(part) for _, part in batches(rows, size))
    return of_items + [
        Metric(name=name, unit=unit, value=value, split=split, n=len(rows)) for (name, unit), value in together.items()
    ]


def telling(checkpoint: Checkpoint, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> AbstractContextManager[None]:
    """Within it a conditional model knows the labels of a dataset's rows; for others nothing changes.

    Raises:
        ExplorerError: some of them have no label that the model knows.
    """
    labels = checkpoint.labels_of(dataset, rows)
    return nullcontext() if labels is None else checkpoint.model.told(torch.from_numpy(labels))


def rows_at_once(dataset: Dataset) -> int:
    """How many items go through a model together."""
    return max(1, min(ROWS_AT_ONCE, VALUES_AT_ONCE // math.prod(dataset.event_shape)))


def summary(
    name: str,
    unit: str,
    values: Float[np.ndarray, " n"],
    split: str,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Metric:
    """The mean over items with its 95 % interval; see ``mean_interval``.

    Args:
        bounds: lowest and highest value that the figure can have: the interval stays within.
    """
    mean = mean_interval(values, bounds)
    return Metric(**mean.model_dump(), name=name, unit=unit, split=split, n=len(values))


def _bounds(name: str, model: Reconstructor) -> tuple[float, float]:
    """Lowest and highest value that one of an item's figures can have."""
    if name == "reconstruction error":
        return POSITIVE
    if (
        name.startswith(("ELBO", "IWAE"))
        and isinstance(model, VariationalAutoencoder)
        and model.observation.is_probability
    ):
        return -math.inf, 0.0  # of probabilities; a density can be above 1
    return -math.inf, math.inf


def pca_error(
    dataset: Dataset, train_rows: Int[np.ndarray, " n"], rows: Int[np.ndarray, " m"], n_components: int, split: str
) -> Metric:
    """PCA's reconstruction error with as many components as a code has dimensions, fitted on the training rows.

    In the units of ``evaluate``: tables are standardised on the training rows. Of large tables, and of many images that
    are large themselves, it is fitted on a sample spread over these rows, and its name says so.
    """
    size = math.prod(dataset.event_shape)
    if dataset.kind == "image" and n_components <= size <= min(MAX_STREAMED_SIZE, len(train_rows)):
        train_parts = (dataset.tensor(part) for _, part in batches(train_rows, ROWS_AT_ONCE))
        pca = metrics.streamed_pca(train_parts, n_components)
        test_parts = (dataset.tensor(part) for _, part in batches(rows, ROWS_AT_ONCE))
        errors = gathered((metrics.pca_errors(part, *pca) for part in test_parts), len(rows))
        name = f"PCA, {n_components} components: reconstruction error"
        return summary(name, "squared error per image", errors, split, POSITIVE)
    fitted = spread_sample(train_rows, max(n_components, MAX_FIT_VALUES // size))
    x_train = dataset.tensor(fitted).flatten(1).numpy()
    mean, std = np.zeros(x_train.shape[1], np.float32), np.ones(x_train.shape[1], np.float32)
    if dataset.kind == "table":
        mean, std = x_train.mean(0), shared_scale(x_train.std(0), dataset.categories.values())
        std[std == 0] = 1
        x_train = (x_train - mean) / std
    pca = metrics.fitted_pca(x_train, n_components)
    parts = (dataset.tensor(part).flatten(1).numpy() for _, part in batches(rows, rows_at_once(dataset)))
    errors = gathered((metrics.pca_errors((part - mean) / std, *pca) for part in parts), len(rows))
    unit = "squared error per image" if dataset.kind == "image" else "squared error per row, in standard deviations"
    sampled = f", fitted on {len(fitted):,} of {len(train_rows):,} items" if len(fitted) < len(train_rows) else ""
    name = f"PCA, {n_components} components{sampled}: reconstruction error"
    return summary(name, unit, errors, split, POSITIVE)


def pca_beside(checkpoint: Checkpoint, dataset: Dataset, rows: Int[np.ndarray, " m"], split: str) -> Metric | None:
    """PCA's error of the same rows with as many components as the code has numbers, fitted on the training rows.

    Args:
        split: what the rows are to the model.

    Returns:
        None where they cannot be compared: a model without codes, with codes of whole numbers or that is told labels, a
        code as large as an item, fewer training rows than components, none of its classes, or rows that PCA would be
        fitted on, which would flatter it.
    """
    if checkpoint.labels:  # PCA would have to do without them
        return None
    classes, limit = checkpoint.card.classes, checkpoint.card.recipe.data.limit
    if dataset.label_names and not set(classes) <= set(dataset.label_names):  # data of other classes
        return None
    train_rows = training_rows(dataset, classes if dataset.label_names else (), "train", limit)
    size = checkpoint.card.code_size
    if isinstance(checkpoint, VectorCheckpoint) and checkpoint.model.code_bits is not None:
        return None  # its entries have as many numbers as one likes
    if size is None or size >= math.prod(dataset.event_shape) or size > len(train_rows):
        return None
    if split == "train" or np.isin(rows, train_rows).any():
        return None
    return pca_error(dataset, train_rows, rows, size, split)


@torch.inference_mode()
def iwae_bound(
    checkpoint: Checkpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, k: int = 200, seed: int = 0
) -> Metric:
    """The importance-weighted bound with k samples over chosen rows (Burda et al. 2016, equation 8).

    Raises:
        ExplorerError: the model is not variational.
    """
    model = checkpoint.model
    if not isinstance(model, VariationalAutoencoder):
        raise ExplorerError(f"{checkpoint.name} is not variational: it has no such bound.", "Leave it out.")
    generator = torch.Generator().manual_seed(seed)

    def bounds_of(part: Int[np.ndarray, " k"]) -> Float[np.ndarray, " k"]:
        with telling(checkpoint, dataset, part):
            return metrics.iwae_bound(model.log_importance_weights(dataset.tensor(part), k, generator)).numpy()

    parts = (bounds_of(part) for _, part in batches(rows, min(512, rows_at_once(dataset))))
    return summary(f"IWAE bound, {k} samples", "nats", gathered(parts, len(rows)), split)
