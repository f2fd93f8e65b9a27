"""The VAE against torch.distributions, a model whose marginal likelihood is known, and its own bounds."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from sklearn.datasets import load_digits
from torch import Tensor
from torch import distributions as D

from explorer.core import metrics
from explorer.models.variational import LOG_SIGMA_RANGE, VariationalAutoencoder, VariationalConfig


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def build(shape: tuple[int, ...] = (1, 4, 3), **fields: object) -> VariationalAutoencoder:
    torch.manual_seed(0)
    return VariationalConfig.model_validate({"hidden": (16,), "latent_dim": 3} | fields).build(shape)


def z_score(difference: Tensor) -> float:
    """How many standard errors the mean of independent differences lies above 0."""
    return (difference.mean() / (difference.std() / math.sqrt(len(difference)))).item()


# --- The terms of the loss ---


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_loss_terms_are_those_of_the_paper(likelihood: str) -> None:
    model, x = build(likelihood=likelihood, beta=2.5), torch.rand(5, 1, 4, 3)
    loss = model.loss(x, x, generator())
    mu, logvar = model.posterior(x)
    q = D.Normal(mu, (logvar / 2).exp())
    kl = D.kl_divergence(q, D.Normal(torch.zeros(3), 1.0)).sum(1).mean()
    z = mu + (logvar / 2).exp() * torch.randn(5, 3, generator=generator())
    if likelihood == "bernoulli":
        p = model.decode(z)
        log_p = x * p.log() + (1 - x) * (1 - p).log()
    else:
        log_p = D.Normal(model.decode(z), model.log_sigma.exp()).log_prob(x)
    values = loss.values()
    assert values["KL"] == pytest.approx(kl.item(), rel=1e-5)
    assert values["reconstruction"] == pytest.approx(-log_p.flatten(1).sum(1).mean().item(), rel=1e-5)
    assert values["total"] == pytest.approx(values["reconstruction"] + 2.5 * values["KL"], rel=1e-5)


@pytest.mark.parametrize(
    ("shape", "likelihood"), [((1, 4, 3), "bernoulli"), ((1, 4, 3), "gaussian"), ((7,), "gaussian")]
)
def test_loss_is_minus_the_elbo_where_beta_is_one(shape: tuple[int, ...], likelihood: str) -> None:
    model, x = build(shape, likelihood=likelihood), torch.rand(5, *shape)
    torch.testing.assert_close(model.loss(x, x, generator()).total, -model.elbo(x, generator()).mean())


def test_kl_warms_up_to_beta_and_leaves_the_elbo_alone() -> None:
    model, x = build(beta=4.0, kl_warmup_epochs=10), torch.rand(5, 1, 4, 3)
    elbo = model.elbo(x, generator())
    for epoch, weight in ((0.0, 0.0), (2.5, 1.0), (5.0, 2.0), (10.0, 4.0), (30.0, 4.0)):
        model.anneal(epoch)
        values = model.loss(x, x, generator()).values()
        assert values["total"] == pytest.approx(values["reconstruction"] + weight * values["KL"], rel=1e-5)
        assert torch.equal(model.elbo(x, generator()), elbo)
    model = build(beta=4.0)
    model.anneal(0.0)
    assert float(model.kl_weight) == 4


def test_learned_sigma_settles_at_the_residuals() -> None:
    """The Gaussian likelihood is highest where sigma is the root mean squared error (Rybkin et al. 2021)."""
    model, x = build(likelihood="gaussian"), torch.rand(50, 1, 4, 3)
    mu, logvar = model.posterior(x)
    logits = model.decoder(model.sample_posterior(mu, logvar, generator())).detach()
    residual = (model.output(logits) - x).square().mean().sqrt()
    optimiser = torch.optim.LBFGS([model.log_sigma], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = -model.log_likelihood(x, logits).mean()
        loss.backward()
        return loss

    optimiser.step(closure)
    assert model.log_sigma.exp().item() == pytest.approx(residual.item(), rel=1e-3)


def test_sigma_is_bounded_below() -> None:
    model, x = build(likelihood="gaussian"), torch.full((2, 1, 4, 3), 0.5)
    with torch.no_grad():
        model.log_sigma.fill_(-50.0)
    logits = torch.zeros(2, 1, 4, 3)
    sharpest = D.Normal(0.5, math.exp(LOG_SIGMA_RANGE[0])).log_prob(torch.tensor(0.5)) * 12
    torch.testing.assert_close(model.log_likelihood(x, logits), sharpest.expand(2))


# --- Draws ---


def test_encode_is_the_posterior_mean_in_training_too() -> None:
    model, x = build(), torch.rand(5, 1, 4, 3)
    for mode in (True, False):
        model.train(mode)
        assert torch.equal(model.encode(x), model.posterior(x)[0])
        assert torch.equal(model(x), model.decode(model.posterior(x)[0]))


def test_sample_posterior_has_the_posteriors_moments() -> None:
    n = 100_000
    mu, logvar = torch.tensor([[1.0, -2.0, 0.0]]).expand(n, 3), torch.tensor([[0.0, -3.0, 2.0]]).expand(n, 3)
    z = build().sample_posterior(mu, logvar, generator())
    sigma = (logvar[0] / 2).exp()
    assert ((z.mean(0) - mu[0]).abs() < 4 * sigma / n**0.5).all()
    assert ((z.var(0) / sigma**2 - 1).abs() < 4 * (2 / n) ** 0.5).all()


def test_gradients_pass_through_the_sample() -> None:
    """d z / d mu = 1 and d z / d logvar = (z - mu) / 2: the reparameterisation."""
    mu, logvar = torch.randn(4, 3, requires_grad=True), torch.randn(4, 3, requires_grad=True)
    z = build().sample_posterior(mu, logvar, generator())
    z.sum().backward()
    torch.testing.assert_close(mu.grad, torch.ones(4, 3))
    torch.testing.assert_close(logvar.grad, ((z - mu) / 2).detach())


@pytest.mark.parametrize("temperature", [1.0, 0.5, 0.0])
def test_prior_is_a_normal_of_that_temperature(temperature: float) -> None:
    z = build().prior(50_000, generator(), temperature)
    assert z.shape == (50_000, 3)
    assert (z.mean(0).abs() <= 4 * temperature / 50_000**0.5).all()
    assert ((z.var(0) - temperature**2).abs() <= 4 * temperature**2 * (2 / 50_000) ** 0.5).all()
    assert torch.equal(z, build().prior(50_000, generator(), temperature))


# --- A model whose marginal likelihood is known ---


def probabilistic_pca(logvar_shift: float = 0.0) -> tuple[VariationalAutoencoder, D.MultivariateNormal]:
    """A linear VAE with orthogonal decoder directions, its exact posterior as encoder, and its exact marginal.

    p(x) = N(b, W W^T + sigma^2 I); p(z|x) = N(M^-1 W^T (x - b) / sigma^2, M^-1) with M = I + W^T W / sigma^2, which is
    diagonal for orthogonal columns (Tipping and Bishop 1999). ``logvar_shift`` makes the encoder's posterior wrong.
    """
    model = build((6,), hidden=(), latent_dim=3, likelihood="gaussian").double()
    directions, _ = torch.linalg.qr(torch.randn(6, 3, generator=generator(1), dtype=torch.float64))
    w, b, sigma = directions * torch.tensor([2.0, 1.0, 0.3]), torch.linspace(-1, 1, 6).double(), 0.5
    precision = 1 + w.square().sum(0) / sigma**2
    project = (w / precision).T / sigma**2
    with torch.no_grad():
        model.decoder[0].weight.copy_(w)
        model.decoder[0].bias.copy_(b)
        model.log_sigma.fill_(math.log(sigma))
        model.mu.weight.copy_(project)
        model.mu.bias.copy_(-project @ b)
        model.logvar.weight.zero_()
        model.logvar.bias.copy_(-precision.log() + logvar_shift)
    return model, D.MultivariateNormal(b, w @ w.T + sigma**2 * torch.eye(6, dtype=torch.float64))


def test_with_the_exact_posterior_every_importance_weight_is_the_marginal_likelihood() -> None:
    model, marginal = probabilistic_pca()
    x = torch.randn(40, 6, generator=generator(2), dtype=torch.float64)
    log_weights = model.log_importance_weights(x, 3, generator())
    torch.testing.assert_close(log_weights, marginal.log_prob(x).expand(3, 40), rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_with_a_wrong_posterior_elbo_misses_by_the_kl_and_iwae_closes_the_gap() -> None:
    """log p(x) - ELBO = KL(q(z|x) || p(z|x)), here 3 (exp(s) - 1 - s) / 2 for a log variance wrong by s."""
    shift = 0.7
    model, marginal = probabilistic_pca(shift)
    x = torch.randn(40, 6, generator=generator(2), dtype=torch.float64)
    log_p, gap = marginal.log_prob(x), 1.5 * (math.exp(shift) - 1 - shift)
    draws = generator()
    elbo = torch.stack([model.elbo(x, draws) for _ in range(500)])
    assert abs(z_score(elbo.mean(1) - (log_p - gap).mean())) < 4
    bound = metrics.iwae_bound(model.log_importance_weights(x, 2000, draws))
    torch.testing.assert_close(bound, log_p, rtol=0, atol=0.15)
    assert (bound - log_p).mean().abs() < 0.02


def test_a_tables_likelihood_is_that_of_its_own_units() -> None:
    """The exact marginal of x = mean + std y, y of the linear model: N(mean + std b, std C std)."""
    model, marginal = probabilistic_pca()
    mean, std = torch.linspace(-50, 900, 6).double(), torch.tensor([1e-3, 0.2, 1.0, 7.0, 40.0, 1e4]).double()
    for layer in (model.input, model.output):
        layer.mean.copy_(mean)
        layer.std.copy_(std)
    exact = D.MultivariateNormal(mean + std * marginal.mean, std[:, None] * marginal.covariance_matrix * std)
    x = mean + std * torch.randn(40, 6, generator=generator(2), dtype=torch.float64)
    log_weights = model.log_importance_weights(x, 3, generator())
    torch.testing.assert_close(log_weights, exact.log_prob(x).expand(3, 40), rtol=1e-9, atol=1e-9)
    # With the exact posterior the bound is tight: the ELBO's mean is that of log p(x).
    draws = generator()
    elbo = torch.stack([model.elbo(x, draws) for _ in range(500)])
    assert abs(z_score(elbo.mean(1) - exact.log_prob(x).mean())) < 4
    torch.testing.assert_close(model.loss(x, x, generator()).total, -model.elbo(x, generator()).mean())


@pytest.mark.parametrize("factor", [1000.0, 0.01])
def test_a_change_of_units_shifts_the_elbo_by_minus_its_logarithm(factor: float) -> None:
    rows = torch.randn(50, 4, generator=generator(3), dtype=torch.float64) * 3 + 1
    scaled = rows * torch.tensor([factor, 1, 1, 1], dtype=torch.float64)
    elbos = []
    for x in (rows, scaled):
        model = build((4,), likelihood="gaussian").double()
        model.fit_input([x])
        elbos.append(model.elbo(x, generator()))
    torch.testing.assert_close(elbos[1] - elbos[0], torch.full((50,), -math.log(factor), dtype=torch.float64))


# --- Bounds of a trained model ---


@pytest.fixture(scope="module")
def trained() -> tuple[VariationalAutoencoder, Tensor]:
    x = torch.from_numpy(load_digits().images / 16).float()[:, None]
    model, draws = build((1, 8, 8), hidden=(64,), latent_dim=4), generator()
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(400):
        batch = x[torch.randint(1400, (100,), generator=draws)]
        optimiser.zero_grad()
        model.loss(batch, batch, draws).total.backward()
        optimiser.step()
    return model.eval(), x[1400:]


@torch.no_grad()
def test_elbo_lies_below_the_iwae_bound_which_rises_with_k(trained: tuple[VariationalAutoencoder, Tensor]) -> None:
    model, x = trained
    log_weights = model.log_importance_weights(x, 64, generator(100))
    elbo = torch.stack([model.elbo(x, generator(seed)) for seed in range(64)]).mean(0)
    # One sample's bound is an unbiased estimate of the ELBO: the weights' mean and the ELBO's differ by chance alone.
    assert abs(z_score(log_weights.mean(0) - elbo)) < 4
    # For each k the mean over groups of k samples, so that every bound uses all 64 of them.
    bounds = [
        torch.stack([metrics.iwae_bound(group) for group in log_weights.split(k)]).mean(0) for k in (1, 4, 16, 64)
    ]
    for lower, higher in itertools.pairwise(bounds):
        assert z_score(higher - lower) > 4
    assert z_score(bounds[-1] - elbo) > 4
