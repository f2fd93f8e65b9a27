"""Divergence and spikes: a loss that runs away, also where it stays finite."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float

from explorer.checkpoints import RecipeChange, TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, change, figure, first_change
from explorer.diagnosis.record import TrainingRecord

LOST = 0.5
"""A spike undoes so much of what had been gained until then."""
FAR = 4.0
"""Times the loss of the middle value: no bounded error comes to it."""
OFTEN = 0.25
"""Of the later epochs: so many with spikes within them are no accident."""
AWAY = 100.0
"""An error so many times that of the mean item is none that a network of usual weights could make."""


def spikes(losses: Float[np.ndarray, " epochs"]) -> Bool[np.ndarray, " epochs"]:
    """(epochs,) which epochs lost half of the gain from the first one to the best before them.

    The first two have no gain before them that could be lost.
    """
    best = np.minimum.accumulate(losses)
    lost = np.zeros(len(losses), bool)
    gain = losses[0] - best[:-1]
    lost[1:] = (gain > 0) & (losses[1:] - best[:-1] > LOST * gain)
    return lost


def calmer(record: TrainingRecord) -> RecipeChange | None:
    """A learning rate of a tenth, or clipped gradients where that is not allowed."""
    recipe = record.recipe
    rate = recipe.training.learning_rate
    # Not above what Adam is used with: from 10, a tenth would be as bad.
    return first_change(recipe, ("training.learning_rate", min(rate / 10, 1e-3)), ("training.clip_norm", 1.0))


class Divergence(Examination):
    """Not finite; a loss or a reconstruction beyond what a network can have that answers something sensible.

    The loss of the middle value for every value of every item is known without any data: a quarter a value of squared
    error of images, log 2 a value of cross-entropy, 1 a value of standardised columns.
    """

    name: ClassVar[str] = "divergence"
    empties_codes: ClassVar[bool] = True
    explains: ClassVar[frozenset[str]] = frozenset(
        {
            "learning rate too high", "loss rises", "posterior collapse", "empty code so far", "beta too high",
            "beta too low", "exploding values", "saturated sigmoid", "decoder ignores its code", "dead units",
            "only the mean", "copied dimension", "overfit", "underfit", "validation too small",
        }
    )  # fmt: skip
    title: ClassVar[str] = "The training diverged"
    summary: ClassVar[str] = (
        "The loss is not finite or above four times that of the middle value for everything, or the error is a hundred"
        " times that of the mean item."
    )
    needs: ClassVar[Needs] = "losses"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        losses, n = record.losses("train"), record.n_train
        rate = figure("learning rate", record.recipe.training.learning_rate, "a step", "train", n)
        if record.finished == "diverged":
            done = len(record.epochs)
            return self.finding(
                "wrong",
                [figure("epochs before the loss was not finite", done, "epochs", "train", n), rate],
                "The weights after that are worth nothing; the best ones before it, if any, were kept.",
                "Take shorter steps.",
                calmer(record),
            )
        if losses[-1] > FAR * record.middle_loss:
            return self.finding(
                "wrong",
                [
                    figure("last training loss", losses[-1], "per item", "train", n),
                    figure("loss of the middle value for everything", record.middle_loss, "per item", "train", n),
                    rate,
                ],
                "The weights have run away without becoming infinite.",
                "Take shorter steps.",
                calmer(record),
            )
        ratio = float(record.errors_beside_mean.mean()) if record.has_vectors else 0.0
        if not ratio > AWAY:
            return None
        return self.finding(
            "wrong",
            [figure("error beside the mean item's", ratio, "times", record.held_out, len(record.x)), rate],
            "The weights have run away without becoming infinite.",
            "Take shorter steps.",
            calmer(record),
        )


class RisingLoss(Examination):
    """A training loss that ends above where it began, or spikes; not while the KL's weight still grows."""

    name: ClassVar[str] = "loss rises"
    title: ClassVar[str] = "The training loss rises"
    summary: ClassVar[str] = (
        "It ends above where it began, or epochs undid half of all that had been gained: two, or one in the second half"
        " (note: one in the first). So do steps within a quarter of the later epochs (note: within fewer)."
    )
    needs: ClassVar[Needs] = "losses"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        losses, n = record.losses("train")[record.kl_warmup :], record.n_train
        # An objective may weigh its terms anew in each epoch.
        if len(losses) < 3 or record.recipe.objective is not None:
            return None
        if losses[-1] > losses[0] and record.finished:
            return self.finding(
                "wrong",
                [
                    figure("last training loss", losses[-1], "per item", "train", n),
                    figure("first training loss", losses[0], "per item", "train", n),
                    figure("lowest training loss", losses.min(), "per item", "train", n),
                ],
                "The steps are longer than the valley is wide.",
                "Take shorter steps.",
                calmer(record),
            )
        return self._spikes(record, losses)

    def _spikes(self, record: TrainingRecord, losses: np.ndarray) -> TrainingFinding | None:
        lost = spikes(losses)
        if not lost.any():
            return self._excursions(record)
        worst = int(np.argmax(np.where(lost, losses, -np.inf)))
        several = lost.sum() > 1 or lost[len(lost) // 2 :].any()
        return self.finding(
            "wrong" if several else "note",
            [
                figure("spikes", int(lost.sum()), f"of {len(losses)} epochs", "train", record.n_train),
                figure("highest of them", losses[worst], "loss per item", "train", record.n_train),
                figure("lowest before it", losses[:worst].min(), "loss per item", "train", record.n_train),
            ],
            "Single steps threw away half of all that had been learnt.",
            "Clip the gradient, or take shorter steps.",
            change(record.recipe, "training.clip_norm", 1.0) or calmer(record),
            "The loss has spikes",
        )

    def _excursions(self, record: TrainingRecord) -> TrainingFinding | None:
        """Spikes that had come back before their epoch ended, so that its mean hides them."""
        counts = np.array([epoch.get("excursions", 0) for epoch in record.epochs[record.kl_warmup :]])
        if not counts.any():
            return None
        highest = max(epoch.get("highest_step", -math.inf) for epoch in record.epochs[record.kl_warmup :])
        late = counts[len(counts) // 2 :]
        return self.finding(
            "wrong" if (late > 0).mean() >= OFTEN else "note",
            [
                figure("spikes within epochs", int(counts.sum()), f"in {len(counts)} epochs", "train", record.n_train),
                figure("highest step in them", highest, "loss per item", "train", record.n_train),
            ],
            "Single steps threw away half of all that had been learnt, and the next ones learnt it again.",
            "Clip the gradient, or take shorter steps.",
            change(record.recipe, "training.clip_norm", 1.0) or calmer(record),
            "The loss has spikes within epochs",
        )
