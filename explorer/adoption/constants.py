"""What a graph works out of constants and shapes alone, before any item comes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from explorer.adoption.onnx_file import MAX_AXES, Constant, Node
from explorer.core.errors import CheckpointError

MAX_RESULT = 1 << 24
"""Values that are worked out at most: what is longer is a weight, and stands in the file."""

Fold = Callable[[Sequence[Constant], Mapping[str, Any]], Constant]


def _axes(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> tuple[int, ...]:
    given = arrays[1] if len(arrays) > 1 else attributes.get("axes", ())
    return tuple(int(axis) for axis in np.atleast_1d(np.asarray(given)))


def _slice(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
    data, *rest = arrays
    starts, ends = (rest[0], rest[1]) if rest else (attributes["starts"], attributes["ends"])
    axes = rest[2] if len(rest) > 2 else attributes.get("axes", range(len(starts)))
    steps = rest[3] if len(rest) > 3 else [1] * len(starts)
    index: list[slice] = [slice(None)] * data.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        index[int(axis)] = slice(int(start), int(end), int(step))
    return data[tuple(index)]


def _filled(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
    shape = tuple(int(size) for size in arrays[0])
    if len(shape) > MAX_AXES or np.prod([float(max(size, 0)) for size in shape]) > MAX_RESULT:
        raise ValueError("too large")
    return np.full(shape, np.asarray(attributes.get("value", np.zeros(1, np.float32))).reshape(-1)[0])


def _cast(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
    whole = attributes["to"] in (6, 7)  # INT32, INT64
    return arrays[0].astype(np.int64 if whole else np.float32)


def _divide(arrays: Sequence[Constant], _attributes: Mapping[str, Any]) -> Constant:
    whole = all(np.issubdtype(values.dtype, np.integer) for values in arrays)
    return np.asarray(arrays[0] // arrays[1] if whole else arrays[0] / arrays[1])


def _reshape(arrays: Sequence[Constant], _attributes: Mapping[str, Any]) -> Constant:
    data, target = arrays
    return data.reshape([data.shape[i] if size == 0 else int(size) for i, size in enumerate(target)])


def _unsqueeze(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
    return np.expand_dims(arrays[0], _axes(arrays, attributes))


def _squeeze(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
    return np.squeeze(arrays[0], _axes(arrays, attributes) or None)


def _reduced(reduce: Callable[..., Any]) -> Fold:
    """A reduction over the axes that a node names; over all of them where it names none."""

    def fold(arrays: Sequence[Constant], attributes: Mapping[str, Any]) -> Constant:
        axes = _axes(arrays, attributes)
        if not axes and attributes.get("noop_with_empty_axes", 0):
            return arrays[0]
        return np.asarray(reduce(arrays[0], axis=axes or None, keepdims=bool(attributes.get("keepdims", 1))))

    return fold


def _norm(values: Constant, *, axis: tuple[int, ...] | None, keepdims: bool) -> Constant:
    return np.sqrt(np.sum(values * values, axis=axis, keepdims=keepdims))


FOLDS: dict[str, Fold] = {
    "Constant": lambda _arrays, attributes: np.asarray(next(iter(attributes.values()))),
    "ConstantOfShape": _filled,
    "Identity": lambda arrays, _: arrays[0],
    "Cast": _cast,
    "Gather": lambda arrays, a: np.take(arrays[0], arrays[1].astype(np.int64), a.get("axis", 0)),
    "Slice": _slice,
    "Concat": lambda arrays, a: np.concatenate(arrays, a["axis"]),
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Reshape": _reshape,
    "Transpose": lambda arrays, a: np.transpose(arrays[0], a.get("perm")),
    "Add": lambda arrays, _: np.asarray(arrays[0] + arrays[1]),
    "Sub": lambda arrays, _: np.asarray(arrays[0] - arrays[1]),
    "Mul": lambda arrays, _: np.asarray(arrays[0] * arrays[1]),
    "Div": _divide,
    "Neg": lambda arrays, _: -arrays[0],
    "Sqrt": lambda arrays, _: np.sqrt(arrays[0]),
    "Reciprocal": lambda arrays, _: 1 / arrays[0],
    "Exp": lambda arrays, _: np.exp(arrays[0]),
    "Pow": lambda arrays, _: np.asarray(arrays[0] ** arrays[1]),
    "Equal": lambda arrays, _: np.asarray(arrays[0] == arrays[1]),
    "Where": lambda arrays, _: np.where(*arrays[:3]),
    "Mod": lambda arrays, _: np.asarray(np.mod(arrays[0], arrays[1])),
    "Abs": lambda arrays, _: np.abs(arrays[0]),
    "Min": lambda arrays, _: np.asarray(functools.reduce(np.minimum, arrays)),
    "Max": lambda arrays, _: np.asarray(functools.reduce(np.maximum, arrays)),
    "Less": lambda arrays, _: np.asarray(arrays[0] < arrays[1]),
    "Greater": lambda arrays, _: np.asarray(arrays[0] > arrays[1]),
    "Not": lambda arrays, _: np.logical_not(arrays[0]),
    "And": lambda arrays, _: np.logical_and(arrays[0], arrays[1]),
    "Floor": lambda arrays, _: np.floor(arrays[0]),
    "Log": lambda arrays, _: np.log(arrays[0]),
    "Relu": lambda arrays, _: np.maximum(arrays[0], 0),
    "Sigmoid": lambda arrays, _: 1 / (1 + np.exp(-arrays[0])),
    "Softplus": lambda arrays, _: np.logaddexp(arrays[0], 0),
    "Tanh": lambda arrays, _: np.tanh(arrays[0]),
    "ReduceL2": _reduced(_norm),
    "ReduceMax": _reduced(np.max),
    "ReduceMean": _reduced(np.mean),
    "ReduceMin": _reduced(np.min),
    "ReduceProd": _reduced(np.prod),
    "ReduceSum": _reduced(np.sum),
    "MatMul": lambda arrays, _: np.asarray(arrays[0] @ arrays[1]),
}
"""The operations that are worked out on arrays; each with the arrays and the attributes of a node."""


def folded(node: Node, arrays: Sequence[Constant]) -> Constant | None:
    """What a node makes of constants; None where it is no such operation.

    Raises:
        CheckpointError: its arrays do not fit it, or the result is too large.
    """
    fold = FOLDS.get(node.op)
    if fold is None:
        return None
    try:
        # Sizes first, for a product of two small ones can be very large.
        if node.op in ("Add", "Sub", "Mul", "Div", "Pow", "Where", "Equal", "Mod", "Less", "Greater"):
            _check(np.broadcast_shapes(*(values.shape for values in arrays)))
        if node.op == "Gather":
            _check((arrays[1].size, arrays[0].size // max(1, arrays[0].shape[node.attributes.get("axis", 0)])))
        if node.op == "MatMul":
            _check(
                (
                    arrays[0].size // arrays[0].shape[-1],
                    arrays[1].size // arrays[1].shape[-2 if arrays[1].ndim > 1 else 0],
                )
            )
        with np.errstate(all="ignore"):
            result = np.asarray(fold(arrays, node.attributes))
        _check(result.shape)
    except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, StopIteration, OverflowError) as error:
        raise CheckpointError(f"The operation {node.name} ({node.op}) has constants that do not fit it.") from error
    return result


def _check(shape: tuple[int, ...]) -> None:
    if np.prod([float(size) for size in shape]) > MAX_RESULT:
        raise ValueError("too large")
