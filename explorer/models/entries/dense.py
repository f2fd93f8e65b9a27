"""Linear layers of a list."""

from __future__ import annotations

from typing import Literal

from torch import nn

from explorer.models.entries.base import Size, TorchEntry


class LinearEntry(TorchEntry):
    """W x + b."""

    makes = nn.Linear

    kind: Literal["linear"] = "linear"
    in_features: Size
    out_features: Size
    bias: bool = True
