"""What every registered prior promises, whichever it is, and which objectives and bodies take it."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import distributions as D

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint, with_codes
from explorer.core.errors import RecipeError
from explorer.data import Dataset, dataset
from explorer.diagnosis import EXAMINATIONS, record_of
from explorer.diagnosis.signs import collapse
from explorer.latent.sampling import middle_code, sample_codes
from explorer.models import VariationalAutoencoder
from explorer.novelty import REGISTRY as SCORES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.priors import REGISTRY
from explorer.recipe import Recipe
from explorer.training import train

every_prior = pytest.mark.parametrize("name", REGISTRY)
SHAPE = (1, 4, 3)


def model_of(name: str, shape: tuple[int, ...] = SHAPE, objective: str = "", **fields: Any) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 2, "prior": name, "prior_components": 3} | fields
    recipe = {"model": values} | ({"objective": {"kind": objective}} if objective else {})
    model = Recipe.parse(recipe).build(shape)
    assert isinstance(model, VariationalAutoencoder)
    return model


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def trained() -> dict[str, VectorCheckpoint]:
    """A model of each prior, trained for a moment."""
    made = {}
    for name in REGISTRY:
        model = {"family": "variational", "hidden": [12], "latent_dim": 2, "prior": name, "prior_components": 4}
        training = {"epochs": 2, "batch_size": 32, "learning_rate": 0.01, "device": "cpu"}
        recipe = Recipe.parse({"data": {"dataset": "digits", "limit": 256}, "model": model, "training": training})
        *_, last = train(recipe)
        made[name] = with_codes(last.checkpoint)
    return made


@every_prior
def test_says_what_it_is(name: str) -> None:
    prior = REGISTRY[name]
    assert all((prior.title, prior.summary, prior.formula, prior.reference, model_of(name).code_prior.words))


@every_prior
def test_its_density_has_the_whole_probability_and_its_own_moments(name: str) -> None:
    prior = model_of(name, latent_dim=1).double().prior_distribution()
    z = torch.linspace(-25, 25, 20_001, dtype=torch.float64)[:, None]
    p, step = prior.log_density(z).exp().detach(), 50 / 20_000
    assert float(p.sum() * step) == pytest.approx(1, abs=1e-6)
    mean, variance = (float(value) for value in prior.moments())
    assert mean == pytest.approx(float((p * z[:, 0]).sum() * step), abs=1e-6)
    assert variance == pytest.approx(float((p * (z[:, 0] - mean).square()).sum() * step), rel=1e-5)


@every_prior
def test_its_samples_have_its_distribution_and_the_generator_decides(name: str) -> None:
    model, n = model_of(name, latent_dim=1), 4000
    for i, parameter in enumerate(model.code_prior.parameters()):
        torch.nn.init.normal_(parameter, generator=generator(i))
    z, again = (model.prior(n, generator(1)) for _ in range(2))
    assert torch.equal(z, again)
    assert not z.requires_grad
    # Kolmogorov and Smirnov: the greatest distance from the integral of the density.
    grid = torch.linspace(-25, 25, 20_001)[:, None]
    below = model.log_prior(grid).exp().detach().double().cumsum(0) * (50 / 20_000)
    ordered = z[:, 0].sort().values
    expected = np.interp(ordered, grid[:, 0], below)
    assert np.abs(expected - (np.arange(n) + 0.5) / n).max() < 1.95 / math.sqrt(n), "p < 0.001"
    narrow = model.prior(n, generator(1), temperature=0.0)
    assert len(narrow.unique()) <= model.code_prior.components, "without spread the centres alone are left"


@every_prior
def test_gradients_are_those_of_its_density(name: str) -> None:
    model = model_of(name).double()
    z = torch.randn(3, 2, generator=generator(), dtype=torch.float64, requires_grad=True)
    learnt = tuple(model.code_prior.parameters())
    assert bool(learnt) == (not model.code_prior.is_standard_normal)
    assert torch.autograd.gradcheck(lambda z, *_: model.log_prior(z), (z, *learnt))


@every_prior
def test_the_kl_is_never_below_0_in_the_mean_and_0_for_the_prior_itself(name: str) -> None:
    prior = model_of(name, prior_components=1).double().prior_distribution()
    mu, logvar = torch.randn(50, 2, generator=generator()).double(), torch.randn(50, 2, generator=generator(1)).double()
    noise = torch.randn(100, 2, generator=generator(2)).double()
    assert (prior.mean_kl(mu, logvar, noise) > 0).all()
    mean, variance = (value[None].double() for value in prior.moments())
    torch.testing.assert_close(prior.mean_kl(mean, variance.log(), noise), torch.zeros(1).double(), rtol=0, atol=1e-12)


@every_prior
def test_a_recipe_with_it_trains_it_and_its_checkpoint_says_what_is_so(
    name: str, trained: dict[str, VectorCheckpoint], tmp_path: Path
) -> None:
    checkpoint = trained[name]
    loaded = with_codes(checkpoints.load(checkpoints.save(checkpoint, tmp_path / "a.safetensors")))
    model, x = loaded.model, dataset("digits").test.x[:40]
    assert isinstance(model, VariationalAutoencoder)
    untrained = loaded.card.recipe.build((1, 8, 8))
    for learnt, new in zip(model.code_prior.parameters(), untrained.code_prior.parameters(), strict=True):
        assert not torch.equal(learnt, new)
    assert math.isfinite(loaded.card.metric("ELBO").value)
    assert (loaded.card.kl_per_dimension is not None) == model.code_prior.is_standard_normal
    codes, origin = sample_codes(loaded, 2000, seed=1)
    assert origin.startswith("the prior")
    assert origin.endswith(model.code_prior.words)
    mean, variance = loaded.prior_moments()
    np.testing.assert_array_equal(middle_code(loaded), mean)
    assert (np.abs(codes.mean(0) - mean) < 5 * np.sqrt(variance / 2000)).all()
    # The KL that pages show, against many draws of torch's own posterior.
    mu, logvar = (torch.as_tensor(v).double() for v in loaded.posterior(x))
    q = D.Normal(mu, (logvar / 2).exp())
    torch.manual_seed(0)
    draws = q.sample((1000,))
    values = q.log_prob(draws).sum(2) - model.log_prior(draws.flatten(0, 1)).view(1000, -1)
    mean, spread = values.mean(0).numpy(), values.std(0).numpy() + 1e-6
    score = SCORES["elbo-divergence"].for_checkpoint(loaded).score(x)
    for shown, n in ((loaded.divergence(x), 16), (score, 8)):
        assert (np.abs(shown - mean) < 5 * spread * (1 / 1000 + 1 / n) ** 0.5).all()


@every_prior
def test_a_collapse_is_found_by_the_prior_that_it_collapsed_to(name: str, trained: dict[str, VectorCheckpoint]) -> None:
    checkpoint, digits = trained[name], dataset("digits")
    model = copy.deepcopy(checkpoint.model)
    for module in (*model.mu.parameters(), *model.logvar.parameters()):
        module.data.zero_()
    if name == "mixture":  # codes wherever its first Gaussian lies, as wide as it is
        model.code_prior.shares.data[0] = 40
        model.mu.bias.data.copy_(model.code_prior.means[0])
        model.logvar.bias.data.copy_(model.code_prior.log_variances[0])
    finding = EXAMINATIONS["posterior collapse"].look(record_of(replace(checkpoint, model=model), digits))
    assert finding is not None
    assert finding.is_wrong
    figures = {figure.name: figure for figure in finding.figures}
    assert abs(figures["KL of posterior from prior"].value) < 1e-5
    assert ("largest KL of a dimension" in figures) == REGISTRY[name].is_standard_normal


def test_active_units_and_spreads_are_in_units_of_the_prior(trained: dict[str, VectorCheckpoint]) -> None:
    """A model whose codes are all a hundred times as wide, and its prior with them, is the same model."""
    checkpoint, digits = trained["mixture"], dataset("digits")
    model = copy.deepcopy(checkpoint.model)
    with torch.no_grad():
        model.mu.weight *= torch.tensor([[20.0], [0.5]])  # one number of the code is used, the other is not
        before = figures_of(replace(checkpoint, model=copy.deepcopy(model)), digits)
        for layer in (model.mu.weight, model.mu.bias, model.code_prior.means):
            layer *= 100
        for layer in (model.logvar.bias, model.code_prior.log_variances):
            layer += 2 * math.log(100)
        model.decoder[0].weight /= 100
    after = figures_of(replace(checkpoint, model=model), digits)
    assert after["active units"] == before["active units"] == 1
    assert after["KL of posterior from prior"] == pytest.approx(before["KL of posterior from prior"], rel=1e-3)


def figures_of(checkpoint: VectorCheckpoint, digits: Dataset) -> dict[str, float]:
    record = record_of(checkpoint, digits)
    assert record.posterior is not None
    return {figure.name: figure.value for figure in collapse._figures(record, *record.posterior)[0]}


@every_prior
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_an_objective_learns_with_it_or_says_why_not(name: str, objective: str) -> None:
    needs = OBJECTIVES[objective].needs_standard_normal
    if needs and not REGISTRY[name].is_standard_normal:
        with pytest.raises(RecipeError, match="for a standard normal prior") as caught:
            model_of(name, objective=objective)
        assert "model.prior to standard_normal" in caught.value.hint
        return
    model, x = model_of(name, objective=objective), torch.rand(6, *SHAPE, generator=generator())
    loss = model.loss(x, x, generator())
    loss.total.backward()
    assert loss.total.isfinite()
    assert all(p.grad is not None and p.grad.isfinite().all() and p.grad.any() for p in model.parameters())


@every_prior
def test_tables_take_it(name: str) -> None:
    model = model_of(name, (5,), likelihood="gaussian")
    rows = 100 + 30 * torch.randn(20, 5, generator=generator())
    model.fit_input([rows])
    model.begin(rows[: model.first_items])
    assert model.elbo(rows, generator()).isfinite().all()


@every_prior
def test_batch_normalisation_is_refused_where_the_encoder_runs_on_other_items(name: str) -> None:
    fields = {"body": "convolutional", "channels": [4], "batch_norm": True}
    if not REGISTRY[name].runs_encoder:
        model_of(name, (1, 8, 8), **fields)
        return
    with pytest.raises(RecipeError, match="batch normalisation would mix") as caught:
        model_of(name, (1, 8, 8), **fields)
    assert "model.batch_norm to false" in caught.value.hint
