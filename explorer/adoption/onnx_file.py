"""An ONNX file as plain values: nodes, constants, inputs and outputs, within limits; nothing in it is run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from jaxtyping import Shaped
from onnx import numpy_helper

from explorer.core.errors import CheckpointError

MAX_FILE_BYTES = 2 << 30
MAX_NODES = 20_000
MAX_VALUES = 1 << 29
"""Of all constants together: 2 GiB of single precision."""
MAX_AXES = 8
OWN_DOMAINS = ("", "ai.onnx")
BATCH = 1_000_003
"""What stands for the number of items where a graph computes with shapes: a prime that no layer's size is."""

Constant = Shaped[np.ndarray, "..."]
"""An array of a file."""

READ_TYPES = {
    onnx.TensorProto.FLOAT,
    onnx.TensorProto.FLOAT16,
    onnx.TensorProto.DOUBLE,
    onnx.TensorProto.BFLOAT16,
    onnx.TensorProto.INT64,
    onnx.TensorProto.INT32,
    onnx.TensorProto.INT8,
    onnx.TensorProto.UINT8,
    onnx.TensorProto.BOOL,
}


@dataclass(frozen=True)
class Node:
    """One operation.

    Args:
        op: its type.
        name: what an error calls it.
        inputs, outputs: names of tensors; an optional one that is left out is "".
        attributes: numbers, texts, lists of them, and tensors as arrays.
    """

    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class OnnxModel:
    """What a file holds.

    Args:
        nodes: in an order in which they can be computed.
        constants: name -> array.
        inputs: name -> shape; a size that the file leaves open is None.
        outputs: names.
        opset: version of the operations.
        producer: the program that wrote it, as it says.
    """

    nodes: tuple[Node, ...]
    constants: Mapping[str, Constant]
    inputs: Mapping[str, tuple[int | None, ...]]
    outputs: tuple[str, ...]
    opset: int
    producer: str

    def batch(self, source: str) -> int | None:
        """How many items the file is written for; None: it leaves that open.

        Args:
            source: a tensor; of one between the operations it is what all inputs agree on.
        """
        sizes = {shape[0] for shape in self.inputs.values() if shape}
        return self.inputs[source][0] if source in self.inputs else sizes.pop() if len(sizes) == 1 else None


def read(content: bytes, name: str) -> OnnxModel:
    """The model in an ONNX file.

    Args:
        name: of the file, for errors.

    Raises:
        CheckpointError: it is no such file, too large, or holds what is never read: operations of other domains,
            functions, weights in other files, types that are no numbers.
    """
    if len(content) > MAX_FILE_BYTES:
        raise CheckpointError(f"{name} is larger than {MAX_FILE_BYTES >> 30} GiB.", "Bring in a smaller model.")
    try:
        proto = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise CheckpointError(f"{name} is not an ONNX file, or it is cut off.", "Export it again.") from error
    graph = proto.graph
    if not graph.node or not proto.opset_import:
        raise CheckpointError(f"{name} is not an ONNX file, or it holds no model.", "Export it again.")
    if proto.functions:
        raise CheckpointError(
            f"{name} defines functions of its own ({_text(proto.functions[0].name)}).",
            "Export it without: torch.onnx.export(…, dynamo=False), or inline them with onnx.inliner.",
        )
    if any(isinstance(word, bytes) for node in graph.node for word in _names(node)):
        raise CheckpointError(f"{name} has names that are no text.", "Export it again.")
    if len(graph.node) > MAX_NODES:
        raise CheckpointError(f"{name} has {len(graph.node):,} operations; {MAX_NODES:,} are read.", "Bring in a part.")
    if graph.sparse_initializer:
        raise CheckpointError(f"{name} holds sparse tensors, which are not read.", "Export it with dense ones.")
    constants = {_text(tensor.name): _array(tensor, name) for tensor in graph.initializer}
    if sum(values.size for values in constants.values()) > MAX_VALUES:
        raise CheckpointError(f"{name} has more than {MAX_VALUES:,} weights.", "Bring in a smaller model.")
    opset = max((entry.version for entry in proto.opset_import if entry.domain in OWN_DOMAINS), default=0)
    return OnnxModel(
        nodes=tuple(_node(node, number, name, opset) for number, node in enumerate(graph.node)),
        constants=constants,
        inputs={_text(value.name): _shape(value) for value in graph.input if _text(value.name) not in constants},
        outputs=tuple(_text(value.name) for value in graph.output),
        opset=opset,
        producer=_text(f"{proto.producer_name} {proto.producer_version}".strip()),
    )


