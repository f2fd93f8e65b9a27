"""The card of a trained model: what it learnt from and how good it is on items that were held out."""

from __future__ import annotations

import datetime
import platform
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Int

from explorer import diagnosis, evaluation
from explorer.checkpoints import Card, Checkpoint, DataCard, VectorCheckpoint
from explorer.core.row_samples import spread_sample
from explorer.core.version import VERSION
from explorer.data.base import Dataset
from explorer.models import Reconstructor
from explorer.recipe import Recipe


def card_of(
    recipe: Recipe, dataset: Dataset, model: Reconstructor, n_train: int, n_validation: int, **trained: Any
) -> Card:
    """The card of a trained model, without the figures that ``describe`` measures.

    Args:
        n_train, n_validation: how many items of the dataset it learnt from and was chosen by.
        trained: the card's fields that say how the training went.
    """
    return Card(
        recipe=recipe,
        data=DataCard(
            name=dataset.name,
            title=dataset.title,
            kind=dataset.kind,
            event_shape=dataset.event_shape,
            label_names=dataset.label_names,
            feature_names=dataset.feature_names,
            fingerprint=dataset.fingerprint,
            licence=dataset.licence,
            source=dataset.source,
            splits=dataset.splits.note,
            n_train=n_train,
            n_validation=n_validation,
            contract=dataset.contract,
            parts=dataset.parts,
        ),
        weights=sum(p.numel() for p in model.parameters()),
        versions={"explorer": VERSION, "torch": torch.__version__, "python": platform.python_version()},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        licence=f"Weights: MIT. Trained on {dataset.title} ({dataset.licence}).",
        **trained,
    )


def describe(
    checkpoint: Checkpoint, dataset: Dataset, train_rows: Int[np.ndarray, " n"], validation_rows: Int[np.ndarray, " m"]
) -> Checkpoint:
    """A checkpoint whose card has figures on the test split, statistics of its codes, calibration errors and findings.

    Statistics and errors are left out of models whose code is no vector.
    """
    test_rows = evaluation.training_rows(dataset, checkpoint.card.classes, "test")
    test_rows, validation_rows = (checkpoint.known_rows(dataset, rows) for rows in (test_rows, validation_rows))
    figures = evaluation.evaluate(checkpoint, dataset, test_rows, "test") if len(test_rows) else []
    update: dict[str, Any] = {"metrics": tuple(figures)}
    if isinstance(checkpoint, VectorCheckpoint):
        update |= _statistics(checkpoint, dataset, train_rows, validation_rows)
    update["findings"] = diagnosis.diagnose_checkpoint(checkpoint, dataset)
    return replace(checkpoint, card=checkpoint.card.model_copy(update=update))


def _statistics(
    checkpoint: VectorCheckpoint, dataset: Dataset, train_rows: np.ndarray, validation_rows: np.ndarray
) -> dict[str, Any]:
    measured = validation_rows if len(validation_rows) else train_rows
    measured_rows = spread_sample(measured, evaluation.MAX_STATISTICS_ITEMS)
    train_rows = spread_sample(train_rows, evaluation.MAX_STATISTICS_ITEMS)
    x, labels = dataset.tensor(measured_rows), checkpoint.labels_of(dataset, measured_rows)
    codes = checkpoint.encode(dataset.tensor(train_rows), checkpoint.labels_of(dataset, train_rows))
    kl = None
    if checkpoint.card.recipe.model.has_standard_normal:  # of another prior the KL is no sum over dimensions
        kl = evaluation.mean_kl_per_dimension(*checkpoint.posterior(x, labels))
    return {
        "latent": evaluation.latent_statistics(codes, "train"),
        "calibration": evaluation.thinned(checkpoint.reconstruction_errors(x, labels)),
        "kl_per_dimension": kl,
    }
