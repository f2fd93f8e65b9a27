"""Graphs of the scores that look through a model; see their modules in ``novelty.scores`` for the formulas."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from explorer.export.onnx_files.scores.rows import kept, nearest_distances
from explorer.models import VariationalAutoencoder
from explorer.novelty.scores.elbo import IMPOSSIBLE, NegativeElbo
from explorer.novelty.scores.latent import LatentMahalanobis, NearestDirections, NearestNeighbours
from explorer.novelty.scores.local_error import LocalError, blur_of, smoothed
from explorer.novelty.scores.model_scorer import BatchScorer, CheckpointScorer


class Filled(nn.Module):
    """(n, *event) items with the training mean where a cell is missing, and which cells are there (None: all)."""

    def __init__(self, scorer: CheckpointScorer) -> None:
        super().__init__()
        self.model = scorer.checkpoint.model

    def forward(
        self, x: Float[Tensor, "n *event"]
    ) -> tuple[Float[Tensor, "n *event"], Bool[Tensor, "n *event"] | None]:
        if not self.model.is_table:
            return x, None
        present = ~x.isnan()
        mean: Tensor = self.model.input.mean  # type: ignore[assignment]  # a table's input standardises
        return torch.where(present, x, mean.expand_as(x)), present


class BatchGraph(nn.Module):
    """A score that is tensors in and out already."""

    def __init__(self, scorer: BatchScorer) -> None:
        super().__init__()
        self.filled, self.scorer = Filled(scorer), scorer

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        return self.scorer.score_tensor(*self.filled(x)).double()


class ElboGraph(nn.Module):
    """The negative ELBO or one of its two parts.

    Args:
        misfit, divergence: which parts are in it.
    """

    def __init__(self, scorer: NegativeElbo, misfit: bool = True, divergence: bool = True) -> None:
        super().__init__()
        model = scorer.checkpoint.model
        assert isinstance(model, VariationalAutoencoder)  # noqa: S101 - the score is defined for no other
        self.filled, self.model, self.noise = Filled(scorer), model, kept(scorer.noise.numpy())
        self.misfit, self.divergence = misfit, divergence
        # What a prior makes of the encoder is the same for all items: numbers in the graph.
        self.prior = None if model.code_prior.is_standard_normal else model.prior_distribution()

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        items, present = self.filled(x)
        mu, logvar = self.model.posterior(items)
        parts = []
        if self.misfit:
            std = (0.5 * logvar).exp()
            fits = [self._log_likelihood(items, present, mu + std * eps) for eps in self.noise]
            parts.append(-torch.stack(fits).clamp(min=-IMPOSSIBLE).mean(0) - self.model.log_scale())
        if self.divergence:
            parts.append(self._divergence(mu.double(), logvar.double()))
        return torch.stack([part.double() for part in parts]).sum(0)

    def _divergence(self, mu: Tensor, logvar: Tensor) -> Tensor:
        """In double precision, since ONNX has no expm1, which single precision needs near the prior."""
        if self.prior is None:
            return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)
        return self.prior.mean_kl(mu, logvar, self.noise.double())

    def _log_likelihood(self, items: Tensor, present: Tensor | None, code: Tensor) -> Tensor:
        values = self.model.decoder(code)
        target = items if present is None else torch.where(present, items, self.model.output(values))
        if self.model.observation.needs_sigmoid:
            # What the exporter makes of torch's own cross-entropy takes the logarithm of a sigmoid that is 0.
            return (target * values - F.softplus(values)).flatten(1).sum(1)
        return self.model.log_likelihood(target, values)


class CodesGraph(nn.Module):
    """(n, *event) items to codes in double precision."""

    def __init__(self, scorer: CheckpointScorer) -> None:
        super().__init__()
        self.filled = Filled(scorer)

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, "n d"]:
        return self.filled.model.encode(self.filled(x)[0]).double()


class MahalanobisGraph(nn.Module):
    """Mahalanobis distance of codes."""

    def __init__(self, scorer: LatentMahalanobis) -> None:
        super().__init__()
        self.codes, self.mean, self.precision = CodesGraph(scorer), kept(scorer.mean_), kept(scorer.precision_)

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        offsets = self.codes(x) - self.mean
        return ((offsets @ self.precision) * offsets).sum(1).clamp(min=0).sqrt()


class NeighboursGraph(nn.Module):
    """Mean distance from the nearest normal codes."""

    def __init__(self, scorer: NearestNeighbours) -> None:
        super().__init__()
        self.codes, self.known, self.k = CodesGraph(scorer), kept(scorer.codes_), scorer.k

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        return nearest_distances(self.known, self.placed(self.codes(x)), self.k).mean(1)

    def placed(self, codes: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        """Where codes (n, D) are compared."""
        return codes


class DirectionsGraph(NeighboursGraph):
    """The same between directions."""

    def __init__(self, scorer: NearestDirections) -> None:
        super().__init__(scorer)

    def placed(self, codes: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return codes / codes.square().sum(1, keepdim=True).sqrt().clamp(min=1e-12)


class LocalErrorGraph(nn.Module):
    """The largest hundredth of the smoothed error map."""

    def __init__(self, scorer: LocalError) -> None:
        super().__init__()
        self.model, self.blur = scorer.checkpoint.model, blur_of(scorer.checkpoint.event_shape)
        self.mean, self.std = kept(scorer.mean_.reshape(-1)), kept(scorer.std_.reshape(-1))
        self.top = max(1, round(scorer.share * scorer.mean_.size))
        self.lowest = float(np.max(scorer.mean_ / scorer.std_))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        error = smoothed((x - self.model(x)).square().mean(1, keepdim=True), self.blur)
        maps = (error.flatten(1).double() - self.mean) / self.std
        return maps.topk(self.top, dim=1).values.mean(1) + self.lowest
