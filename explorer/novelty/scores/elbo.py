"""Scores of how probable an item is under a variational model."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor

from explorer.checkpoints import VectorCheckpoint
from explorer.likelihoods import ColumnLikelihood
from explorer.novelty.scores.model_scorer import BatchScorer

ELBO_SAMPLES = 8
IMPOSSIBLE = 1e9
"""Nats of what has no probability at all, such as a count below 0: a number that files and pages can hold."""


class NegativeElbo(BatchScorer):
    """Negative evidence lower bound of a variational model; there is nothing to fit.

    Averaged over a few posterior samples whose noise is the same for every item, so that scores are repeatable. Table
    rows are scored in standardised columns: the constant between their density and that in the columns' own units
    changes no rank and no p-value, and without it the detectors of earlier versions keep their thresholds.

    Source: Kingma and Welling 2014; as a score An and Cho 2015.
    """

    title = "Negative ELBO"
    summary = "How improbable the item is under the model: its misfit, and how far its code is from the prior."
    unit = "nats"
    is_positive = False

    def __init__(self, checkpoint: VectorCheckpoint) -> None:
        super().__init__(checkpoint)
        generator = torch.Generator().manual_seed(0)
        self.noise = torch.randn(ELBO_SAMPLES, checkpoint.latent_dim, generator=generator)

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return checkpoint.is_variational

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        """(N, D) half the deviance of each column, in nats, for rows whose likelihood is one of columns; else None.

        How much less likely a column's value is than were it decoded exactly, over the same draws as the score: the
        misfit without what a perfect reconstruction costs, which may be below 0 and says nothing of the row. A missing
        cell adds nothing. The divergence is of the whole row and in no column.
        """
        model: Any = self.checkpoint.model
        if not isinstance(model.observation, ColumnLikelihood):
            return None
        with torch.inference_mode():
            items, present = self._filled(self.checkpoint.tensor(x))
            mu, logvar = model.posterior(items)
            std = (0.5 * logvar).exp()
            parts = torch.stack([model.deviance_by_column(items, model.decoder(mu + std * e)) for e in self.noise])
            # No probability less none is no number: only an impossible value has it.
            mean = parts.nan_to_num(nan=IMPOSSIBLE, posinf=IMPOSSIBLE).mean(0)
            return (mean if present is None else mean.masked_fill(~present, 0)).float().numpy()

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return self._misfit(x, present) + self._divergence(x)

    def _misfit(self, x: Tensor, present: Tensor | None) -> Tensor:
        """(n,) -E[log p(x|z)] in nats, of standardised columns for tables."""
        model: Any = self.checkpoint.model
        mu, logvar = model.posterior(x)
        std = (0.5 * logvar).exp()
        fits = []
        for eps in self.noise:
            values = model.decoder(mu + std * eps)
            target = x if present is None else torch.where(present, x, model.output(values))
            fits.append(model.log_likelihood(target, values).clamp(min=-IMPOSSIBLE))
        return -torch.stack(fits).mean(0) - model.log_scale()

    def _divergence(self, x: Tensor) -> Tensor:
        """(n,) KL of the posterior from the prior, in nats; without a closed form by the same draws as the misfit."""
        model: Any = self.checkpoint.model
        return model.prior_distribution().mean_kl(*model.posterior(x), self.noise)


class ElboMisfit(NegativeElbo):
    """The reconstruction part of the negative ELBO."""

    title = "ELBO: misfit"
    summary = "The part of the negative ELBO that says how badly the item is reconstructed from its cloud of codes."

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return self._misfit(x, present)


class ElboDivergence(NegativeElbo):
    """The KL part of the negative ELBO.

    By itself it may point the wrong way: an encoder that knows little about an item gives it the prior itself.
    """

    title = "ELBO: divergence"
    summary = "The part of the negative ELBO that says how far the item's cloud of codes is from the prior."
    is_positive = True

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        return None  # it is of the whole row

    def score_tensor(
        self, x: Float[Tensor, "n *event"], present: Bool[Tensor, "n *event"] | None
    ) -> Float[Tensor, " n"]:
        return self._divergence(x)
