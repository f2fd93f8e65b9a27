"""The partially importance-weighted autoencoder: the encoder learns by several bounds, the decoder by one."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from explorer.core import likelihood
from explorer.objectives.base import LatentModel, Objective, Terms


class PartiallyImportanceWeighted(Objective):
    r"""The decoder's gradient is that of the bound of all M K codes (IWAE), the encoder's that of M bounds (MIWAE).

    With log w = log p(x|z) + log p(z) - log q(z|x) and normalised weights a over all codes of an item and b over those
    of a group, the decoder and the prior get sum a grad log w, the encoder (1/M) sum b grad log w. A tighter bound is a
    better target for the decoder, while its gradient tells the encoder less. The value is the bound of all codes. M = 1
    is the IWAE; K = 1 gives the encoder the gradient of the ELBO.

    Source: Rainforth et al. 2018, section 4.3, equations 13 and 14; IWAE: Burda et al. 2016.
    """

    title: ClassVar[str] = "Partially importance weighted"
    summary: ClassVar[str] = "The decoder learns by the tightest bound, the encoder by the mean of several looser ones."
    formula: ClassVar[str] = (
        r"\nabla_\theta L = -\nabla_\theta \log \tfrac{1}{MK} \sum_{m,k} w_{m,k}, \quad"
        r" \nabla_\phi L = -\nabla_\phi \tfrac{1}{M} \sum_m \log \tfrac{1}{K} \sum_k w_{m,k}"
    )
    reference: ClassVar[str] = "Rainforth et al. 2018"
    weighs_items: ClassVar[bool] = False
    has_beta: ClassVar[bool] = False

    kind: Literal["partially_importance_weighted"] = "partially_importance_weighted"
    samples: int = Field(8, ge=1, le=1000, title="Samples", description="Codes in each of the encoder's bounds: K.")
    groups: int = Field(8, ge=1, le=1000, title="Groups", description="Bounds of which the encoder has the mean: M.")

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
        learns = torch.is_grad_enabled() and z.requires_grad
        # The decoder's side ends at the codes: what reaches them from there is handed on by the encoder's own weights.
        given = z.detach().requires_grad_() if learns else z
        fit = model.log_likelihood(target.repeat(draws, *[1] * (target.ndim - 1)), model.decoder(given))
        of_decoder = fit + model.log_prior(given)
        log_q = likelihood.diagonal_normal_log_density(z, mu_each, logvar_each)
        log_weights = (of_decoder - log_q).detach().view(self.groups, self.samples, n)
        bound = (log_weights.flatten(0, 1).logsumexp(0) - math.log(draws)).mean()
        if learns:
            all_codes = log_weights.flatten(0, 1).softmax(0).flatten() / n
            by_group = log_weights.softmax(1).flatten() / (self.groups * n)
            (at_codes,) = torch.autograd.grad(of_decoder.sum(), given, retain_graph=True)
            through = (all_codes * of_decoder).sum() + (by_group * ((at_codes * z).sum(1) - log_q)).sum()
            bound = bound + through - through.detach()
        with torch.no_grad():
            kl = model.kl(mu, logvar, z[:n]).mean()
        return {"bound": (-bound, 1.0), "reconstruction": (-fit.detach().mean(), 0.0), "KL": (kl, 0.0)}
