"""Which layers of a model are drawn as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explorer.models import Layer


@dataclass(frozen=True)
class Block:
    """Layers drawn as one: a layer with weights or another size, and what is done to its values around it.

    Args:
        name: kind of that layer, such as "Conv2d".
        others: kinds of the layers that reshape or change single values, in order, such as ("ReLU", "Flatten").
        weights_name: of its weights in formulas, such as "W_e1"; empty where it has none.
        shape: of its output.
        weights: trained numbers in it.
        part: ``encoder`` or ``decoder``.
        last: position in the layer table of the layer whose output it has.
    """

    name: str
    others: tuple[str, ...]
    weights_name: str
    shape: tuple[int, ...]
    weights: int
    part: str
    last: int


def blocks(layers: Sequence[Layer], event_shape: tuple[int, ...]) -> list[Block]:
    """Group a layer table for drawing, encoder first.

    A layer starts a block if it has weights or changes the number of values; reshaping and functions of single values
    join the block before them, and at the very start the one after.
    """
    drawn: list[Block] = []
    before: tuple[str, ...] = ()
    size, counts = math.prod(event_shape), {"encoder": 0, "decoder": 0}
    for position, layer in enumerate(layers):
        starts = layer.weights or math.prod(layer.shape) != size
        size = math.prod(layer.shape)
        if starts:
            counts[layer.part] += bool(layer.weights)
            weights_name = f"W_{layer.part[0]}{counts[layer.part]}" if layer.weights else ""
            drawn.append(Block(layer.name, before, weights_name, layer.shape, layer.weights, layer.part, position))
            before = ()
        elif drawn and drawn[-1].part == layer.part:
            block = replace(drawn[-1], others=(*drawn[-1].others, layer.name))
            # Maps that are flattened for the next layer are still maps.
            is_flattened = len(layer.shape) < len(block.shape)
            drawn[-1] = block if is_flattened else replace(block, shape=layer.shape, last=position)
        else:
            before = (*before, layer.name)
    return drawn
