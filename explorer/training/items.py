"""The items of a training as batches on a device, and what a step cuts out of each."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from explorer.core.errors import TrainingError
from explorer.data.base import Dataset
from explorer.data.crops import Crops
from explorer.data.item_names import item_name
from explorer.evaluation import training_rows
from explorer.models import Reconstructor, VariationalAutoencoder
from explorer.recipe import Recipe
from explorer.training.class_weights import ClassWeights, class_weights_of
from explorer.training.schedule import batches_of

PART_ITEMS, PART_VALUES = 1024, 1 << 22
"""At most so many items, and so many numbers in them, are looked at at once where all are gone through."""
IN_MEMORY_BYTES = 2 << 30
"""A dataset up to this size is held as one tensor; a larger one is read from its memory map batch by batch."""


class Batches:
    """Chosen rows of a dataset as float batches on a device."""

    def __init__(self, dataset: Dataset, rows: Int[np.ndarray, " n"], device: torch.device) -> None:
        self._rows, self._dataset, self._device = rows, dataset, device
        size = len(rows) * dataset.x[:1].nbytes
        self._held = (
            torch.from_numpy(np.ascontiguousarray(dataset.x[rows])).to(device) if size <= IN_MEMORY_BYTES else None
        )

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def is_held(self) -> bool:
        """Whether all items are in memory; others are read from their file batch by batch."""
        return self._held is not None

    @property
    def event_shape(self) -> tuple[int, ...]:
        return self._dataset.event_shape

    def labels(self, indices: Int[Tensor, " n"]) -> Shaped[np.ndarray, " n"] | None:
        """(n,) labels of items by position, where there are any."""
        labels = self._dataset.labels
        return None if labels is None else np.asarray(labels[self._rows[indices.cpu().numpy()]])

    def weights(self, class_weights: ClassWeights) -> Float[Tensor, " n"]:
        """How much each item counts by its label, which there is; on the device."""
        assert self._dataset.labels is not None  # noqa: S101 - the weights are made from labels
        return class_weights.of(self._dataset.labels[self._rows]).to(self._device)

    def names(self, indices: Int[Tensor, " n"]) -> Shaped[np.ndarray, " n"]:
        """(n,) text, what items are called, by position."""
        return np.array([item_name(self._dataset, row) for row in self._rows[indices.numpy()].tolist()], str)

    def parts(self, model: Reconstructor | None = None) -> Iterator[Float[Tensor, "n *event"]]:
        """All items in their order, some at a time; until the next ones are asked for a model is told their labels."""
        at_once = max(1, min(PART_ITEMS, PART_VALUES // math.prod(self.event_shape)))
        for indices in torch.arange(len(self)).split(at_once):
            with contextlib.nullcontext() if model is None else self.telling(model, indices):
                yield self.batch(indices)

    def telling(self, model: Reconstructor, indices: Int[Tensor, " n"]) -> contextlib.AbstractContextManager[None]:
        """Within it a conditional model knows the labels of items by position; for others nothing changes."""
        labels = self.labels(indices) if model.n_labels else None
        return model.told(None if labels is None else torch.from_numpy(labels).to(self._device))

    def batch(
        self, indices: Int[Tensor, " n"], view: Callable[[Tensor], Tensor] = lambda items: items
    ) -> Float[Tensor, "n *event"]:
        """Items by position, after ``view`` has cut them as stored."""
        if self._held is None:
            stored = torch.from_numpy(np.array(self._dataset.x[self._rows[indices.cpu().numpy()]]))
            items = view(stored.to(self._device))
        else:
            items = view(self._held[indices])
        return items.float().div_(255) if items.dtype == torch.uint8 else items.float()


@dataclass(frozen=True, eq=False)
class TrainingItems:
    """What a training sees of its data.

    Args:
        train_rows, validation_rows: of the dataset; there may be none for validation.
        train: the items that are learnt from.
        validation: those that are validated on; data too small to have any is validated on what it is trained on, and
            its card says so.
        crops: what a step cuts out of each item.
        class_weights: how much items count by their label; None: all the same.
    """

    train_rows: Int[np.ndarray, " n"]
    validation_rows: Int[np.ndarray, " m"]
    train: Batches
    validation: Batches
    crops: Crops
    class_weights: ClassWeights | None = None

    @functools.cached_property
    def train_weights(self) -> Float[Tensor, " n"] | None:
        """How much each training item counts in the loss; None: all the same."""
        return None if self.class_weights is None else self.train.weights(self.class_weights)

    @functools.cached_property
    def validation_weights(self) -> Float[Tensor, " m"] | None:
        """The same of the items that are validated on."""
        return None if self.class_weights is None else self.validation.weights(self.class_weights)

    def count_labels(self, model: Reconstructor) -> None:
        """Let a conditional model know how many training items each label has; for others nothing changes."""
        if isinstance(model, VariationalAutoencoder) and model.n_labels:
            labels = self.train.labels(torch.arange(len(self.train)))
            assert labels is not None  # noqa: S101 - ``label_count`` has asked
            model.label_counts.copy_(torch.from_numpy(np.bincount(labels, minlength=model.n_labels)))

    def batches(self, recipe: Recipe, least: int) -> list[slice]:
        """The parts of an epoch's order, one a step.

        Args:
            recipe: that the items were chosen by.
            least: how many items a batch needs; a smaller rest joins the batch before.

        Raises:
            TrainingError: there are too few items, or the recipe's batches are too small.
        """
        n, size = len(self.train) * recipe.data.crops_per_item, recipe.training.batch_size
        if min(n, size) < least:
            raise TrainingError(
                f"Batch normalisation needs {least} items in each batch, and here one has {min(n, size)}.",
                f"Set model.batch_norm to false, or training.batch_size to {least} or more with as many items.",
            )
        return batches_of(n, size, least)


def items_of(recipe: Recipe, dataset: Dataset, device: torch.device) -> TrainingItems:
    """The items that a recipe chooses of a dataset, on the device.

    Raises:
        ExplorerError: the recipe does not fit the data.
    """
    part = recipe.data
    train_rows = training_rows(dataset, part.classes, "train", part.limit)
    validation_rows = training_rows(dataset, part.classes, "validation")
    if not len(train_rows):
        raise TrainingError(f"{dataset.title} has no training rows to learn from.", "Give more data or other classes.")
    train = Batches(dataset, train_rows, device)
    validation = Batches(dataset, validation_rows, device) if len(validation_rows) else train
    weights = class_weights_of(recipe, dataset, train_rows)
    return TrainingItems(train_rows, validation_rows, train, validation, crops_of(recipe, dataset), weights)


def label_count(recipe: Recipe, dataset: Dataset) -> int:
    """How many labels a conditional recipe's model has to know; 0 for others.

    Raises:
        TrainingError: the recipe is conditional, and the items have no labels, all the same one, or only some have one.
    """
    if not recipe.model.is_conditional:
        return 0
    labels, names = dataset.labels, recipe.data.classes or dataset.label_names
    why = ""
    if labels is None:
        why = "its items have none"
    elif len(names) < 2:
        why = f"all its items have the same one, {names[0]!r}" if names else "its items have none"
    elif (missing := int((np.asarray(labels) < 0).sum())) > 0:
        why = f"{missing:,} of its {len(labels):,} items have none"
    if why:
        raise TrainingError(
            f"A conditional model is told each item's label, and of {dataset.title} {why}.",
            "Set model.conditional to false, or say which column or folders hold the label.",
        )
    return len(dataset.label_names)


def crops_of(recipe: Recipe, dataset: Dataset) -> Crops:
    """What a step cuts out of each item, checked against the data."""
    part = recipe.data
    if (part.crop or part.augment) and dataset.kind == "table":
        raise TrainingError(
            "Rows of a table cannot be cut, mirrored or turned.", "Set data.crop to 0 and data.augment to false."
        )
    if part.crop and part.crop > min(dataset.event_shape[1:]):
        raise TrainingError(
            f"Crops of {part.crop} pixels do not fit into items of the shape {dataset.event_shape}.",
            "Lower data.crop.",
        )
    return Crops(part.crop, part.augment)
