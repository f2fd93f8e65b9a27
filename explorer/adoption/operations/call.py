"""An operation of ONNX with what it is given, and what an operation is here: layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_file import Constant, Node
from explorer.core.errors import CheckpointError

MAX_ITEM = 1 << 24
"""Values between two layers, of one item."""
Modules = Sequence[nn.Module]


@dataclass(frozen=True)
class Operand:
    """One input of an operation.

    Args:
        name: of the tensor; "" where it is left out.
        values: where it is a constant.
        shape: of one item, where it is none.
    """

    name: str
    values: Constant | None = None
    shape: Shape | None = None


@dataclass(frozen=True)
class Call:
    """An operation with what it is given.

    Args:
        inputs: in the operation's order.
        opset: version of the operations.
        batch: how many items the file is written for; None: it leaves that open.
    """

    node: Node
    inputs: Sequence[Operand]
    opset: int
    batch: int | None = None

    def refused(self, reason: str) -> CheckpointError:
        """The error that names this operation and says why it cannot be kept."""
        return CheckpointError(
            f"The operation {self.node.name} ({self.node.op}) cannot be kept: {reason}.",
            "Leave it outside the model, or write it with layers that explorer.models.entries lists.",
        )

    def check_size(self, shape: Shape) -> None:
        """Refuse items of a shape that no model has.

        Raises:
            CheckpointError: they are too large.
        """
        if math.prod(shape) > MAX_ITEM:
            raise self.refused(f"it makes items of shape {shape}, more than any model has")

    def attribute(self, name: str, default: Any) -> Any:
        return self.node.attributes.get(name, default)

    @property
    def shape(self) -> Shape:
        """Of the first input's items."""
        return self.shape_of(0)

    def shape_of(self, number: int) -> Shape:
        shape = self.inputs[number].shape if number < len(self.inputs) else None
        if shape is None:
            raise self.refused(f"its input number {number + 1} is no tensor of items")
        return shape

    def given(self, number: int) -> Constant | None:
        """The constant at a place; None where it is left out."""
        if number >= len(self.inputs) or not self.inputs[number].name:
            return None
        values = self.inputs[number].values
        if values is None:
            raise self.refused(f"its input number {number + 1} is no constant")
        return values

    def needed(self, number: int) -> Constant:
        values = self.given(number)
        if values is None:
            raise self.refused(f"its input number {number + 1} is missing")
        return values

    def axis(self, axis: int, n: int | None = None) -> int:
        """An axis of a whole tensor as one of an item's, from 0."""
        axes = len(self.shape) + 1 if n is None else n
        if not -axes <= axis < axes or axis % axes == 0:
            raise self.refused(f"it works along axis {axis}, across items")
        return axis % axes - 1


def shaped(module: nn.Module, value: Float[torch.Tensor, "n *shape"]) -> Float[torch.Tensor, "n *shape2"]:
    """What a layer makes of a value without memory: its shape alone."""
    named = (*module.named_parameters(), *module.named_buffers())
    weights = {name: torch.empty_like(tensor, device="meta") for name, tensor in named}
    return torch.func.functional_call(module.eval(), weights, (value,))


Operation = Callable[[Call], Modules]


def tensor_of(values: Constant) -> Float[torch.Tensor, "..."]:
    """A constant in single precision."""
    return torch.tensor(np.asarray(values), dtype=torch.float32)


def with_values(module: nn.Module, **weights: Constant | None) -> nn.Module:
    """A module with these weights.

    Raises:
        CheckpointError: one of them has another shape.
    """
    state = module.state_dict()
    for name, values in weights.items():
        if values is not None:
            if tuple(state[name].shape) != values.shape:
                raise CheckpointError(
                    f"A {type(module).__name__} has {name} of shape {values.shape}, which does not fit."
                )
            state[name] = tensor_of(values)
    module.load_state_dict(state)
    return module


def plain(*modules: Callable[[], nn.Module]) -> Operation:
    """An operation that is layers without settings."""
    return lambda _call: [module() for module in modules]
