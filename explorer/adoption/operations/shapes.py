"""Operations that move values and change none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from torch import nn

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_file import BATCH
from explorer.adoption.operations.call import Call, Modules, Operation, plain
from explorer.adoption.operations.planar import cut, pad_of, planar
from explorer.models.entries.shapes import Permute, Reshape


def _reshape(call: Call) -> Modules:
    target = [int(size) for size in call.needed(1)]
    whole = (BATCH, *call.shape)
    if target[:1] == [call.batch]:
        target[0] = BATCH
    if not call.attribute("allowzero", 0):
        target = [whole[i] if size == 0 and i < len(whole) else size for i, size in enumerate(target)]
    return [Reshape(_item_shape(call, target))]


def _item_shape(call: Call, target: list[int]) -> Shape:
    """The shape of one item where a whole tensor is brought to ``target``, in which one size may be -1."""
    values = math.prod(call.shape)
    first, rest = target[0], target[1:]
    if first == BATCH or (first == 1 and -1 not in rest and math.prod(rest) == values):
        known = math.prod(size for size in rest if size != -1)
        shape = tuple(values // known if size == -1 and known else size for size in rest)
    elif first == -1:
        shape = tuple(rest)
    else:
        shape = ()
    if not shape or math.prod(shape) != values or min(shape) < 1:
        raise call.refused(f"it brings items of shape {call.shape} to {_words(target)}, which mixes items")
    return shape


def _words(target: Sequence[int]) -> str:
    return "(" + ", ".join("n" if size == BATCH else str(size) for size in target) + ")"


def _flatten(call: Call) -> Modules:
    axis = call.attribute("axis", 1)
    if axis not in (1, -len(call.shape)):
        raise call.refused("it flattens items together")
    return [nn.Flatten()]


def _transpose(call: Call) -> Modules:
    order = list(call.attribute("perm", range(len(call.shape), -1, -1)))
    if order[0] != 0:
        raise call.refused("it moves the axis of items, as attention and recurrent layers do")
    return [Permute(tuple(axis - 1 for axis in order[1:]))]


def _squeeze(call: Call) -> Modules:
    axes = call.attribute("axes", None) if call.opset < 13 else call.given(1)
    if axes is None:
        left = [size for size in call.shape if size != 1]
    else:
        gone = {call.axis(int(axis)) for axis in np.atleast_1d(axes)}
        left = [size for axis, size in enumerate(call.shape) if axis not in gone]
    return [Reshape(tuple(left) or (1,))]


def _unsqueeze(call: Call) -> Modules:
    given = np.atleast_1d(call.attribute("axes", ()) if call.opset < 13 else call.needed(1))
    axes = {call.axis(int(axis), len(call.shape) + 1 + len(given)) for axis in given}
    sizes = iter(call.shape)
    return [Reshape(tuple(1 if axis in axes else next(sizes) for axis in range(len(call.shape) + len(axes))))]


def _pad(call: Call) -> Modules:
    mode = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}.get(
        call.attribute("mode", "constant")
    )
    given = call.attribute("pads", None)  # as files had it before opset 11, and as a fused node has it
    pads = [int(pad) for pad in (call.needed(1) if given is None else given)]
    if (axes := call.attribute("axes", None) if call.opset < 18 or given is not None else call.given(3)) is not None:
        whole = [0] * 2 * (len(call.shape) + 1)
        for place, axis in enumerate(int(axis) % (len(call.shape) + 1) for axis in axes):
            whole[axis], whole[axis + len(call.shape) + 1] = pads[place], pads[place + len(axes)]
        pads = whole
    value = call.attribute("value", 0.0) if call.opset < 11 else call.given(2)
    n = len(pads) // 2
    if mode is None or len(call.shape) not in (2, 3) or n != len(call.shape) + 1 or any((*pads[:2], *pads[n : n + 2])):
        raise call.refused("it pads other axes than height and width")
    axes_padded = n - 2
    layer = pad_of([*pads[2:n], *pads[n + 2 :]], axes_padded, mode, 0.0 if value is None else float(value))
    return planar(call, axes_padded, [layer], call.shape[0])


def _slice(call: Call) -> Modules:
    if call.opset < 10:
        starts, ends = call.attribute("starts", ()), call.attribute("ends", ())
        axes, steps = call.attribute("axes", range(len(starts))), [1] * len(starts)
    else:
        starts, ends = call.needed(1), call.needed(2)
        given = call.given(3), call.given(4)
        axes = range(len(starts)) if given[0] is None else given[0]
        steps = [1] * len(starts) if given[1] is None else given[1].tolist()
    modules: list[nn.Module] = []
    shape = list(call.shape)
    for start, end, number, step in zip(starts, ends, axes, steps, strict=True):
        axis = call.axis(int(number))
        first, last, stride = slice(int(start), int(end), int(step)).indices(shape[axis])
        if stride != 1 or first >= last:
            raise call.refused("it takes every so many places, or backwards, or none")
        modules += cut(call, shape, axis, first, last)
        shape[axis] = last - first
    return modules


def _depth_to_space(call: Call) -> Modules:
    size = int(call.attribute("blocksize", 1))
    if call.attribute("mode", "DCR") == "CRD":
        return [nn.PixelShuffle(size)]
    channels, height, width = call.shape
    out = channels // size**2
    return [
        Reshape((size, size, out, height, width)),
        Permute((2, 3, 0, 4, 1)),
        Reshape((out, height * size, width * size)),
    ]


def _gather(call: Call) -> Modules:
    """One place or a run of places along an axis."""
    index = call.needed(1).astype(np.int64)
    axis = call.axis(int(call.attribute("axis", 0)))
    size = call.shape[axis]
    places = (index % size).reshape(-1)
    if not len(places) or (np.diff(places) != 1).any() or index.ndim > 1:
        raise call.refused("it picks places that do not follow one another")
    modules = [*cut(call, call.shape, axis, int(places[0]), int(places[-1]) + 1)]
    if index.ndim == 0:
        modules.append(Reshape(tuple(n for i, n in enumerate(call.shape) if i != axis) or (1,)))
    return modules


SHAPES: Mapping[str, Operation] = {
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Identity": plain(),
    "Dropout": plain(),
    "Cast": plain(),
    "Pad": _pad,
    "Slice": _slice,
    "Gather": _gather,
    "DepthToSpace": _depth_to_space,
}
"""Each by its name in ONNX."""
