"""Codes as compression: bytes an item against the error of rebuilding it, beside PCA and JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.core.errors import DataError
from explorer.data.base import as_float
from explorer.io.images import to_uint8

MAX_ITEMS = 500
JPEG_QUALITIES = (1, 5, 10, 20, 35, 50, 70, 90, 95)


@dataclass(frozen=True)
class Compressed:
    """What one way of storing items costs and loses.

    Args:
        method: in words.
        n_bytes: mean bytes an item; the decoder or the components, shared by all items, are not counted.
        error: mean squared error an item, summed over its pixels.
        n: items measured.
    """

    method: str
    n_bytes: float
    error: float
    n: int


def quantise(codes: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Codes to one byte a dimension and back.

    Args:
        codes: (N, D).
        low, high: (D,) range of each dimension; codes outside are clipped.

    Returns:
        (N, D), at most half a step of (high - low) / 255 away inside the range.
    """
    step = np.maximum(high - low, np.finfo(np.float32).tiny) / 255
    return low + np.rint(np.clip((codes - low) / step, 0, 255)).astype(np.uint8) * step


def compare(checkpoint: VectorCheckpoint, x: np.ndarray, x_train: np.ndarray) -> list[Compressed]:
    """Bytes and errors of the code in three precisions, of PCA of the same size, and of JPEG at about the code's bytes.

    Args:
        checkpoint: of images.
        x: (N, C, H, W) uint8 items to store; the first ``MAX_ITEMS`` are measured.
        x_train: (M, C, H, W) items that the range of the codes and PCA are fitted on.

    Raises:
        DataError: the items are table rows.
    """
    if x.ndim != 4:
        raise DataError("Sizes are compared for images only.", "Choose a checkpoint and a dataset of images.")
    x = x[:MAX_ITEMS]
    size = checkpoint.latent_dim
    codes, seen = checkpoint.encode(x), checkpoint.encode(x_train)
    stored = (
        ("code, float32", 4 * size, codes),
        ("code, float16", 2 * size, codes.astype(np.float16)),
        ("code, 8 bit", size, quantise(codes, seen.min(0), seen.max(0))),
    )
    rows = [Compressed(name, n, _error(x, checkpoint.decode(z.astype(np.float32))), len(x)) for name, n, z in stored]
    components = min(size, len(x_train), int(np.prod(x.shape[1:])))
    pca = metrics.pca_baseline(as_float(x_train), as_float(x), components).mean()
    return [*rows, Compressed("PCA, float32", 4 * components, float(pca), len(x)), _jpeg(x, 4 * size)]


def _error(x: np.ndarray, x_hat: np.ndarray) -> float:
    return float(np.square(as_float(x).numpy() - x_hat).reshape(len(x), -1).sum(1).mean())


def _jpeg(x: np.ndarray, n_bytes: int) -> Compressed:
    """JPEG at the best quality that needs no more bytes, or the smallest there is: its headers alone are hundreds."""
    best = _at_quality(x, JPEG_QUALITIES[0])
    for quality in JPEG_QUALITIES[1:]:
        finer = _at_quality(x, quality)
        if finer.n_bytes > n_bytes:
            break
        best = finer
    return best


def _at_quality(x: np.ndarray, quality: int) -> Compressed:
    files = [_encode(item, quality) for item in to_uint8(x)]
    x_hat = as_float(np.stack([_decode(file) for file in files])).numpy()
    n_bytes = float(np.mean([len(file) for file in files]))
    return Compressed(f"JPEG, quality {quality}", n_bytes, _error(x, x_hat), len(x))


def _encode(item: np.ndarray, quality: int) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(item[0] if len(item) == 1 else np.ascontiguousarray(item.transpose(1, 2, 0)))
    picture.save(out, format="JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _decode(file: bytes) -> np.ndarray:
    pixels = np.asarray(Image.open(io.BytesIO(file)))
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
