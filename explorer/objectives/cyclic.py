"""Cyclic annealing: the KL's weight rises and falls back again and again."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.objectives.base import LatentModel, Objective, Terms


class Cyclic(Objective):
    r"""The ELBO whose KL's weight at epoch t is beta min(1, (t mod P) / (R P)), with period P and rising share R.

    Validation, and so the choice of the best epoch, is at full beta. With R = 0 the weight is always beta: the ELBO.

    Source: Fu et al. 2019, equation 6 with a linear rise.
    """

    title: ClassVar[str] = "Cyclic annealing"
    summary: ClassVar[str] = "The KL's weight rises from 0 to beta and falls back, again and again."
    formula: ClassVar[str] = (
        r"L_t = -\mathbb{E}_{q(z|x)}[\log p(x|z)]"
        r" + \beta \min\big(1, \tfrac{t \bmod P}{R P}\big)\, \mathrm{KL}(q(z|x) \,\|\, p(z))"
    )
    reference: ClassVar[str] = "Fu et al. 2019"

    kind: Literal["cyclic"] = "cyclic"
    period: float = Field(
        10.0, gt=0, le=10_000, title="Period", description="Length of a cycle.", json_schema_extra={"unit": "epochs"}
    )
    rising: float = Field(
        0.5, ge=0, le=1, title="Rising share", description="Part of a cycle in which the weight rises; then it stays."
    )

    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        mu, logvar = model.posterior(x)
        z = model.sample_posterior(mu, logvar, generator)
        return {
            "reconstruction": (-model.log_likelihood(target, model.decoder(z)), 1.0),
            "KL": (model.kl(mu, logvar, z), model.kl_weight),
        }

    def kl_share(self, epoch: float) -> float:
        if math.isinf(epoch) or not self.rising:
            return 1.0
        return min(1.0, epoch % self.period / (self.rising * self.period))
