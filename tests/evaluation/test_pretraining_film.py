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
