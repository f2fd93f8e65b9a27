"""Items with a constant: plus, minus, times, over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_file import Constant
from explorer.adoption.operations.call import Call, Modules
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.shapes import Reshape


def with_constant(call: Call, values: Constant, first: bool) -> Modules:
    """An item plus, minus, times or over a constant.

    Args:
        call: its first operand is the item.
        first: whether the constant stands before the item.
    """
    op, shape = call.node.op, call.shape
    constant = np.asarray(values, np.float64)
    if op == "Div" and first:
        raise call.refused("it divides by items")
    numbers: tuple[Any, Any, Any]
    if op == "Div" and not constant.all():
        raise call.refused("it divides by 0")
    if op == "Div":
        numbers = (0.0, 1 / constant, 0.0)
    elif op == "Mul":
        numbers = (0.0, constant, 0.0)
    elif op == "Sub" and first:
        numbers = (0.0, -np.ones_like(constant), constant)
    elif op == "Sub":
        numbers = (constant, np.ones_like(constant), 0.0)
    else:
        numbers = (0.0, np.ones_like(constant), constant)
    return _affine(call, shape, constant.shape, numbers)


def _affine(call: Call, shape: Shape, given: Shape, numbers: tuple[Any, Any, Any]) -> Modules:
    """One number for all, one a channel, or one a value, whichever the constant's shape comes to."""
    if math.prod(given) == 1:
        return [Affine.of(*(np.reshape(part, -1)[:1] if np.ndim(part) else part for part in numbers))]
    axes = (1,) * (len(shape) + 1 - len(given)) + tuple(given)
    if (
        len(axes) != len(shape) + 1
        or axes[0] != 1
        or any(a not in (1, s) for a, s in zip(axes[1:], shape, strict=True))
    ):
        raise call.refused(f"its constant of shape {given} does not fit items of shape {shape}")
    by_channel = all(size == 1 for size in axes[2:])
    full = [np.broadcast_to(np.reshape(part, axes) if np.ndim(part) else part, (1, *shape)) for part in numbers]
    if by_channel:
        return [Affine.of(*(part.reshape(shape[0], -1)[:, 0] for part in full))]
    flat = Affine.of(*(part.reshape(-1) for part in full))
    return [Reshape((math.prod(shape),)), flat, Reshape(shape)]
