"""Operations that multiply by weights: matrices and convolutions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from torch import nn

from explorer.adoption.onnx_file import Constant
from explorer.adoption.operations.call import Call, Modules, Operation, with_values
from explorer.adoption.operations.planar import pad_of, pads_of, planar, spatial_axes, two_of


def _linear(weight: Constant, bias: Constant | None) -> nn.Module:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias is not None)
    return with_values(layer, weight=weight, bias=bias)


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


def _conv(call: Call) -> Modules:
    weight = call.needed(1)
    axes = spatial_axes(call, weight)
    kernel = weight.shape[2:]
    pads = pads_of(call, kernel, axes)
    even = pads[:axes] == pads[axes:]
    groups = call.attribute("group", 1)
    layer = nn.Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        two_of(kernel, 1),
        two_of(call.attribute("strides", [1] * axes), 1),
        two_of(pads[:axes], 0) if even else 0,
        two_of(call.attribute("dilations", [1] * axes), 1),
        groups,
        call.given(2) is not None,
    )
    before = [] if even else [pad_of(pads, axes)]
    shaped = weight if axes == 2 else weight[:, :, None]
    return planar(call, axes, [*before, with_values(layer, weight=shaped, bias=call.given(2))], weight.shape[0])


def _conv_transpose(call: Call) -> Modules:
    weight = call.needed(1)
    axes = spatial_axes(call, weight)
    if call.attribute("output_shape", None) or call.attribute("auto_pad", "NOTSET") not in ("NOTSET", "", "VALID"):
        raise call.refused("it names the shape that it makes in place of its padding")
    pads = pads_of(call, weight.shape[2:], axes)
    even = pads[:axes] == pads[axes:]
    groups = call.attribute("group", 1)
    layer = nn.ConvTranspose2d(
        weight.shape[0],
        weight.shape[1] * groups,
        two_of(weight.shape[2:], 1),
        two_of(call.attribute("strides", [1] * axes), 1),
        two_of(pads[:axes], 0) if even else 0,
        two_of(call.attribute("output_padding", [0] * axes), 0),
        groups,
        call.given(2) is not None,
        two_of(call.attribute("dilations", [1] * axes), 1),
    )
    shaped = weight if axes == 2 else weight[:, :, None]
    after = [] if even else [pad_of([-pad for pad in pads], axes)]
    return planar(call, axes, [with_values(layer, weight=shaped, bias=call.given(2)), *after], weight.shape[1] * groups)


PRODUCTS: Mapping[str, Operation] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
}
"""Each by its name in ONNX."""
