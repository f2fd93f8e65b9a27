"""Each prior against torch's distributions, the standard normal as its limit, and a marginal that is known."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import distributions as D

from explorer.core import metrics
from explorer.data import dataset
from explorer.models import VariationalAutoencoder
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Step


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model_of(shape: tuple[int, ...] = (1, 4, 3), **fields: Any) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 2} | fields
    model = Recipe.parse({"model": values}).build(shape)
    assert isinstance(model, VariationalAutoencoder)
    return model


def mixture(components: int = 5, shape: tuple[int, ...] = (1, 4, 3), **fields: Any) -> VariationalAutoencoder:
    """With parts that differ in share, place and size."""
    model = model_of(shape, prior="mixture", prior_components=components, **fields).double()
    with torch.no_grad():
        for i, parameter in enumerate(model.code_prior.parameters()):
            parameter.copy_(torch.randn(parameter.shape, generator=generator(i)))
    return model


def of_torch(model: Any) -> D.Distribution:
    """The same prior by torch."""
    prior = model.code_prior
    parts = D.Independent(D.Normal(prior.means, (prior.log_variances / 2).exp()), 1)
    return D.MixtureSameFamily(D.Categorical(logits=prior.shares), parts)


# --- Mixture ---


def test_a_mixture_is_torchs() -> None:
    model = mixture()
    z = 3 * torch.randn(30, 2, generator=generator(), dtype=torch.float64)
    wanted = of_torch(model)
    torch.testing.assert_close(model.log_prior(z), wanted.log_prob(z))
    mean, variance = model.prior_distribution().moments()
    torch.testing.assert_close(mean, wanted.mean)
    torch.testing.assert_close(variance, wanted.variance)


def test_one_gaussian_of_mean_0_and_variance_1_is_the_standard_normal() -> None:
    plain, model = model_of(), model_of(prior="mixture", prior_components=1)
    with torch.no_grad():
        model.code_prior.means.zero_()
    model.load_state_dict(plain.state_dict(), strict=False)
    x = torch.rand(8, 1, 4, 3, generator=generator(1))
    ours, theirs = (m.log_importance_weights(x, 4, generator()) for m in (model, plain))
    torch.testing.assert_close(ours, theirs)
    many = x.repeat(2000, 1, 1, 1)
    mu, logvar = plain.posterior(many)
    kl = model.kl(mu, logvar, model.sample_posterior(mu, logvar, generator()))
    difference = (kl - plain.kl(mu, logvar, mu)).view(2000, 8).mean(1).detach()
    assert abs(difference.mean() / (difference.std() / math.sqrt(2000))) < 4
    # So are the losses' gradients for encoder and decoder, in the mean.
    gradients = []
    for m in (model, plain):
        total = m.loss(many, many, generator()).total
        weights = [p for name, p in m.named_parameters() if not name.startswith("code_prior")]
        gradients.append(torch.cat([g.flatten() for g in torch.autograd.grad(total, weights)]))
    assert torch.nn.functional.cosine_similarity(*gradients, dim=0) > 0.999


def test_the_kl_from_one_gaussian_is_the_closed_form_of_two_normals() -> None:
    model = mixture(1)
    mu, logvar = (torch.randn(6, 2, generator=generator(s), dtype=torch.float64) for s in (3, 4))
    q, p = (
        D.Normal(mu, (logvar / 2).exp()),
        D.Normal(model.code_prior.means, (model.code_prior.log_variances / 2).exp()),
    )
    wanted = D.kl_divergence(q, p).sum(1)
    many = [value.repeat(5000, 1) for value in (mu, logvar)]
    values = model.kl(*many, model.sample_posterior(*many, generator())).view(5000, 6)
    error = (values.mean(0) - wanted) / (values.std(0) / math.sqrt(5000))
    assert (error.abs() < 4.5).all()


def test_importance_weights_reach_the_known_marginal_of_a_linear_decoder() -> None:
    """p(x) = sum_k w_k N(W m_k + b, W V_k W^T + s^2 I) of a linear decoder with the spread s."""
    model = mixture(3, (4,), hidden=(), likelihood="gaussian")
    w, b = model.decoder[0].weight, model.decoder[0].bias
    model.log_sigma.data.fill_(math.log(0.7))
    # An encoder that is wide enough to be where the exact posterior is.
    for head, value in ((model.mu, 0.0), (model.logvar, math.log(6.0))):
        head.weight.data.zero_()
        head.bias.data.fill_(value)
    prior = model.code_prior
    covariances = [w @ torch.diag(v.exp()) @ w.T + 0.49 * torch.eye(4).double() for v in prior.log_variances]
    parts = D.MultivariateNormal(prior.means @ w.T + b, torch.stack(covariances))
    marginal = D.MixtureSameFamily(D.Categorical(logits=prior.shares), parts)
    x = marginal.sample((8,)).detach()
    with torch.no_grad():
        log_weights = model.log_importance_weights(x.repeat(2000, 1), 4, generator())
    bound = metrics.iwae_bound(log_weights.view(8000, 8))
    torch.testing.assert_close(bound, marginal.log_prob(x).detach(), rtol=0, atol=0.2)
    assert (bound - marginal.log_prob(x).detach()).mean().abs() < 0.06


# --- VampPrior ---


def test_a_vamp_prior_is_the_mean_of_the_posteriors_of_its_pseudo_inputs() -> None:
    model = model_of(prior="vamp", prior_components=4).double()
    u = model.code_prior.inputs.sigmoid()
    mu, logvar = model.posterior(u)
    parts = D.Independent(D.Normal(mu, (logvar / 2).exp()), 1)
    wanted = D.MixtureSameFamily(D.Categorical(logits=torch.zeros(4).double()), parts)
    z = 2 * torch.randn(20, 2, generator=generator(), dtype=torch.float64)
    torch.testing.assert_close(model.log_prior(z), wanted.log_prob(z))
    # The gradient of the prior alone reaches the encoder, which it shares.
    assert torch.autograd.grad(model.log_prior(z).sum(), model.mu.weight)[0].any()


@pytest.mark.parametrize("shape", [(1, 4, 3), (5,)])
def test_with_every_item_as_a_pseudo_input_it_is_the_aggregated_posterior(shape: tuple[int, ...]) -> None:
    """So that with one item the KL is 0, and with n of them no more than log n."""
    fields = {"likelihood": "gaussian"} if len(shape) == 1 else {}
    for n in (1, 6):
        model = model_of(shape, prior="vamp", prior_components=n, **fields).double()
        # Of images only what is not cut off at the edges is begun with exactly.
        x = 0.1 + 0.8 * torch.rand(n, *shape, generator=generator(1)).double()
        if len(shape) == 1:
            x = 100 * x
            model.fit_input([x] if n > 1 else [torch.cat([x, x + 1])])
        model.begin(x)
        mu, logvar = model.posterior(x)
        z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator(), dtype=torch.float64)
        q = D.Normal(mu, (logvar / 2).exp())
        aggregated = torch.stack([q.log_prob(one).sum(1) for one in z]).logsumexp(1) - math.log(n)
        torch.testing.assert_close(model.log_prior(z), aggregated)
        kl = model.kl(mu, logvar, z)
        assert (kl <= math.log(n) + 1e-9).all()


def test_a_training_begins_at_training_items_and_goes_on_from_its_state() -> None:
    digits = dataset("digits")
    model = {"family": "variational", "hidden": [8], "prior": "vamp", "prior_components": 5}
    training = {"epochs": 1, "batch_size": 64, "device": "cpu", "learning_rate": 1e-9}
    recipe = Recipe.parse({"data": {"dataset": "digits", "limit": 128}, "model": model, "training": training})
    step = next(event for event in train(recipe) if isinstance(event, Step))
    began = step.snapshot().tensors["model.code_prior.inputs"].sigmoid()
    items = torch.from_numpy(digits.x[digits.splits.train]).float() / 255
    both = began.flatten(1), items.clamp(0.02, 0.98).flatten(1)
    distances = torch.cdist(*both, compute_mode="donot_use_mm_for_euclid_dist").min(1).values
    assert (distances < 1e-4).all()
    *_, whole = train(recipe)
    *_, resumed = train(recipe, resume=step.snapshot())
    for one, other in zip(whole.checkpoint.model.parameters(), resumed.checkpoint.model.parameters(), strict=True):
        assert torch.equal(one, other)
