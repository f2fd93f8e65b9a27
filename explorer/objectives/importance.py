"""The importance-weighted bound and its relatives: several codes an item, weighed by how well each explains it."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core import likelihood
from explorer.objectives.base import LatentModel, Objective, Terms


class ImportanceWeighted(Objective):
    r"""L = -log (1/k) sum_i w_i, log w_i = log p(x|z_i) + log p(z_i) - log q(z_i|x), z_i from q(z|x).

    With M groups the mean of M such bounds (MIWAE); with a share c of the ELBO c ELBO + (1 - c) bound (CIWAE), both
    from the same samples. k = 1 is the ELBO with its KL estimated by the sample; a larger k bounds log p(x) more
    closely. The gradient is that of the reparameterised bound, or the doubly reparameterised one for the encoder, whose
    noise does not grow beside its signal as k does: codes' gradients with weights w~_i^2 in place of w~_i, without that
    of log q's own parameters (w~ the normalised weights). It is unbiased for the same bound.

    Source: Burda, Grosse and Salakhutdinov 2016, equations 8, 13 and 14; groups and share: Rainforth et al. 2018,
    section 4; doubly reparameterised: Tucker et al. 2019, equation 8.
    """

    title: ClassVar[str] = "Importance weighted"
    summary: ClassVar[str] = "Several codes an item, weighed by how well each explains it: a tighter bound."
    formula: ClassVar[str] = (
        r"L = -\mathbb{E}_{z_1 \ldots z_k \sim q(z|x)}\Big[\log \tfrac{1}{k} \sum_i \frac{p(x, z_i)}{q(z_i|x)}\Big]"
    )
    reference: ClassVar[str] = "Burda, Grosse and Salakhutdinov 2016"
    has_beta: ClassVar[bool] = False

    kind: Literal["importance_weighted"] = "importance_weighted"
    samples: int = Field(5, ge=1, le=1000, title="Samples", description="Codes in a bound: k.")
    groups: int = Field(1, ge=1, le=1000, title="Groups", description="Bounds of which the mean is taken (MIWAE).")
    elbo_share: float = Field(
        0.0, ge=0, le=1, title="Share of the ELBO", description="Weight of the ELBO beside the bound (CIWAE)."
    )
    gradient: Literal["reparameterised", "doubly_reparameterised"] = Field(
        "reparameterised", title="Gradient", description="How the encoder's is estimated; doubly: with less noise."
    )

    def __call__(
        self,
        model: LatentModel,
        x: Float[Tensor, "n *event"],
        target: Float[Tensor, "n *event"],
        generator: torch.Generator | None = None,
    ) -> Terms:
        mu, logvar = model.posterior(x)
        n, draws = len(x), self.groups * self.samples
        mu_each, logvar_each = (t.repeat(draws, 1) for t in (mu, logvar))
        z = model.sample_posterior(mu_each, logvar_each, generator)
        fit = model.log_likelihood(target.repeat(draws, *[1] * (target.ndim - 1)), model.decoder(z))
        doubly = self.gradient == "doubly_reparameterised"
        of_q = (mu_each.detach(), logvar_each.detach()) if doubly else (mu_each, logvar_each)
        log_q = likelihood.diagonal_normal_log_density(z, *of_q)
        log_weights = (fit + model.log_prior(z) - log_q).view(self.groups, self.samples, n)
        share = self.elbo_share
        shares = log_weights.detach().softmax(1)
        if doubly and z.requires_grad:
            # What reaches the codes has one weight by the chain rule and gets the other here.
            z.register_hook(lambda gradient: gradient * _second_weight(shares, share).view(-1, 1))
        bound = (log_weights.logsumexp(1) - math.log(self.samples)).mean(0)
        # The value is the bound's, the gradient each sample's by its weight: the same, and open to the hook above.
        if doubly:
            through = (shares * log_weights).sum(1).mean(0)
            bound = bound.detach() + through - through.detach()
        terms: Terms = {"bound": (-bound, 1.0 - share)}
        if share:
            terms["negative ELBO"] = (-log_weights.mean((0, 1)), share)
        with torch.no_grad():
            kl = model.kl(mu, logvar, z[:n])
        return terms | {"reconstruction": (-fit.detach().view(draws, n).mean(0), 0.0), "KL": (kl, 0.0)}


def _second_weight(shares: Float[Tensor, "g k n"], elbo_share: float) -> Float[Tensor, "g k n"]:
    """By what the gradient of a code is multiplied, of which the bound's part came with one normalised weight."""
    k = shares.shape[1]
    first = (1 - elbo_share) * shares + elbo_share / k
    return ((1 - elbo_share) * shares.square() + elbo_share / k) / first.clamp(min=1e-30)
