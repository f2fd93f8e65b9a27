"""What single steps tell beside the means of their epoch: excursions of the loss, and how far a step moves a weight."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

MEMORY = 1 / 20
"""The share of the newest step in the level of the loss."""
LOST = 0.5
"""A step that loses so much of what was gained since the first one stands out."""
NOISE = 10.0
"""And does so by so many times the usual distance from the level, which the choice of items makes."""
FIRST = 20
"""So many steps have a level before any can stand out from it; after as many that do it is a new level."""


@dataclass
class StepFigures:
    """Excursions of the loss: two steps in a row that lose half of what had been gained.

    One alone may be a batch of unusual items; weights that were thrown away take several steps to come back.

    Args:
        first: the loss of the first step; None: none yet.
        level: of the loss, a moving average of the steps that do not stand out.
        distance: from it, likewise.
        steps: so far.
        high: steps in a row that stand out.
        excursions, highest: of this epoch, and the highest loss in them.
    """

    first: float | None = None
    level: float = 0.0
    distance: float = 0.0
    steps: int = 0
    high: int = 0
    excursions: int = 0
    highest: float = -math.inf

    def see(self, loss: float) -> None:
        """Take the loss of the next step."""
        self.steps += 1
        if self.first is None:
            self.first = self.level = loss
        gain, above = self.first - self.level, loss - self.level
        stands_out = self.steps > FIRST and gain > 0 and above > max(LOST * gain, NOISE * self.distance)
        if not stands_out or self.high >= FIRST:
            share = 1.0 if self.high >= FIRST else MEMORY
            self.high = 0
            self.level += share * above
            self.distance += MEMORY * (abs(above) - self.distance)
            return
        self.high += 1
        self.excursions += self.high == 2
        if self.high > 1:
            self.highest = max(self.highest, loss)

    def of_epoch(self) -> dict[str, Any]:
        """What an epoch's entry in the history gets, where there was anything; the next epoch is counted anew."""
        told = {"excursions": self.excursions, "highest_step": self.highest} if self.excursions else {}
        self.excursions, self.highest = 0, -math.inf
        return told

    def values(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return asdict(self) | {"highest": None if self.highest == -math.inf else self.highest}

    @classmethod
    def of(cls, values: dict[str, Any]) -> StepFigures:
        """What ``values`` gave."""
        return cls(**values | {"highest": -math.inf if values["highest"] is None else values["highest"]})


class StepLength:
    """How far a step moves a weight: the root of the mean square over all of them.

    Args:
        weights: before the step.
    """

    def __init__(self, weights: Iterable[Tensor]) -> None:
        self.weights = list(weights)
        self.before = [weight.detach().clone() for weight in self.weights]

    @torch.no_grad()
    def after(self) -> float:
        """It, once the step is done."""
        squares = sum(
            float((weight - before).double().square().sum())
            for weight, before in zip(self.weights, self.before, strict=True)
        )
        return math.sqrt(squares / max(1, sum(weight.numel() for weight in self.weights)))
