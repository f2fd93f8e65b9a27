"""A small classifier whose inner code is the space in which generated images are compared with real ones.

Distances between images as pixels say little: a stroke moved by two pixels is as far as another digit. What a
classifier keeps of an image before it decides is nearer to what matters, for data like its own and no other.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int, Num
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import Tensor, nn

from explorer.checkpoints.files import read_tensors, write_tensors
from explorer.core import places
from explorer.core.errors import CheckpointError, DataError
from explorer.core.intervals import Rate, rate
from explorer.data.base import Dataset, Progress
from explorer.data.stored import as_float, batches

FEATURES_KEY = "explorer_features"
SIZE = 64
"""Numbers of the inner code."""
STEPS, BATCH, PASSES = 2_000, 128, 10
"""At least so many steps of so many items, and at least so many passes over them."""
ITEMS_AT_ONCE = 1024


class FeatureCard(BaseModel):
    """What a space of features is.

    Args:
        title: of the data that the classifier learnt from.
        fingerprints: of the datasets that it stands for.
        labels: what it tells apart.
        event_shape: of its images.
        n: items that it was trained on.
        split: which ones these were.
        accuracy: share of held-out items told right.
        held_out: which ones those were.
        seed: of weights and batches.
        licence: of the data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    title: str
    fingerprints: tuple[str, ...]
    labels: tuple[str, ...]
    event_shape: tuple[int, int, int]
    n: int
    split: str
    accuracy: Rate
    held_out: str
    seed: int
    licence: str

    @property
    def words(self) -> str:
        """What the space is, in one sentence without its full stop."""
        return (
            f"{SIZE} numbers inside a classifier of {self.title}, which tells {100 * self.accuracy.value:.1f} % of"
            f" {self.accuracy.n:,} {self.held_out} images right"
        )


class FeatureClassifier(nn.Module):
    """Two convolutions of stride 2, a layer of ``SIZE`` numbers (the features, after ReLU), and one score a label.

    Args:
        event_shape: (C, H, W), sides of at least 4.
        n_labels: two or more.
    """

    def __init__(self, event_shape: tuple[int, int, int], n_labels: int) -> None:
        super().__init__()
        channels, height, width = event_shape
        side = min(7, -(-min(height, width) // 4))
        self.body = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(side),
            nn.Flatten(),
            nn.Linear(16 * side * side, SIZE),
            nn.ReLU(),
        )
        self.head = nn.Linear(SIZE, n_labels)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n labels"]:
        scores: Tensor = self.head(self.body(x))
        return scores


class FeatureSpace:
    """A classifier with the card that says what it is."""

    def __init__(self, model: FeatureClassifier, card: FeatureCard) -> None:
        self.model, self.card = model.eval(), card

    @torch.inference_mode()
    def features(self, x: Num[np.ndarray, "n c h w"]) -> Float[np.ndarray, "n d"]:
        """(N, SIZE) float64 of images (N, C, H, W), uint8 or float in [0, 1]."""
        parts = [self.model.body(as_float(part)).numpy() for _, part in batches(x, ITEMS_AT_ONCE)]
        return np.concatenate(parts).astype(np.float64)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as one safetensors file."""
        return write_tensors(path, self.model.state_dict(), {FEATURES_KEY: self.card.model_dump_json()})


def trained_space(
    dataset: Dataset, seed: int = 0, like: tuple[Dataset, ...] = (), progress: Progress | None = None
) -> FeatureSpace:
    """Train a classifier on a dataset's training split, and measure it on its test split.

    Adam at 1e-3 along a half cosine, batches of 128; the last weights are kept, nothing is chosen by held-out items.

    Args:
        dataset: images with labels and a test split.
        like: other data that it stands for, none of whose items it is trained on.

    Raises:
        DataError: a table, no labels, one label alone, no test items, or images of less than 4 pixels a side.
    """
    train, test = dataset.splits.train, dataset.splits.test
    shape = dataset.event_shape
    if len(shape) != 3 or min(shape[1:]) < 4 or dataset.labels is None or not len(test):
        raise DataError(
            f"{dataset.title} has no space of features: it takes a classifier of images, with labels and a test split.",
            "Choose a dataset of labelled images.",
        )
    labels = torch.as_tensor(np.asarray(dataset.labels), dtype=torch.int64)
    if len(np.unique(labels[train])) < 2:
        raise DataError(
            f"{dataset.title} has training items of one label alone.",
            "Choose data of several labels, to be told apart.",
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = FeatureClassifier((shape[0], shape[1], shape[2]), len(dataset.label_names))
    for share in _fitted(model, dataset, train, labels, np.random.default_rng(seed)):
        if progress is not None:
            progress(share, f"training a classifier of {dataset.title}, in whose code samples are compared")
    right = 0
    with torch.inference_mode():
        for _, part in batches(test, ITEMS_AT_ONCE):
            right += int((model.eval()(dataset.tensor(part)).argmax(1) == labels[part]).sum())
    card = FeatureCard(
        title=dataset.title,
        fingerprints=(dataset.fingerprint, *(other.fingerprint for other in like)),
        labels=tuple(dataset.label_names),
        event_shape=(shape[0], shape[1], shape[2]),
        n=len(train),
        split="train",
        accuracy=rate(right, len(test)),
        held_out="test",
        seed=seed,
        licence=dataset.licence,
    )
    return FeatureSpace(model, card)


def space_for(dataset: Dataset, seed: int = 0, progress: Progress | None = None) -> FeatureSpace:
    """The shipped space of a dataset, else one that is trained now: 10 s for small images, more for large ones.

    Raises:
        DataError: see ``trained_space``.
    """
    shipped = shipped_space(dataset)
    return trained_space(dataset, seed, progress=progress) if shipped is None else shipped


def shipped_space(dataset: Dataset) -> FeatureSpace | None:
    """The space of a dataset that comes with the program, if one does."""
    for path in sorted((places.shipped("checkpoints") / "features").glob("*.safetensors")):
        space = load_space(path)
        if dataset.fingerprint in space.card.fingerprints:
            return space
    return None


def load_space(path: str | os.PathLike[str]) -> FeatureSpace:
    """Open a space of features.

    Raises:
        CheckpointError: the file is none, or damaged.
    """
    tensors, metadata = read_tensors(Path(path))
    try:
        card = FeatureCard.model_validate_json(metadata.get(FEATURES_KEY, ""))
        model = FeatureClassifier(card.event_shape, len(card.labels))
        model.load_state_dict(tensors)
    except (ValidationError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} holds no space of features.", "Make one: python benchmarks/feature_spaces.py"
        ) from error
    return FeatureSpace(model, card)


def _fitted(
    model: FeatureClassifier,
    dataset: Dataset,
    rows: Int[np.ndarray, " n"],
    labels: Int[Tensor, " m"],
    random: np.random.Generator,
) -> Iterator[float]:
    """Train, giving the share done after each pass."""
    each_pass = math.ceil(len(rows) / BATCH)
    passes = max(PASSES, math.ceil(STEPS / each_pass))
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, passes * each_pass)
    for done in range(passes):
        for _, part in batches(random.permutation(rows), BATCH):
            loss = nn.functional.cross_entropy(model(dataset.tensor(part)), labels[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        yield (done + 1) / passes
