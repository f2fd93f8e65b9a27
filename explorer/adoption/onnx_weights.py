"""Weights that an ONNX file keeps in another file beside it, as PyTorch's newer exporter writes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import onnx
from google.protobuf.message import DecodeError

from explorer.core.errors import CheckpointError

ONE_FILE = "Export it as one file: torch.onnx.export(…, external_data=False), or onnx.save_model(…)."


def whole(content: bytes, name: str, beside: Callable[[str], bytes | None]) -> bytes:
    """The file with all of its weights inside; unchanged where they are, or where it is no ONNX file.

    A file says where each of its weights lies. Only files that somebody gives are read: a name with a folder in it is
    no name of such a file.

    Args:
        name: of the file, for errors.
        beside: from the name of a file to its bytes; None: there is none of that name.

    Raises:
        CheckpointError: the other file is not there, is named with a folder, or is not what this one says.
    """
    try:
        proto = onnx.load_model_from_string(content)
    except DecodeError:
        return content  # the reader says so, in words
    outside = [tensor for tensor in proto.graph.initializer if tensor.data_location == onnx.TensorProto.EXTERNAL]
    if not outside:
        return content
    files: dict[str, bytes] = {}
    left: dict[str, int] = {}
    for tensor in outside:
        entries = {entry.key: entry.value for entry in tensor.external_data}
        file = entries.get("location", "")
        if file not in files:
            given = None if not file or {*file} & {*"/\\:\0"} else beside(file)
            if given is None:
                raise CheckpointError(
                    f"{name} keeps its weights in another file, {file[:80]!r}, which is not beside it.",
                    f"Give both. Or: {ONE_FILE[0].lower()}{ONE_FILE[1:]}",
                )
            files[file], left[file] = given, len(given)
        tensor.raw_data = _slice(tensor, entries, files[file], name)
        left[file] -= len(tensor.raw_data)
        if left[file] < 0:  # else a small file could be unpacked to any size
            raise CheckpointError(f"{name} names more weights than {file} holds.", ONE_FILE)
        tensor.ClearField("external_data")
        tensor.data_location = onnx.TensorProto.DEFAULT
    try:
        return proto.SerializeToString()
    except ValueError as error:
        raise CheckpointError(f"{name} and its weights have more than 2 GiB.", "Bring in a smaller model.") from error


def _slice(tensor: onnx.TensorProto, entries: Mapping[str, str], held: bytes, name: str) -> bytes:
    """The bytes of one tensor."""
    try:
        size = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize * math.prod(tensor.dims)
        begin, length = int(entries.get("offset", 0)), int(entries.get("length", size))
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise CheckpointError(f"{name} does not say where its weights lie.", "Export it again.") from error
    if begin < 0 or length != size or begin + length > len(held):
        raise CheckpointError(
            f"{name}: its weights are not where it says; the file beside it is another one, or cut off.",
            "Give both files of one export.",
        )
    return held[begin : begin + length]
