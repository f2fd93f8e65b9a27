"""Held-out figures of a model, and which rows of a dataset count as held out for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from explorer.checkpoints import Checkpoint, LatentStatistics, Metric
from explorer.core import likelihood, metrics
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Dataset, Split, Subset
from explorer.models import VariationalAutoencoder

LEVELS = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
MAX_COVARIANCE_DIM = 256
MAX_STATISTICS_ITEMS = 10_000


def rows_for(checkpoint: Checkpoint, dataset: Dataset) -> tuple[np.ndarray, str]:
    """Rows of ``dataset`` to show for a checkpoint, and words for what they are to it.

    The test split where it was trained on this dataset, split this way; every row where none was trained on; else
    every row, with a label that says so or claims nothing.

    Returns:
        (n,) row numbers, and a label such as "test".
    """
    trained_on = checkpoint.card.data
    if trained_on.fingerprint == dataset.fingerprint:
        if trained_on.splits == dataset.splits.note:
            return dataset.splits.test, "test"
        # The same items cut by another seed: its test rows were trained on.
        return np.arange(len(dataset)), "partly trained on"
    if trained_on.name in dataset.held_out_for:
        return np.arange(len(dataset)), "held out"
    return np.arange(len(dataset)), "other data"


def evenly_spaced(rows: np.ndarray, limit: int) -> np.ndarray:
    """At most ``limit`` of the rows, evenly spread; the same ones every time."""
    return rows if len(rows) <= limit else rows[np.linspace(0, len(rows) - 1, limit).round().astype(int)]


def training_rows(dataset: Dataset, classes: tuple[str, ...], split: Split, limit: int | None = None) -> np.ndarray:
    """Row numbers of a split, restricted to classes and to the first ``limit``.

    Raises:
        DataError: a class the dataset does not have, or nothing left.
    """
    subset = dataset.split(split)
    rows = subset.indices
    if classes:
        rows = rows[class_mask(dataset, subset, classes)]
    return rows if limit is None else rows[:limit]


def class_mask(dataset: Dataset, subset: Subset, classes: tuple[str, ...]) -> np.ndarray:
    """(n,) bool: which rows of the subset have one of these labels."""
    unknown = [name for name in classes if name not in dataset.label_names]
    if unknown or subset.labels is None:
        raise DataError(
            f"{dataset.title} has no class {unknown[0] if unknown else classes[0]!r}.",
            f"Its classes: {', '.join(dataset.label_names) or 'none'}.",
        )
    return np.isin(subset.labels, [dataset.label_names.index(name) for name in classes])


@torch.inference_mode()
def evaluate(checkpoint: Checkpoint, dataset: Dataset, rows: np.ndarray, split: str, seed: int = 0) -> list[Metric]:
    """Reconstruction error, PSNR (images) and, for a variational model, the ELBO, over chosen rows.

    The ELBO bounds log p(x) in the data's own units, for tables too; the error of tables is in standard deviations.

    A photo denoiser is measured by the PSNR it reaches on noise of three levels instead.

    Args:
        rows: (n,) row numbers, n >= 1.
        split: what to call these rows.
        seed: of the posterior samples in the ELBO.

    Raises:
        DataError: no rows.
    """
    if not len(rows):
        raise DataError(f"There are no {split} rows in {dataset.title}.", "Choose another split.")
    per_item: dict[tuple[str, str], list[np.ndarray]] = {}
    generator = torch.Generator().manual_seed(seed)
    for start in range(0, len(rows), 1024):
        x = dataset.tensor(rows[start : start + 1024])
        for key, values in checkpoint.model.item_figures(x, generator).items():
            per_item.setdefault(key, []).append(values.numpy())
    return [summary(name, unit, np.concatenate(values), split) for (name, unit), values in per_item.items()]


def summary(name: str, unit: str, values: np.ndarray, split: str) -> Metric:
    """The mean over items with its 95 % interval (normal approximation; the items are many)."""
    values = values.astype(np.float64)
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else None
    mean = float(values.mean())
    low, high = (None, None) if half is None else (mean - float(half), mean + float(half))
    return Metric(name=name, value=mean, unit=unit, split=split, n=len(values), low=low, high=high)


def pca_error(dataset: Dataset, train_rows: np.ndarray, rows: np.ndarray, n_components: int, split: str) -> Metric:
    """PCA's reconstruction error with as many components as a code has dimensions, fitted on the training rows.

    In the units of ``evaluate``: tables are standardised on the training rows.
    """
    x_train, x = (dataset.tensor(r).flatten(1).numpy() for r in (train_rows, rows))
    if dataset.kind == "table":
        mean, std = x_train.mean(0), x_train.std(0)
        std[std == 0] = 1
        x_train, x = (x_train - mean) / std, (x - mean) / std
    errors = metrics.pca_baseline(x_train, x, n_components)
    unit = "squared error per image" if dataset.kind == "image" else "squared error per row, in standard deviations"
    return summary("reconstruction error", unit, np.asarray(errors), split)


@torch.inference_mode()
def iwae_bound(
    checkpoint: Checkpoint, dataset: Dataset, rows: np.ndarray, split: str, k: int = 200, seed: int = 0
) -> Metric:
    """The importance-weighted bound with k samples over chosen rows (Burda et al. 2016, equation 8).

    Raises:
        ExplorerError: the model is not variational.
    """
    model = checkpoint.model
    if not isinstance(model, VariationalAutoencoder):
        raise ExplorerError(f"{checkpoint.name} is not variational: it has no such bound.", "Leave it out.")
    generator = torch.Generator().manual_seed(seed)
    bounds = []
    for start in range(0, len(rows), 512):
        x = dataset.tensor(rows[start : start + 512])
        weights = model.log_importance_weights(x, k, generator)
        bounds.append(metrics.iwae_bound(weights).numpy())
    return summary(f"IWAE bound, {k} samples", "nats", np.concatenate(bounds), split)


def latent_statistics(codes: np.ndarray, split: str) -> LatentStatistics:
    """Mean, spread, covariance and quantiles of (n, latent_dim) codes, rounded for the card."""
    covariance = None
    if codes.shape[1] <= MAX_COVARIANCE_DIM and len(codes) > 1:
        covariance = _rounded(np.atleast_2d(np.cov(codes, rowvar=False)))
    return LatentStatistics(
        n=len(codes),
        split=split,
        mean=_rounded(codes.mean(0)),
        std=_rounded(codes.std(0)),
        covariance=covariance,
        levels=LEVELS,
        quantiles=_rounded(np.quantile(codes, LEVELS, axis=0)),
    )


def mean_kl_per_dimension(mu: np.ndarray, logvar: np.ndarray) -> tuple[float, ...]:
    """(latent_dim,) KL of each dimension from the prior, in nats, averaged over the items."""
    return _rounded(likelihood.kl_per_dimension(torch.from_numpy(mu), torch.from_numpy(logvar)).mean(0).numpy())


def thinned(values: np.ndarray, n: int = 1000) -> tuple[float, ...]:
    """Sorted values, thinned to at most ``n`` evenly spaced order statistics."""
    ordered = np.sort(values)
    if len(ordered) > n:
        ordered = ordered[np.linspace(0, len(ordered) - 1, n).round().astype(int)]
    return _rounded(ordered)


def _rounded(values: np.ndarray) -> tuple:
    """Nested tuples of floats with six significant digits."""
    if values.ndim > 1:
        return tuple(_rounded(row) for row in values)
    round6: Callable[[float], float] = lambda v: float(f"{v:.6g}")  # noqa: E731
    return tuple(round6(float(v)) for v in values)
