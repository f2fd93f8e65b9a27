"""Operations that bring values to a common scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from torch import nn

from explorer.adoption.operations.call import Call, Modules, Operation, with_values
from explorer.models.entries.normalisation import Affine


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
    return [with_values(layer, weight=scale, bias=shift)]


def _group_norm(call: Call) -> Modules:
    groups, channels = call.attribute("num_groups", 1), call.shape[0]
    scale, shift = (
        values if len(values) == channels else np.repeat(values, channels // groups)
        for values in (call.needed(1), call.needed(2))
    )
    return [with_values(nn.GroupNorm(groups, channels, call.attribute("epsilon", 1e-5)), weight=scale, bias=shift)]


def _layer_norm(call: Call) -> Modules:
    axis = call.axis(call.attribute("axis", -1))
    shape = call.shape[axis:]
    scale, shift = call.given(1), call.given(2)
    if scale is None:
        return [nn.LayerNorm(shape, call.attribute("epsilon", 1e-5), elementwise_affine=False)]
    layer = nn.LayerNorm(shape, call.attribute("epsilon", 1e-5), bias=shift is not None)
    return [
        with_values(
            layer,
            weight=np.broadcast_to(scale, shape),
            bias=None if shift is None else np.broadcast_to(shift, shape),
        )
    ]


NORMALISATIONS: Mapping[str, Operation] = {
    "BatchNormalization": _batch_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "LayerNormalization": _layer_norm,
}
"""Each by its name in ONNX."""
