"""What every likelihood promises, and each against a closed form, torch.distributions or a statistic."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import distributions as D

from explorer.core.errors import RecipeError
from explorer.likelihoods import REGISTRY, Likelihood
from explorer.models import VariationalAutoencoder
from explorer.recipe import Recipe
from explorer.training import train

every_likelihood = pytest.mark.parametrize("name", REGISTRY)
of_images = pytest.mark.parametrize("name", [name for name, one in REGISTRY.items() if one.of_images])
SHAPE = (1, 4, 3)


def model_of(name: str, shape: tuple[int, ...] = SHAPE, **fields: Any) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 2, "likelihood": name} | fields
    model = Recipe.parse({"model": values}).build(shape)
    assert isinstance(model, VariationalAutoencoder)
    return model


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@every_likelihood
def test_says_what_it_is(name: str) -> None:
    likelihood = REGISTRY[name]
    assert all((likelihood.title, likelihood.summary, likelihood.formula, likelihood.reference))


@of_images
def test_gives_one_number_an_item_and_the_gradient_of_its_own_values(name: str) -> None:
    model, target = model_of(name).double(), torch.rand(3, *SHAPE, generator=generator(), dtype=torch.float64)
    shape = model.decoder(torch.zeros(1, 2, dtype=torch.float64)).shape[1:]
    logits = torch.randn(3, *shape, generator=generator(1), dtype=torch.float64, requires_grad=True)
    values = model.log_likelihood(target, logits)
    assert values.shape == (3,)
    if model.observation.is_probability:
        assert (values <= 0).all()
    assert torch.autograd.gradcheck(lambda values: model.log_likelihood(target, values), (logits,))


@of_images
def test_a_recipe_with_it_trains_its_spread_and_is_measured(name: str) -> None:
    recipe = Recipe.parse(
        {
            "data": {"dataset": "digits", "limit": 128},
            "model": {"family": "variational", "hidden": [8], "likelihood": name},
            "training": {"epochs": 1, "batch_size": 32, "learning_rate": 0.01, "device": "cpu"},
        }
    )
    *_, last = train(recipe)
    model = last.checkpoint.model
    assert math.isfinite(last.checkpoint.card.metric("ELBO").value)
    if model.observation.sigma_shape(model.event_shape) is not None:
        assert (model.log_sigma != 0).all()


@every_likelihood
def test_tables_take_those_that_are_for_them(name: str) -> None:
    if REGISTRY[name].of_tables:
        assert model_of(name, (5,)).log_likelihood(torch.randn(2, 5), torch.randn(2, 5)).shape == (2,)
        if not REGISTRY[name].of_images:
            with pytest.raises(RecipeError, match="the items are images"):
                model_of(name)
    else:
        with pytest.raises(RecipeError, match="units of their own"):
            model_of(name, (5,))


# --- Binarised anew ---


def test_bits_have_the_greys_as_their_chances_and_input_and_target_share_them() -> None:
    model, x = model_of("binarised"), torch.rand(1, *SHAPE, generator=generator())
    many = x.expand(20_000, *SHAPE)
    bits, target = model.seen(many, many.clone(), generator(1))
    assert torch.equal(bits, target)
    assert set(bits.unique().tolist()) == {0.0, 1.0}
    assert ((bits.mean(0) - x[0]).abs() < 4.5 * (x[0] * (1 - x[0]) / 20_000).sqrt()).all()
    again, _ = model.seen(many, many, generator(2))
    assert not torch.equal(again, bits), "other draws"


def test_its_loss_and_bounds_are_those_of_a_bernoulli_model_that_is_given_the_bits() -> None:
    model, plain = model_of("binarised"), model_of("bernoulli")
    plain.load_state_dict(model.state_dict())
    x = torch.rand(6, *SHAPE, generator=generator())
    draws = generator(3)
    bits = (torch.rand(x.shape, generator=draws) < x).float()
    torch.testing.assert_close(model.loss(x, x, generator(3)).total, plain.loss(bits, bits, draws).total)
    draws = generator(3)
    torch.rand(x.shape, generator=draws)
    torch.testing.assert_close(model.elbo(x, generator(3)), plain.elbo(bits, draws))
    draws = generator(3)
    torch.rand(x.shape, generator=draws)
    wanted = plain.log_importance_weights(bits, 4, draws)
    torch.testing.assert_close(model.log_importance_weights(x, 4, generator(3)), wanted)
    assert torch.equal(model.encode(x), plain.encode(x)), "codes draw nothing"


def test_items_of_0_and_1_stay_as_they_are() -> None:
    x = (torch.rand(50, *SHAPE, generator=generator()) < 0.5).float()
    bits, _ = model_of("binarised").seen(x, x, generator(1))
    assert torch.equal(bits, x)


# --- Gaussian with a spread each ---


def test_a_spread_each_is_torchs_normal() -> None:
    model, x, logits = model_of("gaussian_each", (5,)), torch.randn(3, 5), torch.randn(3, 5)
    with torch.no_grad():
        model.log_sigma.copy_(torch.linspace(-2, 1, 5))
    wanted = D.Normal(logits, model.log_sigma.exp()).log_prob(x).sum(1)
    torch.testing.assert_close(model.log_likelihood(x, logits), wanted)
    equal = model_of("gaussian", (5,))
    with torch.no_grad():
        equal.log_sigma.fill_(0.3)
        model.log_sigma.fill_(0.3)
    torch.testing.assert_close(model.log_likelihood(x, logits), equal.log_likelihood(x, logits))


# --- Discretised logistic ---


@pytest.mark.parametrize("log_scale", [-5.0, -3.0, 0.0])
def test_the_256_levels_have_all_probability_by_the_logistics_distribution(log_scale: float) -> None:
    likelihood: Likelihood = REGISTRY["discretised_logistic"]
    levels = (torch.arange(256, dtype=torch.float64) / 255)[:, None]
    mean, scale = torch.full_like(levels, 0.3), torch.tensor(log_scale, dtype=torch.float64)
    p = likelihood.log_density(levels, mean, mean, scale).exp()
    assert float(p.sum()) == pytest.approx(1, abs=1e-9)
    steps = (torch.arange(255, dtype=torch.float64) + 0.5) / 255
    below = torch.sigmoid((steps - 0.3) / math.exp(log_scale))
    wanted = torch.diff(torch.cat([torch.zeros(1), below, torch.ones(1)]))
    torch.testing.assert_close(p, wanted, rtol=1e-7, atol=1e-12)


def test_far_from_the_mean_it_stays_finite() -> None:
    likelihood = REGISTRY["discretised_logistic"]
    x, mean = torch.tensor([[0.5]]), torch.tensor([[1.0]])
    value = likelihood.log_density(x, mean, mean, torch.tensor(-6.0))
    assert value.item() == pytest.approx(-0.5 * math.exp(6.0), rel=0.02)


# --- Categorical ---


def test_each_pixel_has_a_categorical_distribution_over_its_levels_and_decodes_to_its_mean() -> None:
    model = model_of("categorical", (2, 3, 2), levels=4)
    logits = 3 * torch.randn(5, 8, 3, 2, generator=generator())
    levels = torch.randint(4, (5, 2, 3, 2), generator=generator(1))
    by_pixel = D.Categorical(logits=logits.view(5, 2, 4, 3, 2).permute(0, 1, 3, 4, 2))
    wanted = by_pixel.log_prob(levels).flatten(1).sum(1)
    # Greys between two levels are those of the nearer one.
    torch.testing.assert_close(model.log_likelihood(((levels - 0.4) / 3).clamp(min=0), logits), wanted)
    mean = (by_pixel.probs * torch.arange(4) / 3).sum(-1)
    torch.testing.assert_close(model.output(logits), mean)


def test_a_last_layer_that_would_be_too_large_is_refused_with_the_levels_that_fit() -> None:
    with pytest.raises(RecipeError, match=r"256 levels of 784 pixels are 200,704 values .* 102,760,448 weights") as no:
        model_of("categorical", (1, 28, 28), levels=256, hidden=[512])
    assert "model.levels to at most 41" in no.value.hint
    assert model_of("categorical", (1, 28, 28), levels=41, hidden=[512]).decoder[-1].unflattened_size[0] == 41
    with pytest.raises(RecipeError, match="at most 262,144 values") as no:
        model_of("categorical", (3, 64, 64), levels=256, body="convolutional")
    assert "at most 21" in no.value.hint
