"""Operations of several tensors of items, or that part one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from torch import nn

from explorer.adoption.graph import GraphStep, Shape
from explorer.adoption.operations.call import Call, Modules
from explorer.adoption.operations.planar import cut
from explorer.models.branches import Join
from explorer.models.entries.normalisation import Affine

JOINS: dict[str, Join] = {"Add": "sum", "Sub": "sum", "Sum": "sum", "Mul": "product", "Concat": "concat"}
"""Operations of several tensors of items."""


def spread(shape: Shape, wanted: Shape) -> Modules | None:
    """Layers that bring one number a channel to maps, so that it can be joined with them; None: nothing can."""
    if shape == wanted:
        return []
    if len(shape) == len(wanted) == 3 and shape[0] == wanted[0] and shape[1:] == (1, 1):
        return [nn.Upsample(wanted[1:])]
    return None


def split_sizes(call: Call, outputs: int) -> list[tuple[int, int]]:
    """(start, stop) along the axis of each output of a split."""
    axis = call.axis(int(call.attribute("axis", 0)))
    given = call.attribute("split", None) if call.opset < 13 else call.given(1)
    size = call.shape[axis]
    sizes = [-(-size // outputs)] * outputs if given is None else [int(n) for n in given]
    if given is None:
        sizes[-1] = size - sum(sizes[:-1])
    ends = list(itertools.accumulate(sizes))
    if sum(sizes) != size or min(sizes) < 1:
        raise call.refused("its parts do not add up")
    return list(zip([0, *ends[:-1]], ends, strict=True))


def split(call: Call, start: int, stop: int) -> Modules:
    """The layers of one output of a split."""
    return cut(call, call.shape, call.axis(int(call.attribute("axis", 0))), start, stop)


def joined_step(
    call: Call, names: Sequence[str], shapes: Sequence[Shape]
) -> tuple[GraphStep, list[tuple[Modules, Shape]]]:
    """What joins several tensors of items, and the layers that each passes first.

    Returns:
        A step whose inputs are the names with "|n" behind, and for each the layers that make that.
    """
    join = JOINS[call.node.op]
    if join == "concat" and call.axis(int(call.attribute("axis", 1)), len(shapes[0]) + 1) != 0:
        raise call.refused("it puts tensors side by side along another axis than channels")
    wanted = max(shapes, key=math.prod)
    before: list[tuple[Modules, Shape]] = []
    for number, shape in enumerate(shapes):
        layers = [] if join == "concat" else spread(shape, wanted)
        if layers is None:
            raise call.refused(f"it joins items of shapes {shapes[0]} and {shape}")
        if call.node.op == "Sub" and number == 1:
            layers = [*layers, Affine.of(0.0, -1.0, 0.0)]
        before.append((layers, shape if join == "concat" else wanted))
    inputs = tuple(f"{name}|{call.node.outputs[0]}|{number}" for number, name in enumerate(names))
    return GraphStep(inputs, join=join), before
