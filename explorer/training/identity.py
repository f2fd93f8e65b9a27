"""Which training a state or another process belongs to."""

from __future__ import annotations

import hashlib

from explorer.core.errors import RecipeError
from explorer.data.base import Dataset
from explorer.recipe import Recipe
from explorer.training.events import State


def belongs(state: State, recipe: Recipe, dataset: Dataset) -> bool:
    """Whether a state is one of this training; recipes of earlier versions lack fields: these have their defaults."""
    try:
        same = Recipe.parse(state.values["recipe"]) == recipe
    except RecipeError:
        return False
    return same and bool(state.values["fingerprint"] == dataset.fingerprint)


def number_of(recipe: Recipe, dataset: Dataset) -> int:
    """60 bits that tell a training from others; where the data lies is not part of it."""
    told = recipe.model_dump_json(exclude={"data": {"dataset"}}) + dataset.fingerprint
    return int(hashlib.sha256(told.encode()).hexdigest()[:15], 16)
