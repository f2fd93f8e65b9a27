"""Branches of a list: residual sums, dense connections, gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from torch import nn

from explorer.models.branches import Branches, Join
from explorer.models.entries.base import LayerEntry

if TYPE_CHECKING:
    AnyEntry = Any


class BranchesEntry(LayerEntry):
    """Several chains of layers from the same input, joined; an empty chain is the input itself."""

    kind: Literal["branches"] = "branches"
    join: Join = "sum"
    branches: Annotated[tuple[tuple[AnyEntry, ...], ...], Field(min_length=2, max_length=16)]

    def build(self) -> nn.Module:
        return Branches([[entry.build() for entry in branch] for branch in self.branches], self.join)

    def layers(self) -> int:
        return 1 + sum(entry.layers() for branch in self.branches for entry in branch)

    def depth(self) -> int:
        return 1 + max((entry.depth() for branch in self.branches for entry in branch), default=0)
