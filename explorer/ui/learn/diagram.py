"""A model drawn with its true sizes, as HTML that takes the theme's text colour. Every text in it is escaped.

Boxes with ``clip-path`` instead of SVG, which Streamlit takes out of HTML.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explorer.models import Layer

STEP, BAR, TALLEST, SHORTEST = 112, 16, 150, 14
"""Screen pixels: from one tensor to the next, a tensor's width, and the heights of the largest and the smallest."""
TOP, BELOW = 40, 64
"""Room for text above and below."""
HEIGHT = TOP + TALLEST + BELOW
COLOURS = {"encoder": "#0e7490", "code": "#ed6d03", "decoder": "#3f9aab"}
_STYLE = """<style>
.ex-diagram{overflow-x:auto;padding:0 44px}
.ex-diagram>div{position:relative;margin:0 auto}
.ex-diagram>div>div{position:absolute}
.ex-diagram .ex-text{font-size:.72rem;line-height:1.3;text-align:center;font-variant-numeric:tabular-nums}
.ex-diagram .ex-name{display:flex;align-items:center;justify-content:center;font-size:1rem}
</style>"""


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


def diagram(layers: Sequence[Layer], event_shape: tuple[int, ...], title: str) -> str:
    """The encoder, the code and the decoder from left to right, as HTML; it scrolls where it is wider than its place.

    A bar is a tensor and its height grows with the logarithm of its number of values; the shape between two bars is the
    layer that takes one to the other.

    Args:
        layers: the model's layer table, as ``models.layers`` gives it.
        event_shape: of the items.
        title: for screen readers.
    """
    drawn = blocks(layers, event_shape)
    code = max(i for i, block in enumerate(drawn) if block.part == "encoder") + 1
    shapes = [event_shape, *(block.shape for block in drawn)]
    heights = _heights([math.prod(shape) for shape in shapes])
    parts = [_layer(block, i * STEP, heights[i], heights[i + 1]) for i, block in enumerate(drawn)]
    for i, (shape, height) in enumerate(zip(shapes, heights, strict=True)):
        role = "code" if i == code else "encoder" if i < code else "decoder"
        name = "x" if i == 0 else "code z" if i == code else "x̂" if i == len(shapes) - 1 else ""
        parts.append(_tensor(shape, name, role, i * STEP, height))
    return (
        f'{_STYLE}<div class="ex-diagram" tabindex="0" role="group" aria-label="{html.escape(title, quote=True)}">'
        f'<div style="width:{len(drawn) * STEP + BAR}px;height:{HEIGHT}px">{"".join(parts)}</div></div>'
    )


def _heights(sizes: Sequence[int]) -> list[float]:
    low, high = math.log(min(sizes)), math.log(max(sizes))
    return [SHORTEST + (TALLEST - SHORTEST) * (math.log(size) - low) / ((high - low) or 1.0) for size in sizes]


def _layer(block: Block, x: float, h0: float, h1: float) -> str:
    left, right = (100 * (1 - h / TALLEST) / 2 for h in (h0, h1))
    corners = f"0 {left:.1f}%,100% {right:.1f}%,100% {100 - right:.1f}%,0 {100 - left:.1f}%"
    letter, _, index = block.weights_name.partition("_")
    name = f"<i>{letter}<sub>{html.escape(index)}</sub></i>" if letter else ""
    weights = f"{block.weights:,} weights" if block.weights else "no weights"
    lines = [f"<b>{html.escape(block.name)}</b>", html.escape(" + ".join(block.others)), weights]
    return (
        f'<div style="left:{x + BAR}px;top:{TOP}px;width:{STEP - BAR}px;height:{TALLEST}px;'
        f'background:{COLOURS[block.part]}33;clip-path:polygon({corners})"></div>'
        f'<div class="ex-name" style="left:{x + BAR}px;top:{TOP}px;width:{STEP - BAR}px;height:{TALLEST}px">'
        f"{name}</div>"
        f'<div class="ex-text" style="left:{x + BAR - 6}px;top:{TOP + TALLEST + 6}px;width:{STEP - BAR + 12}px">'
        f"{'<br>'.join(line for line in lines if line)}</div>"
    )


def _tensor(shape: tuple[int, ...], name: str, role: str, x: float, height: float) -> str:
    top = TOP + (TALLEST - height) / 2
    size = html.escape("×".join(map(str, shape)))
    title = f"<b>{html.escape(name)}</b><br>" if name else ""
    return (
        f'<div style="left:{x}px;top:{top:.1f}px;width:{BAR}px;height:{height:.1f}px;border-radius:2px;'
        f'background:{COLOURS[role]}"></div>'
        f'<div class="ex-text" style="left:{x + (BAR - STEP) / 2}px;bottom:{HEIGHT - top + 2:.1f}px;'
        f'width:{STEP}px">{title}{size}</div>'
    )
