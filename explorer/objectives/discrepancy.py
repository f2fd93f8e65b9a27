"""InfoVAE and the Wasserstein autoencoder: all codes together look like the prior, each item's own need not."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.objectives.base import LatentModel, Objective, Terms


def kernel(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"], name: str) -> Float[Tensor, "n m"]:
    """Similarity of all pairs of codes, 1 for equal ones.

    Args:
        name: "gaussian", exp(-|a - b|^2 / 2 d); or "inverse_multiquadric", 2 d / (2 d + |a - b|^2), with heavier tails.
            Two codes of a standard normal prior are 2 d apart in the mean of squares.
    """
    d = a.shape[1]
    squared = (a.square().sum(1)[:, None] + b.square().sum(1) - 2 * a @ b.T).clamp(min=0)
    return torch.exp(-squared / (2 * d)) if name == "gaussian" else 2 * d / (2 * d + squared)


def squared_discrepancy(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"], name: str) -> Float[Tensor, ""]:
    """Maximum mean discrepancy of two samples, squared: without bias, so that it may be a little below 0.

    Source: Gretton et al. 2012, equation 3.
    """
    n, m = len(a), len(b)
    own = [
        (k.sum() - k.diagonal().sum()) / max(1, len(k) * (len(k) - 1)) for k in (kernel(a, a, name), kernel(b, b, name))
    ]
    return own[0] + own[1] - 2 * kernel(a, b, name).sum() / (n * m)


class Discrepancy(Objective):
    r"""L = -E[log p(x|z)] + (1 - alpha) beta KL(q(z|x) || p(z)) + (alpha + lambda - 1) MMD^2(q, p).

    MMD^2 compares the batch's codes with as many of the prior. alpha = 0 and lambda = 1 is the ELBO with beta; alpha =
    1 is the Wasserstein autoencoder with MMD (of a random encoder), whose items need not give up what tells them apart.

    Source: Zhao, Song and Ermon 2019, equation 6; alpha = 1: Tolstikhin et al. 2018, algorithm 2.
    """

    title: ClassVar[str] = "InfoVAE (MMD)"
    summary: ClassVar[str] = "All codes together look like the prior; each item's cloud may be as small as it needs."
    formula: ClassVar[str] = (
        r"L = -\mathbb{E}[\log p(x|z)] + (1 - \alpha)\, \beta\, \mathrm{KL}(q(z|x) \,\|\, p(z))"
        r" + (\alpha + \lambda - 1)\, \mathrm{MMD}^2(q(z), p(z))"
    )
    reference: ClassVar[str] = "Zhao, Song and Ermon 2019"
    weighs_items: ClassVar[bool] = False
    needs_standard_normal: ClassVar[str] = "it compares codes with draws, from which a prior learns nothing"

    kind: Literal["discrepancy"] = "discrepancy"
    alpha: float = Field(
        1.0, ge=0, le=1, title="Alpha", description="Share of the KL that is left out; 1: the Wasserstein autoencoder."
    )
    strength: float = Field(
        100.0, ge=1, le=1e6, title="Lambda", description="The discrepancy's weight is alpha + lambda - 1."
    )
    similarity: Literal["inverse_multiquadric", "gaussian"] = Field(
        "inverse_multiquadric", title="Kernel", description="How alike two codes are by their distance."
    )

    @property
    def uses_beta(self) -> bool:
        return self.alpha < 1

    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        mu, logvar = model.posterior(x)
        z = model.sample_posterior(mu, logvar, generator)
        drawn = torch.randn(z.shape, generator=generator, device=z.device, dtype=z.dtype)
        return {
            "reconstruction": (-model.log_likelihood(target, model.decoder(z)), 1.0),
            "KL": (model.kl(mu, logvar, z), (1 - self.alpha) * model.kl_weight),
            "squared discrepancy": (
                squared_discrepancy(z, drawn, self.similarity),
                self.alpha + self.strength - 1,
            ),
        }
