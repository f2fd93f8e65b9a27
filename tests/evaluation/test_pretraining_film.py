"""The film of a stacked training: what is kept of it, and the one that ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer import checkpoints
from explorer.core.errors import CheckpointError
from explorer.evaluation.pretraining_film import (
    AT_ONCE,
    LAYER_BY_LAYER,
    PretrainingFilm,
    Reel,
    load_film,
    shipped_film,
)
from explorer.recipe import Recipe

SHIPPED_NAME = "mnist-stacked-30d"


def reel(seed: int, frames: int = 3) -> Reel:
    rng = np.random.default_rng(seed)
    recipe = Recipe.parse({"model": {"family": "stacked", "hidden": [5], "latent_dim": 2}, "training": {"seed": seed}})
    scale = np.array([0.01, 1.0, 30.0])[:frames, None, None, None, None]
    weights = (scale * rng.standard_normal((frames, 4, 1, 6, 5))).astype(np.float32)
    x_hat = rng.integers(0, 256, (frames, 8, 1, 6, 5), np.uint8)
    errors = rng.random((frames, 3)).astype(np.float32)
    return Reel(recipe, ("start", "layer 1 of 2", "end to end"), (0, 1, 1), (2, 1, 2), weights, x_hat, errors)


def test_a_film_comes_back_as_it_was_and_its_weights_nearly(tmp_path: Path) -> None:
    x = np.random.default_rng(9).integers(0, 256, (8, 1, 6, 5), np.uint8)
    film = PretrainingFilm(x, (0, 1, 3, 4), "Digits", "test", 100, {LAYER_BY_LAYER: reel(0), AT_ONCE: reel(1)})
    again = load_film(film.save(tmp_path / "film.safetensors"))
    assert (again.units, again.data, again.split, again.n) == ((0, 1, 3, 4), "Digits", "test", 100)
    assert (again.x == x).all()
    assert list(again.reels) == [LAYER_BY_LAYER, AT_ONCE]
    for name, one in film.reels.items():
        other = again.reels[name]
        assert (other.recipe, other.stages, other.epochs, other.depths) == (
            one.recipe,
            one.stages,
            one.epochs,
            one.depths,
        )
        assert (other.x_hat == one.x_hat).all()
        assert (other.errors == one.errors).all()
        largest = np.abs(one.weights).max(axis=(1, 2, 3, 4), keepdims=True)
        assert (np.abs(other.weights - one.weights) <= largest / 254 * 1.001).all()


def test_a_checkpoint_is_no_film() -> None:
    with pytest.raises(CheckpointError, match="no film"):
        load_film(checkpoints.find(SHIPPED_NAME))


def test_the_shipped_film_is_of_the_shipped_checkpoint_s_architecture() -> None:
    assert shipped_film().stat().st_size < 1_500_000
    film = load_film(shipped_film())
    card = checkpoints.load_card(SHIPPED_NAME)
    shape, model = card.data.event_shape, card.recipe.model
    layers = len(model.hidden) + 1
    assert film.x.shape == (8, *shape)
    assert all(0 <= unit < model.hidden[0] for unit in film.units)
    greedy, whole = film.reels[LAYER_BY_LAYER], film.reels[AT_ONCE]
    assert greedy.recipe.model.pretrain_epochs > 0
    assert whole.recipe.model.pretrain_epochs == 0
    for one in (greedy, whole):
        other_epochs = {"pretrain_epochs": model.pretrain_epochs}
        assert one.recipe.model.model_copy(update=other_epochs) == model
        assert one.recipe.data == card.recipe.data
        assert len(one.stages) == len(one.epochs) == len(one.depths) == len(one.errors)
        assert one.weights.shape == (len(one.stages), len(film.units), *shape)
        assert one.x_hat.shape == (len(one.stages), *film.x.shape)
        assert (one.errors[:, 1] <= one.errors[:, 0]).all()
        assert (one.errors[:, 0] <= one.errors[:, 2]).all()
    # As many epochs in all, from the same weights; the layers come in their order.
    assert len(greedy.stages) == len(whole.stages)
    np.testing.assert_array_equal(greedy.weights[0], whole.weights[0])
    pretrained = greedy.recipe.model.pretrain_epochs
    each = [f"layer {k} of {layers}" for k in range(1, layers + 1)]
    expected = ["start", *(name for name in each for _ in range(pretrained))]
    assert list(greedy.stages) == expected + ["end to end"] * greedy.recipe.training.epochs
    assert greedy.depths[1 : layers * pretrained + 1] == tuple(
        k for k in range(1, layers + 1) for _ in range(pretrained)
    )
    # Only its own stage and the last change the first layer.
    frozen = greedy.weights[pretrained : layers * pretrained + 1]
    assert (frozen == frozen[:1]).all()
    assert not (greedy.weights[-1] == frozen[0]).all()
    # The pictures have the error that is said, as far as eight of them can tell.
    for one in (greedy, whole):
        errors = np.square(one.x_hat[-1] / 255 - film.x / 255).reshape(8, -1).sum(1)
        assert 0.3 < errors.mean() / one.errors[-1, 0] < 3
