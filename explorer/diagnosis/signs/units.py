"""Hidden units that say nothing: dead, saturated or exploded."""

from __future__ import annotations

import math
from typing import ClassVar

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, figure, first_change
from explorer.diagnosis.layers import worst
from explorer.diagnosis.record import TrainingRecord

MOST, NEARLY_ALL = 0.5, 0.9
"""Shares of a layer's units. A model that does without half of them can be a good one: a KL prunes them."""
HUGE = 1000.0
"""Inputs are within [0, 1] or standardised; outputs of a layer a thousand times as large are out of all proportion."""
WRONG_SIDE, TOO_MANY = 0.5, 0.05
"""A value that is wrong by more than half its range, where the sigmoid is flat; and which share of values may be so."""


class SaturatedUnits(Examination):
    """Sigmoid or tanh units at an end of their curve for nearly every item, where nothing can be learnt any more.

    Of the output's sigmoid, which may be at its ends where the data is: the share of values at an end and wrong by more
    than half.
    """

    name: ClassVar[str] = "saturated sigmoid"
    title: ClassVar[str] = "Sigmoids are saturated"
    summary: ClassVar[str] = (
        "Half of a layer's sigmoid or tanh units are less than 1 % as steep as in their middle for 95 % of the items,"
        " or 5 % of the output's values are at the wrong end."
    )
    reference: ClassVar[str] = "Glorot and Bengio 2010"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        saturated = worst(record.layers, "saturated")
        remedy = first_change(
            record.recipe, ("model.activation", "silu"), ("training.learning_rate", 1e-3),
            ("training.learning_rate", record.recipe.training.learning_rate / 10),
        )  # fmt: skip
        if saturated is not None and saturated[1] > MOST:
            layer, share = saturated
            return self.finding(
                "wrong",
                [figure(f"saturated units of {layer.called}", share, "share", record.held_out, layer.n)],
                "Units at an end of their curve give the same for all items and pass no gradient back.",
                "Use an activation that does not end, or smaller steps.",
                remedy,
            )
        if record.vectors.model.is_table:
            return None
        x, x_hat = record.x, record.decoded
        wrong = float(((x - x_hat).abs() > WRONG_SIDE).logical_and((x_hat < 0.0025) | (x_hat > 0.9975)).float().mean())
        if wrong <= TOO_MANY:
            return None
        return self.finding(
            "wrong",
            [figure("values of the output at the wrong end of its sigmoid", wrong, "share", record.held_out, len(x))],
            "There the sigmoid passes no gradient back, so that a squared error cannot mend it.",
            "Take smaller steps, or the cross-entropy, whose gradient does not vanish.",
            first_change(record.recipe, ("model.reconstruction", "cross_entropy"), ("training.learning_rate", 1e-3)),
            "The output's sigmoid is saturated",
        )


class ExplodingValues(Examination):
    """Layers whose outputs are a thousand times too large."""

    name: ClassVar[str] = "exploding values"
    explains: ClassVar[frozenset[str]] = frozenset(
        {"loss rises", "saturated sigmoid", "dead units", "decoder ignores its code", "only the mean"}
    )
    title: ClassVar[str] = "Values explode inside the network"
    summary: ClassVar[str] = "A layer's outputs are above 1,000 in size, where its inputs are about 1."
    reference: ClassVar[str] = "Glorot and Bengio 2010"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        inside = [layer for layer in record.layers if layer.number > 1 or layer.part == "decoder"][:-1]
        sizes = [(layer.size if math.isfinite(layer.size) else math.inf, layer) for layer in inside]
        size, largest = max(sizes, key=lambda pair: pair[0], default=(0.0, None))
        if largest is None or size <= HUGE:
            return None
        training = record.recipe.training
        name = f"size of the outputs of {largest.called}"
        return self.finding(
            "wrong",
            [figure(name, size, "root mean square", record.held_out, largest.n)],
            "Numbers this large leave no digits for what differs between items; the next step may not be finite.",
            "Let weights shrink as they learn, or clip the gradient.",
            first_change(
                record.recipe,
                *([] if training.weight_decay else [("training.weight_decay", 0.01)]),
                ("training.clip_norm", 1.0),
                ("training.learning_rate", training.learning_rate / 10),
            ),
        )


class DeadUnits(Examination):
    """Hidden units that give the same for every item."""

    name: ClassVar[str] = "dead units"
    title: ClassVar[str] = "Hidden units are dead"
    summary: ClassVar[str] = (
        "90 % of a layer's units give the same for every item, or fewer vary than the code has numbers (note: half of"
        " them)."
    )
    reference: ClassVar[str] = "Glorot, Bordes and Bengio 2011; Maas et al. 2013"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        dead = worst(record.layers, "dead")
        if dead is None or dead[1] <= MOST:
            return None
        layer, share = dead
        alive = len(layer.dead) - int(layer.dead.sum())
        training = record.recipe.training
        return self.finding(
            "wrong" if share > NEARLY_ALL or alive < record.vectors.latent_dim else "note",
            [figure(f"dead units of {layer.called}", share, "share", record.held_out, layer.n)],
            "They give the same for every item and learn no more: the network is narrower than it looks.",
            "Use an activation that is nowhere flat.",
            first_change(
                record.recipe,
                ("model.activation", "leaky_relu"),
                ("training.learning_rate", 1e-3),
                ("training.learning_rate", training.learning_rate / 10),
            ),
        )
