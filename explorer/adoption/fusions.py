"""Operations that a file spells out in several, as the one layer that they are: LayerNorm, GELU, circular padding."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from explorer.adoption.onnx_file import Constant, Node

END = 1 << 31
"""What an exporter writes for the end of an axis is this or more."""


class _Made:
    """What makes each tensor, to look backwards from one."""

    def __init__(self, nodes: Sequence[Node], constants: Mapping[str, Constant]) -> None:
        self.by = {name: node for node in nodes for name in node.outputs if name}
        self.constants = dict(constants)
        for node in nodes:
            if node.op == "Constant" and node.outputs and node.attributes:
                self.constants[node.outputs[0]] = np.asarray(next(iter(node.attributes.values())))

    def node(self, name: str, *ops: str) -> Node | None:
        node = self.by.get(name)
        return node if node is not None and node.op in ops else None

    def number(self, name: str) -> float | None:
        """The one number of a constant."""
        values = self.constants.get(name)
        is_one = values is not None and values.size == 1 and values.dtype.kind in "buif"
        return float(values.reshape(-1)[0]) if values is not None and is_one else None

    def with_number(self, node: Node | None) -> tuple[str, float] | None:
        """The other input of a node, and the number that it is joined with."""
        if node is None or len(node.inputs) != 2:
            return None
        for item, constant in (node.inputs, node.inputs[::-1]):
            if (number := self.number(constant)) is not None:
                return item, number
        return None

    def mean_of(self, name: str) -> tuple[str, int] | None:
        """What a tensor is the mean of over its last axes, and how many these are."""
        node = self.node(name, "ReduceMean")
        if node is None or not node.attributes.get("keepdims", 1):
            return None
        axes = node.attributes.get("axes")
        if axes is None and len(node.inputs) > 1:
            axes = self.constants.get(node.inputs[1])
        last = [] if axes is None else sorted(np.atleast_1d(axes).tolist())
        return (node.inputs[0], len(last)) if last and last == list(range(-len(last), 0)) else None

    def slice_of(self, name: str) -> tuple[str, int, int, int] | None:
        """What a tensor is cut from along one axis, the axis, and the first place and the one after the last."""
        node = self.node(name, "Slice")
        if node is None:
            return None
        given: list[float | None] = [None, None, None, 1.0]  # start, end, axis, step
        for place, word in enumerate(("starts", "ends", "axes")):
            if word in node.attributes and len(node.attributes[word]) == 1:
                given[place] = node.attributes[word][0]
        for place, constant in enumerate(node.inputs[1:5]):
            given[place] = self.number(constant)
        start, end, axis, step = given
        if start is None or end is None or axis is None or step != 1:
            return None
        return node.inputs[0], int(axis), int(start), int(end)


def fused(nodes: Sequence[Node], constants: Mapping[str, Constant]) -> list[Node]:
    """The same nodes, with one in place of those that spell out a known layer; what nothing uses any more is gone."""
    made = _Made(nodes, constants)
    known = (_layer_norm, _gelu, _softsign, _circular)
    replaced = [next(filter(None, (one(node, made) for one in known)), node) for node in nodes]
    wanted = {name for node in nodes for name in node.outputs} - {name for node in nodes for name in node.inputs}
    kept = []
    for node in reversed(replaced):
        if {*node.outputs} & wanted:
            kept.append(node)
            wanted |= {*node.inputs}
    return kept[::-1]


def _layer_norm(node: Node, made: _Made) -> Node | None:
    """(x - mean) / sqrt(mean of squares + eps), over the last axes."""
    if node.op != "Div":
        return None
    centred = made.node(node.inputs[0], "Sub")
    root = made.node(node.inputs[1], "Sqrt")
    shifted = made.with_number(made.node(root.inputs[0], "Add")) if root is not None else None
    if centred is None or shifted is None:
        return None
    variance, epsilon = shifted
    squares = made.mean_of(variance)
    power = made.with_number(made.node(squares[0], "Pow")) if squares is not None else None
    x = centred.inputs[0]
    if squares is None or power != (centred.outputs[0], 2.0) or made.mean_of(centred.inputs[1]) != (x, squares[1]):
        return None
    return Node("LayerNormalization", node.name, (x,), node.outputs, {"axis": -squares[1], "epsilon": epsilon})


def _gelu(node: Node, made: _Made) -> Node | None:
    """x (1 + erf(x / sqrt 2)) / 2, in whichever order its factors are multiplied."""
    if node.op != "Mul":
        return None
    factors = _factors(node, made, 3)
    numbers = [number for name in factors if (number := made.number(name)) is not None]
    items = [name for name in factors if made.number(name) is None]
    if numbers != [0.5] or len(items) != 2:
        return None
    for x, gate in (items, items[::-1]):
        one = made.with_number(made.node(gate, "Add"))
        error = made.node(one[0], "Erf") if one is not None and one[1] == 1 else None
        inside = made.node(error.inputs[0], "Div", "Mul") if error is not None else None
        scaled = made.with_number(inside)
        if scaled is None or inside is None or scaled[0] != x:
            continue
        root = math.sqrt(0.5 if inside.op == "Mul" else 2.0)
        if math.isclose(scaled[1], root, rel_tol=1e-5):
            return Node("Gelu", node.name, (x,), node.outputs, {})
    return None


def _softsign(node: Node, made: _Made) -> Node | None:
    """x / (1 + |x|)."""
    shifted = made.with_number(made.node(node.inputs[1], "Add")) if node.op == "Div" else None
    if shifted is None or shifted[1] != 1:
        return None
    size = made.node(shifted[0], "Abs")
    if size is None or size.inputs[0] != node.inputs[0]:
        return None
    return Node("Softsign", node.name, (node.inputs[0],), node.outputs, {})


def _circular(node: Node, made: _Made) -> Node | None:
    """The end of x, x, and its beginning side by side along one axis; one of the two may be missing."""
    if node.op != "Concat":
        return None
    axis = node.attributes.get("axis")
    cuts = [made.slice_of(name) for name in node.inputs]
    for place, x in enumerate(node.inputs):
        before, after = cuts[:place], cuts[place + 1 :]
        ends = [cut[2] for cut in before if cut is not None and cut[:2] == (x, axis) and cut[2] < 0 and cut[3] >= END]
        starts = [cut[3] for cut in after if cut is not None and cut[:2] == (x, axis) and cut[2] == 0 and cut[3] > 0]
        if len(ends) == len(before) <= 1 and len(starts) == len(after) <= 1 and (ends or starts):
            pads = [-sum(ends), sum(starts)]
            return Node("Pad", node.name, (x,), node.outputs, {"mode": "wrap", "axes": [axis], "pads": pads})
    return None


def _factors(node: Node, made: _Made, most: int) -> list[str]:
    """The factors of products of products, so many at most."""
    factors = list(node.inputs)
    for name in node.inputs:
        inner = made.node(name, "Mul")
        if inner is not None and len(factors) < most:
            factors.remove(name)
            factors += inner.inputs
    return factors
