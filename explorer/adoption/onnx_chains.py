"""Encoder and decoder of an ONNX model as lists of layers, held against what onnxruntime makes of the same file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from explorer.adoption.graph import Shape
from explorer.adoption.onnx_file import OnnxModel, read
from explorer.adoption.translation import translated
from explorer.core.agreement import apart
from explorer.core.errors import CheckpointError

TOLERANCE = 1e-4
"""Largest difference from onnxruntime, relative where values are above 1."""
TRIALS = 4


@dataclass(frozen=True)
class OnnxPart:
    """A part of a model: from one tensor to others.

    Args:
        trunk: layers from the source to where the ways to several targets part; none for one target.
        layers: from there to each target, by name.
        difference: the largest from onnxruntime on random inputs, relative where values are above 1.
    """

    source: str
    shape: Shape
    trunk: list[nn.Module]
    layers: Mapping[str, list[nn.Module]]
    difference: float


def part(content: bytes, name: str, source: str, targets: Sequence[str], shape: Shape | None = None) -> OnnxPart:
    """The layers from one tensor of an ONNX file to others.

    Args:
        name: of the file, for errors.
        source: name of a tensor; "": the model's only input.
        targets: names; none: the model's outputs.
        shape: of one item of ``source``; needed where the file does not tell it.

    Raises:
        CheckpointError: see ``onnx_file.read`` and ``translated``; or there is no such tensor.
        CheckpointError: onnxruntime makes something else of it, by more than ``TOLERANCE``.
    """
    model = read(content, name)
    source = source or _only_input(model, name)
    targets = tuple(targets) or model.outputs
    known = {tensor for node in model.nodes for tensor in node.outputs} | {*model.inputs}
    for tensor in (source, *targets):
        if tensor not in known:
            listed = ", ".join((*model.inputs, *model.outputs))
            raise CheckpointError(f"{name} has no tensor {tensor!r}.", f"Its inputs and outputs: {listed}.")
    shape = shape or _item_shape(model, source, name)
    graph = translated(model, source, shape, targets)
    for target in targets:
        if target not in graph.shapes:
            raise CheckpointError(
                f"{name}: {target!r} does not follow from {source!r} alone.", "Name the tensors in between."
            )
    fork = graph.fork(source, targets) if len(targets) > 1 else source
    trunk = graph.chain(source, fork)
    layers = {target: graph.chain(fork, target) for target in targets}
    whole = {target: [*trunk, *chain] for target, chain in layers.items()}
    difference = _difference(content, name, source, whole, (model.batch(source) or 1, *shape))
    return OnnxPart(source, shape, trunk, layers, difference)


def narrowest(content: bytes, name: str, shape: Shape | None = None) -> tuple[str, str, str]:
    """Input, code and output of a whole autoencoder: the code is the shortest vector that all of an item passes.

    Args:
        shape: of one item; needed where the file does not tell it.

    Raises:
        CheckpointError: it is no such file; it has more inputs than one; or no vector is shorter than an item.
    """
    model = read(content, name)
    source, target = _only_input(model, name), model.outputs[0]
    shape = shape or _item_shape(model, source, name)
    graph = translated(model, source, shape, [target])
    inner = [tensor for tensor in graph.passed(source, target)[1:-1] if len(graph.shapes[tensor]) == 1]
    code = min(inner, key=lambda tensor: graph.shapes[tensor][0], default=None)
    if code is None or graph.shapes[code][0] >= math.prod(shape):
        raise CheckpointError(
            f"{name}: no vector shorter than an item lies between {source!r} and {target!r}.",
            "Name the code: --encoder INPUT:CODE --decoder CODE:OUTPUT, or give encoder and decoder as two files.",
        )
    return source, code, target


def _only_input(model: OnnxModel, name: str) -> str:
    if len(model.inputs) != 1:
        raise CheckpointError(
            f"{name} has {len(model.inputs)} inputs: {', '.join(model.inputs)}.", "Say which one: --encoder INPUT:CODE."
        )
    return next(iter(model.inputs))


def _item_shape(model: OnnxModel, source: str, name: str) -> Shape:
    shape = model.inputs.get(source)
    sizes = tuple(size for size in shape[1:] if size is not None) if shape else ()
    if not shape or len(sizes) != len(shape) - 1 or not sizes:
        raise CheckpointError(f"{name} does not say what shape {source!r} has.", "Give data of its items' shape.")
    return sizes


@torch.no_grad()
def _difference(content: bytes, name: str, source: str, layers: Mapping[str, list[nn.Module]], shape: Shape) -> float:
    """The largest difference from onnxruntime on random items; checked against ``TOLERANCE``."""
    session = _session(content, name, source, tuple(layers), shape[1:])
    generator = np.random.Generator(np.random.PCG64(0))
    worst = 0.0
    for trial in range(TRIALS):
        # Both kinds of items that models take: values from 0 to 1, and around 0.
        x = generator.random(shape, np.float32) if trial % 2 else generator.standard_normal(shape, np.float32)
        try:
            expected = session.run(list(layers), {source: x})
        except Exception as error:
            raise CheckpointError(f"onnxruntime cannot run {name}: {str(error)[:200]}", "Export it again.") from error
        for values, (target, modules) in zip(expected, layers.items(), strict=True):
            ours = nn.Sequential(*modules)(torch.from_numpy(x)).numpy()
            if ours.shape != values.shape:
                raise CheckpointError(
                    f"{name}: {target!r} has shape {values.shape} by onnxruntime and {ours.shape} here."
                )
            if not np.isfinite(values).all():  # a comparison with what is no number would be passed by anything
                raise CheckpointError(
                    f"{name}: {target!r} makes values of random items that are not finite.",
                    "Look at its weights: some are no numbers, or too large.",
                )
            worst = max(worst, apart(values, ours))
            if not worst <= TOLERANCE:
                raise CheckpointError(
                    f"{name}: what its layers make of random items differs from onnxruntime's {target!r} by"
                    f" {worst:.2g}; {TOLERANCE:g} is allowed.",
                    "Please report this model: one of its operations is read wrongly.",
                )
    return worst


def _session(
    content: bytes, name: str, source: str, targets: tuple[str, ...], shape: Shape
) -> onnxruntime.InferenceSession:
    """onnxruntime on that part of the model alone."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        proto = onnx.load_model_from_string(content)
        if source not in {value.name for value in proto.graph.input} or {*targets} - {
            o.name for o in proto.graph.output
        }:
            proto = _cut(proto, source, targets, shape)
        return onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise CheckpointError(f"onnxruntime cannot open {name}: {str(error)[:200]}", "Export it again.") from error


def _cut(proto: onnx.ModelProto, source: str, targets: Sequence[str], shape: Shape) -> onnx.ModelProto:
    """The part of a model between tensors, as a model: what is computed before the source is an input now."""
    needed, wanted = [], {*targets}
    for node in reversed(proto.graph.node):
        if {*node.output} & wanted and source not in node.output:
            needed.append(node)
            wanted |= {*node.input}
    graph = onnx.helper.make_graph(
        needed[::-1],
        "part",
        [onnx.helper.make_tensor_value_info(source, onnx.TensorProto.FLOAT, ["n", *shape])],
        [onnx.helper.make_empty_tensor_value_info(target) for target in targets],
        [tensor for tensor in proto.graph.initializer if tensor.name in wanted],
    )
    return onnx.helper.make_model(graph, opset_imports=proto.opset_import, ir_version=proto.ir_version)
