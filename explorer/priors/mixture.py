"""A mixture of Gaussians as the prior: several clouds, whose places, sizes and shares are learnt."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

from explorer.priors.base import Posterior, Prior
from explorer.priors.distributions import CodeDistribution, DiagonalMixture

LOG_VARIANCE_RANGE = (-10.0, 10.0)
"""Log variances are kept within this: a Gaussian that closes on one code has a density without bound."""


class MixturePrior(Prior):
    r"""p(z) = sum_k w_k N(z; m_k, diag v_k), with w = softmax of K numbers; w, m and log v are learnt by the same loss.

    KL(q(z|x) || p(z)) has no closed form: it is log q(z|x) - log p(z) of the sample that is decoded. One Gaussian with
    m = 0 and v = 1 is the standard normal. Means begin as draws from N(0, I), variances at 1, shares equal.

    Source: Dilokthanakul et al. 2016, for clusters; as a prior with learnt parameters Tomczak and Welling 2018,
    section 4 ("MoG prior"), equation 7 of the objective.
    """

    title: ClassVar[str] = "Mixture of Gaussians"
    summary: ClassVar[str] = "Codes may lie in several clouds, whose places, sizes and shares are learnt."
    formula: ClassVar[str] = r"p(z) = \sum_k w_k\, \mathcal{N}(z; m_k, \mathrm{diag}\, v_k)"
    reference: ClassVar[str] = "Tomczak and Welling 2018"

    def __init__(self, latent_dim: int, event_shape: tuple[int, ...], components: int) -> None:
        super().__init__(latent_dim, event_shape, components)
        self.means = nn.Parameter(torch.randn(components, latent_dim))
        self.log_variances = nn.Parameter(torch.zeros(components, latent_dim))
        self.shares = nn.Parameter(torch.zeros(components))

    @property
    def words(self) -> str:
        return f"a mixture of {self.components} Gaussians that was learnt with the model"

    def distribution(self, posterior: Posterior) -> CodeDistribution:
        log_variances = self.log_variances.clamp(*LOG_VARIANCE_RANGE)
        return DiagonalMixture(self.shares.log_softmax(0), self.means, log_variances)
