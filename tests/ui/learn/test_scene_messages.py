"""What Learn's scenes are given of a model, against the model itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer import checkpoints
from explorer.browser.scenes.scene import Material
from explorer.browser.scenes.stacked import scene as stacked
from explorer.checkpoints import VectorCheckpoint
from explorer.data import dataset
from explorer.evaluation.pretraining_film import load_film, shipped_film


@pytest.fixture(scope="module")
def material() -> Material:
    """The shipped stacked model with held-out items."""
    checkpoint, items = checkpoints.load("mnist-stacked-30d"), dataset("mnist-sample")
    assert isinstance(checkpoint, VectorCheckpoint)
    return Material(checkpoint, items, np.arange(0, 400, dtype=np.int64), "test, n = 400")


@pytest.fixture(scope="module")
def message(material: Material) -> stacked.Stacked:
    return stacked.prepare(material)


def test_the_units_of_the_narrowest_layer_are_the_code(material: Material) -> None:
    x = material.dataset.tensor(material.rows[:9]).numpy()
    values = stacked.unit_values(material.checkpoint, x)
    hidden = (1000, 500, 250)
    assert values.shape == (9, 2 * sum(hidden) + 30)
    np.testing.assert_allclose(values[:, 1750:1780], material.checkpoint.encode(x), atol=1e-5)
    first = material.checkpoint.model.encoder[1]
    by_hand = torch.nn.functional.silu(torch.from_numpy(x).flatten(1) @ first.weight.T + first.bias)
    np.testing.assert_allclose(values[:, :1000], by_hand.detach().numpy(), atol=1e-5)


@pytest.mark.slow
def test_what_excites_a_unit_most_comes_first(material: Material, message: stacked.Stacked) -> None:
    x = message.seen[:, None].astype(np.float32) / 255
    values = stacked.unit_values(material.checkpoint, x)
    for unit in (0, 999, 1760, 3529):
        best = values[message.models[0].exciting[unit], unit]
        assert best[0] == values[:, unit].max() == pytest.approx(message.models[0].ranges[unit, 1], abs=1e-6)
        assert (np.diff(best) <= 0).all()
        assert (values[:, unit] > best[-1]).sum() < stacked.TOP
    assert [model.tied for model in message.models] == [False, True]


@pytest.mark.slow
def test_the_films_weights_are_those_of_the_training(message: stacked.Stacked) -> None:
    film = load_film(shipped_film())
    for frames, reel in zip(message.film.reels, film.reels.values(), strict=True):
        reach = np.abs(reel.weights).max(axis=(1, 2, 3, 4))[:, None, None, None]
        shown = (frames.weights.astype(float) - 128) / 127 * reach
        np.testing.assert_allclose(shown, reel.weights[:, :, 0], atol=reach.max() / 254 + 1e-6)
        assert len(frames.stages) == len(reel.errors)
