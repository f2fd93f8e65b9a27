"""Checkpoints of any size without a training worth the name."""

from __future__ import annotations

import pathlib

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train


def random_checkpoint(folder: pathlib.Path, latent_dim: int) -> Checkpoint:
    """A plain autoencoder of digits with so many dimensions, hardly trained, saved in a folder."""
    values = {
        "name": f"random-{latent_dim}d",
        "data": {"dataset": "digits"},
        "model": {"family": "undercomplete", "hidden": [32], "latent_dim": latent_dim},
        "training": {"epochs": 1, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    checkpoints.save(last.checkpoint, folder / f"{last.checkpoint.name}.safetensors")
    checkpoint: Checkpoint = last.checkpoint
    return checkpoint
