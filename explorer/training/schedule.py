"""When and in what order: the seeds of steps, the order of an epoch and its learning rates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from explorer.recipe import Recipe, TrainingPart


def seed_of(*parts: int) -> int:
    """One 63-bit seed from several numbers; streams of neighbouring steps do not overlap."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> np.uint64(1))


def order_of(recipe: Recipe, n: int, stage: int, epoch: int, shares: int = 1) -> Int[Tensor, " n"]:
    """(n * crops_per_item,) positions of the items in the order of an epoch, the same whenever it is asked for.

    Args:
        n: number of items.
        stage: number of the stage, from 0.
        epoch: number of the epoch in it, from 0.
        shares: in so many parts that lie one after the other the items are cut, each shuffled by itself: at the places
            ``s``, ``s + shares``, ... of the order stand the items of part ``s`` alone.
    """
    generator = torch.Generator().manual_seed(seed_of(recipe.training.seed, stage, epoch) + 1)
    times = recipe.data.crops_per_item
    order = torch.empty(n * times, dtype=torch.long)
    first = 0
    for share in range(shares):
        places, size = order[share::shares], len(range(share, n, shares))
        drawn = torch.randperm(size * times, generator=generator) % size
        # With several crops an item the places may be some more, or fewer, than the part has crops.
        places.copy_(first + drawn[torch.arange(len(places)) % len(drawn)])
        first += size
    return order


def batches_of(n: int, size: int, least: int = 1) -> list[slice]:
    """An epoch of ``n`` items cut into batches of ``size``; a rest of fewer than ``least`` joins the one before."""
    starts = list(range(0, n, size))
    if len(starts) > 1 and n - starts[-1] < least:
        starts.pop()
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], n], strict=True)]


def learning_rate(
    training: TrainingPart, at: float, epochs: int, steps_per_epoch: int, losses: Sequence[float] = ()
) -> float:
    """The rate of a step: it rises over the warm-up, then follows the schedule.

    Args:
        at: the step's time in epochs, from 0.
        epochs: how many the stage has.
        losses: validation of each epoch so far, which the schedule "plateau" goes by.
    """
    rate = training.learning_rate
    if at < training.warmup_epochs:
        return rate * (at + 1 / steps_per_epoch) / (training.warmup_epochs + 1 / steps_per_epoch)
    if training.schedule == "cosine":
        rate *= 0.5 * (1 + math.cos(math.pi * at / epochs))
    elif training.schedule == "one_cycle":
        rate *= one_cycle(round(at * steps_per_epoch), epochs * steps_per_epoch)
    elif training.schedule == "plateau":
        rate *= 0.5 ** plateaus(losses, training.plateau_epochs)
    return rate


ONE_CYCLE_RISES, ONE_CYCLE_STARTS_AT, ONE_CYCLE_ENDS_AT = 0.3, 1 / 25, 1 / 25e4


def one_cycle(step: int, steps: int) -> float:
    """Share of the peak: from a 25th up along a half cosine over 30 % of the steps, then down to nearly nothing.

    Source: Smith and Topin 2018, in the form of ``torch.optim.lr_scheduler.OneCycleLR``; momentum stays as it is.
    """
    top = max(ONE_CYCLE_RISES * steps - 1, 0.0)
    if step <= top and top:
        return ONE_CYCLE_STARTS_AT + (1 - ONE_CYCLE_STARTS_AT) * 0.5 * (1 - math.cos(math.pi * step / top))
    share = min(1.0, (step - top) / max(steps - 1 - top, 1e-9))
    return ONE_CYCLE_ENDS_AT + (1 - ONE_CYCLE_ENDS_AT) * 0.5 * (1 + math.cos(math.pi * share))


def plateaus(losses: Sequence[float], patience: int) -> int:
    """How often so many epochs in a row have brought nothing better than the best before; counted anew each time."""
    best, since, count = math.inf, 0, 0
    for loss in losses:
        best, since = (loss, 0) if loss < best else (best, since + 1)
        if since == patience:
            count, since = count + 1, 0
    return count
