"""Several ways through a model that meet again: residual sums, dense connections, gates, heads side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

Join = Literal["sum", "product", "concat"]


class Branches(nn.Module):
    """What several chains make of the same input, added, multiplied or side by side (along the first axis).

    Args:
        branches: modules of each chain, in order; an empty chain is the input itself.
    """

    def __init__(self, branches: Sequence[Sequence[nn.Module]], join: Join = "sum") -> None:
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*modules) for modules in branches)
        self.join = join

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape2"]:
        first, *others = [branch(x) for branch in self.branches]
        if self.join == "concat":
            return torch.cat([first, *others], 1)
        for other in others:
            first = first + other if self.join == "sum" else first * other
        return first

    def extra_repr(self) -> str:
        return self.join
