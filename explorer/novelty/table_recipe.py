"""The network that a detector of rows trains: what its layers see, and how it learns."""

from __future__ import annotations

import math
from typing import Any, Literal, get_args

import numpy as np

from explorer.core.errors import RecipeError
from explorer.data.base import Dataset
from explorer.novelty.fitting import OWN_RECIPE, scorer_name
from explorer.novelty.inputs import TableInput
from explorer.novelty.scores.registry import REGISTRY
from explorer.recipe import Recipe

Body = Literal["dense", "convolutional"]
"""What the layers of a model of rows see: all values at once, or neighbouring rows of a window."""
BODIES: tuple[Body, ...] = get_args(Body)
TRAINING_STEPS = 1000


def check_body(body: str, has_recipe: bool, scorer: str | None) -> None:
    """Check that a body is one, and that a network is trained that has no other.

    Raises:
        RecipeError: it is none, a recipe says what the network is, or the score uses none.
    """
    if body not in BODIES:
        raise RecipeError(f"There is no body called {body!r}.", f"Choose from: {', '.join(BODIES)}.")
    if body == "dense":
        return
    if has_recipe:
        raise RecipeError(
            "The recipe says what the network is, and so does the body.",
            "Leave the body out; a recipe of the family convolutional says model.window.",
        )
    if scorer is not None and not REGISTRY[scorer_name(scorer)].uses_checkpoint:
        raise RecipeError(f"The score {scorer} uses no network.", "Leave the body out, or choose another score.")


def length_for(body: Body, table: TableInput) -> int | None:
    """Rows of the windows that convolutions run along; None: the body is dense.

    Raises:
        RecipeError: rows are no windows.
    """
    if body == "dense":
        return None
    if table.windows is None:
        raise RecipeError(
            f"Rows of {table.name} have no order that convolutions could run along.",
            "Choose a dense body, or windows of a series.",
        )
    return table.windows.length


def table_recipe(dataset: Dataset, seed: int = 0, length: int | None = None) -> Recipe:
    """A denoising autoencoder for encoded rows that trains in seconds: it learns to fill in hidden columns.

    Args:
        length: rows of windows, along which convolutions run; None: dense layers.
    """
    n, columns = len(dataset.splits.train), dataset.event_shape[0]
    batch = int(np.clip(2 ** round(math.log2(max(n, 1) / 8)), 16, 256))
    steps = math.ceil(n / batch)
    return Recipe.parse(
        {
            "name": OWN_RECIPE,
            "title": f"Denoising · {dataset.title}"[:120],
            "data": {"dataset": dataset.name},
            "model": _dense_model(columns) if length is None else _model_along(length, columns),
            "corruption": {"kind": "masking", "fraction": 0.4},
            "training": {
                "epochs": max(1, math.ceil(TRAINING_STEPS / steps)),
                "batch_size": batch,
                "learning_rate": 2e-3,
                "weight_decay": 1e-4,
                "seed": seed,
                "device": "cpu",
            },
        }
    )


def _dense_model(columns: int) -> dict[str, Any]:
    return {
        "family": "undercomplete",
        "hidden": [256],
        "latent_dim": min(2 * columns, 256),
        "activation": "silu",
    }


def _model_along(length: int, columns: int) -> dict[str, Any]:
    levels = max(1, min(3, length.bit_length() - 3))
    return {
        "family": "convolutional",
        "channels": [16 * 2**level for level in range(levels)],
        "window": length,
        "latent_dim": min(max(2, columns // 4), 256),
        "activation": "silu",
    }
