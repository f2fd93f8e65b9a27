"""What is said of a model's file in words: which tensors are its parts, and what black and white are for it."""

from __future__ import annotations

import math
from collections.abc import Callable

from explorer.adoption.adopting import OnnxTensors
from explorer.adoption.onnx_weights import whole
from explorer.core.errors import CheckpointError


def tensors_asked(content: bytes, name: str, tensors: str, beside: Callable[[str], bytes | None]) -> OnnxTensors:
    """A part of an ONNX file, from words such as ``INPUT:CODE`` or ``INPUT:MU,LOGVAR``; "": what the file has.

    Args:
        content: the file's bytes; they are not trusted.
        name: of the file.
        beside: from the name of another file to its bytes, for weights that are kept there; None: there is none.

    Raises:
        CheckpointError: the words are none of these, or its weights are not there.
    """
    # The last colon: names of tensors may hold others.
    source, separator, targets = tensors.strip().rpartition(":")
    if tensors.strip() and not separator:
        raise CheckpointError(f"Cannot read the tensors {tensors!r}.", "Write them as INPUT:CODE, or INPUT:MU,LOGVAR.")
    return OnnxTensors(whole(content, name, beside), name, source, tuple(part for part in targets.split(",") if part))


def pixels_asked(pixels: str) -> tuple[float, float]:
    """What black and white are, from words such as ``-1,1``.

    Raises:
        CheckpointError: no two different finite numbers.
    """
    try:
        low, high = (float(number) for number in pixels.split(","))
    except ValueError as error:
        raise CheckpointError(
            f"Cannot read the pixels {pixels!r}.", "Write what black and white are, as -1,1 or 0,255."
        ) from error
    if low == high or not math.isfinite(high - low):
        raise CheckpointError("Black and white are the same number, or none.", "Write them as 0,1.")
    return low, high
