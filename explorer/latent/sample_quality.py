"""How good a model's samples are, in figures: beside them real items and a Gaussian of principal components."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num

from explorer import evaluation
from explorer.checkpoints import Metric, VectorCheckpoint
from explorer.core.errors import DataError
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset, Progress
from explorer.data.stored import as_float
from explorer.evaluation.feature_classifier import FeatureSpace, space_for
from explorer.evaluation.generation import frechet_interval, precision_and_recall
from explorer.evaluation.measures import MAX_FIT_VALUES
from explorer.latent.sampling import sample_codes
from explorer.models import VariationalAutoencoder

MAX_ITEMS = 5_000
"""Held-out items, and as many samples, at most."""
MIN_ITEMS = 100
"""Below, covariances of 64 numbers and third neighbours say nothing."""
COMPONENTS = 50
"""Of the Gaussian beside: it knows means and covariances of pixels, and no more."""
BOUND_ITEMS, BOUND_SAMPLES = 1_000, 200


@dataclass(frozen=True)
class SampleQuality:
    """Figures of samples and of what stands beside them.

    Args:
        features: the space that they are measured in, in words.
        origin: where the samples' codes come from.
        compared_with: the held-out items, and the real ones beside, in words.
        metrics: Fréchet distance, precision and recall of each; of a variational model its bound as well.
    """

    features: str
    origin: str
    compared_with: str
    metrics: list[Metric]


def sample_quality(
    checkpoint: VectorCheckpoint,
    dataset: Dataset,
    rows: Int[np.ndarray, " n"],
    split: str,
    seed: int = 0,
    space: FeatureSpace | None = None,
    progress: Progress | None = None,
    with_bound: bool = True,
) -> SampleQuality:
    """Compare samples of a model with held-out items, by what a classifier keeps of both.

    Samples are decoded codes as pages show them: the decoder's means, without a likelihood's noise. Beside them stand,
    in equal number, real items that are not among the held-out ones, which no model should beat but by chance or by
    copying, and samples of a Gaussian in the space of ``COMPONENTS`` principal components fitted on all of those (of
    large data: on at most ``MAX_FIT_VALUES`` numbers, spread over them).

    Args:
        rows: held-out items; at most ``MAX_ITEMS``, spread over them, are taken. Where they are all items that there
            are, a half drawn by the seed stands for the real items beside.
        split: what to call these rows.
        seed: of samples, halves and intervals.
        space: where to compare; None: the shipped one of this data, or one trained now on its training split.
        with_bound: of a variational model, the importance-weighted bound as well, which takes longest.

    Raises:
        DataError: a table, fewer than ``MIN_ITEMS`` items to compare, or data that no classifier can be had for.
    """
    if dataset.kind != "image":
        raise DataError(
            f"{dataset.title} is a table: samples are compared by what a classifier of images keeps.",
            "Choose a model of images.",
        )
    classes = checkpoint.card.recipe.data.classes
    if classes and set(classes) <= set(dataset.label_names) and dataset.labels is not None:
        known = [dataset.label_names.index(name) for name in classes]
        rows = rows[np.isin(np.asarray(dataset.labels)[rows], known)]
        others = evaluation.training_rows(dataset, classes, "train")
    else:
        others = dataset.splits.train
    others = np.setdiff1d(others, rows)
    words = "training"
    if len(others) < MIN_ITEMS:
        mixed = np.random.default_rng(seed).permutation(rows)
        rows, others = np.sort(mixed[: len(mixed) // 2]), np.sort(mixed[len(mixed) // 2 :])
        words = f"other {split}"
    n = min(len(rows), len(others), MAX_ITEMS)
    if n < MIN_ITEMS:
        raise DataError(
            f"Samples are compared with {MIN_ITEMS} held-out items or more, and there are {n:,}.",
            "Say --split all, or choose larger data.",
        )
    held_rows, beside_rows = spread_sample(rows, n), spread_sample(others, n)
    fitted_rows = spread_sample(others, max(n, MAX_FIT_VALUES // math.prod(dataset.event_shape)))
    space = space_for(dataset, seed, progress) if space is None else space
    codes, origin = sample_codes(checkpoint, n, seed)
    held = space.features(dataset.x[held_rows])
    sets = {
        "samples": as_images(checkpoint.decode(codes), dataset),
        f"real {words} items": dataset.x[beside_rows],
        "Gaussian of principal components": gaussian_samples(as_float(dataset.x[fitted_rows]).numpy(), n, seed),
    }
    metrics = []
    for name, images in sets.items():
        made = space.features(images)
        distance = frechet_interval(held, made, seed)
        unit = "squared units of the features"
        metrics.append(Metric(name=f"{name}: Fréchet distance", unit=unit, split=split, n=n, **distance.model_dump()))
        for title, share in zip(("precision", "recall"), precision_and_recall(held, made), strict=True):
            values = share.model_dump(exclude={"count", "n"})
            metrics.append(Metric(name=f"{name}: {title}", unit="share", split=split, n=n, **values))
    if with_bound and isinstance(checkpoint.model, VariationalAutoencoder):
        bounded = spread_sample(rows, BOUND_ITEMS)
        metrics.append(evaluation.iwae_bound(checkpoint, dataset, bounded, split, BOUND_SAMPLES, seed))
    compared = f"{n:,} {split} items of {dataset.title}; as many samples, and as many {words} items beside"
    return SampleQuality(space.card.words, origin, compared, metrics)


def as_images(x: Num[np.ndarray, "n *event"], dataset: Dataset) -> Float[np.ndarray, "n c h w"]:
    """Decoded values as a picture would show them: within [0, 1]."""
    return np.clip(x, 0, 1).reshape(len(x), *dataset.event_shape).astype(np.float32)


def gaussian_samples(x: Float[np.ndarray, "n c h w"], n: int, seed: int = 0) -> Float[np.ndarray, "m c h w"]:
    """(n, C, H, W) drawn from a Gaussian in the space of principal components of some images, within [0, 1].

    Args:
        x: (N, C, H, W) float in [0, 1].
    """
    flat = x.reshape(len(x), -1)
    pca = pca_of(flat, min(COMPONENTS, *flat.shape))
    noise = np.random.default_rng(seed).standard_normal((n, pca.n_components_))
    made = pca.mean_ + (noise * np.sqrt(pca.explained_variance_)) @ pca.components_
    return np.clip(made, 0, 1).reshape(n, *x.shape[1:]).astype(np.float32)
