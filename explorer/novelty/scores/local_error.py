"""Where a picture is reconstructed badly: maps of the error, and the score that looks for a defect in one place."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.novelty.scores.model_scorer import CheckpointScorer
from explorer.novelty.scores.scorer import in_batches


class LocalError(CheckpointScorer):
    """The smoothed error map's hundredth of largest values, each pixel in standard deviations of its normal error.

    For images whose defects are small: one scratch changes the mean over all pixels by little.

    Source: Bergmann et al. 2019, section 4 (error maps of autoencoders).
    """

    title = "Local error"
    summary = "Where the reconstructed picture differs most from the item in one place: for small defects."
    unit = "standard deviations"
    share: ClassVar[float] = 0.01

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        maps = error_maps(self.checkpoint, normal).astype(np.float64)
        self.mean_, std = maps.mean(0), maps.std(0)
        # A pixel that is always black has no spread of its own; a tenth of the typical one keeps it in proportion.
        self.std_ = np.maximum(std, 0.1 * std.mean() + 1e-12)
        return self

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return in_batches(self._top, x)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) error maps in standard deviations of the normal ones; below 0 is better than usual."""
        return (error_maps(self.checkpoint, x) - self.mean_) / self.std_

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, (len(x), *self.checkpoint.event_shape)).astype(np.float32)

    def _top(self, x: np.ndarray) -> np.ndarray:
        maps = self.maps(x).reshape(len(x), self.mean_.size)
        k = max(1, round(self.share * self.mean_.size))
        # Errors are never below 0, and so no map is below minus this.
        lowest = float((self.mean_ / self.std_).max())
        return np.partition(maps, -k, axis=1)[:, -k:].mean(1) + lowest


@torch.inference_mode()
def error_maps(
    checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n c h w"], sigma: float | None = None
) -> Float[np.ndarray, "n h w"]:
    """Where a model reconstructs images badly: the squared error, mean over channels, smoothed.

    Args:
        x: (N, C, H, W) images, uint8 or float.
        sigma: of the Gaussian that smooths, in pixels; None: a twentieth of the shorter side.

    Returns:
        (N, H, W) float32, squared error.

    Raises:
        ExplorerError: the items do not fit the model.
    """
    height, width = checkpoint.event_shape[1:]
    blur = blur_of(checkpoint.event_shape) if sigma is None else sigma

    def batch(items: np.ndarray) -> np.ndarray:
        images = checkpoint.tensor(items)
        if not len(images):
            return np.empty((0, height, width), np.float32)
        error = (images - checkpoint.model(images)).square().mean(1, keepdim=True)
        return smoothed(error, blur)[:, 0].numpy()

    return in_batches(batch, x)


def blur_of(event_shape: tuple[int, ...]) -> float:
    """Of the Gaussian that smooths maps of images (C, H, W): a twentieth of the shorter side, in pixels."""
    return min(event_shape[1:]) / 20


def smoothed(maps: Float[Tensor, "n 1 h w"], sigma: float) -> Float[Tensor, "n 1 h w"]:
    """(N, 1, H, W) maps under a Gaussian of ``sigma`` pixels, mirrored at the edges."""
    if sigma <= 0:
        return maps
    radius = min(int(np.ceil(3 * sigma)), min(maps.shape[2:]) - 1)
    places = torch.arange(-radius, radius + 1, dtype=maps.dtype)
    kernel = torch.softmax(-0.5 * (places / sigma) ** 2, 0)
    padded = F.pad(maps, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, -1, 1)), kernel.view(1, 1, 1, -1))
