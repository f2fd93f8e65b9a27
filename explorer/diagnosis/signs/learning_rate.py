"""A learning rate that is too high or too low, told by how far a step goes beside how large weights are."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, change, figure, mean_figure
from explorer.diagnosis.record import TrainingRecord
from explorer.diagnosis.signs.divergence import calmer

LONG_STEP = 0.25
"""A step of Adam changes a weight by about the learning rate, one of gradient descent by what was measured: four such
steps replace what the weights began with."""
SHORT_STEP = 1 / 300
"""So small a step needs 300 of its kind to move a weight by its own size."""
LIKE_THE_MEAN = 0.9
"""Of the mean item's error: a model with more has hardly learnt anything but the mean."""
ROUGH = 0.25
"""Of the epochs: the training loss of a step that is short enough rises in fewer."""


class HighLearningRate(Examination):
    """Long steps (a quarter of a weight's usual size and more), and a loss that shows it.

    It shows it where the model is no better than the mean item, or where the training loss rose in a quarter of the
    epochs or more.
    """

    name: ClassVar[str] = "learning rate too high"
    empties_codes: ClassVar[bool] = True
    explains: ClassVar[frozenset[str]] = frozenset(
        {
            "loss rises", "exploding values", "saturated sigmoid", "decoder ignores its code", "dead units",
            "only the mean", "copied dimension",
        }
    )  # fmt: skip
    title: ClassVar[str] = "The learning rate is too high"
    summary: ClassVar[str] = (
        "A step is a quarter of a weight's usual size or more, and the loss is stuck at the mean item's or rough."
    )
    reference: ClassVar[str] = "Kingma and Ba 2015, section 2.1"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        step = record.longest_step / record.weight_scale
        if not record.epochs or not step > LONG_STEP:
            return None
        losses = record.losses("train")[record.kl_warmup :]
        share = float(record.errors_beside_mean.mean())
        rises = float((np.diff(losses) > 0).mean()) if len(losses) > 3 else 0.0
        if share < LIKE_THE_MEAN and rises < ROUGH:
            return None
        n = len(record.x)
        return self.finding(
            "wrong",
            [
                figure("step beside a weight's usual size", step, "times", "train", record.n_train),
                figure("error beside that of the mean item", share, "times", record.held_out, n),
                figure("epochs in which the training loss rose", rises, "share", "train", record.n_train),
            ],
            "Each step throws the weights farther than they are large, so that they cannot settle.",
            "Lower it.",
            calmer(record),
        )


class LowLearningRate(Examination):
    """Short steps, and so few of them that no weight can have moved by its own size.

    Of gradient descent, too, where the model is hardly better than the mean item and its loss falls all the time.
    """

    name: ClassVar[str] = "learning rate too low"
    empties_codes: ClassVar[bool] = True
    explains: ClassVar[frozenset[str]] = frozenset(
        {"decoder ignores its code", "only the mean", "copied dimension", "underfit", "posterior collapse"}
    )
    title: ClassVar[str] = "The learning rate is too low"
    summary: ClassVar[str] = "All steps together are shorter than a weight is large, and 300 of them would be needed."
    reference: ClassVar[str] = "Kingma and Ba 2015, section 2.1"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        recipe, scale = record.recipe, record.weight_scale
        rate = recipe.training.learning_rate
        began_trained = bool(recipe.training.start_from) or not record.epochs
        if began_trained or not record.step_length / scale <= SHORT_STEP or record.reach > scale:
            return None
        share = record.errors_beside_mean
        # Gradients, and with them steps, also vanish where all is learnt, or where units are dead: then the loss rests.
        falls = float((np.diff(record.losses("train")) < 0).mean()) if len(record.epochs) > 1 else 0.0
        if not record.has_known_steps and (float(share.mean()) < LIKE_THE_MEAN or falls < 1 - ROUGH):
            return None
        return self.finding(
            "wrong",
            [
                figure("way of all steps beside a weight's usual size", record.reach / scale, "times", "train",
                       record.n_train),
                mean_figure("error beside that of the mean item", share, "times", record.held_out),
            ],
            "No weight can have gone far from its random beginning.",
            "Raise it.",
            change(recipe, "training.learning_rate", 1e-3 if record.has_known_steps else 10 * rate),
        )  # fmt: skip
