"""Objectives that look at all codes of a batch: against torch's mixtures, closed forms and the ELBO as their limit."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch import distributions as D

from explorer.models import VariationalAutoencoder
from explorer.objectives import Objective
from explorer.objectives.discrepancy import Discrepancy, kernel, squared_discrepancy
from explorer.objectives.total_correlation import TotalCorrelation
from explorer.recipe import Recipe


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model_of(objective: Objective | None = None, **fields: Any) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 3} | fields
    recipe = {"model": values, "objective": None if objective is None else objective.model_dump()}
    model = Recipe.parse(recipe).build((1, 4, 3))
    assert isinstance(model, VariationalAutoencoder)
    return model


def items(n: int) -> Tensor:
    return torch.rand(n, 1, 4, 3, generator=generator(1))


# --- Beta-TC ---


def test_its_parts_are_those_of_torchs_mixture_of_the_batchs_posteriors() -> None:
    model, x = model_of(TotalCorrelation(alpha=0.5, gamma=2.0), beta=6.0), items(12)
    mu, logvar = model.posterior(x)
    sigma = (logvar / 2).exp()
    z = mu + sigma * torch.randn(12, 3, generator=generator())
    equal = D.Categorical(logits=torch.zeros(12))
    log_q = D.MixtureSameFamily(equal, D.Independent(D.Normal(mu, sigma), 1)).log_prob(z)
    alone = sum(D.MixtureSameFamily(equal, D.Normal(mu[:, k], sigma[:, k])).log_prob(z[:, k]) for k in range(3))
    log_q_x, log_p = D.Normal(mu, sigma).log_prob(z).sum(1), D.Normal(torch.zeros(3), 1.0).log_prob(z).sum(1)
    values = model.loss(x, x, generator()).values()
    wanted = {
        "mutual information": (log_q_x - log_q).mean(),
        "total correlation": (log_q - alone).mean(),
        "divergence by dimension": (alone - log_p).mean(),
    }
    for name, value in wanted.items():
        assert values[name] == pytest.approx(float(value.detach()), rel=1e-4, abs=1e-5), name
    total = values["reconstruction"] + sum(
        weight * values[name] for weight, name in zip((0.5, 6.0, 2.0), wanted, strict=True)
    )
    assert values["total"] == pytest.approx(total, rel=1e-5)


def test_with_all_weights_1_it_is_the_elbo_by_the_sample_and_so_is_its_gradient() -> None:
    model, x = model_of(TotalCorrelation()), items(9)
    loss = model.loss(x, x, generator()).total
    mu, logvar = model.posterior(x)
    z = model.sample_posterior(mu, logvar, generator())
    q, p = D.Normal(mu, (logvar / 2).exp()), D.Normal(torch.zeros(3), 1.0)
    kl = q.log_prob(z).sum(1) - p.log_prob(z).sum(1)
    wanted = (kl - model.log_likelihood(x, model.decoder(z))).mean()
    torch.testing.assert_close(loss, wanted)
    ours, theirs = (torch.autograd.grad(value, list(model.parameters())) for value in (loss, wanted))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


# --- MMD ---


def test_the_discrepancy_of_two_normals_is_the_closed_form_of_a_gaussian_kernel() -> None:
    """E k(a, b) = s^d exp(-|m|^2 / (2 (h + 2))) with s = (h / (h + 2))^(1/2), h = d, for N(m, I) and N(0, I)."""
    d, n, shift = 2, 300, 1.5
    ratio = (d / (d + 2)) ** (d / 2)
    wanted = 2 * ratio * (1 - math.exp(-(shift**2) / (2 * (d + 2))))
    draws = generator()
    values = []
    for _ in range(60):
        a, b = (torch.randn(n, d, generator=draws) for _ in range(2))
        a[:, 0] += shift
        values.append(squared_discrepancy(a, b, "gaussian"))
    estimates = torch.stack(values)
    assert abs((estimates.mean() - wanted) / (estimates.std() / math.sqrt(60))) < 4


@pytest.mark.parametrize("name", ["gaussian", "inverse_multiquadric"])
def test_equal_laws_have_a_discrepancy_of_0_in_the_mean_and_others_more(name: str) -> None:
    draws = generator()
    pairs = [torch.randn(2, 60, 4, generator=draws) for _ in range(100)]
    same = torch.stack([squared_discrepancy(a, b, name) for a, b in pairs])
    assert abs(same.mean() / (same.std() / 10)) < 4
    narrow = torch.stack([squared_discrepancy(0.5 * a, b, name) for a, b in pairs])
    assert narrow.mean() / (narrow.std() / 10) > 10
    assert torch.allclose(kernel(pairs[0][0], pairs[0][0], name).diagonal(), torch.ones(60), atol=1e-5)


def test_without_alpha_and_with_lambda_1_it_is_the_elbo() -> None:
    model, plain, x = model_of(Discrepancy(alpha=0, strength=1), beta=2.5), model_of(beta=2.5), items(6)
    ours, theirs = (m.loss(x, x, generator()).total for m in (model, plain))
    torch.testing.assert_close(ours, theirs)


def test_its_weights_are_those_of_the_paper() -> None:
    model, x = model_of(Discrepancy(alpha=0.25, strength=10.0), beta=2.0), items(6)
    values = model.loss(x, x, generator()).values()
    wanted = values["reconstruction"] + 0.75 * 2 * values["KL"] + 9.25 * values["squared discrepancy"]
    assert values["total"] == pytest.approx(wanted, rel=1e-5)
