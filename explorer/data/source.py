"""An entry of the registry: a dataset with a name, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int, Num

from explorer.data.base import Dataset, Masks, Progress
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint


@dataclass(frozen=True, eq=False)
class SourceItems:
    """What a source reads: the part of a `Dataset` that is not fixed by its registry entry.

    Args:
        x, labels, label_names, splits, feature_names, masks, files: as in `Dataset`.
        fingerprint: where it is already known, so that large data is not read again; else empty.
    """

    x: Num[np.ndarray, "n *event"]
    labels: Int[np.ndarray, " n"] | None
    label_names: tuple[str, ...]
    splits: Splits
    feature_names: tuple[str, ...] = ()
    fingerprint: str = ""
    masks: Masks | None = None
    files: Int[np.ndarray, " n"] | None = None


@dataclass(frozen=True)
class Source:
    """One entry of the registry: a named dataset and how to read it.

    Args:
        name, title, licence, source, held_out_for: as in `Dataset`.
        kind: what its items are.
        offline: whether it is there without a download.
        n_items: how many there are.
        event_shape: (C, H, W) for images, (D,) for table rows.
        read: called with the seed of the splits and with a progress callback or None.
        fingerprint: that its items had when it was added; empty where that is not recorded.
    """

    name: str
    title: str
    kind: Literal["image", "table"]
    licence: str
    source: str
    offline: bool
    n_items: int
    event_shape: tuple[int, ...]
    read: Callable[[int, Progress | None], SourceItems]
    held_out_for: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def size(self) -> str:
        """Items and shape in words, such as "5,000 images, 1x28x28"."""
        if self.kind == "table":
            return f"{self.n_items:,} rows, {self.event_shape[0]} columns"
        return f"{self.n_items:,} images, {'x'.join(map(str, self.event_shape))}"

    def load(self, seed: int = 0, progress: Progress | None = None) -> Dataset:
        """Read the items.

        Args:
            seed: of the splits that the source does not fix itself.
            progress: called while a long read goes on.

        Raises:
            DataError: the data is not on this machine, or damaged.
        """
        items = self.read(seed, progress)
        return Dataset(
            name=self.name,
            title=self.title,
            x=items.x,
            labels=items.labels,
            label_names=items.label_names,
            splits=items.splits,
            licence=self.licence,
            source=self.source,
            fingerprint=items.fingerprint or fingerprint(items.x, items.labels),
            feature_names=items.feature_names,
            held_out_for=self.held_out_for,
            masks=items.masks,
            files=items.files,
        )
