"""The score of table rows that hides each column and predicts it from the others."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from jaxtyping import Float, Num
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

    def _score(self, x: Tensor, present: Tensor | None) -> Tensor:
        errors = torch.from_numpy(self._squared_errors(x.numpy() if present is None else np.where(present, x, np.nan)))
        return for_all_columns(errors.sum(1), present)

    @torch.inference_mode()
    def _squared_errors(self, x: np.ndarray) -> np.ndarray:
        model = self.checkpoint.model
        items, present = self._filled(self.checkpoint.tensor(x))
        mean: Any = model.input.mean
        errors = torch.zeros_like(items)
        for group in column_groups(self.checkpoint.card.data.feature_names, items.shape[1]):
            hidden = items.clone()
            hidden[:, group] = mean[group]
            difference = model.input(items) - model.input(model(hidden))
            errors[:, group] = difference[:, group].square()
        if present is not None:
            errors *= present
        return (errors / torch.from_numpy(self.usual_).float()).numpy()
