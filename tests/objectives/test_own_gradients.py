"""Objectives that give parts of a model gradients of their own: the partial bound, and the adversarial autoencoder."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch import distributions as D

from explorer.data import dataset
from explorer.models import VariationalAutoencoder
from explorer.objectives import Objective
from explorer.objectives.adversarial import Adversarial, discriminator_loss
from explorer.objectives.importance import ImportanceWeighted
from explorer.objectives.partially import PartiallyImportanceWeighted
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.step import optimiser_for, set_rate


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


def gradients(model: VariationalAutoencoder, x: Tensor) -> dict[str, Tensor]:
    model.zero_grad()
    model.loss(x, x, generator()).total.backward()
    return {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}


# --- The partially importance-weighted bound ---


@pytest.mark.parametrize("fields", [{}, {"prior": "mixture", "prior_components": 4}], ids=["normal", "mixture"])
def test_the_decoder_gets_the_gradient_of_one_bound_and_the_encoder_that_of_several(fields: dict[str, Any]) -> None:
    x = items()
    ours = model_of(PartiallyImportanceWeighted(samples=3, groups=4), **fields)
    iwae, miwae = (model_of(ImportanceWeighted(samples=k, groups=m), **fields) for k, m in ((12, 1), (3, 4)))
    torch.testing.assert_close(ours.loss(x, x, generator()).total, iwae.loss(x, x, generator()).total)
    got, of_one, of_several = (gradients(model, x) for model in (ours, iwae, miwae))
    for name, value in got.items():
        is_encoders = name.startswith(("encoder", "mu", "logvar"))
        torch.testing.assert_close(value, (of_several if is_encoders else of_one)[name], rtol=1e-4, atol=1e-6)
        assert not torch.allclose(value, (of_one if is_encoders else of_several)[name], rtol=1e-2), name
    one, plain = model_of(PartiallyImportanceWeighted(samples=5, groups=1)), model_of(ImportanceWeighted(samples=5))
    for name, value in gradients(one, x).items():
        torch.testing.assert_close(value, gradients(plain, x)[name], rtol=1e-4, atol=1e-6)


# --- The adversarial autoencoder ---


def test_the_best_discriminator_of_equal_distributions_loses_log_4() -> None:
    assert float(discriminator_loss(torch.zeros(3, 1), torch.zeros(2, 1))) == pytest.approx(math.log(4))
    p, q = D.Normal(0.0, 1.0), D.Normal(1.5, 0.7)
    a, b = p.sample((200_000, 1)), q.sample((200_000, 1))

    def best(z: Tensor) -> Tensor:
        return p.log_prob(z) - q.log_prob(z)

    grid = torch.linspace(-12, 12, 100_001, dtype=torch.float64)
    densities = [d.log_prob(grid).exp() for d in (D.Normal(0.0, 1.0), D.Normal(1.5, 0.7))]
    middle = sum(densities) / 2
    shannon = sum((d * (d / middle).clamp(min=1e-300).log()).sum() / 2 for d in densities) * (grid[1] - grid[0])
    lost = float(discriminator_loss(best(a), best(b)))
    assert lost == pytest.approx(math.log(4) - 2 * float(shannon), abs=0.01), "Goodfellow et al. 2014, theorem 1"
    assert lost < float(discriminator_loss(best(a) + 0.5, best(b) + 0.5))
    assert lost < float(discriminator_loss(0.7 * best(a), 0.7 * best(b)))


def test_each_part_learns_from_its_own_term_alone() -> None:
    """The gradients by hand, of the very same draws."""
    model, x = model_of(Adversarial(strength=3.0)), items()
    got = gradients(model, x)
    again = generator()
    mu, logvar = model.posterior(x)
    z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=again)
    drawn = torch.randn(z.shape, generator=again)
    critic = model.critic
    assert critic is not None
    of_model = -model.log_likelihood(x, model.decoder(z)).mean() - 3.0 * F.logsigmoid(critic(z)).mean()
    own, rest = list(critic.parameters()), [w for n, w in model.named_parameters() if not n.startswith("critic")]
    for wanted, (name, value) in zip(
        torch.autograd.grad(of_model, rest), [(n, g) for n, g in got.items() if not n.startswith("critic")], strict=True
    ):
        torch.testing.assert_close(value, wanted, rtol=1e-4, atol=1e-6, msg=name)
    judged = -(F.logsigmoid(critic(drawn)).mean() + (1 - torch.sigmoid(critic(z.detach()))).log().mean())
    for weight, wanted in zip(own, torch.autograd.grad(judged, own), strict=True):
        torch.testing.assert_close(weight.grad, wanted, rtol=1e-4, atol=1e-6)
    values = model.loss(x, x, generator()).values()
    assert values["total"] == pytest.approx(values["reconstruction"] + 3 * values["taken for a code"], rel=1e-5)
    assert values["discriminator"] == pytest.approx(float(judged.detach()), rel=1e-5)


def test_without_weight_it_is_an_autoencoder_with_beta_0() -> None:
    x = items()
    got, plain = gradients(model_of(Adversarial(strength=0)), x), gradients(model_of(beta=0.0), x)
    for name, value in plain.items():
        torch.testing.assert_close(got[name], value)


def test_the_discriminator_has_a_rate_of_its_own_and_its_training_goes_on_where_it_stopped() -> None:
    values = {
        "data": {"dataset": "digits", "limit": 200},
        "model": {"family": "variational", "hidden": [12], "latent_dim": 3},
        "objective": {"kind": "adversarial", "rate": 0.25},
        "training": {"epochs": 2, "batch_size": 64, "device": "cpu"},
    }
    recipe = Recipe.parse(values)
    model = recipe.build((1, 8, 8))
    optimiser = optimiser_for(model.stages()[0], recipe.training, torch.device("cpu"))
    set_rate(optimiser, 0.02)
    assert [group["lr"] for group in optimiser.param_groups] == [0.02, 0.005]
    assert sum(len(group["params"]) for group in optimiser.param_groups) == len(list(model.parameters()))
    data = dataset("digits")
    states = [event.snapshot() for event in train(recipe, data) if hasattr(event, "snapshot")]
    assert any(name.startswith("model.critic") for name in states[2].tensors)
    resumed = [event.snapshot() for event in train(recipe, data, states[2]) if hasattr(event, "snapshot")]
    assert len(resumed) == len(states) - 3
    for name, value in states[-1].tensors.items():
        assert torch.equal(value, resumed[-1].tensors[name]), name


@pytest.mark.slow
def test_all_codes_together_come_to_look_like_the_prior() -> None:
    """By the energy distance of held-out codes from draws of the prior (Szekely and Rizzo 2013, equation 5)."""

    def distance(codes: np.ndarray) -> float:
        a, b = torch.from_numpy(codes).double(), torch.randn(len(codes), 2, generator=generator(5)).double()
        apart = [torch.cdist(u, v).sum() / (len(u) * (len(v) - (u is v))) for u, v in ((a, b), (a, a), (b, b))]
        return float(2 * apart[0] - apart[1] - apart[2])

    def after(strength: float, epochs: int) -> tuple[float, float]:
        recipe = Recipe.parse(
            {
                "data": {"dataset": "digits"},
                "model": {"family": "variational", "hidden": [64], "latent_dim": 2},
                "objective": {"kind": "adversarial", "strength": strength},
                "training": {"epochs": epochs, "batch_size": 128, "learning_rate": 3e-3, "device": "cpu"},
            }
        )
        *_, last = train(recipe)
        data = dataset("digits")
        mu, logvar = last.checkpoint.posterior(data.test.x)
        loss = last.checkpoint.card.history[-1]["validation"]["reconstruction"]
        return loss, distance(mu + np.exp(logvar / 2) * np.random.Generator(np.random.PCG64(0)).normal(size=mu.shape))

    (rebuilt, near), (_, far) = after(1.0, 35), after(0.0, 8)
    assert far > 1
    assert near < 0.1
    assert rebuilt < 25, "an encoder that ignores its items deceives as well, with 27.4 nats"
