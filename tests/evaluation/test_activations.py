"""Layer values against the model's own methods, loss terms against the model's own loss."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer import novelty
from explorer.checkpoints import Checkpoint
from explorer.core.errors import ExplorerError, RecipeError
from explorer.data import Dataset, dataset
from explorer.evaluation import evaluate
from explorer.evaluation.activations import activations, loss_terms, standardised, weights_of
from explorer.models import layers
from explorer.recipe import Recipe
from explorer.training import train

CONVOLUTIONAL = {"model": {"family": "convolutional", "latent_dim": 3, "channels": [4, 8]}}


@pytest.mark.parametrize("name", ["digits_autoencoder", "digits_vae"])
def test_the_chain_passes_through_the_code_to_the_reconstruction(
    name: str, digits: Dataset, request: pytest.FixtureRequest
) -> None:
    checkpoint: Checkpoint = request.getfixturevalue(name)
    item = digits.x[7]
    chain = activations(checkpoint, item)
    assert [a.layer for a in chain] == layers(checkpoint.model)
    assert all(a.value.shape == a.layer.shape for a in chain)
    code = [a for a in chain if a.layer.part == "encoder"][-1].value
    np.testing.assert_allclose(code, checkpoint.encode(item[None])[0], rtol=1e-5)
    np.testing.assert_allclose(chain[-1].value, checkpoint.reconstruct(item[None])[0], rtol=1e-5, atol=1e-6)


def test_a_table_row_ends_in_its_own_units(table_autoencoder: Checkpoint) -> None:
    item = dataset("breast-cancer").x[3]
    chain = activations(table_autoencoder, item)
    np.testing.assert_allclose(chain[0].value, standardised(table_autoencoder, item[None])[0], rtol=1e-5)
    np.testing.assert_allclose(chain[-1].value, table_autoencoder.reconstruct(item[None])[0], rtol=1e-4)


def test_standardised_training_rows_have_mean_zero_and_spread_one(table_autoencoder: Checkpoint) -> None:
    x = standardised(table_autoencoder, dataset("breast-cancer").train.x)
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(x.std(0), 1, atol=1e-4)


@pytest.fixture(scope="module")
def unpooling() -> Checkpoint:
    """A model that passes pooling switches around its code, trained for a moment."""
    values = {
        "name": "unpools",
        "data": {"dataset": "digits"},
        "model": CONVOLUTIONAL["model"] | {"downsampling": "pooled", "upsampling": "unpooling"},
        "training": {"epochs": 4, "learning_rate": 5e-3, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values))
    return last.checkpoint


def test_an_item_of_an_unpooling_model_has_one_error_everywhere(unpooling: Checkpoint, digits: Dataset) -> None:
    """Alone or among others, in the loss, on the card, in pages, novelty and comparison: that of ``forward``."""
    rows = digits.splits.test[:9]
    x = digits.x[rows] / np.float32(255)
    errors = np.square(x - unpooling.reconstruct(x)).sum((1, 2, 3))
    without = np.square(x - unpooling.decode(unpooling.encode(x))).sum((1, 2, 3))
    assert np.abs(errors / without - 1).mean() > 0.05, "switches matter"
    np.testing.assert_allclose(unpooling.reconstruction_errors(x), errors, rtol=1e-4)
    np.testing.assert_allclose(novelty.ReconstructionError(unpooling).fit(x).score(x), errors, rtol=1e-4)
    for row, error in zip(rows, errors, strict=True):
        (term,) = loss_terms(unpooling, digits.x[[row]])
        [figure] = [m for m in evaluate(unpooling, digits, np.array([row]), "test") if m.name == "reconstruction error"]
        assert [term.value, figure.value] == pytest.approx([error, error], rel=1e-4)
    (mean,) = loss_terms(unpooling, digits.x[rows])
    [figure] = [m for m in evaluate(unpooling, digits, rows, "test") if m.name == "reconstruction error"]
    assert [mean.value, figure.value] == pytest.approx([errors.mean()] * 2, rel=1e-4)


def test_an_item_of_another_shape_is_refused(digits_vae: Checkpoint) -> None:
    with pytest.raises(ExplorerError, match="do not fit"):
        activations(digits_vae, np.zeros((1, 9, 9), np.float32))


def test_terms_of_a_plain_model_are_its_reconstruction_error(digits: Dataset, digits_autoencoder: Checkpoint) -> None:
    x = digits.test.x[:50]
    (term,) = loss_terms(digits_autoencoder, x)
    assert (term.name, term.weight) == ("squared error", 1.0)
    assert term.value == pytest.approx(float(digits_autoencoder.reconstruction_errors(x).mean()), rel=1e-4)


def test_terms_of_a_vae_hold_the_closed_form_kl(digits: Dataset, digits_vae: Checkpoint) -> None:
    x = digits.test.x[:50]
    terms = {term.name: term for term in loss_terms(digits_vae, x)}
    mu, logvar = (torch.from_numpy(v) for v in digits_vae.posterior(x))
    posterior = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
    assert terms["KL"].value == pytest.approx(float(kl), rel=1e-4)
    assert terms["KL"].weight == 1.0
    assert [t.value for t in loss_terms(digits_vae, x)] == [t.value for t in loss_terms(digits_vae, x)]
    assert loss_terms(digits_vae, x, seed=1)[0].value != terms["reconstruction"].value


def test_the_weights_of_a_recipe_are_those_of_the_built_model() -> None:
    recipe = Recipe.parse(CONVOLUTIONAL)
    built = recipe.model.build((1, 12, 10))
    assert weights_of(recipe, (1, 12, 10)) == sum(tensor.size for tensor in map(_array, built.parameters()))


def test_weights_of_a_recipe_count_both_halves_of_the_posterior_and_allocate_nothing() -> None:
    sides = 16384
    recipe = Recipe.parse({"model": {"family": "variational", "latent_dim": 2, "hidden": [sides]}})
    inputs = 3 * 256 * 256
    encoder = (inputs + 1) * sides + 2 * (sides + 1) * 2  # mu and sigma
    assert weights_of(recipe, (3, 256, 256)) == encoder + (2 + 1) * sides + (sides + 1) * inputs


def test_weights_of_a_conditional_recipe_count_those_of_its_labels() -> None:
    model = {"family": "variational", "hidden": [7], "latent_dim": 3}
    plain, told = (Recipe.parse({"model": model | {"conditional": flag}}) for flag in (False, True))
    # A label's one-hot vector is appended to what each half takes: 7 weights a label in each.
    assert weights_of(told, (1, 4, 4), 10) == weights_of(plain, (1, 4, 4)) + 2 * 7 * 10


def test_what_does_not_fit_is_said_instead_of_weights() -> None:
    with pytest.raises(RecipeError, match="needs images"):
        weights_of(Recipe.parse(CONVOLUTIONAL), (30,))


def _array(parameter: torch.Tensor) -> np.ndarray:
    return parameter.detach().numpy()
