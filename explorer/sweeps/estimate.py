"""About how long trainings take, from some steps of the first and the last of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch

from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Finished, Started, Step

SECONDS = 0.6
"""So long steps are taken and timed."""
MOST_STEPS = 200


def seconds_of_training(recipe: Recipe, dataset: Dataset) -> float:
    """About how many seconds a training takes on this machine as busy as it is now; nothing of it is kept.

    Args:
        recipe: what is trained.
        dataset: on which.

    Returns:
        The time of some steps after the first, by the share of all steps that they are. Validation and pictures count
        as far as epochs end among them; reading the data and a process's start do not.

    Raises:
        ExplorerError: the recipe does not fit the data.
    """
    steps_in_all = steps = 0
    begun = 0.0
    with torch.random.fork_rng(devices=[]):
        events = train(recipe, dataset)
        for event in events:
            if isinstance(event, Started):
                steps_in_all = event.steps_per_epoch * sum(epochs for _, epochs in event.stages)
            elif isinstance(event, Step):
                if not begun:  # the first step is slower: PyTorch loads parts of itself with it
                    begun = time.perf_counter()
                    continue
                steps += 1
                if time.perf_counter() - begun > SECONDS or steps == MOST_STEPS:
                    break
            elif isinstance(event, Finished):
                break
        seconds = time.perf_counter() - begun
        events.close()  # type: ignore[attr-defined]
    return seconds / max(1, steps) * steps_in_all


def seconds_of_all(recipes: Sequence[Recipe], dataset: Dataset) -> float:
    """About how many seconds trainings take one after the other: as if half were as the first, half as the last.

    Raises:
        ExplorerError: a recipe does not fit the data.
    """
    if not recipes:
        return 0.0
    ends = recipes[:1] if len(recipes) == 1 else (recipes[0], recipes[-1])
    return sum(seconds_of_training(recipe, dataset) for recipe in ends) / len(ends) * len(recipes)
