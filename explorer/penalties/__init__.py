"""Penalties on codes. A new one is a file here and its class in ``_PENALTIES``; recipes, forms and tests find it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field

from explorer.penalties.base import Penalty
from explorer.penalties.nested_dropout import NestedDropout

_PENALTIES: tuple[type[Penalty], ...] = (NestedDropout,)

REGISTRY: dict[str, type[Penalty]] = {cls.model_fields["kind"].default: cls for cls in _PENALTIES}
"""Every penalty by its kind, in the order that forms list them."""

_ANY = reduce(or_, _PENALTIES)
# Pydantic takes a discriminator only where there is a choice.
AnyPenalty: Any = Annotated[_ANY, Field(discriminator="kind")] if len(_PENALTIES) > 1 else _ANY
"""What a recipe's penalty field holds: the ``kind`` in the file chooses the class."""

__all__ = ["REGISTRY", "AnyPenalty", "NestedDropout", "Penalty"]
