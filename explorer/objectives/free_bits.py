"""Free bits: so much information in each dimension costs nothing, so that no dimension is given up early."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core import likelihood
from explorer.objectives.base import LatentModel, Objective, Terms


class FreeBits(Objective):
    r"""L = -E[log p(x|z)] + beta sum_d max(lambda, mean over the batch of KL(q(z_d|x) || p(z_d))).

    A dimension whose mean KL lies below lambda has no gradient from it. With lambda = 0 this is the ELBO with beta.
    For a standard normal prior, whose KL is a sum over dimensions.

    Source: Kingma et al. 2016, equation 15, with each dimension as a group.
    """

    title: ClassVar[str] = "Free bits"
    summary: ClassVar[str] = "The first nats of each dimension cost nothing, so none is given up early."
    formula: ClassVar[str] = (
        r"L = -\mathbb{E}_{q(z|x)}[\log p(x|z)]"
        r" + \beta \sum_d \max\big(\lambda, \mathbb{E}_x\, \mathrm{KL}(q(z_d|x) \,\|\, p(z_d))\big)"
    )
    reference: ClassVar[str] = "Kingma et al. 2016"
    weighs_items: ClassVar[bool] = False
    needs_standard_normal: ClassVar[str] = "the KL from any other is no sum over the numbers of a code"

    kind: Literal["free_bits"] = "free_bits"
    nats: float = Field(
        0.1,
        ge=0,
        le=100,
        title="Free nats",
        description="KL of a dimension, as a mean over the batch, up to which it costs nothing.",
        json_schema_extra={"unit": "nats"},
    )

    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        mu, logvar = model.posterior(x)
        logits = model.decoder(model.sample_posterior(mu, logvar, generator))
        kl = likelihood.kl_per_dimension(mu, logvar).mean(0)
        paid = kl.clamp(min=self.nats).sum()
        return {
            "reconstruction": (-model.log_likelihood(target, logits), 1.0),
            "KL above the free bits": (paid, model.kl_weight),
            "KL": (kl.detach().sum(), 0.0),
        }
