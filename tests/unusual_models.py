"""Checkpoints of event shapes that no dataset has, trained for a moment on random items."""

from __future__ import annotations

import numpy as np

from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.data.splits import split_rows
from explorer.data.stored import fingerprint
from explorer.recipe import Recipe
from explorer.training import train

MODELS: dict[str, tuple[tuple[int, ...], dict[str, object]]] = {
    "odd-images": ((1, 20, 20), {"family": "variational", "hidden": [16], "latent_dim": 2}),
    "odd-plain": ((3, 12, 10), {"family": "convolutional", "channels": [4], "latent_dim": 5}),
    "odd-table": ((7,), {"family": "undercomplete", "hidden": [8], "latent_dim": 3}),
}
"""Name -> event shape, and the model's part of the recipe."""


def trained(name: str) -> Checkpoint:
    """A checkpoint trained for a moment on random items."""
    shape, model = MODELS[name]
    x = np.random.default_rng(0).random((80, *shape), np.float32)
    dataset = Dataset(
        name="mine",
        title="Mine",
        x=x,
        labels=None,
        label_names=(),
        splits=split_rows(len(x), 0),
        licence="own",
        source="own",
        fingerprint=fingerprint(x, None),
        feature_names=tuple(f"c{i}" for i in range(shape[0])) if len(shape) == 1 else (),
    )
    values = {"name": name, "data": {"dataset": "mine"}, "model": model, "training": {"epochs": 1, "device": "cpu"}}
    *_, last = train(Recipe.parse(values), dataset)
    return last.checkpoint
