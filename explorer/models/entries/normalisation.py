"""Normalisations of a list, each as it is once a model is trained."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from explorer.models.entries.base import LayerEntry, Size, TorchEntry

Epsilon = Annotated[float, Field(ge=0, le=1)]


class BatchNorm1dEntry(TorchEntry):
    """Batch normalisation of features, by its running statistics."""

    makes = nn.BatchNorm1d

    kind: Literal["batch_norm1d"] = "batch_norm1d"
    num_features: Size
    eps: Epsilon = 1e-5
    affine: bool = True
    track_running_stats: Literal[True] = True


class BatchNorm2dEntry(TorchEntry):
    """Batch normalisation of feature maps, by its running statistics."""

    makes = nn.BatchNorm2d

    kind: Literal["batch_norm2d"] = "batch_norm2d"
    num_features: Size
    eps: Epsilon = 1e-5
    affine: bool = True
    track_running_stats: Literal[True] = True


class LayerNormEntry(TorchEntry):
    """Layer normalisation over all values of an item, or over its last axes."""

    makes = nn.LayerNorm

    kind: Literal["layer_norm"] = "layer_norm"
    normalized_shape: Annotated[tuple[Size, ...], Field(min_length=1, max_length=4)]
    eps: Epsilon = 1e-5
    elementwise_affine: bool = True
    bias: bool = True


class GroupNormEntry(TorchEntry):
    """Group normalisation: over channels that stand together, and all their places."""

    makes = nn.GroupNorm

    kind: Literal["group_norm"] = "group_norm"
    num_groups: Size
    num_channels: Size
    eps: Epsilon = 1e-5
    affine: bool = True


class InstanceNorm2dEntry(TorchEntry):
    """Normalisation of each feature map by itself."""

    makes = nn.InstanceNorm2d

    kind: Literal["instance_norm2d"] = "instance_norm2d"
    num_features: Size
    eps: Epsilon = 1e-5
    affine: bool = False
    track_running_stats: Literal[False] = False


class Affine(nn.Module):
    """(x - subtract) * scale + add for each channel, or for all alike where there is one: units, not weights.

    Args:
        channels: of the items' first axis, or 1.
    """

    subtract: Tensor
    scale: Tensor
    add: Tensor

    def __init__(self, channels: int = 1) -> None:
        super().__init__()
        self.channels = channels
        self.register_buffer("subtract", torch.zeros(channels))
        self.register_buffer("scale", torch.ones(channels))
        self.register_buffer("add", torch.zeros(channels))

    @classmethod
    def of(cls, subtract: Any = 0.0, scale: Any = 1.0, add: Any = 0.0) -> Affine:
        """With these numbers, one a channel or one for all."""
        parts = torch.broadcast_tensors(
            *(torch.tensor(np.asarray(p), dtype=torch.float32).flatten() for p in (subtract, scale, add))
        )
        affine = cls(len(parts[0]))
        for name, values in zip(("subtract", "scale", "add"), parts, strict=True):
            getattr(affine, name).copy_(values)
        return affine

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape"]:
        shape = (-1,) + (1,) * (x.ndim - 2)
        return (x - self.subtract.view(shape)) * self.scale.view(shape) + self.add.view(shape)


class AffineEntry(LayerEntry):
    """Another unit: (x - subtract) * scale + add, by channel."""

    kind: Literal["affine"] = "affine"
    channels: Size = 1

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (Affine,)

    def build(self) -> nn.Module:
        return Affine(self.channels)
