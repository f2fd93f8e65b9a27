"""Beta-TC: the KL taken apart, and the part that says how much the numbers of a code know of one another weighed."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core import likelihood
from explorer.objectives.base import LatentModel, Objective, Terms

_LOG_2PI = math.log(2 * math.pi)


class TotalCorrelation(Objective):
    r"""L = -E[log p(x|z)] + alpha I(x; z) + beta TC(z) + gamma sum_d KL(q(z_d) || p(z_d)), beta the model's own.

    With q(z) the mean of all posteriors: I = E[log q(z|x) - log q(z)], TC = E[log q(z) - sum_d log q(z_d)], and the
    rest E[sum_d log q(z_d) - log p(z_d)]; alpha = beta = gamma = 1 is the ELBO with its KL by the sample, term by term.
    q(z) is estimated by the mean over the batch's own posteriors. The paper divides by the number of all items as well,
    which changes values by constants and no gradient. Values of small batches are far too small for I, too large for
    the last part; they order models of one batch size. For a standard normal prior.

    Source: Chen, Li, Grosse and Duvenaud 2018, equations 2 to 4 and S3.
    """

    title: ClassVar[str] = "Beta-TC"
    summary: ClassVar[str] = "Numbers of a code shall know little of one another, each of them free to say much."
    formula: ClassVar[str] = (
        r"L = -\mathbb{E}[\log p(x|z)] + \alpha I(x; z)"
        r" + \beta\, \mathrm{KL}\big(q(z) \,\|\, \textstyle\prod_d q(z_d)\big)"
        r" + \gamma \sum_d \mathrm{KL}(q(z_d) \,\|\, p(z_d))"
    )
    reference: ClassVar[str] = "Chen, Li, Grosse and Duvenaud 2018"
    weighs_items: ClassVar[bool] = False
    needs_standard_normal: ClassVar[str] = "its last part compares each number of a code with the prior's own"

    kind: Literal["total_correlation"] = "total_correlation"
    alpha: float = Field(
        1.0, ge=0, le=1000, title="Alpha", description="Weight of what a code says of its item (mutual information)."
    )
    gamma: float = Field(
        1.0, ge=0, le=1000, title="Gamma", description="Weight of each number's own divergence from the prior."
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
        log_q_given_x = likelihood.diagonal_normal_log_density(z, mu, logvar)
        # (n codes, n posteriors, d)
        each = -0.5 * ((z[:, None] - mu).square() * torch.exp(-logvar) + logvar + _LOG_2PI)
        log_n = math.log(len(z))
        log_q = each.sum(2).logsumexp(1) - log_n
        log_q_alone = (each.logsumexp(1) - log_n).sum(1)
        log_p = likelihood.standard_normal_log_density(z)
        kl = likelihood.kl_to_standard_normal(mu.detach(), logvar.detach()).mean()
        return {
            "reconstruction": (-model.log_likelihood(target, model.decoder(z)), 1.0),
            "mutual information": ((log_q_given_x - log_q).mean(), self.alpha),
            "total correlation": ((log_q - log_q_alone).mean(), model.kl_weight),
            "divergence by dimension": ((log_q_alone - log_p).mean(), self.gamma),
            "KL": (kl, 0.0),
        }
