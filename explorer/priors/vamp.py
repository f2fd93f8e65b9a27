"""VampPrior: the prior is the mean of the posteriors of items that are learnt."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.priors.base import Posterior, Prior
from explorer.priors.distributions import CodeDistribution, DiagonalMixture

EDGE = 0.02
"""Pseudo-inputs begin at least so far from black and white, where the sigmoid's slope is not yet lost."""


class VampPrior(Prior):
    r"""p(z) = (1/K) sum_k q(z | u_k): the model's own encoder on K pseudo-inputs u_k, learnt by the same loss.

    KL(q(z|x) || p(z)) has no closed form: it is log q(z|x) - log p(z) of the sample that is decoded. The gradient goes
    through the encoder as well, which the prior shares with the posterior. Pseudo-inputs are images by a sigmoid (the
    paper cuts them off at 0 and 1, where they stop learning), or rows in standard deviations of their columns. A
    training begins with training items, spread over all; where there are fewer than K, the others stay at random.

    Source: Tomczak and Welling 2018, equation 9.
    """

    title: ClassVar[str] = "VampPrior"
    summary: ClassVar[str] = "Codes shall lie where the encoder places some items that it makes up for itself."
    formula: ClassVar[str] = r"p(z) = \tfrac{1}{K} \sum_k q(z \mid u_k)"
    reference: ClassVar[str] = "Tomczak and Welling 2018"
    runs_encoder: ClassVar[bool] = True

    def __init__(self, latent_dim: int, event_shape: tuple[int, ...], components: int) -> None:
        super().__init__(latent_dim, event_shape, components)
        self.inputs = nn.Parameter(torch.randn(components, *event_shape))
        self.bounded = len(event_shape) == 3

    @property
    def words(self) -> str:
        return f"a VampPrior: the mean of the posteriors of {self.components} pseudo-inputs that were learnt"

    def pseudo_inputs(self) -> Float[Tensor, "k *event"]:
        """The learnt items: images in [0, 1], rows standardised."""
        return self.inputs.sigmoid() if self.bounded else self.inputs

    def distribution(self, posterior: Posterior) -> CodeDistribution:
        mu, logvar = posterior(self.pseudo_inputs())
        return DiagonalMixture(mu.new_full((len(mu),), -math.log(len(mu))), mu, logvar)

    @property
    def first_items(self) -> int:
        return self.components

    @torch.no_grad()
    def begin(self, items: Float[Tensor, "n *event"]) -> None:
        self.inputs[: len(items)] = items.clamp(EDGE, 1 - EDGE).logit() if self.bounded else items
