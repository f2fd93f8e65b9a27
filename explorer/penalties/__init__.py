"""Penalties on codes. A new one is a file here and its class in ``_PENALTIES``; recipes, forms and tests find it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field

from explorer.penalties.base import Penalty
from explorer.penalties.contractive import Contractive
from explorer.penalties.nested_dropout import NestedDropout
from explorer.penalties.orthogonal import Orthogonal
from explorer.penalties.sparse import SparseCode, TargetRate

_PENALTIES: tuple[type[Penalty], ...] = (NestedDropout, SparseCode, TargetRate, Contractive, Orthogonal)

REGISTRY: dict[str, type[Penalty]] = {cls.model_fields["kind"].default: cls for cls in _PENALTIES}
"""Every penalty by its kind, in the order that forms list them."""

AnyPenalty: Any = Annotated[reduce(or_, _PENALTIES), Field(discriminator="kind")]
"""What a recipe's penalty field holds: the ``kind`` in the file chooses the class."""

__all__ = ["REGISTRY", "AnyPenalty", "NestedDropout", "Penalty"]
