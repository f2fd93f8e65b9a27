"""The adversarial autoencoder: all codes together look like the prior to a network that learns to tell them apart."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from explorer.core.errors import RecipeError
from explorer.objectives.base import LatentModel, Objective, Terms


def discriminator_loss(of_prior: Float[Tensor, "n 1"], of_codes: Float[Tensor, "m 1"]) -> Float[Tensor, ""]:
    """-E[log D(z)] over draws of the prior - E[log(1 - D(z))] over codes, of the values before D's sigmoid, in nats.

    log 4 for a discriminator that says one half, which is the best one where both are the same distribution.

    Source: Goodfellow et al. 2014, equation 1 and theorem 1.
    """
    return F.softplus(-of_prior).mean() + F.softplus(of_codes).mean()


class Adversarial(Objective):
    r"""L = -E[log p(x|z)] - lambda E[log D(z)], z from q(z|x); D learns to tell codes from draws of the prior.

    D is a network of two hidden layers that gives the probability that a code was drawn from the prior. Each step also
    lessens ``discriminator_loss`` by D's weights alone, at a learning rate of its own; what D gains there is no part of
    the total. The encoder's term has no gradient to D. With lambda = 0 this is the ELBO with beta = 0: an autoencoder
    whose codes are drawn.

    Source: Makhzani et al. 2015, section 2 with a Gaussian posterior; the encoder's term is the one that does not
    saturate, Goodfellow et al. 2014, section 3.
    """

    title: ClassVar[str] = "Adversarial autoencoder"
    summary: ClassVar[str] = "A second network tells codes from the prior's draws; the encoder learns to deceive it."
    formula: ClassVar[str] = (
        r"L = -\mathbb{E}[\log p(x|z)] - \lambda\, \mathbb{E}_{q(z)}[\log D(z)], \quad"
        r" L_D = -\mathbb{E}_{p(z)}[\log D(z)] - \mathbb{E}_{q(z)}[\log(1 - D(z))]"
    )
    reference: ClassVar[str] = "Makhzani et al. 2015"
    weighs_items: ClassVar[bool] = False
    has_beta: ClassVar[bool] = False
    needs_standard_normal: ClassVar[str] = "it compares codes with draws, from which a prior learns nothing"

    kind: Literal["adversarial"] = "adversarial"
    strength: float = Field(
        1.0,
        ge=0,
        le=1e6,
        title="Lambda",
        description="Weight of the term by which the encoder deceives; too much of it, and codes say nothing of items.",
    )
    units: int = Field(64, ge=1, le=4096, title="Units", description="Of each of the discriminator's two layers.")
    rate: float = Field(
        2.0, gt=0, le=100, title="Rate", description="The discriminator's learning rate, as a share of the model's."
    )

    def critic(self, latent_dim: int) -> nn.Module:
        units = self.units
        return nn.Sequential(
            nn.Linear(latent_dim, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU(), nn.Linear(units, 1)
        )

    @property
    def critic_rate(self) -> float:
        return self.rate

    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        critic = model.critic
        if critic is None:
            raise RecipeError("An adversarial objective needs its discriminator.", "Have the model pursue it first.")
        mu, logvar = model.posterior(x)
        z = model.sample_posterior(mu, logvar, generator)
        drawn = torch.randn(z.shape, generator=generator, device=z.device, dtype=z.dtype)
        fixed = {name: weight.detach() for name, weight in critic.named_parameters()}
        deceived = F.softplus(-torch.func.functional_call(critic, fixed, (z,))).mean()
        told_apart = discriminator_loss(critic(drawn), critic(z.detach()))
        with torch.no_grad():
            kl = model.kl(mu, logvar, z).mean()
        # With the discriminator's gradient and without its value: what it gains, the model has not lost.
        reconstruction = -model.log_likelihood(target, model.decoder(z)).mean() + told_apart - told_apart.detach()
        return {
            "reconstruction": (reconstruction, 1.0),
            "taken for a code": (deceived, self.strength),
            "discriminator": (told_apart.detach(), 0.0),
            "KL": (kl, 0.0),
        }
