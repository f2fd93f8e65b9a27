"""A capacity: how many nats a code shall hold, raised step by step."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.objectives.base import LatentModel, Objective, Terms


class Capacity(Objective):
    r"""L = -E[log p(x|z)] + beta |KL(q(z|x) || p(z)) - C_t|, the KL a mean over the batch.

    C_t grows from 0 to C over the given epochs. With C = 0 this is the ELBO with beta.

    Source: Burgess et al. 2018, equation 8, whose gamma is beta here.
    """

    title: ClassVar[str] = "Capacity"
    summary: ClassVar[str] = "A code shall hold so many nats: first few, then more."
    formula: ClassVar[str] = (
        r"L_t = -\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta\, \big|\mathrm{KL}(q(z|x) \,\|\, p(z)) - C_t\big|"
    )
    reference: ClassVar[str] = "Burgess et al. 2018"
    weighs_items: ClassVar[bool] = False

    kind: Literal["capacity"] = "capacity"
    nats: float = Field(
        25.0,
        ge=0,
        le=10_000,
        title="Capacity",
        description="KL that is aimed at in the end.",
        json_schema_extra={"unit": "nats"},
    )
    epochs: float = Field(
        10.0,
        ge=0,
        le=100_000,
        title="Rising over",
        description="Time over which the capacity rises from 0; 0: it is there at once.",
        json_schema_extra={"unit": "epochs"},
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
        kl = model.kl(mu, logvar, z).mean()
        return {
            "reconstruction": (-model.log_likelihood(target, model.decoder(z)), 1.0),
            "distance from the capacity": ((kl - model.level).abs(), model.kl_weight),
            "KL": (kl.detach(), 0.0),
        }

    def level(self, epoch: float) -> float:
        return self.nats * (min(1.0, epoch / self.epochs) if self.epochs else 1.0)
