"""Pooling, enlarging and padding of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from explorer.models.entries.base import MAX_SIZE, Counts, LayerEntry, Sizes, TorchEntry


class MaxPool2dEntry(TorchEntry):
    """The largest value of each window."""

    makes = nn.MaxPool2d
    only: ClassVar[dict[str, Any]] = {"return_indices": False}

    kind: Literal["max_pool2d"] = "max_pool2d"
    kernel_size: Sizes
    stride: Sizes
    padding: Counts = (0, 0)
    dilation: Sizes = (1, 1)
    ceil_mode: bool = False


class AvgPool2dEntry(TorchEntry):
    """The mean of each window."""

    makes = nn.AvgPool2d
    only: ClassVar[dict[str, Any]] = {"divisor_override": None}

    kind: Literal["avg_pool2d"] = "avg_pool2d"
    kernel_size: Sizes
    stride: Sizes
    padding: Counts = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True


class AdaptiveAvgPool2dEntry(TorchEntry):
    """Means of as many windows as are asked for."""

    makes = nn.AdaptiveAvgPool2d

    kind: Literal["adaptive_avg_pool2d"] = "adaptive_avg_pool2d"
    output_size: Sizes


class UpsampleEntry(LayerEntry):
    """Larger feature maps, to a size or by a factor, by nearest values or along straight lines between them."""

    kind: Literal["upsample"] = "upsample"
    size: Sizes | None = None
    scale_factor: tuple[Annotated[float, Field(gt=0, le=64)], Annotated[float, Field(gt=0, le=64)]] | None = None
    mode: Literal["nearest", "bilinear", "bicubic"] = "nearest"
    align_corners: bool | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> UpsampleEntry:
        if (self.size is None) == (self.scale_factor is None):
            raise ValueError("either a size or a factor")
        if self.align_corners is not None and self.mode == "nearest":
            raise ValueError("align_corners needs bilinear or bicubic")
        return self

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (nn.Upsample, nn.UpsamplingNearest2d, nn.UpsamplingBilinear2d)

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        factor = module.scale_factor
        settings = super().settings_of(module)
        return settings | {"scale_factor": (factor, factor) if isinstance(factor, (int, float)) else factor}

    def build(self) -> nn.Module:
        return nn.Upsample(self.size, self.scale_factor, self.mode, self.align_corners)


class PixelShuffleEntry(TorchEntry):
    """Channels become places: (C r r, H, W) -> (C, H r, W r)."""

    makes = nn.PixelShuffle

    kind: Literal["pixel_shuffle"] = "pixel_shuffle"
    upscale_factor: Annotated[int, Field(ge=1, le=64)]


class Padding(nn.Module):
    """Values around feature maps.

    Args:
        sides: how many left, right, above and below; negative: so many are cut off.
        mode: what they are; "constant": ``value``.
    """

    def __init__(self, sides: tuple[int, int, int, int], mode: str = "constant", value: float = 0.0) -> None:
        super().__init__()
        self.sides, self.mode, self.value = sides, mode, value

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h2 w2"]:
        return F.pad(x, self.sides, self.mode, self.value if self.mode == "constant" else None)

    def extra_repr(self) -> str:
        return f"{self.sides}, {self.mode}"


Side = Annotated[int, Field(ge=-MAX_SIZE, le=MAX_SIZE)]

_PADS: dict[type[nn.Module], str] = {
    nn.ZeroPad2d: "constant",
    nn.ConstantPad2d: "constant",
    nn.ReflectionPad2d: "reflect",
    nn.ReplicationPad2d: "replicate",
    nn.CircularPad2d: "circular",
}


class PadEntry(LayerEntry):
    """Values around feature maps, or rows and columns cut off from them."""

    kind: Literal["pad"] = "pad"
    sides: tuple[Side, Side, Side, Side]
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant"
    value: float = 0.0

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (Padding, *_PADS)

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        if isinstance(module, Padding):
            return super().settings_of(module)
        value = float(getattr(module, "value", 0.0))
        return {"sides": tuple(module.padding), "mode": _PADS[type(module)], "value": value}

    def build(self) -> nn.Module:
        return Padding(self.sides, self.mode, self.value)


__all__ = [
    "AdaptiveAvgPool2dEntry",
    "AvgPool2dEntry",
    "MaxPool2dEntry",
    "PadEntry",
    "Padding",
    "PixelShuffleEntry",
    "UpsampleEntry",
]
