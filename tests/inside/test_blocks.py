"""The drawing holds the layer table, every number of it."""

from __future__ import annotations

import pytest

from explorer.browser.inside.blocks import blocks
from explorer.models import Layer, layers
from explorer.recipe import Recipe

POOLED = {"downsampling": "pooled", "upsampling": "unpooling"}
MODELS = {
    "undercomplete": ({"family": "undercomplete", "hidden": [20], "latent_dim": 3}, (1, 6, 6)),
    "table": ({"family": "stacked", "hidden": [8, 6], "latent_dim": 2, "tied": True}, (9,)),
    "pooled": ({"family": "convolutional", "channels": [4, 6], "latent_dim": 5, **POOLED}, (3, 12, 10)),
    "conv vae": ({"family": "variational", "body": "convolutional", "channels": [4], "hidden": [16]}, (1, 8, 8)),
}  # fmt: skip


def _table(name: str) -> tuple[list[Layer], tuple[int, ...]]:
    model, shape = MODELS[name]
    return layers(Recipe.parse({"model": model}).model.build(shape)), shape


@pytest.mark.parametrize("name", MODELS)
def test_blocks_keep_every_layer_and_weight(name: str) -> None:
    table, shape = _table(name)
    drawn = blocks(table, shape)
    assert sorted(n for block in drawn for n in (block.name, *block.others)) == sorted(layer.name for layer in table)
    assert sum(block.weights for block in drawn) == sum(layer.weights for layer in table)
    assert all(table[block.last].shape == block.shape for block in drawn)
    code = [block for block in drawn if block.part == "encoder"][-1]
    assert code.shape == (Recipe.parse({"model": MODELS[name][0]}).model.latent_dim,)
    assert drawn[-1].shape == shape


def test_weights_are_named_in_order() -> None:
    table, shape = _table("table")
    assert [b.weights_name for b in blocks(table, shape)] == ["W_e1", "W_e2", "W_e3", "W_d1", "W_d2", "W_d3"]


def test_layers_that_change_the_size_stand_alone() -> None:
    table, shape = _table("pooled")
    names = [b.name for b in blocks(table, shape)]
    assert names == ["Conv2d", "Pool", "Conv2d", "Pool", "Linear", "Linear", "Unpool", "Conv2d", "Unpool", "Conv2d"]
    assert next(b for b in blocks(table, shape) if "Flatten" in b.others).shape == (6, 3, 3)
