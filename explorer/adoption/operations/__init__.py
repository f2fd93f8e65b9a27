"""What each operation of ONNX is as layers of a list.

A new one is a function in the file of its subject, and a line in that file's table.

Source: the operators' definitions at onnx.ai/onnx/operators.
"""

from __future__ import annotations

from explorer.adoption.operations.activations import ACTIVATIONS
from explorer.adoption.operations.arithmetic import with_constant
from explorer.adoption.operations.call import Call, Modules, Operand, Operation, shaped
from explorer.adoption.operations.joins import JOINS, joined_step, split, split_sizes
from explorer.adoption.operations.normalisations import NORMALISATIONS
from explorer.adoption.operations.products import PRODUCTS
from explorer.adoption.operations.resampling import RESAMPLING
from explorer.adoption.operations.shapes import SHAPES

OPERATIONS: dict[str, Operation] = {**PRODUCTS, **NORMALISATIONS, **ACTIVATIONS, **SHAPES, **RESAMPLING}
"""Operations of one tensor of items; the others of their inputs are constants."""

__all__ = [
    "JOINS",
    "OPERATIONS",
    "Call",
    "Modules",
    "Operand",
    "Operation",
    "joined_step",
    "shaped",
    "split",
    "split_sizes",
    "with_constant",
]
