"""The items of a training as batches on a device, and what a step cuts out of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from explorer.core.errors import TrainingError
from explorer.data.base import Dataset
from explorer.data.crops import Crops
from explorer.recipe import Recipe

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
    def event_shape(self) -> tuple[int, ...]:
        return self._dataset.event_shape

    def labels(self, indices: Int[Tensor, " n"]) -> Shaped[np.ndarray, " n"] | None:
        """(n,) labels of items by position, where there are any."""
        labels = self._dataset.labels
        return None if labels is None else np.asarray(labels[self._rows[indices.numpy()]])

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
