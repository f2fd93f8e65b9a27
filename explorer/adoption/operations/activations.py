"""Operations that work on each value by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from explorer.adoption.operations.call import Call, Modules, Operation, plain, with_values
from explorer.adoption.operations.planar import FAR
from explorer.models.entries.activations import Erf
from explorer.models.entries.normalisation import Affine


def _with(module: Callable[[Any], nn.Module], name: str, default: float) -> Operation:
    return lambda call: [module(float(call.attribute(name, default)))]


def _prelu(call: Call) -> Modules:
    slope = call.needed(1).reshape(-1)
    if len(slope) not in (1, call.shape[0]):
        raise call.refused("it has more slopes than channels")
    return [with_values(nn.PReLU(len(slope)), weight=slope)]


def _gelu(call: Call) -> Modules:
    return [nn.GELU(call.attribute("approximate", "none"))]


def _hard_sigmoid(call: Call) -> Modules:
    alpha, beta = float(call.attribute("alpha", 0.2)), float(call.attribute("beta", 0.5))
    if math.isclose(alpha, 1 / 6, rel_tol=1e-6) and beta == 0.5:
        return [nn.Hardsigmoid()]
    return [Affine.of(0.0, alpha, beta), nn.Hardtanh(0.0, 1.0)]


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


ACTIVATIONS: Mapping[str, Operation] = {
    "Relu": plain(nn.ReLU),
    "LeakyRelu": _with(nn.LeakyReLU, "alpha", 0.01),
    "PRelu": _prelu,
    "Elu": _with(nn.ELU, "alpha", 1.0),
    "Celu": _with(nn.CELU, "alpha", 1.0),
    "Selu": _selu,
    "Gelu": _gelu,
    "Erf": plain(Erf),
    "Sigmoid": plain(nn.Sigmoid),
    "Tanh": plain(nn.Tanh),
    "Softplus": plain(nn.Softplus),
    "Softsign": plain(nn.Softsign),
    "Mish": plain(nn.Mish),
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": plain(nn.Hardswish),
    "Clip": _clip,
    "Neg": lambda _call: [Affine.of(0.0, -1.0, 0.0)],
}
"""Each by its name in ONNX."""
