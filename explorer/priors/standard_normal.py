"""The standard normal: the prior that every code is pulled to alike."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from explorer.priors.base import Posterior, Prior
from explorer.priors.distributions import CodeDistribution, StandardNormalCodes


class StandardNormal(Prior):
    r"""p(z) = N(z; 0, I): nothing is learnt, and KL(q(z|x) || p(z)) = 1/2 sum_d (mu_d^2 + s_d^2 - 1 - log s_d^2).

    Source: Kingma and Welling 2014, appendix B.
    """

    title: ClassVar[str] = "Standard normal"
    summary: ClassVar[str] = "All codes together shall look like one round cloud around 0."
    formula: ClassVar[str] = r"p(z) = \mathcal{N}(z; 0, I)"
    reference: ClassVar[str] = "Kingma and Welling 2014"
    is_standard_normal: ClassVar[bool] = True

    device_of: Tensor

    def __init__(self, latent_dim: int, event_shape: tuple[int, ...], components: int) -> None:
        super().__init__(latent_dim, event_shape, components)
        # Goes with the model to its device, on which samples are made; not saved.
        self.register_buffer("device_of", torch.empty(0), persistent=False)

    @property
    def words(self) -> str:
        return "N(0, I)"

    def distribution(self, posterior: Posterior) -> CodeDistribution:
        return StandardNormalCodes(self.latent_dim, self.device_of.device)
