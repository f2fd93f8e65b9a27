"""Scores of how an item differs from its reconstruction."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.data.stored import as_float
from explorer.novelty.scores.model_scorer import BatchScorer, for_all_columns


class ReconstructionError(BatchScorer):
    """Squared error of the model's reconstruction; there is nothing to fit."""

    title = "Reconstruction error"
    summary = "How far the model's picture of an item is from the item: what it never learnt, it cannot reconstruct."
    unit = "squared error"

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        return contributions(self.checkpoint, x)

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return for_all_columns(self._differences(x, present).square().sum(1), present)

    def _differences(self, x: Tensor, present: Tensor | None) -> Tensor:
        """(n, D) item minus reconstruction, table columns in standard deviations; 0 where nothing is there."""
        model = self.checkpoint.model
        difference = (model.input(x) - model.input(model(x))).flatten(1)
        return difference if present is None else difference * present


class AbsoluteError(ReconstructionError):
    """Absolute error of the reconstruction (L1): one large difference counts for less than in the squared error."""

    title = "Absolute error"
    summary = "The reconstruction's differences added up as they are, so that one large one does not decide alone."
    unit = "absolute error"

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return for_all_columns(self._differences(x, present).abs().sum(1), present)


class LargestError(ReconstructionError):
    """Largest absolute difference of the reconstruction (L-infinity)."""

    title = "Largest difference"
    summary = "The one pixel or column that the model reconstructs worst."
    unit = "absolute error"

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return self._differences(x, present).abs().amax(1)


class TopError(ReconstructionError):
    """Mean of the largest twentieth of the absolute differences: between the largest one and their mean."""

    title = "Top twentieth of the error"
    summary = "The mean of the worst 5 % of the pixels or columns: an anomaly in one place is not lost in the rest."
    unit = "absolute error"
    share: ClassVar[float] = 0.05

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        differences = self._differences(x, present).abs()
        k = max(1, round(self.share * math.prod(self.checkpoint.event_shape)))
        return differences.topk(k, dim=1).values.mean(1)


class CosineError(ReconstructionError):
    """One minus the cosine between item and reconstruction: the squared error of both at the same length, halved.

    A faint or small item has a small squared error however it is reconstructed; this one does not depend on brightness.
    """

    title = "Cosine error"
    summary = "How far the reconstruction differs in shape, whatever the brightness or size of the item."
    unit = "1 - cosine"

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return not checkpoint.model.is_table

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        return None

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        items, rebuilt = x.flatten(1), self.checkpoint.model(x).flatten(1)
        return (1 - F.cosine_similarity(items, rebuilt, dim=1, eps=1e-6)).clamp_min(0)


def contributions(checkpoint: VectorCheckpoint, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
    """What each pixel or column adds to an item's reconstruction error; they sum to it.

    Args:
        x: (N, *event), uint8 or float; a missing cell of a table (NaN) adds nothing.

    Returns:
        (N, *event) float32 squared errors; for tables in units of each column's standard deviation.
    """
    items = as_float(x)
    missing = items.isnan()
    model = checkpoint.model
    if model.is_table:
        mean: Any = model.input.mean
        items = torch.where(missing, mean, items)
    x_hat = torch.from_numpy(checkpoint.reconstruct(items))
    with torch.inference_mode():
        return (model.input(items) - model.input(x_hat)).square().masked_fill(missing, 0).numpy()
