"""Values for each grey level of each pixel, as a decoder lays them out."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor


def level_logits(values: Float[Tensor, "n c2 h w"], channels: int) -> Float[Tensor, "n c levels h w"]:
    """(N, C L, H, W) values, all levels of the first channel first, with an axis of their own for the levels."""
    return values.unflatten(1, (channels, values.shape[1] // channels))
