"""What a decoder gives that has a value for each grey level of each pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.core.errors import RecipeError
from explorer.core.levels import level_logits

MAX_VALUES = 1 << 18
"""Of the last layer, for one image: those of 28 x 28 pixels and 256 levels fit; each batch has them several times."""
MAX_WEIGHTS = 1 << 24
"""Of the last layer: 64 MB."""


class LevelMean(nn.Module):
    """sum_k p_k k / (L - 1) of each pixel, p the softmax over its L levels: (N, C L, H, W) -> (N, C, H, W) in [0, 1].

    Args:
        levels: L.
    """

    def __init__(self, levels: int) -> None:
        super().__init__()
        self.levels = levels

    def forward(self, x: Float[Tensor, "n c2 h w"]) -> Float[Tensor, "n c h w"]:
        p = level_logits(x, x.shape[1] // self.levels).softmax(2)
        greys = torch.arange(self.levels, dtype=x.dtype, device=x.device) / (self.levels - 1)
        return (p * greys[:, None, None]).sum(2)

    def extra_repr(self) -> str:
        return f"levels={self.levels}"


def with_levels(event_shape: tuple[int, ...], levels: int, dense_widths: Sequence[int]) -> tuple[int, ...]:
    """The shape of a decoder's values where each pixel has ``levels`` of them.

    Args:
        event_shape: (C, H, W) of the images.
        dense_widths: of the layer before a dense last one; empty: that is a convolution.

    Raises:
        RecipeError: the last layer would be too large.
    """
    values = math.prod(event_shape) * levels
    weights = values * dense_widths[0] if dense_widths else 0
    if values <= MAX_VALUES and weights <= MAX_WEIGHTS:
        return (event_shape[0] * levels, *event_shape[1:])
    of_weights = f" with {weights:,} weights" if weights else ""
    fitting = min(MAX_VALUES // (values // levels), MAX_WEIGHTS // (weights // levels) if weights else levels)
    at_most = f"Set model.levels to at most {fitting}" if fitting > 1 else "Give smaller images"
    raise RecipeError(
        f"{levels} levels of {values // levels:,} pixels are {values:,} values of the last layer{of_weights}: at most"
        f" {MAX_VALUES:,} values and {MAX_WEIGHTS:,} weights are built.",
        f"{at_most}, or {'take a convolutional body' if weights else 'another likelihood'}.",
    )
