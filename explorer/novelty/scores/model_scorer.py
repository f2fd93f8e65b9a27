"""What the scores have in common that look at items through a trained model."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.novelty.scores.scorer import Scorer, in_batches


class CheckpointScorer(Scorer):
    """A score that looks at items through a trained model."""

    needs_decoder = True

    def __init__(self, checkpoint: VectorCheckpoint) -> None:
        lacks = checkpoint.model.lacks
        if lacks == "encoder" or (lacks and self.needs_decoder):
            raise ExplorerError(
                f"{self.title} needs the {lacks} that {checkpoint.name} does not have.",
                "Choose nearest-neighbours or latent-distance, which look at codes."
                if lacks == "decoder"
                else "Choose another model, or a score of the items alone, such as knn.",
            )
        if not self.applies_to(checkpoint):
            raise ExplorerError(
                f"{self.title} is not defined for {checkpoint.name}, a model of another kind.", "Choose another score."
            )
        self.checkpoint = checkpoint

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        return cls(checkpoint)

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        return self

    def _filled(self, items: Tensor) -> tuple[Tensor, Tensor | None]:
        """Items with the training mean where a cell is missing, and which cells are there (None: all)."""
        if not self.checkpoint.model.is_table or not items.isnan().any():
            return items, None
        present = ~items.isnan()
        mean: Any = self.checkpoint.model.input.mean
        return torch.where(present, items, mean), present

    def _codes(self, x: np.ndarray) -> np.ndarray:
        """(N, latent_dim) float64 codes."""
        items, _ = self._filled(self.checkpoint.tensor(x))
        return self.checkpoint.encode(items).astype(np.float64)


class BatchScorer(CheckpointScorer):
    """A score that each item has by itself: worked out batch after batch."""

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return in_batches(self._score_batch, x)

    @torch.inference_mode()
    def _score_batch(self, x: np.ndarray) -> np.ndarray:
        items = self.checkpoint.tensor(x)
        if not len(items):
            return np.empty(0)
        return self.score_tensor(*self._filled(items)).double().numpy()

    @abstractmethod
    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        """(n, *event) items without missing cells, and which cells were there (None: all) -> (n,)."""


def for_all_columns(total: Float[Tensor, " n"], present: Bool[Tensor, "n d"] | None) -> Float[Tensor, " n"]:
    """Sums over the cells that are there, as if all columns were there."""
    if present is None:
        return total
    return total * present.shape[1] / present.sum(1).clamp_min(1)
