"""Operations that pool and enlarge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from torch import nn

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_file import BATCH
from explorer.adoption.operations.call import Call, Modules, Operation
from explorer.adoption.operations.planar import FAR, pad_of, pads_of, planar, two_of
from explorer.models.entries.shapes import Permute, Reshape


def _window(call: Call) -> tuple[int, Sequence[int], tuple[int, ...]]:
    kernel = call.attribute("kernel_shape", ())
    axes = len(kernel)
    if axes not in (1, 2) or len(call.shape) != axes + 1:
        raise call.refused(f"it works on items of shape {call.shape}")
    return axes, kernel, pads_of(call, kernel, axes)


def _max_pool(call: Call) -> Modules:
    axes, kernel, pads = _window(call)
    even = pads[:axes] == pads[axes:] and all(2 * p <= k for p, k in zip(pads[:axes], kernel, strict=True))
    layer = nn.MaxPool2d(
        two_of(kernel, 1),
        two_of(call.attribute("strides", [1] * axes), 1),
        two_of(pads[:axes], 0) if even else 0,
        two_of(call.attribute("dilations", [1] * axes), 1),
        ceil_mode=bool(call.attribute("ceil_mode", 0)),
    )
    before = [] if even else [pad_of(pads, axes, value=-FAR)]
    return planar(call, axes, [*before, layer], call.shape[0])


def _average_pool(call: Call) -> Modules:
    axes, kernel, pads = _window(call)
    if pads[:axes] != pads[axes:] or any(d != 1 for d in call.attribute("dilations", [1])):
        raise call.refused("it pads one side more than the other")
    layer = nn.AvgPool2d(
        two_of(kernel, 1),
        two_of(call.attribute("strides", [1] * axes), 1),
        two_of(pads[:axes], 0),
        bool(call.attribute("ceil_mode", 0)),
        bool(call.attribute("count_include_pad", 0)),
    )
    return planar(call, axes, [layer], call.shape[0])


def _global_average(call: Call) -> Modules:
    if len(call.shape) not in (2, 3):
        raise call.refused(f"it works on items of shape {call.shape}")
    return planar(call, len(call.shape) - 1, [nn.AdaptiveAvgPool2d(1)], call.shape[0])


def _global_max(call: Call) -> Modules:
    axes = len(call.shape) - 1
    if axes not in (1, 2):
        raise call.refused(f"it works on items of shape {call.shape}")
    return planar(call, axes, [nn.MaxPool2d(two_of(call.shape[1:], 1))], call.shape[0])


def _reduce_mean(call: Call) -> Modules:
    given = call.attribute("axes", None) if call.opset < 18 else call.given(1)
    axes = {call.axis(int(axis)) for axis in np.atleast_1d(given)} if given is not None else set()
    if not axes:
        raise call.refused("it takes means over items")
    rest = [axis for axis in range(len(call.shape)) if axis not in axes]
    left = [1 if axis in axes else size for axis, size in enumerate(call.shape)]
    shape = tuple(left) if call.attribute("keepdims", 1) else tuple(call.shape[axis] for axis in rest) or (1,)
    if len(call.shape) == 3 and axes == {1, 2}:
        return [nn.AdaptiveAvgPool2d(1), Reshape(shape)]
    # Any other axes become the height of an image whose channels are all that stays.
    order, kept = (*rest, *sorted(axes)), math.prod(call.shape[axis] for axis in rest)
    image = Reshape((kept, math.prod(call.shape) // kept, 1))
    return [
        *([] if order == tuple(range(len(order))) else [Permute(order)]),
        image,
        nn.AdaptiveAvgPool2d(1),
        Reshape(shape),
    ]


def _resize(call: Call) -> Modules:
    axes = len(call.shape) - 1
    if axes not in (1, 2):
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
    elif scales is not None and len(scales) == axes + 2 and float(scales[0]) == float(scales[1]) == 1:
        target = tuple(math.floor(size * float(s)) for size, s in zip(call.shape[1:], scales[2:], strict=True))
    else:
        raise call.refused("it enlarges channels or items, or by what is no constant")
    call.check_size((call.shape[0], *target))
    mode = call.attribute("mode", "nearest")
    where = call.attribute("coordinate_transformation_mode", "half_pixel")
    if mode == "nearest":
        return planar(call, axes, [_nearest(call, target, where)], call.shape[0])
    mode = {"linear": "bilinear", "cubic": "bicubic"}.get(mode)
    if mode is None or where not in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        raise call.refused(f"it is enlarged by {call.attribute('mode', '')} with {where}")
    if call.attribute("antialias", 0):
        raise call.refused("it smooths before it makes smaller")
    layer = nn.Upsample(two_of(target, 1), mode=mode, align_corners=where == "align_corners")
    return planar(call, axes, [layer], call.shape[0])


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
    return nn.Upsample(two_of(target, 1))


RESAMPLING: Mapping[str, Operation] = {
    "MaxPool": _max_pool,
    "AveragePool": _average_pool,
    "GlobalAveragePool": _global_average,
    "GlobalMaxPool": _global_max,
    "ReduceMean": _reduce_mean,
    "Resize": _resize,
    "Upsample": _resize,
}
"""Each by its name in ONNX."""
