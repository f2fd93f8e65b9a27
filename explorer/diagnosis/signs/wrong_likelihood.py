"""A Bernoulli likelihood of values that are not near 0 and 1."""

from __future__ import annotations

from typing import ClassVar

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, figure, first_change
from explorer.diagnosis.record import TrainingRecord

GREY = 0.5
"""More than half of the variance that the likelihood takes for granted is not there."""


class WrongLikelihood(Examination):
    r"""How grey the values are: E[x (1 - x)] / (m (1 - m)), m their mean.

    Values of 0 and 1 alone have the variance m (1 - m) of a Bernoulli variable; other values lack E[x (1 - x)] of it.
    So it is 0 for binary values and 1 where all are the same grey; digits have 0.2, photos 0.8.
    """

    name: ClassVar[str] = "wrong likelihood"
    title: ClassVar[str] = "The likelihood does not fit the values"
    summary: ClassVar[str] = (
        "A Bernoulli likelihood or cross-entropy, and more than half of the variance that it expects is not there."
    )
    needs: ClassVar[Needs] = "items"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        model = record.recipe.model
        is_binary = getattr(model, "likelihood", "") == "bernoulli"
        if not is_binary and getattr(model, "reconstruction", "") != "cross_entropy":
            return None
        x = record.x_train.double()
        mean = float(x.mean())
        expected = mean * (1 - mean)
        lacking = float((x * (1 - x)).mean()) / expected if expected > 0 else 0.0
        if lacking <= GREY:
            return None
        near = float(((x < 0.1) | (x > 0.9)).double().mean())
        return self.finding(
            "wrong",
            [
                figure("variance of a Bernoulli variable that the values lack", lacking, "share", "train", len(x)),
                figure("values within 0.1 of 0 or 1", near, "share", "train", len(x)),
            ],
            "The values are grey, not probabilities of black and white: the loss's figures in nats mean nothing, and"
            " the code has little to say against them.",
            "Take a likelihood for grey values.",
            first_change(record.recipe, ("model.likelihood", "gaussian"), ("model.reconstruction", "squared_error")),
        )
