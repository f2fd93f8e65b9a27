"""What each operation of ONNX is as layers of a list. A new one is a function here and a line in ``OPERATIONS``.

Source: the operators' definitions at onnx.ai/onnx/operators.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from explorer.adoption.graph import GraphStep, Shape
from explorer.adoption.onnx_file import BATCH, Constant, Node
from explorer.core.errors import CheckpointError
from explorer.models.branches import Branches, Join
from explorer.models.entries.activations import Erf
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.resampling import Padding
from explorer.models.entries.shapes import Columns, Permute, Reshape

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


Operation = Callable[[Call], Modules]


def _tensor(values: Constant) -> torch.Tensor:
    return torch.tensor(np.asarray(values), dtype=torch.float32)


def _set(module: nn.Module, **weights: Constant | None) -> nn.Module:
    """A module with these weights."""
    state = module.state_dict()
    for name, values in weights.items():
        if values is not None:
            if tuple(state[name].shape) != values.shape:
                raise CheckpointError(
                    f"A {type(module).__name__} has {name} of shape {values.shape}, which does not fit."
                )
            state[name] = _tensor(values)
    module.load_state_dict(state)
    return module


# --- products ---


def _linear(weight: Constant, bias: Constant | None) -> nn.Module:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias is not None)
    return _set(layer, weight=weight, bias=bias)


def _gemm(call: Call) -> Modules:
    if call.attribute("transA", 0):
        raise call.refused("it turns items around")
    weight = call.needed(1) * call.attribute("alpha", 1.0)
    weight = weight if call.attribute("transB", 0) else weight.T
    bias = call.given(2)
    if bias is not None:
        bias = np.broadcast_to(bias.reshape(-1) * call.attribute("beta", 1.0), (weight.shape[0],))
    return [_linear(weight, bias)]


def _matmul(call: Call) -> Modules:
    weight = call.needed(1)
    if weight.ndim != 2:
        raise call.refused(f"it multiplies by an array of {weight.ndim} axes")
    return [_linear(weight.T, None)]


def _pads(call: Call, kernel: Sequence[int], axes: int) -> tuple[int, ...]:
    """(before, ..., after, ...) as ONNX has them, with what ``auto_pad`` asks for."""
    how = call.attribute("auto_pad", "NOTSET")
    if how in ("NOTSET", ""):
        return tuple(call.attribute("pads", [0] * 2 * axes))
    if how == "VALID":
        return (0,) * 2 * axes
    strides, dilations = call.attribute("strides", [1] * axes), call.attribute("dilations", [1] * axes)
    before, after = [], []
    for size, k, stride, dilation in zip(call.shape[1:], kernel, strides, dilations, strict=True):
        total = max(0, (-(-size // stride) - 1) * stride + (k - 1) * dilation + 1 - size)
        small = total // 2
        before.append(small if how == "SAME_UPPER" else total - small)
        after.append(total - before[-1])
    return (*before, *after)


def _planar(call: Call, axes: int, layers: Modules, out: int) -> Modules:
    """Layers for images around a signal of one axis, which is an image of one row."""
    if axes == 2:
        return layers
    (channels, size) = call.shape
    value = torch.zeros(1, channels, 1, size)
    for layer in layers:
        value = layer(value)
    return [Reshape((channels, 1, size)), *layers, Reshape((out, value.shape[-1]))]


def _two(sizes: Sequence[int], of_row: int) -> tuple[int, int]:
    """Settings of one axis or two as those of rows and columns."""
    first, second = (of_row, *sizes) if len(sizes) == 1 else sizes
    return int(first), int(second)


def _spatial(call: Call, weight: Constant) -> int:
    axes = weight.ndim - 2
    if axes not in (1, 2) or len(call.shape) != axes + 1:
        raise call.refused(f"it works on items of shape {call.shape}")
    return axes


def _conv(call: Call) -> Modules:
    weight = call.needed(1)
    axes = _spatial(call, weight)
    kernel = weight.shape[2:]
    pads = _pads(call, kernel, axes)
    even = pads[:axes] == pads[axes:]
    groups = call.attribute("group", 1)
    layer = nn.Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        _two(kernel, 1),
        _two(call.attribute("strides", [1] * axes), 1),
        _two(pads[:axes], 0) if even else 0,
        _two(call.attribute("dilations", [1] * axes), 1),
        groups,
        call.given(2) is not None,
    )
    before = [] if even else [_pad_of(pads, axes)]
    shaped = weight if axes == 2 else weight[:, :, None]
    return _planar(call, axes, [*before, _set(layer, weight=shaped, bias=call.given(2))], weight.shape[0])


def _pad_of(pads: Sequence[int], axes: int, mode: str = "constant", value: float = 0.0) -> Padding:
    top, left = _two(pads[:axes], 0)
    bottom, right = _two(pads[axes:], 0)
    return Padding((left, right, top, bottom), mode, value)


def _conv_transpose(call: Call) -> Modules:
    weight = call.needed(1)
    axes = _spatial(call, weight)
    if call.attribute("output_shape", None) or call.attribute("auto_pad", "NOTSET") not in ("NOTSET", "", "VALID"):
        raise call.refused("it names the shape that it makes in place of its padding")
    pads = _pads(call, weight.shape[2:], axes)
    even = pads[:axes] == pads[axes:]
    groups = call.attribute("group", 1)
    layer = nn.ConvTranspose2d(
        weight.shape[0],
        weight.shape[1] * groups,
        _two(weight.shape[2:], 1),
        _two(call.attribute("strides", [1] * axes), 1),
        _two(pads[:axes], 0) if even else 0,
        _two(call.attribute("output_padding", [0] * axes), 0),
        groups,
        call.given(2) is not None,
        _two(call.attribute("dilations", [1] * axes), 1),
    )
    shaped = weight if axes == 2 else weight[:, :, None]
    after = [] if even else [_pad_of([-pad for pad in pads], axes)]
    return _planar(call, axes, [_set(layer, weight=shaped, bias=call.given(2)), *after], weight.shape[1] * groups)


# --- normalisations ---


def _batch_norm(call: Call) -> Modules:
    if call.attribute("training_mode", 0):
        raise call.refused("it is in training mode, where its output depends on the batch")
    scale, shift, mean, variance = (call.needed(i).astype(np.float64) for i in range(1, 5))
    # As units, not as a layer of one or two axes: it fits items of any shape.
    scale = scale / np.sqrt(variance + call.attribute("epsilon", 1e-5))
    return [Affine.of(mean, scale, shift)]


def _instance_norm(call: Call) -> Modules:
    scale, shift = call.needed(1), call.needed(2)
    layer = nn.GroupNorm(len(scale), len(scale), call.attribute("epsilon", 1e-5))
    return [_set(layer, weight=scale, bias=shift)]


def _group_norm(call: Call) -> Modules:
    groups, channels = call.attribute("num_groups", 1), call.shape[0]
    scale, shift = (
        values if len(values) == channels else np.repeat(values, channels // groups)
        for values in (call.needed(1), call.needed(2))
    )
    return [_set(nn.GroupNorm(groups, channels, call.attribute("epsilon", 1e-5)), weight=scale, bias=shift)]


def _layer_norm(call: Call) -> Modules:
    axis = call.axis(call.attribute("axis", -1))
    shape = call.shape[axis:]
    scale, shift = call.given(1), call.given(2)
    if scale is None:
        return [nn.LayerNorm(shape, call.attribute("epsilon", 1e-5), elementwise_affine=False)]
    layer = nn.LayerNorm(shape, call.attribute("epsilon", 1e-5), bias=shift is not None)
    return [
        _set(
            layer,
            weight=np.broadcast_to(scale, shape),
            bias=None if shift is None else np.broadcast_to(shift, shape),
        )
    ]


# --- activations ---


def _plain(*modules: Callable[[], nn.Module]) -> Operation:
    return lambda _call: [module() for module in modules]


def _with(module: Callable[[Any], nn.Module], name: str, default: float) -> Operation:
    return lambda call: [module(float(call.attribute(name, default)))]


def _prelu(call: Call) -> Modules:
    slope = call.needed(1).reshape(-1)
    if len(slope) not in (1, call.shape[0]):
        raise call.refused("it has more slopes than channels")
    return [_set(nn.PReLU(len(slope)), weight=slope)]


def _gelu(call: Call) -> Modules:
    return [nn.GELU(call.attribute("approximate", "none"))]


def _hard_sigmoid(call: Call) -> Modules:
    alpha, beta = float(call.attribute("alpha", 0.2)), float(call.attribute("beta", 0.5))
    if math.isclose(alpha, 1 / 6, rel_tol=1e-6) and beta == 0.5:
        return [nn.Hardsigmoid()]
    return [Affine.of(0.0, alpha, beta), nn.Hardtanh(0.0, 1.0)]


FAR = 1e6
"""An end that a clip does not have: no value of a layer comes so far."""


def _clip(call: Call) -> Modules:
    low, high = (
        (call.attribute("min", -FAR), call.attribute("max", FAR))
        if call.opset < 11
        else (
            -FAR if (values := call.given(1)) is None else float(values),
            FAR if (values := call.given(2)) is None else float(values),
        )
    )
    if low == 0 and high >= FAR:
        return [nn.ReLU()]
    return [nn.Hardtanh(max(low, -FAR), min(high, FAR))]


def _selu(call: Call) -> Modules:
    alpha, gamma = call.attribute("alpha", 1.6732632), call.attribute("gamma", 1.0507010)
    if math.isclose(alpha, 1.6732632, rel_tol=1e-6) and math.isclose(gamma, 1.0507010, rel_tol=1e-6):
        return [nn.SELU()]
    return [nn.ELU(float(alpha)), Affine.of(0.0, float(gamma), 0.0)]


# --- shapes ---


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
        raise call.refused("it moves the axis of items")
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
    pads = [int(pad) for pad in (call.attribute("pads", ()) if call.opset < 11 else call.needed(1))]
    if call.opset >= 18 and (axes := call.given(3)) is not None:
        whole = [0] * 2 * (len(call.shape) + 1)
        for place, axis in enumerate(int(axis) % (len(call.shape) + 1) for axis in axes):
            whole[axis], whole[axis + len(call.shape) + 1] = pads[place], pads[place + len(axes)]
        pads = whole
    value = call.attribute("value", 0.0) if call.opset < 11 else call.given(2)
    n = len(pads) // 2
    if mode is None or len(call.shape) not in (2, 3) or n != len(call.shape) + 1 or any((*pads[:2], *pads[n : n + 2])):
        raise call.refused("it pads other axes than height and width")
    axes_padded = n - 2
    layer = _pad_of([*pads[2:n], *pads[n + 2 :]], axes_padded, mode, 0.0 if value is None else float(value))
    return _planar(call, axes_padded, [layer], call.shape[0])


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
        modules += _cut(call, shape, axis, first, last)
        shape[axis] = last - first
    return modules


def _cut(call: Call, shape: Sequence[int], axis: int, first: int, last: int) -> Modules:
    if axis == 0:
        return [Columns(first, last)]
    if len(shape) != 3:
        raise call.refused("it cuts an axis that is neither channels, height nor width")
    cut = (-first, last - shape[axis])
    return [Padding((0, 0, *cut) if axis == 1 else (*cut, 0, 0))]


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
    modules = [*_cut(call, call.shape, axis, int(places[0]), int(places[-1]) + 1)]
    if index.ndim == 0:
        modules.append(Reshape(tuple(n for i, n in enumerate(call.shape) if i != axis) or (1,)))
    return modules


# --- pooling and enlarging ---


def _window(call: Call) -> tuple[int, Sequence[int], tuple[int, ...]]:
    kernel = call.attribute("kernel_shape", ())
    axes = len(kernel)
    if axes not in (1, 2) or len(call.shape) != axes + 1:
        raise call.refused(f"it works on items of shape {call.shape}")
    return axes, kernel, _pads(call, kernel, axes)


def _max_pool(call: Call) -> Modules:
    axes, kernel, pads = _window(call)
    even = pads[:axes] == pads[axes:] and all(2 * p <= k for p, k in zip(pads[:axes], kernel, strict=True))
    layer = nn.MaxPool2d(
        _two(kernel, 1),
        _two(call.attribute("strides", [1] * axes), 1),
        _two(pads[:axes], 0) if even else 0,
        _two(call.attribute("dilations", [1] * axes), 1),
        ceil_mode=bool(call.attribute("ceil_mode", 0)),
    )
    before = [] if even else [_pad_of(pads, axes, value=-FAR)]
    return _planar(call, axes, [*before, layer], call.shape[0])


def _average_pool(call: Call) -> Modules:
    axes, kernel, pads = _window(call)
    if pads[:axes] != pads[axes:] or any(d != 1 for d in call.attribute("dilations", [1])):
        raise call.refused("it pads one side more than the other")
    layer = nn.AvgPool2d(
        _two(kernel, 1),
        _two(call.attribute("strides", [1] * axes), 1),
        _two(pads[:axes], 0),
        bool(call.attribute("ceil_mode", 0)),
        bool(call.attribute("count_include_pad", 0)),
    )
    return _planar(call, axes, [layer], call.shape[0])


def _global_average(call: Call) -> Modules:
    if len(call.shape) not in (2, 3):
        raise call.refused(f"it works on items of shape {call.shape}")
    return _planar(call, len(call.shape) - 1, [nn.AdaptiveAvgPool2d(1)], call.shape[0])


def _global_max(call: Call) -> Modules:
    axes = len(call.shape) - 1
    if axes not in (1, 2):
        raise call.refused(f"it works on items of shape {call.shape}")
    return _planar(call, axes, [nn.MaxPool2d(_two(call.shape[1:], 1))], call.shape[0])


def _reduce_mean(call: Call) -> Modules:
    given = call.attribute("axes", None) if call.opset < 18 else call.given(1)
    axes = {call.axis(int(axis)) for axis in np.atleast_1d(given)} if given is not None else set()
    if len(call.shape) != 3 or axes != {1, 2}:
        raise call.refused("it takes means over other axes than height and width")
    shape = (call.shape[0], 1, 1) if call.attribute("keepdims", 1) else (call.shape[0],)
    return [nn.AdaptiveAvgPool2d(1), Reshape(shape)]


def _resize(call: Call) -> Modules:
    if len(call.shape) != 3:
        raise call.refused(f"it works on items of shape {call.shape}")
    sizes = call.given(3) if call.node.op == "Resize" else None
    scales = None
    if sizes is None:
        scales = call.given(2 if call.node.op == "Resize" and call.opset > 10 else 1)
        scales = call.attribute("scales", None) if scales is None else scales
    if sizes is not None:
        whole = tuple(int(size) for size in sizes)
        if whole[1] != call.shape[0] or whole[0] not in (1, BATCH, call.batch):
            raise call.refused("it enlarges channels or items")
        target = whole[2:]
    elif scales is not None and len(scales) == 4 and float(scales[0]) == float(scales[1]) == 1:
        target = tuple(math.floor(size * float(s)) for size, s in zip(call.shape[1:], scales[2:], strict=True))
    else:
        raise call.refused("it enlarges channels or items, or by what is no constant")
    mode = call.attribute("mode", "nearest")
    where = call.attribute("coordinate_transformation_mode", "half_pixel")
    if mode == "nearest":
        return [_nearest(call, target, where)]
    mode = {"linear": "bilinear", "cubic": "bicubic"}.get(mode)
    if mode is None or where not in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        raise call.refused(f"it is enlarged by {call.attribute('mode', '')} with {where}")
    if call.attribute("antialias", 0):
        raise call.refused("it smooths before it makes smaller")
    return [nn.Upsample(target, mode=mode, align_corners=where == "align_corners")]


def _nearest(call: Call, target: Shape, where: str) -> nn.Module:
    """Nearest values, where they are those that torch takes."""
    rounding = call.attribute("nearest_mode", "round_prefer_floor")
    for size, new in zip(call.shape[1:], target, strict=True):
        places = np.arange(new)
        taken = {
            "asymmetric": places * size / new,
            "half_pixel": (places + 0.5) * size / new - 0.5,
            "align_corners": places * (size - 1) / max(1, new - 1),
        }.get(where)
        if taken is None:
            raise call.refused(f"its places are told by {where}")
        nearest = {
            "floor": np.floor(taken),
            "ceil": np.ceil(taken),
            "round_prefer_floor": np.ceil(taken - 0.5),
            "round_prefer_ceil": np.floor(taken + 0.5),
        }[rounding]
        if (np.clip(nearest, 0, size - 1) != places * size // new).any():
            raise call.refused(f"its nearest places ({where}, {rounding}) are not those of nearest enlarging here")
    return nn.Upsample(target)


OPERATIONS: dict[str, Operation] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "LayerNormalization": _layer_norm,
    "Relu": _plain(nn.ReLU),
    "LeakyRelu": _with(nn.LeakyReLU, "alpha", 0.01),
    "PRelu": _prelu,
    "Elu": _with(nn.ELU, "alpha", 1.0),
    "Celu": _with(nn.CELU, "alpha", 1.0),
    "Selu": _selu,
    "Gelu": _gelu,
    "Erf": _plain(Erf),
    "Sigmoid": _plain(nn.Sigmoid),
    "Tanh": _plain(nn.Tanh),
    "Softplus": _plain(nn.Softplus),
    "Softsign": _plain(nn.Softsign),
    "Mish": _plain(nn.Mish),
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _plain(nn.Hardswish),
    "Clip": _clip,
    "Neg": lambda _call: [Affine.of(0.0, -1.0, 0.0)],
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Identity": _plain(),
    "Dropout": _plain(),
    "Cast": _plain(),
    "Pad": _pad,
    "Slice": _slice,
    "Gather": _gather,
    "DepthToSpace": _depth_to_space,
    "MaxPool": _max_pool,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _global_average,
    "GlobalMaxPool": _global_max,
    "ReduceMean": _reduce_mean,
    "Resize": _resize,
    "Upsample": _resize,
}
"""Operations of one tensor of items; the others of their inputs are constants."""

JOINS: dict[str, Join] = {"Add": "sum", "Sub": "sum", "Sum": "sum", "Mul": "product", "Concat": "concat"}
"""Operations of several tensors of items."""


def with_constant(call: Call, values: Constant, first: bool) -> Modules:
    """An item plus, minus, times or over a constant.

    Args:
        call: its first operand is the item.
        first: whether the constant stands before the item.
    """
    op, shape = call.node.op, call.shape
    constant = np.asarray(values, np.float64)
    if op == "Div" and first:
        raise call.refused("it divides by items")
    numbers: tuple[Any, Any, Any]
    if op == "Div":
        numbers = (0.0, 1 / constant, 0.0)
    elif op == "Mul":
        numbers = (0.0, constant, 0.0)
    elif op == "Sub" and first:
        numbers = (0.0, -np.ones_like(constant), constant)
    elif op == "Sub":
        numbers = (constant, np.ones_like(constant), 0.0)
    else:
        numbers = (0.0, np.ones_like(constant), constant)
    return _affine(call, shape, constant.shape, numbers)


def _affine(call: Call, shape: Shape, given: Shape, numbers: tuple[Any, Any, Any]) -> Modules:
    """One number for all, one a channel, or one a value, whichever the constant's shape comes to."""
    if math.prod(given) == 1:
        return [Affine.of(*(np.reshape(part, -1)[:1] if np.ndim(part) else part for part in numbers))]
    axes = (1,) * (len(shape) + 1 - len(given)) + tuple(given)
    if (
        len(axes) != len(shape) + 1
        or axes[0] != 1
        or any(a not in (1, s) for a, s in zip(axes[1:], shape, strict=True))
    ):
        raise call.refused(f"its constant of shape {given} does not fit items of shape {shape}")
    by_channel = all(size == 1 for size in axes[2:])
    full = [np.broadcast_to(np.reshape(part, axes) if np.ndim(part) else part, (1, *shape)) for part in numbers]
    if by_channel:
        return [Affine.of(*(part.reshape(shape[0], -1)[:, 0] for part in full))]
    flat = Affine.of(*(part.reshape(-1) for part in full))
    return [Reshape((math.prod(shape),)), flat, Reshape(shape)]


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
    return _cut(call, call.shape, call.axis(int(call.attribute("axis", 0))), start, stop)


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


__all__ = ["JOINS", "OPERATIONS", "Branches", "Call", "Operand", "joined_step", "split", "split_sizes", "with_constant"]
