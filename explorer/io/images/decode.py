"""Untrusted bytes of an image file to an array of the numbers that are in it; nothing is stretched here."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from jaxtyping import Num
from PIL import Image, ImageFile, UnidentifiedImageError

from explorer.core.errors import DataError
from explorer.io.images import tiff
from explorer.io.images.asked import Pages
from explorer.io.images.damage import DECODER_ERRORS, damaged
from explorer.io.images.frame import byte_frame, deep_frame, is_deep, is_grey, orientation, over_white

ANIMATED = ("PNG", "WEBP", "GIF", "AVIF")
"""Formats whose further pictures are frames of an animation."""
MAX_PIXELS = 100_000_000
MAX_BYTES = 256 << 20
# Pillow knows more: formats that start other programs (EPS, WMF), hold films or tables, or are decoded in Python alone.
_FORMATS = ("AVIF", "BMP", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PNG", "PPM", "PSD", "SGI", "TIFF", "WEBP")
_BY_NAME_ONLY = ("DDS", "DIB", "IM", "MSP", "PCX", "TGA", "XBM")
"""Formats without a mark at their beginning, by which almost any bytes would be such an image, and rare ones."""
Image.init()
_OPENED = tuple(kind for kind in _FORMATS if kind in Image.OPEN)  # AVIF is not in every build
SUFFIXES = {
    suffix: kind
    for suffix, kind in sorted(Image.registered_extensions().items())
    if kind in (*_OPENED, *_BY_NAME_ONLY, "MPO")  # MPO: JPEG files with a second picture
}
"""Endings of the files that are read, and the format that each promises."""


@dataclass(frozen=True, eq=False)
class NativeImage:
    """An image in the numbers of its file.

    Args:
        array: (C, H, W): uint8, or the type that the file has where that is another.
        white: which number is white, where the file itself says so; None: the format's 8 bits, or it does not say.
        notes: a few words for each conversion on the way.
        pictures: how many its file holds.
    """

    array: Num[np.ndarray, "c h w"]
    white: float | None = None
    notes: tuple[str, ...] = ()
    pictures: int = 1

    @property
    def type(self) -> str:
        """As ``type_of``."""
        return type_of(self.array.dtype, self.white)


def type_of(dtype: np.dtype, white: float | None = None) -> str:
    """What decides which scale an image has: the kind of its numbers, and the white that its file states.

    Wide whole numbers are one kind and fractions are one: which of them a program writes is chance.
    """
    name = "float" if dtype.kind == "f" else {"int64": "int32", "uint64": "uint32"}.get(dtype.name, dtype.name)
    return name if white is None else f"{name}, white {white:g}"


@dataclass(frozen=True)
class ImageHeader:
    """What a file says about its image, without decoding it.

    Args:
        height, width: in pixels, upright.
        channels: 1 or 3; more where the file has more than colours.
        deep: whether its numbers may be others than the format's 8 bits.
    """

    height: int
    width: int
    channels: int
    deep: bool = False


def read_header(data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> ImageHeader:
    """Read an image's size and channels from its header.

    Args:
        data: the file.
        name: of the file, for the error.
        max_pixels: limit of width times height.
        max_bytes: limit of the file.

    Raises:
        DataError: the file is too large or not an image.
    """
    if (known := _tiff_layout(data, name, max_pixels, max_bytes)) is not None:
        return ImageHeader(known.height, known.width, known.channels, deep=True)
    image = open_image(data, name, max_pixels, max_bytes)
    try:
        deep, grey = is_deep(data, image), is_grey(image)  # before EXIF data are asked for, which decodes a PNG
        width, height = image.size
        if orientation(image) in (5, 6, 7, 8):  # these turn it by 90 degrees
            width, height = height, width
        return ImageHeader(height, width, 1 if grey else 3, deep)
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error


def decode_native(data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> NativeImage:
    """Decode an image file of any colour mode and depth into the numbers that it holds.

    Args:
        data: the file; it is not trusted.
        name: of the file, for notes and errors.
        max_pixels: limit of width times height, checked before anything is decoded; above 178 million
            Pillow's own limit holds.
        max_bytes: limit of the file.

    Returns:
        The first frame, upright, transparency laid over white, colour as RGB; bands beyond colours as they are.

    Raises:
        DataError: the file is too large, not an image, cut short or damaged, or holds values that are not finite.
    """
    return decode_pictures(data, name, "first", max_pixels, max_bytes)[0]


def decode_pictures(
    data: bytes, name: str, pages: Pages = "all", max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES
) -> list[NativeImage]:
    """As ``decode_native``, the first picture or all pages or frames of the first one's size.

    Raises:
        DataError: as ``decode_native``, or they have more than ``max_pixels`` together.
    """
    notes: list[str] = []
    known = _tiff_layout(data, name, max_pixels, max_bytes)
    if known is not None and pages == "all" and known.frames * known.height * known.width > max_pixels:
        raise _too_many(name, known.frames, max_pixels)
    image = open_image(data, name, max_pixels, max_bytes) if known is None else None
    try:
        arrays, white, count = None, None, 1
        if known is not None and (read := tiff.read(data, name, notes, pages)) is not None:
            arrays = [
                over_white(planes, read.has_alpha, notes if n == 0 else []) for n, planes in enumerate(read.planes)
            ]
            white, count = known.white, known.frames
        if arrays is None:
            image = image or open_image(data, name, max_pixels, max_bytes)
            count = frame_count(image)
            if pages == "all" and count * image.width * image.height > max_pixels:
                raise _too_many(name, count, max_pixels)
            expected = SUFFIXES.get(PurePath(name).suffix.lower())
            # Phones write JPEG files with a second picture, which Pillow calls MPO.
            if expected and image.format not in (expected, "MPO"):
                notes.append(f"{image.format} in spite of its name")
            arrays, white = _with_pillow(data, image, count if pages == "all" else 1, notes)
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error
    if any(array.dtype.kind == "f" and not np.isfinite(array).all() for array in arrays):
        raise DataError(f"{name} holds values that are not finite.", "Replace them, or save it anew.")
    return [NativeImage(np.ascontiguousarray(array), white, tuple(notes), count) for array in arrays]


def _too_many(name: str, count: int, max_pixels: int) -> DataError:
    return DataError(
        f"The {count} pictures of {name} have more than {max_pixels / 1e6:g} million pixels.",
        "Split it, or read its first picture with --pages first.",
    )


def frame_count(image: ImageFile.ImageFile) -> int:
    """How many pages or frames a file has that are pictures of their own."""
    count = int(getattr(image, "n_frames", 1))
    return count if image.format in (*ANIMATED, "TIFF") else 1


def pictures_note(image: ImageFile.ImageFile) -> str:
    """What is left out of a file that holds several pictures, of which the first is read; empty: nothing."""
    count = int(getattr(image, "n_frames", 1))
    if image.format in ("ICO", "ICNS"):
        return f"the largest of {len(sizes)} pictures in it" if len(sizes := image.info.get("sizes", ())) > 1 else ""
    if image.format == "MPO":
        return "the second picture in the file, such as a gain map, is left out"
    if image.format == "PSD":
        return "its layers are read as the one picture that they make" if count > 1 else ""
    if count < 2:
        return ""
    return f"first of {count} pictures in it only" if image.format == "TIFF" else f"first frame only, of {count}"


def _with_pillow(
    data: bytes, image: ImageFile.ImageFile, count: int, notes: list[str]
) -> tuple[list[np.ndarray], float | None]:
    """(C, H, W) of the first so many frames, as far as they have its size and mode."""
    if count == 1 and (note := pictures_note(image)):
        notes.append(note)
    frame = deep_frame(data, image, notes) if count == 1 else None
    if count > 1 and is_deep(data, image):
        notes.append("its frames of more than 8 bits are read with 8")
    arrays, white = [], None if frame is None else frame.white
    if frame is not None:
        arrays.append(over_white(frame.planes, frame.has_alpha, notes))
    else:
        size, grey, others = image.size, None, 0
        for number in range(count):
            if number:
                image.seek(number)
            if image.size != size:
                others += 1
                continue
            image.load()
            grey = is_grey(image) if grey is None else grey
            own = notes if number == 0 else []
            read = byte_frame(image, own, grey)
            arrays.append(over_white(read.planes, read.has_alpha, own))
        if others:
            notes.append(f"{others} of {count} pictures in it are of another size and left out")
    if orientation(image) != 1:
        notes.append("turned upright as its EXIF data says")
    return arrays, white


def _tiff_layout(data: bytes, name: str, max_pixels: int, max_bytes: int) -> tiff.TiffLayout | None:
    """What a TIFF file that is not Pillow's says of its picture.

    Raises:
        DataError: it is too large.
    """
    if not tiff.is_tiff(data) or len(data) > max_bytes:
        return None
    known = tiff.layout(data, name)
    if known is not None and known.numbers > max_pixels * 4:
        raise DataError(f"{name} has more than {max_pixels / 1e6:g} million pixels.", "Make it smaller.")
    return known


def open_image(data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> ImageFile.ImageFile:
    """An image file opened by Pillow, its pixels not decoded yet.

    Args:
        data, name, max_pixels, max_bytes: as in ``read_header``.

    Raises:
        DataError: the file is too large or not an image.
    """
    if len(data) > max_bytes:
        raise DataError(
            f"{name} has {len(data) / 2**20:.0f} MiB; the limit is {max_bytes / 2**20:.0f} MiB.", "Make it smaller."
        )
    if not data:
        raise DataError(f"{name} is empty.", "Copy it again.")
    too_large = DataError(f"{name} has more than {max_pixels / 1e6:g} million pixels.", "Make it smaller.")
    promised = SUFFIXES.get(PurePath(name).suffix.lower())
    try:
        image = Image.open(io.BytesIO(data), formats=(*_OPENED, *(kind for kind in _BY_NAME_ONLY if kind == promised)))
    except UnidentifiedImageError as error:
        raise DataError(f"{name} is not an image.", f"Readable: {', '.join((*_OPENED, *_BY_NAME_ONLY))}.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error
    if image.width * image.height > max_pixels:
        raise too_large
    if image.width * image.height == 0:
        raise DataError(f"{name} has no pixels.", "Use another image.")
    return image
