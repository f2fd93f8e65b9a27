"""About how long trainings take, from some steps of the first and the last of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import torch

from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Started, Step

SECONDS = 0.6
"""So long steps are taken and timed, or until there are ``FEWEST_STEPS``."""
FEWEST_STEPS, MOST_STEPS = 20, 200


def seconds_of_training(recipe: Recipe, dataset: Dataset) -> float:
    """About how many seconds a training takes on this machine as busy as it is now; nothing of it is kept.

    Args:
        recipe: what is trained.
        dataset: on which.

    Returns:
        The mean time of some steps, the first left out, times the steps. What follows an epoch (validation, pictures)
        counts where one ends among them; reading the data and a process's start do not.

    Raises:
        ExplorerError: the recipe does not fit the data.
    """
    steps_in_all = epochs_in_all = 0
    steps: list[float] = []
    ends: list[float] = []
    begun = last = 0.0
    with torch.random.fork_rng(devices=[]):
        events = train(recipe, dataset)
        for event in events:
            moment = time.perf_counter()
            if isinstance(event, Started):
                epochs_in_all = sum(epochs for _, epochs in event.stages)
                steps_in_all = event.steps_per_epoch * epochs_in_all
            elif isinstance(event, Step) and not begun:  # PyTorch loads parts of itself with the first step
                begun = moment
            elif isinstance(event, Step):
                steps.append(moment - last)
            elif isinstance(event, EpochFinished):
                ends.append(moment - last)
            last = moment
            if (len(steps) >= FEWEST_STEPS and moment - begun > SECONDS) or len(steps) == MOST_STEPS:
                break
        events.close()  # type: ignore[attr-defined]
    # A training of one step has no other.
    return statistics.fmean(steps or [0.0]) * steps_in_all + statistics.fmean(ends or [0.0]) * epochs_in_all


def seconds_of_all(recipes: Sequence[Recipe], dataset: Dataset) -> float:
    """About how many seconds trainings take one after the other: as if half were as the first, half as the last.

    Raises:
        ExplorerError: a recipe does not fit the data.
    """
    if not recipes:
        return 0.0
    ends = recipes[:1] if len(recipes) == 1 else (recipes[0], recipes[-1])
    return sum(seconds_of_training(recipe, dataset) for recipe in ends) / len(ends) * len(recipes)
