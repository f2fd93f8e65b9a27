"""Untrusted bytes of an image file to an array of the numbers that are in it; nothing is stretched here."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from jaxtyping import Num
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from explorer.core.errors import DataError
from explorer.io.images import tiff
from explorer.io.images.damage import DECODER_ERRORS, damaged

MAX_PIXELS = 100_000_000
MAX_BYTES = 256 << 20
# Pillow knows more: formats that start other programs (EPS, WMF), hold films or tables, or are decoded in Python alone.
_FORMATS = ("AVIF", "BMP", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PNG", "PPM", "PSD", "SGI", "TIFF", "WEBP")
_BY_NAME_ONLY = ("DIB", "PCX", "TGA")
"""Formats without a mark at their beginning, by which almost any bytes would be such an image."""
Image.init()
_OPENED = tuple(kind for kind in _FORMATS if kind in Image.OPEN)  # AVIF is not in every build
SUFFIXES = {
    suffix: kind
    for suffix, kind in sorted(Image.registered_extensions().items())
    if kind in (*_OPENED, *_BY_NAME_ONLY, "MPO")  # MPO: JPEG files with a second picture
}
"""Endings of the files that are read, and the format that each promises."""
ORIENTATION = 0x0112
FULL = 65535
_GREY_MODES = ("1", "L", "LA", "La", "I", "F")
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_SPACE = rb"(?:\s|#[^\n]*\n)+"
_JPEG2000_SIZES = b"\xff\x4f\xff\x51"
_DEEP_PPM = re.compile(rb"P6" + _SPACE + rb"(\d{1,6})" + _SPACE + rb"(\d{1,6})" + _SPACE + rb"(\d{3,5})\s")


@dataclass(frozen=True, eq=False)
class NativeImage:
    """An image in the numbers of its file.

    Args:
        array: (C, H, W): uint8, or the type that the file has where that is another.
        white: which number is white, where the file itself says so; None: the format's 8 bits, or it does not say.
        notes: a few words for each conversion on the way.
    """

    array: Num[np.ndarray, "c h w"]
    white: float | None = None
    notes: tuple[str, ...] = ()

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
    image = _open(data, name, max_pixels, max_bytes)
    try:
        deep = image.mode in ("I", "F") or image.mode.startswith("I;16")
        deep = deep or _is_deep_png(image) or _DEEP_PPM.match(data) is not None
        width, height = image.size
        if image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8):  # these turn it by 90 degrees
            width, height = height, width
        return ImageHeader(height, width, 1 if is_grey(image) else 3, deep)
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
    notes: list[str] = []
    known = _tiff_layout(data, name, max_pixels, max_bytes)
    image = _open(data, name, max_pixels, max_bytes) if known is None else None
    try:
        array, white = None, None
        if known is not None and (planes := tiff.read(data, notes)) is not None:
            array, white = over_white(planes[0], planes[1] > 0, notes), known.white
        if array is None:
            image = image or _open(data, name, max_pixels, max_bytes)
            expected = SUFFIXES.get(PurePath(name).suffix.lower())
            # Phones write JPEG files with a second picture, which Pillow calls MPO.
            if expected and image.format not in (expected, "MPO"):
                notes.append(f"{image.format} in spite of its name")
            array, white = _with_pillow(data, image, notes)
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DataError(f"{name} holds values that are not finite.", "Replace them, or save it anew.")
    return NativeImage(np.ascontiguousarray(array), white, tuple(notes))


def _with_pillow(data: bytes, image: ImageFile.ImageFile, notes: list[str]) -> tuple[np.ndarray, float | None]:
    if (planes := _deep_ppm(data)) is not None:
        return planes, FULL
    if getattr(image, "is_animated", False):
        notes.append("first frame only")
    low = low_bytes(data, image)
    if low is None and loses_bits(data, image):
        notes.append("16-bit colour read with 8 bits")
    kind, packed = image.format, _packed_white(image)
    image.load()
    picture: Image.Image = image
    if image.getexif().get(ORIENTATION, 1) != 1:
        picture = ImageOps.exif_transpose(image)
        low = None if low is None else ImageOps.exif_transpose(low)
        notes.append("turned upright as its EXIF data says")
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.asarray(picture)[None]
        # Pillow spreads the values of these two formats over 16 bits, as their headers say.
        if kind in ("PPM", "JPEG2000") and picture.mode != "F":
            return values.astype(np.uint16), FULL
        return values.astype(values.dtype.newbyteorder("=")), packed
    if low is not None:
        upper, lower = (np.asarray(part).astype(np.uint16).transpose(2, 0, 1) for part in (picture, low))
        return over_white((upper << 8) | lower, len(upper) == 4, notes), None
    return _eight_bits(picture, notes), None


def _tiff_layout(data: bytes, name: str, max_pixels: int, max_bytes: int) -> tiff.TiffLayout | None:
    """What a TIFF file that is not Pillow's says of its picture.

    Raises:
        DataError: it is too large.
    """
    if not tiff.is_tiff(data) or len(data) > max_bytes:
        return None
    known = tiff.layout(data)
    if known is not None and known.numbers > max_pixels * 4:
        raise DataError(f"{name} has more than {max_pixels / 1e6:g} million pixels.", "Make it smaller.")
    return known


def _open(data: bytes, name: str, max_pixels: int, max_bytes: int) -> ImageFile.ImageFile:
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


def is_grey(image: Image.Image) -> bool:
    """Whether a Pillow image has no colours, in whatever mode."""
    if image.mode == "P":
        palette = np.array(image.getpalette() or [], np.uint8).reshape(-1, 3)
        return bool((palette == palette[:, :1]).all())
    return image.mode in _GREY_MODES or image.mode.startswith("I;16")


# --- More than 8 bits ------------------------------------------------------------------------------------------------


def low_bytes(data: bytes, image: ImageFile.ImageFile) -> Image.Image | None:
    """The lower bytes of a PNG with 16 bits a colour channel, read as if they were the upper ones; None: no such file.

    Pillow keeps the upper eight of sixteen bits.
    """
    if not _is_deep_png(image):
        return None
    tile = image.tile[0]
    again = Image.open(io.BytesIO(data), formats=("PNG",))
    again.tile = [tile._replace(args=str(tile[3]).replace("16B", "16L"))]
    again.load()
    return again


def _is_deep_png(image: ImageFile.ImageFile) -> bool:
    tile = image.tile[0] if image.tile else None
    return image.format == "PNG" and tile is not None and tile[3] in ("RGB;16B", "RGBA;16B")


def loses_bits(data: bytes, image: ImageFile.ImageFile) -> bool:
    """Whether the file has more than 8 bits a channel, of which Pillow keeps the upper 8."""
    if image.format == "JPEG2000" and image.mode not in ("I;16", "I"):
        start = data.find(_JPEG2000_SIZES)
        return start >= 0 and data[start + 42 : start + 43] > bytes([7])  # depth of the first component, less one
    tiles = getattr(image, "tile", ())
    return image.mode in ("RGB", "RGBA", "LA") and any(";16" in str(tile[3]) for tile in tiles)


def _deep_ppm(data: bytes) -> np.ndarray | None:
    """Colours of a PPM file of 16 bits, which Pillow reads with 8: (3, H, W) uint16, white is 65535."""
    header = _DEEP_PPM.match(data)
    if header is None:
        return None
    width, height, white = map(int, header.groups())
    if white < 256 or not 0 < width * height <= MAX_PIXELS:
        return None
    values = np.frombuffer(data, ">u2", 3 * width * height, header.end()).reshape(height, width, 3)
    spread = np.rint(np.minimum(values, white) * (FULL / white)).astype(np.uint16)
    return spread.transpose(2, 0, 1)


def _packed_white(image: ImageFile.ImageFile) -> float | None:
    """White of a TIFF file that packs 12 bits; None of any other."""
    packed = any("I;12" in str(tile[3]) for tile in getattr(image, "tile", ()))
    return 4095.0 if packed else None


# --- 8 bits, and transparency ----------------------------------------------------------------------------------------


def _eight_bits(image: Image.Image, notes: list[str]) -> np.ndarray:
    """Any Pillow mode of 8 bits to (C, H, W) uint8; says in `notes` what it took."""
    grey = is_grey(image)
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        planes = np.asarray(image.convert("RGBA")).transpose(2, 0, 1)
        colours = over_white(planes, True, notes)
        return colours[:1] if grey else colours
    if image.mode == "1":
        notes.append("1-bit to 8-bit")
    elif image.mode == "P":
        notes.append("palette to greyscale" if grey else "palette to RGB")
    elif image.mode not in ("L", "RGB"):
        notes.append(f"{image.mode} to RGB")
    array = np.asarray(image.convert("L" if grey else "RGB"))
    return array[None].copy() if grey else np.ascontiguousarray(array.transpose(2, 0, 1))


def over_white(planes: Num[np.ndarray, "c h w"], has_alpha: bool, notes: list[str]) -> Num[np.ndarray, "c2 h w"]:
    """Colours (C, H, W) laid over white where the last channel is transparency: without that channel, dtype kept.

    Args:
        has_alpha: whether it is.
        notes: words are added where something shows through.
    """
    if not has_alpha:
        return planes
    colours, alpha = planes[:-1], planes[-1]
    white = 1.0 if planes.dtype.kind == "f" else float(np.iinfo(planes.dtype).max)
    if (alpha == white).all():
        return colours
    notes.append("transparency laid over white")
    share = alpha.astype(np.float64) / white
    blended = colours * share + white * (1 - share)
    return blended.astype(planes.dtype) if planes.dtype.kind == "f" else np.rint(blended).astype(planes.dtype)
