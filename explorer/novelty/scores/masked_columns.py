"""The score of table rows that hides each column and predicts it from the others."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.data.encoding import column_groups
from explorer.novelty.scores.model_scorer import BatchScorer, for_all_columns
from explorer.novelty.scores.scorer import BATCH_SIZE, in_batches


class MaskedColumns(BatchScorer):
    """Each column predicted from the others: hidden (set to its mean), rebuilt, compared; the squared errors add up.

    Each column's error is in units of what is usual for it on normal rows, so that a column that follows from the
    others counts by how well it does. Columns that code one category are hidden together. Made for models that
    were trained to fill in what is missing (masking noise).

    Source: the pseudo-likelihood of Besag 1975 with Gaussian conditionals; as a score, Noto et al. 2012.
    """

    title = "Masked columns"
    summary = (
        "Each column is hidden and guessed from the rest of the row: anomalous rows are those that do not fit together."
    )
    unit = "squared error"

    def __init__(self, checkpoint: VectorCheckpoint) -> None:
        super().__init__(checkpoint)
        self.usual_ = np.ones(checkpoint.event_shape[0])

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return checkpoint.model.is_table

    def fit(self, normal: Num[np.ndarray, "n *event"]) -> Self:
        self.usual_ = np.ones(normal.shape[1])
        parts = self.contributions(normal)
        is_known = ~np.isnan(normal)
        usual = parts.sum(0, dtype=np.float64) / np.maximum(is_known.sum(0), 1)
        # A column that is always guessed right would outweigh all others by rounding errors alone.
        self.usual_ = np.maximum(usual, 0.01)
        return self

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        return in_batches(self._squared_errors, x, 8 * BATCH_SIZE)

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return for_all_columns(self._errors(x, present).sum(1), present)

    @torch.inference_mode()
    def _squared_errors(self, x: np.ndarray) -> np.ndarray:
        return self._errors(*self._filled(self.checkpoint.tensor(x))).numpy()

    def _errors(self, items: Tensor, present: Tensor | None) -> Tensor:
        """(n, D) squared error of each column, hidden from the model, in units of what is usual for it."""
        model = self.checkpoint.model
        mean: Any = model.input.mean
        errors = torch.zeros_like(items)
        (columns,) = self.checkpoint.event_shape
        for group in column_groups(self.checkpoint.card.data.feature_names, columns):
            is_hidden = torch.from_numpy(np.isin(np.arange(columns), group))
            difference = model.input(items) - model.input(model(torch.where(is_hidden, mean, items)))
            errors = torch.where(is_hidden, difference.square(), errors)
        if present is not None:
            errors = errors * present
        return errors / torch.from_numpy(self.usual_).float()
