"""One image file as pixels in [0, 1]: for what is shown or cleaned by itself; sets go through ``data``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num

from explorer.io.images.decode import MAX_BYTES, MAX_PIXELS, decode_native
from explorer.io.images.scale import Scale, find_scales
from explorer.io.images.values import Values


@dataclass(frozen=True, eq=False)
class DecodedImage:
    """An image of one file.

    Args:
        array: (C, H, W): uint8, or float32 in [0, 1] where the file had more than 8 bits.
        notes: a few words for each conversion on the way.
    """

    array: Num[np.ndarray, "c h w"]
    notes: tuple[str, ...] = ()


def decode_image(
    data: bytes,
    name: str,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
    learnt: Sequence[Scale] = (),
) -> DecodedImage:
    """Decode an image file of any format of ``SUFFIXES``, colour mode and depth.

    Args:
        data: the file; it is not trusted.
        name: of the file, for notes and errors.
        max_pixels: limit of width times height, checked before anything is decoded.
        max_bytes: limit of the file.
        learnt: the scales that a model was trained with: numbers of the same type are read by them.

    Returns:
        The first frame, upright, transparency laid over white, colour as RGB.

    Raises:
        DataError: the file is too large, not an image, cut short or damaged.
    """
    native = decode_native(data, name, max_pixels, max_bytes)
    values = Values(native.array.dtype.kind == "f")
    values.add(native.array)
    # Of one picture alone, a dark one and one of few values look the same: without a model, 8 bits are 8 bits.
    white = 255.0 if native.type == "uint8" and not learnt else None
    scales, findings, remarks = find_scales({native.type: values}, white, learnt=learnt)
    scale = scales[native.type]
    if native.array.dtype == np.uint8 and scale.white == 255:
        return DecodedImage(native.array, (*native.notes, *remarks))
    said = f"{scale.words} ({findings[0].reason})"
    return DecodedImage(scale.as_floats(native.array), (*native.notes, said, *remarks))
