"""What JPEG needs for the same images, to set beside codes: bytes per image against the error of what comes back."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num
from PIL import Image

from explorer.data.stored import as_float
from explorer.io.images import to_uint8

JPEG_QUALITIES = (1, 5, 10, 20, 35, 50, 70, 90, 95)


@dataclass(frozen=True)
class Compressed:
    """What one way of storing images costs and loses.

    Args:
        quality: of the JPEG encoder, 1 to 95.
        n_bytes: mean size of a file.
        error: mean squared error per image, summed over its pixels.
    """

    quality: int
    n_bytes: float
    error: float


def jpeg(x: Num[np.ndarray, "n c h w"], qualities: tuple[int, ...] = JPEG_QUALITIES) -> list[Compressed]:
    """Images (N, C, H, W), uint8 or float in [0, 1], as JPEG files of several qualities, the smallest first.

    A file's header counts: for images of a thumbnail's size it is most of the file, which a code does without.
    """
    return [_at_quality(to_uint8(x), quality) for quality in sorted(qualities)]


def _at_quality(x: np.ndarray, quality: int) -> Compressed:
    files = [_encode(item, quality) for item in x]
    difference = as_float(x).numpy() - as_float(np.stack([_decode(file) for file in files])).numpy()
    error = float(np.square(difference, dtype=np.float64).reshape(len(x), -1).sum(1).mean())
    return Compressed(quality, float(np.mean([len(file) for file in files])), error)


def _encode(item: np.ndarray, quality: int) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(item[0] if len(item) == 1 else np.ascontiguousarray(item.transpose(1, 2, 0)))
    picture.save(out, format="JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _decode(file: bytes) -> np.ndarray:
    pixels = np.asarray(Image.open(io.BytesIO(file)))
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
