"""TIFF files that hold more than Pillow reads: 16 and 32 bits, floats, signed numbers, many channels."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.io.images.asked import Pages
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
        white: which number is white, as far as the file says.
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


# --- Pages: for sets of images and for photos ------------------------------------------------------------------------


def holds_numbers(page: Any, name: str) -> bool:
    """Whether a page holds grey levels or RGB in whole numbers of 8 bits or more, or in floating-point ones.

    Others only Pillow reads: fewer bits, palettes, CMYK, Lab or YCbCr colours.

    Raises:
        DataError: complex numbers.
    """
    if page.dtype is not None and page.dtype.kind == "c":
        raise DataError(f"{name} holds complex numbers.", "Save their real parts or their sizes.")
    if page.dtype is None or page.dtype.kind not in "uif" or page.dtype.itemsize > 8 or not page.size:
        return False
    if getattr(page.photometric, "name", "") not in _PHOTOMETRIC or page.axes not in ("YX", "YXS", "SYX"):
        return False
    return page.bitspersample == 8 * page.dtype.itemsize or _is_packed(page)


def _is_packed(page: Any) -> bool:
    """Whether numbers of 9 to 15 bits are packed without gaps."""
    return page.dtype == np.uint16 and 8 < page.bitspersample < 16


def like_first(file: Any) -> list[Any]:
    """Pages with as many numbers of the same kind as the first one, itself among them."""
    first = file.pages.first
    pages = [page.aspage() for page in file.pages]
    alike = [page for page in pages if (page.shape, page.dtype) == (first.shape, first.dtype) and not page.is_reduced]
    return alike or [first]


def page_count(file: Any, pages: list[Any]) -> int:
    """How many pictures of a page's size there are: files above 4 GiB, and some smaller, describe the first alone."""
    if len(pages) > 1 or not (file.is_imagej or file.is_shaped):
        return len(pages)
    return max(1, int(file.series[0].size // max(1, pages[0].size)))


def page_values(
    file: Any, pages: list[Any], notes: list[str], wanted: Sequence[int] | None = None
) -> Num[np.ndarray, "pages s h w"] | None:
    """The numbers of pages as their file means them: upright, black below white, the samples of a pixel first.

    Args:
        file: the open file.
        pages: as of ``like_first``.
        notes: words on what was done are added.
        wanted: numbers of the pages to read, from 0; None: all.

    Returns:
        None where they are packed in a way that needs further libraries; Pillow may know it.
    """
    first, count = pages[0], page_count(file, pages)
    try:
        if count > len(pages):
            values = file.series[0].asarray().reshape(count, *first.shape)
            values = values if wanted is None else values[list(wanted)]
        else:
            values = np.stack([pages[i].asarray() for i in (range(count) if wanted is None else wanted)])
    except (KeyError, ValueError) as error:
        if isinstance(error, KeyError) or "imagecodecs" in str(error):
            return None
        raise
    values = values[:, None] if first.axes == "YX" else np.moveaxis(values, -1, 1) if first.axes == "YXS" else values
    turned = first.tags.valueof(_ORIENTATION, 1)
    if turned != 1:
        notes.append("turned upright as its tag says")
        values = upright(values, turned)
    if getattr(first.photometric, "name", "") == "MINISWHITE" and values.dtype.kind == "u":
        notes.append("white was stored as 0; now black is")
        top = 2**first.bitspersample - 1 if _is_packed(first) else np.iinfo(values.dtype).max
        values = (top - values).astype(values.dtype)
    return values


def has_alpha(page: Any) -> bool:
    """Whether the last of a page's samples is transparency."""
    return bool(page.extrasamples) and int(page.extrasamples[-1]) in _ALPHA


def stated_white(page: Any) -> float | None:
    """The largest number by how it is packed or by the file's tag, where that tells more than the numbers' type."""
    if _is_packed(page):
        return float(2**page.bitspersample - 1)
    said = page.tags.valueof(_MAX_SAMPLE)
    said = said[0] if isinstance(said, tuple) and said else said
    return float(said) if isinstance(said, int) and float(said) in USUAL_WHITES and page.dtype.itemsize > 1 else None


# --- The first picture, with all its channels ------------------------------------------------------------------------


def layout(data: bytes, name: str) -> TiffLayout | None:
    """What a file says of its picture; None where it is of 8 bits and of colours, as Pillow reads it, or damaged."""
    import tifffile

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            return _layout(file, name)
    except DECODER_ERRORS:
        return None


def _layout(file: Any, name: str) -> TiffLayout | None:
    page = file.pages.first
    if not holds_numbers(page, name):
        return None
    channels, frames = _channels_and_frames(file, page.samplesperpixel - _one_is_alpha(page))
    if page.dtype == np.uint8 and channels in (1, 3):
        return None
    height, width = page.imagelength, page.imagewidth
    if page.tags.valueof(_ORIENTATION, 1) in (5, 6, 7, 8):
        height, width = width, height
    return TiffLayout(height, width, channels, page.dtype, stated_white(page), frames)


def _one_is_alpha(page: Any) -> bool:
    """Whether a picture is grey or RGB with transparency; of more samples each is a channel."""
    return page.samplesperpixel in (2, 4) and len(page.extrasamples) == 1 and has_alpha(page)


def _channels_and_frames(file: Any, samples: int) -> tuple[int, int]:
    """Channels of the first picture, those on pages of their own among them, and how many pictures there are."""
    sizes = dict(zip(file.series[0].axes, file.series[0].shape, strict=True))
    frames = math.prod(n for axis, n in sizes.items() if axis not in "CSYX")
    return sizes.get("C", 1) * samples, max(frames, 1) if len(file.series) == 1 else max(frames, len(file.series))


class TiffPictures(NamedTuple):
    """Pictures of a file, with all their channels.

    Args:
        planes: (C, H, W) of each, transparency last.
        has_alpha: whether there is any.
    """

    planes: list[Num[np.ndarray, "c h w"]]
    has_alpha: bool


def read(data: bytes, name: str, notes: list[str], which: Pages = "first") -> TiffPictures | None:
    """The first picture of a file that ``layout`` knows, or all of its size.

    Args:
        data: the file.
        name: of the file, for errors.
        notes: words on what was done are added.
        which: of several pictures.

    Returns:
        None where the file is packed in a way that needs further libraries; Pillow may know it.
    """
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        known, series = _layout(file, name), file.series[0]
        lead = [(axis, n) for axis, n in zip(series.axes, series.shape, strict=True) if axis not in "SYX"]
        if "C" in (axis for axis, _ in lead):  # channels on pages of their own
            pages = [one.aspage() for one in series.pages if one is not None]
            numbers = np.arange(math.prod(n for _, n in lead)).reshape([n for _, n in lead])
            numbers = np.moveaxis(numbers, [axis for axis, _ in lead].index("C"), -1)
        else:
            pages = like_first(file)
            numbers = np.arange(page_count(file, pages))[:, None]
        numbers = numbers.reshape(-1, numbers.shape[-1])
        wanted = numbers if which == "all" else numbers[:1]
        values = page_values(file, pages, notes, wanted.reshape(-1).tolist())
        if values is None:
            return None
        if which == "first" and known is not None and known.frames > 1:
            notes.append(f"first of {known.frames} pictures in it only")
        elif which == "all" and known is not None and known.frames > len(numbers):
            notes.append(f"{known.frames - len(numbers)} pictures in it of another size or kind are left out")
        height, width = values.shape[2:]
        return TiffPictures([*values.reshape(len(wanted), -1, height, width)], _one_is_alpha(pages[0]))


def upright(planes: Num[np.ndarray, "*planes h w"], orientation: int) -> Num[np.ndarray, "*planes h2 w2"]:
    """Planes (..., H, W) turned as the TIFF tag of that name says."""
    if orientation in (5, 6, 7, 8):
        planes = planes.swapaxes(-1, -2)
    rows = {3: -1, 4: -1, 7: -1, 8: -1}.get(orientation, 1)
    columns = {2: -1, 3: -1, 6: -1, 7: -1}.get(orientation, 1)
    return planes[..., ::rows, ::columns]
