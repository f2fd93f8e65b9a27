"""TIFF files that hold more than Pillow reads: 16 and 32 bits, floats, signed numbers, many channels."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Num

from explorer.io.images.damage import DECODER_ERRORS

_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_ORIENTATION = 0x0112
_MAX_SAMPLE = 281
_PHOTOMETRIC = ("MINISBLACK", "MINISWHITE", "RGB")
_ALPHA = (1, 2)
"""Extra samples that are transparency: associated and not."""
USUAL_WHITES = (255.0, 1023.0, 4095.0, 16383.0)


@dataclass(frozen=True)
class TiffLayout:
    """What a TIFF file says of its picture.

    Args:
        height, width: in pixels, upright.
        channels: bands of the picture, transparency left out.
        dtype: of its numbers.
        white: what its tag MaxSampleValue calls the largest number, where that is less than the type holds.
        frames: pictures in the file; the first one is read.
    """

    height: int
    width: int
    channels: int
    dtype: np.dtype
    white: float | None = None
    frames: int = 1

    @property
    def numbers(self) -> int:
        """How many numbers the picture has."""
        return self.height * self.width * self.channels


def is_tiff(data: bytes) -> bool:
    """Whether bytes begin as a TIFF file does."""
    return data[:4] in _STARTS


def layout(data: bytes) -> TiffLayout | None:
    """What a file says of its picture; None where it is of 8 bits and of colours, as Pillow reads it, or damaged."""
    import tifffile

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            return _layout(file)
    except DECODER_ERRORS:
        return None


def _layout(file: Any) -> TiffLayout | None:
    page = file.pages.first
    alpha = _has_alpha(page)
    samples = page.samplesperpixel - alpha
    bits = page.bitspersample
    if page.dtype is None or page.dtype.kind not in "uif" or bits not in (8, 16, 32, 64):
        return None
    if getattr(page.photometric, "name", "") not in _PHOTOMETRIC or not page.size:
        return None
    channels, frames = _channels_and_frames(file, samples)
    if page.dtype == np.uint8 and channels in (1, 3):
        return None
    height, width = page.imagelength, page.imagewidth
    if page.tags.valueof(_ORIENTATION, 1) in (5, 6, 7, 8):
        height, width = width, height
    return TiffLayout(height, width, channels, page.dtype, _white(page), frames)


def _has_alpha(page: Any) -> bool:
    return page.samplesperpixel in (2, 4) and len(page.extrasamples) == 1 and int(page.extrasamples[0]) in _ALPHA


def _channels_and_frames(file: Any, samples: int) -> tuple[int, int]:
    """Channels of the first picture, those on pages of their own among them, and how many pictures there are."""
    sizes = dict(zip(file.series[0].axes, file.series[0].shape, strict=True))
    channels = sizes.get("C", 1)
    frames = math.prod(n for axis, n in sizes.items() if axis not in "CSYX")
    return channels * samples, max(frames, 1) if len(file.series) == 1 else max(frames, len(file.series))


def _white(page: Any) -> float | None:
    """The largest number by the file's tag, where it tells more than the type of the numbers."""
    said = page.tags.valueof(_MAX_SAMPLE)
    said = said[0] if isinstance(said, tuple) and said else said
    return float(said) if isinstance(said, int) and float(said) in USUAL_WHITES and page.dtype.itemsize > 1 else None


def read(data: bytes, notes: list[str]) -> tuple[Num[np.ndarray, "c h w"], int] | None:
    """The first picture of a file that ``layout`` knows: its numbers, and how many channels are transparency (0 or 1).

    Args:
        data: the file.
        notes: words on what was done are added.

    Returns:
        None where the file is packed in a way that needs further libraries; Pillow may know it.
    """
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page, series = file.pages.first, file.series[0]
        known = _layout(file)
        try:
            if "C" in series.axes:
                values, axes = series.asarray(), series.axes
            else:
                values, axes = page.asarray(), page.axes
        except (KeyError, ValueError):
            return None
        for place in range(len(axes) - 1, -1, -1):
            if axes[place] not in "CSYX":
                values, axes = values.take(0, axis=place), axes[:place] + axes[place + 1 :]
        values = np.moveaxis(values, [axes.index(axis) for axis in "CSYX" if axis in axes], range(values.ndim))
        planes = upright(values.reshape(-1, *values.shape[-2:]), page.tags.valueof(_ORIENTATION, 1))
        if getattr(page.photometric, "name", "") == "MINISWHITE" and planes.dtype.kind == "u":
            planes = np.iinfo(planes.dtype).max - planes
            notes.append("white and black changed places, as its header says")
        if known is not None and known.frames > 1:
            notes.append(f"first of {known.frames} pictures in it only")
        return planes, int(_has_alpha(page))


def upright(planes: Num[np.ndarray, "*planes h w"], orientation: int) -> Num[np.ndarray, "*planes h2 w2"]:
    """Planes (..., H, W) turned as the TIFF tag of that name says."""
    if orientation in (5, 6, 7, 8):
        planes = planes.swapaxes(-1, -2)
    rows = {3: -1, 4: -1, 7: -1, 8: -1}.get(orientation, 1)
    columns = {2: -1, 3: -1, 6: -1, 7: -1}.get(orientation, 1)
    return planes[..., ::rows, ::columns]
