"""Overfit and underfit: what the curves of training and validation items say."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from explorer.checkpoints import Metric, TrainingFinding
from explorer.core.intervals import CONFIDENCE
from explorer.diagnosis.examination import Examination, Needs, change, figure, first_change
from explorer.diagnosis.record import TrainingRecord

ROSE, ROSE_OF_GAIN = 0.05, 0.1
"""The validation loss has risen since its best epoch by so much of itself, or of what it had gained."""
TIMES = 3.0
"""The validation loss is so many times the training loss: what is learnt is hardly carried over."""
APART = 0.5
"""Or this share of the training loss's gain is missing on validation items; and a tenth of the loss itself, since of a
training that began with trained weights little is gained."""
LEAST_GAP, LEAST_RISE = 0.1, 0.01
LEAST_EPOCHS = 4
LATE = 5
"""The end of a training is its last fifth."""
STILL = 0.05
"""Share of the loss that still falls in it; of all that was gained, twice as much."""
A_LITTLE = 0.01


def gap(train: Float[np.ndarray, " n"], held_out: Float[np.ndarray, " m"]) -> Metric:
    """How much larger the errors of held-out items are on average, with a 95 % interval.

    Source: Welch 1947, in its normal approximation.
    """
    from scipy.special import ndtri

    value = float(held_out.mean() - train.mean())
    half = math.inf
    if min(len(train), len(held_out)) > 1:
        variance = train.var(ddof=1) / len(train) + held_out.var(ddof=1) / len(held_out)
        half = float(ndtri((1 + CONFIDENCE) / 2)) * math.sqrt(variance)
    return Metric(
        name="error of validation items above that of training items, weights as kept", unit="squared error per item",
        value=value, low=value - half, high=value + half, split="validation", n=len(held_out),
    )  # fmt: skip


class Overfit(Examination):
    """The validation loss rises while the training loss falls, or stays far behind it.

    Where early stopping ended the training it is a note: the weights of the best epoch are the ones that count.
    """

    name: ClassVar[str] = "overfit"
    title: ClassVar[str] = "Training items are learnt by heart"
    summary: ClassVar[str] = (
        "Since the best epoch the validation loss rose by 5 %, or a tenth of its gain, while the training loss fell; or"
        " it ends at three times the training loss."
    )
    reference: ClassVar[str] = "Prechelt 1998"
    needs: ClassVar[Needs] = "losses"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        train, validation = (record.losses(split)[record.kl_warmup :] for split in ("train", "validation"))
        if not record.n_validation or len(train) < LEAST_EPOCHS:
            return None
        best = int(validation.argmin())
        gained = float(validation[0] - validation[best])
        rose = float(validation[-1] - validation[best])
        learnt = float(max(train[0], validation[0]) - train[-1])
        apart = float(validation[-1] - train[-1])
        level = gained if record.is_density else abs(float(validation[best]))
        is_rise = train[-1] < train[best] and rose > max(min(ROSE_OF_GAIN * gained, ROSE * level), LEAST_RISE * level)
        is_apart = learnt > 0 and apart > max(APART * learnt, LEAST_GAP * level)
        is_apart = is_apart or (not record.is_density and float(validation[-1]) > TIMES * float(train[-1]) > 0)
        if not is_rise and not is_apart:
            return None
        n = record.n_validation
        figures = [
            figure("best epoch", best + 1 + record.kl_warmup, f"of {len(record.epochs)}", "validation", n),
            figure("validation loss since then", rose, "higher", "validation", n),
            figure("validation loss above the training loss at the end", apart, "of the loss", "validation", n),
        ]
        if record.has_vectors:
            figures.append(gap(record.train_errors, record.errors))
        stopped = record.finished == "early stopping"
        training = record.recipe.training
        return self.finding(
            "note" if stopped else "wrong",
            figures,
            "What is still gained on training items is not gained on others; the weights of the best epoch are kept.",
            "Give it more items, corrupt them, or stop in time.",
            first_change(
                record.recipe,
                *([] if training.patience else [("training.patience", max(3, training.epochs // 10))]),
                ("training.weight_decay", max(0.01, 3 * training.weight_decay)),
            ),
        )


class Underfit(Examination):
    """The loss still falls at the end: by 5 % in the last fifth of the epochs, or by a tenth of all that was gained."""

    name: ClassVar[str] = "underfit"
    title: ClassVar[str] = "It was still learning when it ended"
    summary: ClassVar[str] = (
        "In the last fifth of its epochs the validation loss fell by 5 % (note: 1 %) or by a tenth of all its gain."
    )
    needs: ClassVar[Needs] = "losses"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        split = "validation"
        losses = record.losses(split)
        if record.finished not in ("completed", "stopped") or len(losses) < 2:
            return None
        late = max(1, len(losses) // LATE)
        start, end = float(losses[-1 - late]), float(losses[-1])
        fell, gained = start - end, float(losses[0] - end)
        of_gain = fell / gained if gained > 0 else math.inf
        # Of a density's loss, whose zero is arbitrary, half the share of the gain stands for the share of the loss.
        share = of_gain / 2 if record.is_density else fell / abs(end) if end else math.inf
        if fell <= 0 or share <= A_LITTLE:
            return None
        still = share > STILL or (len(losses) >= LEAST_EPOCHS and of_gain > 2 * STILL)
        told = (of_gain, "share of its gain") if record.is_density else (share, "share of the loss")
        n, epochs = record.n_validation or record.n_train, record.recipe.training.epochs
        # A loss that falls evenly halves what is left in as many epochs again.
        return self.finding(
            "wrong" if still else "note",
            [
                figure(f"fall of the loss in the last {late} of {len(losses)} epochs", *told, record.held_out, n),
                figure("loss at the end", end, "per item", record.held_out, n),
            ],
            "More epochs would still have made it better: its figures say more of the time than of the model.",
            "Train longer.",
            change(record.recipe, "training.epochs", min(100_000, 3 * epochs)),
        )
