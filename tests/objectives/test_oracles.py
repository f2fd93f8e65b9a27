"""Each objective against a closed form, the simpler objective that it becomes, and its own gradient."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch import distributions as D

from explorer.core import metrics
from explorer.models import VariationalAutoencoder
from explorer.objectives import Objective
from explorer.objectives.capacity import Capacity
from explorer.objectives.cyclic import Cyclic
from explorer.objectives.free_bits import FreeBits
from explorer.objectives.importance import ImportanceWeighted
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


def items(n: int = 6) -> Tensor:
    return torch.rand(n, 1, 4, 3, generator=generator(1))


def gradient(model: VariationalAutoencoder, x: Tensor, seed: int) -> Tensor:
    """The whole gradient of the loss as one vector."""
    model.zero_grad()
    model.loss(x, x, generator(seed)).total.backward()
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


# --- The ELBO as a limit ---

AS_ELBO = [
    (FreeBits(nats=0), 2.5),
    (Cyclic(rising=0), 2.5),
    (Capacity(nats=0), 2.5),
    (ImportanceWeighted(samples=3, elbo_share=1), 1.0),
]


@pytest.mark.parametrize(("objective", "beta"), AS_ELBO, ids=lambda value: getattr(value, "kind", ""))
def test_in_its_limit_it_is_the_elbo(objective: Objective, beta: float) -> None:
    model, plain, x = model_of(objective, beta=beta), model_of(beta=beta), items()
    for epoch in (0.0, 3.2, 11.0):
        model.anneal(epoch)
        plain.anneal(epoch)
        if isinstance(objective, ImportanceWeighted):
            # Of three samples each, with the KL by samples: the same in the mean.
            ours = torch.stack([model.loss(x, x, generator(s)).total for s in range(100)])
            wanted = torch.stack([plain.loss(x, x, generator(s)).total for s in range(100)])
            difference = ours - wanted
            assert abs(difference.mean() / (difference.std() / 10)) < 4
        else:
            torch.testing.assert_close(model.loss(x, x, generator()).total, plain.loss(x, x, generator()).total)
            torch.testing.assert_close(gradient(model, x, 2), gradient(plain, x, 2))


# --- Schedules ---


def test_free_bits_are_paid_above_lambda_alone() -> None:
    model, x = model_of(FreeBits(nats=0.03), beta=3.0), items()
    mu, logvar = model.posterior(x)
    prior = D.Normal(torch.zeros(3), 1.0)
    kl = D.kl_divergence(D.Normal(mu, (logvar / 2).exp()), prior).mean(0).detach()
    assert (kl < 0.03).any()
    assert (kl > 0.03).any(), "some are paid and some are not, or the test shows nothing"
    values = model.loss(x, x, generator()).values()
    assert values["KL above the free bits"] == pytest.approx(sum(max(0.03, k) for k in kl.tolist()), rel=1e-5)
    assert values["KL"] == pytest.approx(float(kl.sum()), rel=1e-5)
    assert values["total"] == pytest.approx(values["reconstruction"] + 3 * values["KL above the free bits"], rel=1e-5)


def test_the_cycles_weight_rises_and_falls_back() -> None:
    model = model_of(Cyclic(period=10, rising=0.5), beta=4.0, kl_warmup_epochs=20)
    wanted = {0.0: 0.0, 2.5: 0.5 * 2.5 / 20, 5.0: 5 / 20, 9.9: 9.9 / 20, 10.0: 0.0, 22.5: 0.5, 47.0: 1.0, math.inf: 1.0}
    for epoch, share in wanted.items():
        model.anneal(epoch)
        assert float(model.kl_weight) == pytest.approx(4 * share), epoch


def test_the_distance_from_the_capacity_is_weighed() -> None:
    model, x = model_of(Capacity(nats=20, epochs=8), beta=5.0), items()
    kl = model_of().loss(x, x, generator()).values()["KL"]
    for epoch, level in ((0.0, 0.0), (2.0, 5.0), (8.0, 20.0), (math.inf, 20.0)):
        model.anneal(epoch)
        values = model.loss(x, x, generator()).values()
        assert values["distance from the capacity"] == pytest.approx(abs(kl - level), rel=1e-5)
        assert values["total"] == pytest.approx(values["reconstruction"] + 5 * abs(kl - level), rel=1e-5)


# --- Importance weights ---


def test_the_bound_is_that_of_the_models_own_importance_weights() -> None:
    """The same codes in the same order: those of ``log_importance_weights``, which PPCA's exact marginal judges."""
    model, x = model_of(ImportanceWeighted(samples=4, groups=3)), items(5)
    z_noise = torch.randn(12 * 5, 3, generator=generator())
    mu, logvar = model.posterior(x)
    bounds = []
    for group in z_noise.view(3, 4, 5, 3):
        rows = []
        for eps in group:
            z = mu + (logvar / 2).exp() * eps
            log_p = D.Bernoulli(logits=model.decoder(z)).log_prob((x > 0.5).float()).flatten(1).sum(1)
            q, p = D.Normal(mu, (logvar / 2).exp()), D.Normal(torch.zeros(3), 1.0)
            rows.append(log_p + p.log_prob(z).sum(1) - q.log_prob(z).sum(1))
        bounds.append(metrics.iwae_bound(torch.stack(rows)))
    bits = (x > 0.5).float()
    values = model.objective(model, x, bits, generator())  # type: ignore[misc]
    torch.testing.assert_close(-values["bound"][0].mean(), torch.stack(bounds).mean(), rtol=1e-5, atol=1e-5)


