"""Convolutions of a list."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator
from torch import nn

from explorer.models.entries.base import Counts, Size, Sizes, TorchEntry, pair

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


class Conv2dEntry(TorchEntry):
    """A convolution of feature maps."""

    makes = nn.Conv2d

    kind: Literal["conv2d"] = "conv2d"
    in_channels: Size
    out_channels: Size
    kernel_size: Sizes
    stride: Sizes = (1, 1)
    padding: Annotated[Counts | Literal["same", "valid"], BeforeValidator(pair)] = (0, 0)
    dilation: Sizes = (1, 1)
    groups: Size = 1
    bias: bool = True
    padding_mode: PaddingMode = "zeros"


class ConvTranspose2dEntry(TorchEntry):
    """A transposed convolution of feature maps."""

    makes = nn.ConvTranspose2d

    kind: Literal["conv_transpose2d"] = "conv_transpose2d"
    in_channels: Size
    out_channels: Size
    kernel_size: Sizes
    stride: Sizes = (1, 1)
    padding: Counts = (0, 0)
    output_padding: Counts = (0, 0)
    dilation: Sizes = (1, 1)
    groups: Size = 1
    bias: bool = True
