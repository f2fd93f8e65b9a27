"""Fitting a detector on images."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Int

from explorer.data.base import Dataset, Progress
from explorer.io.images.contract import ImageContract
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import (
    OWN_RECIPE,
    check_labels,
    check_number,
    default_scorer,
    model_splits,
    normal_in_words,
    of_checkpoint,
    of_weights,
    parts_for,
    trained_model,
    without_test,
)
from explorer.novelty.labels import check_mixture
from explorer.novelty.patches.resnet import ResNetFeatures
from explorer.recipe import Recipe


def fit_images(
    dataset: Dataset,
    normal_labels: Sequence[str] = (),
    recipe: Recipe | None = None,
    scorer: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    registered: bool = True,
    network: ResNetFeatures | None = None,
) -> Detector:
    """Fit a detector on the normal images of a dataset; arguments and errors as ``fit_table``.

    Args:
        normal_labels: none: all are normal, or of the layout mvtec the good parts.
        scorer: None: the one for images of this size; see ``fitting.default_scorer``.
        registered: whether the test items of a registered dataset are left out, so that they can be scored; those that
            data of one's own names are left out always.
        network: what pretrained patches look through, which are then the score.

    Raises:
        ExplorerError: a network, and a score that looks through none.
    """
    start = time.perf_counter()
    normal_labels = normal_labels or normal_by_layout(dataset)
    rows = normal_images(dataset, normal_labels, registered)
    check_number(len(rows), _named(dataset))
    scorer = scorer or default_scorer(dataset.event_shape) if network is None else of_weights(scorer)
    parts = parts_for(scorer, rows, seed)
    split_dataset = replace(dataset, splits=model_splits(parts.train, parts.validation))
    checkpoint = trained_model(recipe or image_recipe(split_dataset, seed), split_dataset, scorer, progress)
    return of_checkpoint(
        checkpoint,
        split_dataset,
        parts,
        scorer,
        normal=normal_in_words(dataset.title, "images", len(rows), len(dataset), normal_labels),
        normal_labels=normal_labels,
        start=start,
        progress=progress,
        network=network,
    )


def normal_images(dataset: Dataset, normal_labels: Sequence[str], registered: bool = True) -> Int[np.ndarray, " n"]:
    """Positions (n,) of the normal images, without those to test on; arguments as of ``fit_images``.

    Raises:
        DataError: labels that are not there, or that say that not every image is normal.
    """
    rows = np.arange(len(dataset))
    if normal_labels:
        check_labels(normal_labels, set(dataset.label_names), dataset.title)
        chosen = [dataset.label_names.index(label) for label in normal_labels]
        rows = np.flatnonzero(np.isin(np.asarray(dataset.labels), chosen))
    if registered or dataset.splits.are_given:
        rows = without_test(dataset.splits, rows)
    if not normal_labels and not registered and dataset.labels is not None:
        counts = Counter(np.array(dataset.label_names)[np.asarray(dataset.labels)[rows]].tolist())
        check_mixture(counts, dataset.title, all_normal="give a folder of normal images alone")
    return rows


def _named(dataset: Dataset) -> str:
    """Its title, with what its folders are where these say more than labels."""
    line = dataset.contract.layout_line if isinstance(dataset.contract, ImageContract) else ""
    return f"{dataset.title} ({line})" if line else dataset.title


def normal_by_layout(dataset: Dataset) -> tuple[str, ...]:
    """The label of the good parts of a folder with the layout mvtec; none of other data."""
    contract = dataset.contract
    return (contract.normal,) if isinstance(contract, ImageContract) and contract.normal else ()


def image_recipe(dataset: Dataset, seed: int = 0) -> Recipe:
    """A convolutional autoencoder that learns to fill in hidden blocks, sized so that it trains in a minute or so.

    Of images that are one pixel high or wide, which nothing can halve, a dense one.
    """
    n = len(dataset.splits.train)
    side = min(dataset.event_shape[1:])
    levels = max(1, min(4, int(math.log2(max(side, 2))) - 2))
    pixels = math.prod(dataset.event_shape[1:])
    # As many steps as take about half a minute on one core: their time grows with the pixels.
    steps_wanted = int(np.clip(900 * 784 / pixels, 150, 1500))
    batch = int(np.clip(2 ** round(math.log2(max(n, 1) / 8)), 8, 64))
    return Recipe.parse(
        {
            "name": OWN_RECIPE,
            "title": f"Denoising · {dataset.title}"[:120],
            "data": {"dataset": dataset.name},
            "model": {
                "family": "convolutional",
                "channels": [16, 32, 64, 64][:levels],
                "upsampling": "transposed",
                "activation": "leaky_relu",
                "latent_dim": 32,
            }
            if side > 1
            else {"family": "undercomplete", "hidden": [64], "latent_dim": 32},
            "corruption": {"kind": "blocks"},
            "training": {
                "epochs": max(1, math.ceil(steps_wanted / math.ceil(n / batch))),
                "batch_size": batch,
                "learning_rate": 2e-3,
                "seed": seed,
            },
        }
    )
