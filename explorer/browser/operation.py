"""One operation of the browser's runtime, as a pack describes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Operation:
    """One operation of the runtime.

    Args:
        op: its name in ``runtime.js``.
        settings: what the operation needs beside its shapes.
        tensors: name -> weights, in the layout the runtime reads.
        multiply_adds: per item; element-wise work counts as nothing.
        scratch: values that the runtime needs beside input and output, at least, while the operation runs.
        kept: values that it needs beside these until the next item.
    """

    op: str
    settings: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    multiply_adds: int = 0
    scratch: int = 0
    kept: int = 0


Plan = Sequence[tuple[Operation, Shape, Shape]]
"""Each operation with its input and output shape."""

# ``Any``: each function takes the layer type it is registered for. None: only the shape changes.
Packer = Callable[[Any, Shape, Shape], Operation | None]
