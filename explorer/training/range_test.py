"""A short test of learning rates: steps that grow from far too short to far too long, and the loss beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from explorer.checkpoints import RecipeChange, TrainingFinding
from explorer.core.devices import place
from explorer.data.base import Dataset
from explorer.diagnosis import EXAMINATIONS
from explorer.diagnosis.examination import figure
from explorer.recipe import Recipe
from explorer.training.columns import fit_columns
from explorer.training.items import items_of, label_count
from explorer.training.schedule import order_of, seed_of
from explorer.training.step import StepLoss, optimiser_for, set_rate

LOWEST, HIGHEST = 1e-6, 10.0
STEPS = 140
"""Twenty a decade."""
MEMORY = 0.85
"""Of the running mean of the loss: about the last seven steps count."""
BEGINS, LOST = 0.1, 0.5
"""Shares of the whole fall: the loss begins to fall, and has lost its fall again."""
BELOW_BEST = 10.0
"""The rate to take is a tenth of the one at which the loss was lowest: there the steps are about to be too long."""
TOO_LOW = 30.0
"""A rate so many times below the one at which the loss begins to fall takes that many epochs in place of one."""


@dataclass(frozen=True)
class RangeTest:
    """What the test found.

    Args:
        rates: (steps,) learning rates, rising; up to where the loss was no longer finite.
        losses: (steps,) running mean of the loss at each.
        begins: the rate at which the loss begins to fall; None: it never fell.
        limit: the rate from which it rises again; infinite: it did not.
        suggested: the rate to take, of one digit; None where the loss never fell.
    """

    rates: Float[np.ndarray, " steps"]
    losses: Float[np.ndarray, " steps"]
    begins: float | None
    limit: float
    suggested: float | None


def range_test(recipe: Recipe, dataset: Dataset | None = None) -> RangeTest:
    """Train for some steps, each with a higher learning rate than the one before.

    It is the recipe's own last stage, from weights of its seed; nothing is kept.

    Args:
        dataset: the data, where it is not to be looked up by the recipe's ``data.dataset``.

    Raises:
        ExplorerError: the recipe does not fit the data.

    Source: Smith 2017, section 3.3; the rule of a tenth: Smith and Topin 2018.
    """
    dataset = recipe.data.open() if dataset is None else dataset
    device = place(recipe.training.device).device
    torch.manual_seed(recipe.training.seed)
    model = recipe.build(dataset.event_shape, label_count(recipe, dataset)).to(device)
    items = items_of(recipe, dataset, device)
    if model.is_table:
        fit_columns(model, dataset, items.train)
    stage = model.stages()[-1]
    model.anneal(math.inf)
    optimiser, step_loss = optimiser_for(stage, recipe.training, device), StepLoss(stage)
    batches = items.batches(recipe, model.least_batch)
    generator = torch.Generator(device)
    rates = np.geomspace(LOWEST, HIGHEST, STEPS)
    losses: list[float] = []
    model.train()
    for step, rate in enumerate(rates.tolist()):
        epoch, number = divmod(step, len(batches))
        order = order_of(recipe, len(items.train), 0, epoch)
        generator.manual_seed(seed_of(recipe.training.seed, step, 0))
        chosen = order[batches[number]]
        batch = items.train.batch(chosen, lambda part: items.crops(part, generator))
        target = stage.inputs(batch)
        x = target if recipe.corruption is None else recipe.corruption(target, generator)
        set_rate(optimiser, rate)
        weights = items.train_weights
        with items.train.telling(model, chosen):
            total, _ = step_loss(x, target, generator, None if weights is None else weights[chosen])
        if not math.isfinite(float(total)):
            break
        losses.append(float(total))
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        optimiser.step()
    return read_range(rates[: len(losses)], np.array(losses), is_whole=len(losses) == STEPS)


def read_range(
    rates: Float[np.ndarray, " steps"], losses: Float[np.ndarray, " steps"], is_whole: bool = True
) -> RangeTest:
    """Where a loss begins to fall, and where it rises again.

    Args:
        rates: rising.
        losses: of one batch each.
        is_whole: False: after the last of them the loss was not finite.
    """
    smooth = _running_mean(losses)
    if len(smooth) < 3:
        return RangeTest(rates, smooth, None, float(rates[-1]) if len(rates) else LOWEST, None)
    best = int(smooth.argmin())
    before = max(1, len(smooth) // 7)
    start = float(np.median(smooth[:before]))
    fall = start - float(smooth[best])
    # Steps this short change nothing: lower than the first of them it has to be afterwards.
    if best < before or fall <= 0:
        return RangeTest(rates, smooth, None, math.inf if is_whole else float(rates[-1]), None)
    begins = float(rates[int(np.argmax(smooth < start - BEGINS * fall))])
    lost = np.flatnonzero(smooth[best:] > smooth[best] + LOST * fall)
    limit = float(rates[best + int(lost[0])]) if len(lost) else math.inf if is_whole else float(rates[-1])
    suggested = float(f"{max(begins, float(rates[best]) / BELOW_BEST):.0e}")
    return RangeTest(rates, smooth, begins, limit, suggested)


def rate_finding(recipe: Recipe, test: RangeTest) -> TrainingFinding | None:
    """What the test says of a recipe's own learning rate; None: it is within the range."""
    rate = recipe.training.learning_rate
    if test.begins is None or test.suggested is None:
        return None
    is_high = rate >= test.limit
    if not is_high and rate >= test.begins / TOO_LOW:
        return None
    examination = EXAMINATIONS["learning rate too high" if is_high else "learning rate too low"]
    n = len(test.rates)
    return examination.finding(
        "wrong",
        [
            figure("learning rate", rate, "a step", "train", n),
            figure("rate at which the loss begins to fall", test.begins, "a step", "train", n),
            figure("rate from which it rises again", test.limit, "a step", "train", n),
        ],
        "Such steps lose what others gain." if is_high else "So many more steps are needed for the same way.",
        "Take a tenth of the rate at which the loss was lowest.",
        RecipeChange(field="training.learning_rate", value=test.suggested),
    )


def _running_mean(losses: Float[np.ndarray, " steps"]) -> Float[np.ndarray, " steps"]:
    """(steps,) exponential mean of the losses so far, its first ones as heavy as the later."""
    mean, smooth = 0.0, []
    for step, loss in enumerate(losses.tolist(), 1):
        mean = MEMORY * mean + (1 - MEMORY) * loss
        smooth.append(mean / (1 - MEMORY**step))
    return np.array(smooth)
