"""Arrays of pixels to pictures: PNG files, grids, sprite sheets."""

from __future__ import annotations

import io

import numpy as np
from jaxtyping import Float, Num, UInt8
from PIL import Image


def to_float(x: Num[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Pixels as float32 in [0, 1]: uint8 is divided by 255, float is clipped.

    Args:
        x: any shape, uint8 or float.
    """
    if x.dtype == np.uint8:
        return x.astype(np.float32) / 255
    return np.clip(x, 0, 1).astype(np.float32)


def to_uint8(x: Num[np.ndarray, "*shape"]) -> UInt8[np.ndarray, "*shape"]:
    """Pixels as uint8: floats in [0, 1] are clipped, scaled and rounded, NaN is black; uint8 is taken as it is.

    Args:
        x: any shape, uint8 or float.
    """
    return x if x.dtype == np.uint8 else np.rint(np.clip(np.nan_to_num(x), 0, 1) * 255).astype(np.uint8)


def shown_channels(channels: int) -> int:
    """How many channels of an image a picture of it shows, the first ones: three as red, green and blue, or one."""
    return 3 if channels >= 3 else 1


def channels_note(event_shape: tuple[int, ...]) -> str:
    """Which channels of (C, H, W) items a picture shows, in a sentence; empty where it shows all, and for rows."""
    if len(event_shape) != 3 or (shown := shown_channels(event_shape[0])) == event_shape[0]:
        return ""
    if shown == 1:
        return f"Channel 1 of {event_shape[0]} is shown."
    return f"Channels 1 to 3 of {event_shape[0]} are shown, as red, green and blue."


def png_bytes(x: Num[np.ndarray, "*shape"], scale: int = 1, effort: int = 6) -> bytes:
    """Encode an image as PNG.

    Args:
        x: (C, H, W), uint8 or float in [0, 1] (values outside are clipped); of many channels ``shown_channels``.
        scale: each pixel becomes a square of scale x scale, never blurred.
        effort: of the compression, 0 to 9; with 1 a large noisy picture takes several times less time, few bytes more.

    Raises:
        ValueError: the shape is not that of an image, or the scale is below 1.
    """
    if x.ndim != 3 or 0 in x.shape or scale < 1:
        raise ValueError(f"expected (C, H, W) and a scale of 1 or more, got {x.shape} and {scale}")
    pixels = to_uint8(x[: shown_channels(len(x))]).repeat(scale, axis=1).repeat(scale, axis=2)
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=effort)
    return out.getvalue()


def grid(x: Num[np.ndarray, "*shape"], columns: int, gap: int = 1) -> Num[np.ndarray, "c h2 w2"]:
    """Lay images out row by row, with white between them and in empty places.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1].
        columns: images a row.
        gap: pixels between images.

    Returns:
        (C, H', W') of the same dtype.

    Raises:
        ValueError: there are no images or no columns.
    """
    if x.ndim != 4 or len(x) == 0 or columns < 1 or gap < 0:
        raise ValueError(f"expected (N, C, H, W) with N > 0 and columns > 0, got {x.shape} and {columns}")
    n, channels, height, width = x.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    white = 255 if x.dtype == np.uint8 else 1
    cells = np.full((rows * columns, channels, height + gap, width + gap), white, x.dtype)
    cells[:n, :, :height, :width] = x
    sheet = cells.reshape(rows, columns, channels, height + gap, width + gap).transpose(2, 0, 3, 1, 4)
    sheet = sheet.reshape(channels, rows * (height + gap), columns * (width + gap))
    return np.ascontiguousarray(sheet[:, : sheet.shape[1] - gap, : sheet.shape[2] - gap])


def sprite_sheet(x: Num[np.ndarray, "*shape"], columns: int) -> bytes:
    """One PNG of many small images without gaps, row by row, for the browser to cut up.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1].
        columns: images a row.

    Raises:
        ValueError: as `grid`.
    """
    return png_bytes(grid(x, columns, gap=0))
