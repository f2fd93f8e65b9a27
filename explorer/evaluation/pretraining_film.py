"""A film of a stacked autoencoder's training, layer by layer and all at once: a small file that Learn plays."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8

from explorer.checkpoints.files import read_tensors, write_tensors
from explorer.core import places
from explorer.core.errors import CheckpointError
from explorer.recipe import Recipe

FILM_KEY = "explorer_pretraining_film"
LAYER_BY_LAYER, AT_ONCE = "layer by layer", "at once"
LEVELS = 127
"""Weights are kept as whole numbers up to this one, times a scale for each frame."""


@dataclass(frozen=True)
class Reel:
    """One of the two trainings: a frame before it, and one after each epoch.

    Args:
        recipe: what was trained.
        stages: the name of each frame's stage; "start" for the first.
        epochs: each frame's epoch in its stage, from 1; 0 for the first.
        depths: how many layers, from the outside, the reconstruction of a frame goes through.
        weights: what some units of the first layer look for; each frame to within 1/254 of its largest.
        x_hat: reconstructions of the film's items, 0 to 255.
        errors: squared error per image over held-out items, and the ends of its 95 % interval.
    """

    recipe: Recipe
    stages: tuple[str, ...]
    epochs: tuple[int, ...]
    depths: tuple[int, ...]
    weights: Float[np.ndarray, "frames units c h w"]
    x_hat: UInt8[np.ndarray, "frames n c h w"]
    errors: Float[np.ndarray, "frames 3"]


@dataclass(frozen=True)
class PretrainingFilm:
    """Two trainings of one architecture on the same items.

    Args:
        x: the held-out items that are reconstructed, 0 to 255.
        units: which units of the first layer are shown.
        data: title of the dataset; split: which of its items are shown and measured; n: how many are measured.
        reels: the trainings by ``LAYER_BY_LAYER`` and ``AT_ONCE``.
    """

    x: UInt8[np.ndarray, "n c h w"]
    units: tuple[int, ...]
    data: str
    split: str
    n: int
    reels: dict[str, Reel]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the film; only whole numbers and errors are kept as tensors, the rest as JSON."""
        tensors = {"x": torch.from_numpy(self.x)}
        told: dict[str, object] = {
            "units": self.units,
            "data": self.data,
            "split": self.split,
            "n": self.n,
            "reels": {
                name: {
                    "recipe": reel.recipe.model_dump(mode="json"),
                    "stages": reel.stages,
                    "epochs": reel.epochs,
                    "depths": reel.depths,
                }
                for name, reel in self.reels.items()
            },
        }
        for name, reel in self.reels.items():
            scale = np.abs(reel.weights).max(axis=(1, 2, 3, 4)) / LEVELS
            levels = np.round(reel.weights / scale[:, None, None, None, None]).astype(np.int8)
            arrays = {"weights": levels, "scale": scale.astype(np.float32), "x_hat": reel.x_hat}
            arrays["errors"] = reel.errors.astype(np.float32)
            tensors |= {f"{name}.{key}": torch.from_numpy(np.ascontiguousarray(a)) for key, a in arrays.items()}
        return write_tensors(path, tensors, {FILM_KEY: json.dumps(told)})


def shipped_film() -> Path:
    """The film that comes with the program."""
    return places.shipped("checkpoints") / "learn" / "films" / "mnist-stacked-30d.safetensors"


def load_film(path: str | os.PathLike[str]) -> PretrainingFilm:
    """Open a film.

    Raises:
        CheckpointError: the file is no film.
    """
    tensors, metadata = read_tensors(Path(path))
    if FILM_KEY not in metadata:
        raise CheckpointError(f"{path} is no film of a training.", "Make one: python benchmarks/pretraining_film.py")
    told = json.loads(metadata[FILM_KEY])
    reels = {}
    for name, frames in told["reels"].items():
        arrays = {key: tensors[f"{name}.{key}"].numpy() for key in ("weights", "scale", "x_hat", "errors")}
        reels[name] = Reel(
            Recipe.parse(frames["recipe"]),
            tuple(frames["stages"]),
            tuple(frames["epochs"]),
            tuple(frames["depths"]),
            arrays["weights"] * arrays["scale"][:, None, None, None, None],
            arrays["x_hat"],
            arrays["errors"],
        )
    return PretrainingFilm(tensors["x"].numpy(), tuple(told["units"]), told["data"], told["split"], told["n"], reels)
