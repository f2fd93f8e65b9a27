"""Objectives of variational models. A new one is a file here and its class in ``_OBJECTIVES``."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field

from explorer.objectives.adversarial import Adversarial
from explorer.objectives.base import LatentModel, Objective, Terms
from explorer.objectives.capacity import Capacity
from explorer.objectives.cyclic import Cyclic
from explorer.objectives.discrepancy import Discrepancy
from explorer.objectives.free_bits import FreeBits
from explorer.objectives.importance import ImportanceWeighted
from explorer.objectives.partially import PartiallyImportanceWeighted
from explorer.objectives.total_correlation import TotalCorrelation

_OBJECTIVES: tuple[type[Objective], ...] = (
    ImportanceWeighted,
    PartiallyImportanceWeighted,
    FreeBits,
    Cyclic,
    Capacity,
    TotalCorrelation,
    Discrepancy,
    Adversarial,
)

REGISTRY: dict[str, type[Objective]] = {cls.model_fields["kind"].default: cls for cls in _OBJECTIVES}
"""Every objective by its kind, in the order that forms list them."""

AnyObjective: Any = Annotated[reduce(or_, _OBJECTIVES), Field(discriminator="kind")]
"""What a recipe's objective field holds: the ``kind`` in the file chooses the class."""

__all__ = ["REGISTRY", "AnyObjective", "LatentModel", "Objective", "Terms"]
