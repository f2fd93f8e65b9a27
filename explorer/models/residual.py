"""Residual blocks with the activation first, which bodies may have at each of their sizes."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from torch import nn

from explorer.core.applicability import SOME, only_where
from explorer.models.branches import Branches

RESIDUAL_BLOCKS: Any = Field(
    0,
    ge=0,
    le=16,
    title="Residual blocks",
    description="After each hidden layer, or each halving and doubling of an image: two layers whose result is added "
    "to what goes into them.",
    json_schema_extra=only_where(
        {"linear": [False], "tied": [False], "hidden": SOME, "body": ["dense"]}, {"body": ["convolutional"]}
    ),
)


class DenseResidual(Branches):
    """h + W_2 s(N(W_1 s(N(h)))), s the activation, N layer normalisation where chosen; dropout before W_2.

    The sum is left as it is (no activation after it), so that the way past all blocks is the identity.

    Source: He, Zhang, Ren and Sun 2016, "Identity mappings in deep residual networks", equations 1 and 2 and figure 4e
    (full pre-activation).

    Args:
        width: units.
        activation: of the layer type.
        layer_norm, dropout: as in ``DenseOptions``.
    """

    def __init__(self, width: int, activation: type[nn.Module], layer_norm: bool, dropout: float) -> None:
        drops = [nn.Dropout(dropout)] if dropout else []
        before: list[list[nn.Module]] = [
            [*([nn.LayerNorm(width)] if layer_norm else []), activation()] for _ in range(2)
        ]
        super().__init__([[], [*before[0], nn.Linear(width, width), *before[1], *drops, nn.Linear(width, width)]])


class MapResidual(Branches):
    """h + W_2 * s(N(W_1 * s(N(h)))) with 3x3 convolutions (3 along a line), N batch normalisation where chosen.

    Source: as ``DenseResidual``.

    Args:
        channels: maps.
        activation: of the layer type.
        batch_norm: whether there is any.
        is_line: whether the maps have one row.
    """

    def __init__(self, channels: int, activation: type[nn.Module], batch_norm: bool, is_line: bool) -> None:
        kernel, padding = ((1, 3), (0, 1)) if is_line else ((3, 3), (1, 1))
        modules: list[nn.Module] = []
        for last in (False, True):
            modules += [nn.BatchNorm2d(channels)] if batch_norm else []
            # The second one's bias is the only one that no normalisation follows.
            modules += [activation(), nn.Conv2d(channels, channels, kernel, 1, padding, bias=last or not batch_norm)]
        super().__init__([[], modules])