def test_with_the_exact_posterior_it_is_the_marginal_likelihood_for_any_number_of_samples() -> None:
    """A linear Gaussian model with orthogonal directions, as in tests/models/test_variational.py."""
    recipe = {"model": {"family": "variational", "hidden": [], "latent_dim": 2, "likelihood": "gaussian"}}
    model = Recipe.parse(recipe).build((4,)).double()
    assert isinstance(model, VariationalAutoencoder)
    directions, _ = torch.linalg.qr(torch.randn(4, 2, generator=generator(1), dtype=torch.float64))
    w, sigma = directions * torch.tensor([2.0, 0.7]), 0.5
    precision = 1 + w.square().sum(0) / sigma**2
    with torch.no_grad():
        model.decoder[0].weight.copy_(w)
        model.decoder[0].bias.zero_()
        model.log_sigma.fill_(math.log(sigma))
        model.mu.weight.copy_((w / precision).T / sigma**2)
        model.mu.bias.zero_()
        model.logvar.weight.zero_()
        model.logvar.bias.copy_(-precision.log())
    marginal = D.MultivariateNormal(torch.zeros(4).double(), w @ w.T + sigma**2 * torch.eye(4, dtype=torch.float64))
    x = torch.randn(30, 4, generator=generator(2), dtype=torch.float64)
    for objective in (ImportanceWeighted(samples=1), ImportanceWeighted(samples=6, groups=2, elbo_share=0.3)):
        model.pursue(objective)
        torch.testing.assert_close(model.loss(x, x, generator()).total, -marginal.log_prob(x).mean())


def test_more_samples_bound_more_closely_and_shares_lie_between() -> None:
    x = items(40)

    def bound(**fields: Any) -> float:
        model = model_of(ImportanceWeighted(**fields))
        with torch.no_grad():
            model.logvar.bias.fill_(1.0)
        return float(torch.stack([model.loss(x, x, generator(s)).total.detach() for s in range(60)]).mean())

    one, ten, hundred = (bound(samples=k) for k in (1, 10, 100))
    assert one > ten > hundred
    assert bound(samples=10, groups=3) == pytest.approx(ten, abs=0.02 * abs(one - ten))
    between = bound(samples=10, elbo_share=0.5)
    assert between == pytest.approx((one + ten) / 2, abs=0.03 * abs(one - ten))


@pytest.mark.slow
def test_the_doubly_reparameterised_gradient_is_that_of_the_bound_with_less_noise() -> None:
    """Both estimates have one mean, by the draws' own standard errors; the doubly reparameterised one varies less."""
    x, fields = items(4), {"samples": 5, "groups": 1}
    plain = model_of(ImportanceWeighted(**fields))
    doubly = model_of(ImportanceWeighted(**fields, gradient="doubly_reparameterised"))
    torch.testing.assert_close(plain.loss(x, x, generator()).total, doubly.loss(x, x, generator()).total)
    one = torch.stack([gradient(plain, x, seed) for seed in range(600)])
    other = torch.stack([gradient(doubly, x, 10_000 + seed) for seed in range(600)])
    error = ((one.var(0) + other.var(0)) / 600).sqrt()
    z = ((one.mean(0) - other.mean(0)) / error)[error > 1e-9]
    assert len(z) > 100
    assert float(z.square().mean()) < 1.5, "1 where the means are equal"
    decoder = sum(p.numel() for p in model_of().decoder.parameters())
    names = [name for name, p in plain.named_parameters() for _ in range(p.numel())]
    of_encoder = torch.tensor([not name.startswith("decoder") for name in names])
    assert int((~of_encoder).sum()) == decoder
    assert other.var(0)[of_encoder].sum() < 0.9 * one.var(0)[of_encoder].sum()