def _names(node: onnx.NodeProto) -> Iterator[str | bytes]:
    """The names in a node; bytes where they are no text."""
    yield from (node.op_type, *node.input, *node.output)
    yield from (attribute.name for attribute in node.attribute)


def _node(node: onnx.NodeProto, number: int, name: str, opset: int) -> Node:
    own = _text(node.name) or f"number {number}"
    if node.domain not in OWN_DOMAINS:
        raise CheckpointError(
            f"{name}: the operation {own} is {_text(node.domain)}.{_text(node.op_type)}, of another program.",
            "Operations of other domains are never run. Export the model with ONNX's own.",
        )
    if len(node.input) < (least := _least_inputs(node.op_type, opset)):
        raise CheckpointError(
            f"{name}: the operation {own} ({_text(node.op_type)}) has {len(node.input)} inputs and needs {least}.",
            "Export it again.",
        )
    attributes: dict[str, Any] = {}
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.TENSOR:
            attributes[attribute.name] = _array(attribute.t, name)
        elif attribute.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS):
            raise CheckpointError(
                f"{name}: the operation {own} ({_text(node.op_type)}) chooses between graphs or repeats one.",
                "Export the model without conditions and loops.",
            )
        else:
            plain: Any = onnx.helper.get_attribute_value(attribute)
            attributes[attribute.name] = plain.decode("utf-8", "replace") if isinstance(plain, bytes) else plain
    return Node(_text(node.op_type), own, tuple(node.input), tuple(node.output), attributes)


def _least_inputs(op: str, opset: int) -> int:
    """How many inputs an operation has at least, by ONNX's own schemas; 0 where these know none of that name."""
    try:
        return onnx.defs.get_schema(op, opset).min_input
    except onnx.defs.SchemaError:
        return 0


def _array(tensor: onnx.TensorProto, name: str) -> Constant:
    own = _text(tensor.name) or "a constant"
    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise CheckpointError(
            f"{name} keeps its weights ({own}) in another file.",
            "Export it as one file: torch.onnx.export(…, external_data=False), or onnx.save_model(…).",
        )
    if tensor.data_type not in READ_TYPES:
        known = {number: word for word, number in onnx.TensorProto.DataType.items()}
        kind = known.get(tensor.data_type, f"number {tensor.data_type}")
        raise CheckpointError(f"{name}: {own} is of type {kind}, which is not read.", "Export it as float32.")
    if len(tensor.dims) > MAX_AXES or any(size < 0 for size in tensor.dims) or math.prod(tensor.dims) > MAX_VALUES:
        raise CheckpointError(f"{name}: {own} has shape {tuple(tensor.dims)}, which cannot be.", "Export it again.")
    try:
        return np.array(numpy_helper.to_array(tensor))
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{name}: {own} does not hold what its shape says.", "Export it again.") from error


def _shape(value: onnx.ValueInfoProto) -> tuple[int | None, ...]:
    sizes = value.type.tensor_type.shape.dim
    return tuple(size.dim_value if size.HasField("dim_value") and size.dim_value > 0 else None for size in sizes)


def _text(value: str | bytes) -> str:
    """Words of the file for an error: short, on one line."""
    if isinstance(value, bytes):  # what the protocol gives where they are no text
        value = value.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in value)[:80]
