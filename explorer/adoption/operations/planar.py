"""What operations along height and width, or along one axis, have in common."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from explorer.adoption.onnx_file import Constant
from explorer.adoption.operations.call import Call, Modules, shaped
from explorer.models.entries.resampling import Padding
from explorer.models.entries.shapes import Columns, Reshape

FAR = 1e6
"""An end that a clip does not have: no value of a layer comes so far."""


def pads_of(call: Call, kernel: Sequence[int], axes: int) -> tuple[int, ...]:
    """(before, ..., after, ...) as ONNX has them, with what ``auto_pad`` asks for."""
    how = call.attribute("auto_pad", "NOTSET")
    if how in ("NOTSET", ""):
        return tuple(call.attribute("pads", [0] * 2 * axes))
    if how == "VALID":
        return (0,) * 2 * axes
    strides, dilations = call.attribute("strides", [1] * axes), call.attribute("dilations", [1] * axes)
    before, after = [], []
    for size, k, stride, dilation in zip(call.shape[1:], kernel, strides, dilations, strict=True):
        total = max(0, (-(-size // stride) - 1) * stride + (k - 1) * dilation + 1 - size)
        small = total // 2
        before.append(small if how == "SAME_UPPER" else total - small)
        after.append(total - before[-1])
    return (*before, *after)


def planar(call: Call, axes: int, layers: Modules, out: int) -> Modules:
    """Layers for images around a signal of one axis, which is an image of one row."""
    if axes == 2:
        return layers
    (channels, size) = call.shape
    value = torch.zeros(1, channels, 1, size, device="meta")  # no memory: what a file asks for can be huge
    for layer in layers:
        value = shaped(layer, value)
    return [Reshape((channels, 1, size)), *layers, Reshape((out, value.shape[-1]))]


def two_of(sizes: Sequence[int], of_row: int) -> tuple[int, int]:
    """Settings of one axis or two as those of rows and columns."""
    first, second = (of_row, *sizes) if len(sizes) == 1 else sizes
    return int(first), int(second)


def spatial_axes(call: Call, weight: Constant) -> int:
    """How many axes weights (out, in, *kernel) work along: height and width, or one.

    Raises:
        CheckpointError: they do not fit the items, or are for more.
    """
    axes = weight.ndim - 2
    if axes not in (1, 2) or len(call.shape) != axes + 1:
        raise call.refused(f"it works on items of shape {call.shape}")
    return axes


def pad_of(pads: Sequence[int], axes: int, mode: str = "constant", value: float = 0.0) -> Padding:
    """The layer of pads (before, ..., after, ...) along one axis or two."""
    top, left = two_of(pads[:axes], 0)
    bottom, right = two_of(pads[axes:], 0)
    return Padding((left, right, top, bottom), mode, value)


def cut(call: Call, shape: Sequence[int], axis: int, first: int, last: int) -> Modules:
    """The layers that keep places from ``first`` up to ``last`` of an item's axis.

    Raises:
        CheckpointError: it is neither channels, height nor width.
    """
    if axis == 0:
        return [Columns(first, last)]
    if len(shape) != 3:
        raise call.refused("it cuts an axis that is neither channels, height nor width")
    cut = (-first, last - shape[axis])
    return [Padding((0, 0, *cut) if axis == 1 else (*cut, 0, 0))]
