"""Two baselines that say where a picture is not as normal ones are: maps by PCA, and the nearest normal patches."""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.core.neighbours import nearest
from explorer.core.row_samples import spread_sample
from explorer.data.stored import as_float
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.local_error import smoothed

MAX_IMAGES = 500
"""Baselines learn from so many normal images at most."""


class LocalBaseline(ImageScore):
    """Images as a whole become small maps; the highest value of the smoothed map is the score."""

    blur = 1.0
    """Of the map, in its own cells."""

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        self._settle_shape(normal)
        self._fit_images(spread_sample(normal, MAX_IMAGES))
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return np.array([float(self._smooth(item).max()) for item in self._checked(x)], np.float64)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how anomalous each place is; its highest value is about the score."""
        size = tuple(self.event_shape_[1:].tolist())
        maps = [F.interpolate(self._smooth(item), size, mode="bilinear")[0, 0].numpy() for item in self._checked(x)]
        return np.stack(maps) if maps else np.empty((0, *size), np.float32)

    def _smooth(self, item: np.ndarray) -> Tensor:
        return smoothed(self._map(as_float(item))[None, None], self.blur)

    @abstractmethod
    def _fit_images(self, normal: np.ndarray) -> None: ...

    @abstractmethod
    def _map(self, image: Tensor) -> Tensor:
        """(C, H, W) in [0, 1] -> (rows, columns), 0 or more."""


class PCAMaps(LocalBaseline):
    """The squared error of rebuilding an image of 64 pixels a side from principal components of normal ones.

    Source: Turk and Pentland 1991 (distance from feature space), place by place.
    """

    title = "PCA maps"
    summary = "Where an image of 64 pixels a side is rebuilt badly from the best linear code of normal images."
    unit = "squared error"
    side, n_components, blur = 64, 32, 1.5

    def _fit_images(self, normal: np.ndarray) -> None:
        rows = np.stack([self._small(as_float(image)).flatten().numpy() for image in normal]).astype(np.float64)
        self.centre_ = rows.mean(0)
        _, _, components = np.linalg.svd(rows - self.centre_, full_matrices=False)
        self.components_ = components[: min(self.n_components, max(1, len(rows) // 2))]

    def _map(self, image: Tensor) -> Tensor:
        small = self._small(image)
        offset = small.flatten().double().numpy() - self.centre_
        error = torch.from_numpy(np.square(offset - offset @ self.components_.T @ self.components_))
        return error.reshape(small.shape).mean(0).float()

    def _small(self, image: Tensor) -> Tensor:
        return at_most(image, self.side)


class PatchNeighbours(LocalBaseline):
    """How far each patch of 9 pixels a side is from the most similar patch of normal images, wherever it lies.

    Images have at most 256 pixels a side, each patch is 64 random projections of its pixels, and 20,000 of the normal
    ones are kept.

    Source: Roth et al. 2022 (PatchCore), with random features in place of those of a pretrained network.
    """

    title = "Patch neighbours"
    summary = "Where an image has a patch that no normal image has anywhere."
    unit = "distance"
    side, patch, stride, kept, features = 256, 9, 4, 20_000, 64

    def _fit_images(self, normal: np.ndarray) -> None:
        values = int(normal.shape[1]) * self.patch**2
        random = np.random.Generator(np.random.PCG64(0))
        self.projection_ = (random.standard_normal((values, self.features)) / np.sqrt(self.features)).astype(np.float32)
        every = np.concatenate([self._patches(as_float(image))[0] for image in normal])
        self.patches_ = np.ascontiguousarray(spread_sample(every, self.kept))

    def _map(self, image: Tensor) -> Tensor:
        patches, shape = self._patches(image)
        return torch.from_numpy(nearest(self.patches_, patches, 1)[1].reshape(shape)).float()

    def _patches(self, image: Tensor) -> tuple[np.ndarray, tuple[int, int]]:
        """Projected patches (n, features), and how many there are down and across."""
        small = at_most(image, self.side)
        margin = self.patch // 2
        padded = F.pad(small[None], (margin,) * 4, mode="replicate")
        columns = F.unfold(padded, self.patch, stride=self.stride)[0].T
        rows, across = (-(-length // self.stride) for length in small.shape[1:])
        return columns.numpy() @ self.projection_, (rows, across)


def at_most(image: Float[Tensor, "c h w"], side: int) -> Float[Tensor, "c rows columns"]:
    """An image of at most ``side`` pixels a side, by the means of what falls together."""
    longer = max(image.shape[1:])
    if longer <= side:
        return image
    height, width = (max(1, round(length * side / longer)) for length in image.shape[1:])
    return F.interpolate(image[None], (height, width), mode="area")[0]
