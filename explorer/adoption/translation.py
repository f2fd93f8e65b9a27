"""An ONNX model as a graph of layers: each operation looked up, none of them run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from explorer.adoption.constants import folded
from explorer.adoption.fusions import fused
from explorer.adoption.graph import Graph, GraphStep, Shape
from explorer.adoption.onnx_file import BATCH, MAX_VALUES, Constant, Node, OnnxModel
from explorer.adoption.operations import (
    JOINS,
    OPERATIONS,
    Call,
    Operand,
    joined_step,
    shaped,
    split,
    split_sizes,
    with_constant,
)
from explorer.core.errors import CheckpointError

RANDOM = ("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial")


class _Translation:
    def __init__(self, model: OnnxModel, source: str, shape: Shape) -> None:
        self.model = model
        self.batch = model.batch(source)
        self.graph = Graph()
        self.constants = dict(model.constants)
        self.budget = MAX_VALUES
        self.graph.add_source(source, shape)

    def whole(self, targets: Sequence[str]) -> Graph:
        for node in fused(_needed(self.model, targets), self.constants):
            if node.outputs and node.outputs[0] in self.graph.shapes:
                continue  # a tensor that is itself given
            if any(name and not self._is_known(name) for name in node.inputs):
                continue  # it follows from a part of the model that was not asked for
            try:
                self._translate(node)
            except (
                TypeError,
                ValueError,
                IndexError,
                KeyError,
                RuntimeError,
                OverflowError,
                ZeroDivisionError,
            ) as error:
                # A damaged file: settings of other types, or that do not go together.
                raise CheckpointError(
                    f"The operation {node.name} ({node.op}) has settings that do not fit it.", "Export it again."
                ) from error
        return self.graph

    def _is_known(self, name: str) -> bool:
        return name in self.constants or name in self.graph.shapes

    def _translate(self, node: Node) -> None:
        operands = [Operand(name, self.constants.get(name), self.graph.shapes.get(name)) for name in node.inputs]
        call = Call(node, operands, self.model.opset, self.batch)
        items = [operand for operand in operands if operand.shape is not None]
        if node.op in RANDOM:
            raise call.refused("it draws at random; export the mean, or mean and log variance, without drawing")
        if node.op == "Shape" and items:
            self._keep_constant(node, np.array([BATCH, *call.shape], np.int64))
        elif not items:
            arrays = [operand.values for operand in operands if operand.values is not None]
            values = folded(node, arrays)
            if values is None:
                raise call.refused("operations of this kind are not known")
            self._keep_constant(node, values)
        elif node.op == "Split":
            for name, (start, stop) in zip(node.outputs, split_sizes(call, len(node.outputs)), strict=True):
                self._add(name, items[0].name, split(call, start, stop), call)
        elif len(items) > 1:
            self._join(call, items)
        elif node.op in ("Add", "Sub", "Mul", "Div") and len(operands) == 2:
            first = operands[0].shape is None
            constant = operands[0 if first else 1].values
            if constant is None:
                raise call.refused("one of its inputs is missing")
            alone = Call(node, items, self.model.opset, self.batch)
            self._add(node.outputs[0], items[0].name, with_constant(alone, constant, first), alone)
        elif node.op == "Concat" and len(operands) == 1:
            self._add(node.outputs[0], items[0].name, [], call)
        elif node.op in OPERATIONS:
            self._add(node.outputs[0], items[0].name, OPERATIONS[node.op](call), call)
        else:
            raise call.refused("operations of this kind are not known")

    def _join(self, call: Call, items: Sequence[Operand]) -> None:
        node = call.node
        if node.op not in JOINS or len(items) != len(node.inputs):
            raise call.refused("it joins tensors in a way that is not known")
        names = [item.name for item in items]
        shapes = [self.graph.shapes[name] for name in names]
        step, before = joined_step(call, names, shapes)
        for own, name, (layers, _) in zip(step.inputs, names, before, strict=True):
            self._add(own, name, layers, call)
        if step.join == "concat":
            if any(shape[1:] != shapes[0][1:] for shape in shapes):
                raise call.refused("it puts maps of different sizes side by side")
            shape = (sum(shape[0] for shape in shapes), *shapes[0][1:])
        else:
            shape = before[0][1]
        call.check_size(shape)
        self.graph.add(node.outputs[0], step, shape)

    def _add(self, name: str, source: str, modules: Sequence[nn.Module], call: Call) -> None:
        shape = self.graph.shapes[source]
        try:
            with torch.no_grad():
                value = torch.zeros(2, *shape, device="meta")
                for module in modules:
                    value = shaped(module, value)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise call.refused(f"it does not fit items of shape {shape}") from error
        call.check_size(tuple(value.shape[1:]))
        self.graph.add(name, GraphStep((source,), tuple(module.eval() for module in modules)), tuple(value.shape[1:]))

    def _keep_constant(self, node: Node, values: Constant) -> None:
        self.budget -= values.size
        if self.budget < 0:
            raise CheckpointError("The model works out more constants than any model has.", "Export it again.")
        self.constants[node.outputs[0]] = values


def _needed(model: OnnxModel, targets: Sequence[str]) -> list[Node]:
    """The nodes that targets follow from, in order: what draws at random beside them does not matter."""
    wanted = {*targets}
    nodes = []
    for node in reversed(model.nodes):
        if {*node.outputs} & wanted:
            nodes.append(node)
            wanted |= {*node.inputs}
    return nodes[::-1]


def translated(model: OnnxModel, source: str, shape: Shape, targets: Sequence[str]) -> Graph:
    """The layers that take one tensor of a model to others.

    Args:
        shape: of one item of ``source``.

    Raises:
        CheckpointError: an operation that no list of layers may hold, named with the reason.
    """
    return _Translation(model, source, shape).whole(targets)
