"""Untrusted bytes to (C, H, W) arrays, and arrays to PNG: thumbnails, grids, sprite sheets."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from jaxtyping import Float, Num, UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from explorer.core.errors import DataError

MAX_PIXELS = 100_000_000
MAX_BYTES = 256 << 20
SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".gif": "GIF",
}
_FORMATS = tuple(sorted(set(SUFFIXES.values())))
# What Pillow's decoders have been seen to raise on damaged files, or may: they parse in Python and in C.
DECODER_ERRORS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
ORIENTATION = 0x0112
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's own conversion
_SIXTEEN_BITS = 65535
_GREY_MODES = ("1", "L", "LA", "La", "I", "F")


@dataclass(frozen=True, eq=False)
class DecodedImage:
    """An image as it was in its file.

    Args:
        array: (C, H, W), C 1 or 3: uint8, or float32 in [0, 1] where the file had more than 8 bits.
        notes: a few words for each conversion on the way.
    """

    array: Num[np.ndarray, "c h w"]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageHeader:
    """What a file says about its image, without decoding it.

    Args:
        height, width: in pixels, upright.
        channels: 1 or 3.
    """

    height: int
    width: int
    channels: int


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
    image = _open(data, name, max_pixels, max_bytes)
    try:
        width, height = image.size
        if image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8):  # these turn it by 90 degrees
            width, height = height, width
        return ImageHeader(height, width, 1 if is_grey(image) else 3)
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error


def decode_image(data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> DecodedImage:
    """Decode a PNG, JPEG, WebP, TIFF, BMP or GIF file of any colour mode.

    Args:
        data: the file; it is not trusted.
        name: of the file, for notes and errors.
        max_pixels: limit of width times height, checked before anything is decoded; above 178 million
            Pillow's own limit holds.
        max_bytes: limit of the file.

    Returns:
        The first frame, upright, transparency laid over white, colour as RGB.

    Raises:
        DataError: the file is too large, not an image, cut short or damaged.
    """
    image = _open(data, name, max_pixels, max_bytes)
    notes = []
    try:
        expected = SUFFIXES.get(PurePath(name).suffix.lower())
        # Phones write JPEG files with a second picture, which Pillow calls MPO.
        if expected and image.format not in (expected, "MPO"):
            notes.append(f"{image.format} in spite of its name")
        if getattr(image, "is_animated", False):
            notes.append("first frame only")
        if _loses_bits(image):
            notes.append("16-bit colour read with 8 bits")
        image.load()
        if image.getexif().get(ORIENTATION, 1) != 1:
            image = ImageOps.exif_transpose(image)
            notes.append("turned upright as its EXIF data says")
        array = _to_array(image, notes)
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error
    return DecodedImage(array, tuple(notes))


def _open(data: bytes, name: str, max_pixels: int, max_bytes: int) -> Image.Image:
    if len(data) > max_bytes:
        raise DataError(
            f"{name} has {len(data) / 2**20:.0f} MiB; the limit is {max_bytes / 2**20:.0f} MiB.", "Make it smaller."
        )
    if not data:
        raise DataError(f"{name} is empty.", "Copy it again.")
    too_large = DataError(f"{name} has more than {max_pixels / 1e6:g} million pixels.", "Make it smaller.")
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise DataError(f"{name} is not an image.", f"Readable: {', '.join(_FORMATS)}.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error
    if image.width * image.height > max_pixels:
        raise too_large
    if image.width * image.height == 0:
        raise DataError(f"{name} has no pixels.", "Use another image.")
    return image


def damaged(name: str, error: BaseException) -> DataError:
    """What to tell of a file that a decoder gave up on."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return DataError(f"{name} is damaged or cut short: {reason}.", "Copy it again, or save it anew as PNG.")


def is_grey(image: Image.Image) -> bool:
    """Whether a Pillow image has no colours, in whatever mode."""
    if image.mode == "P":
        palette = np.array(image.getpalette() or [], np.uint8).reshape(-1, 3)
        return bool((palette == palette[:, :1]).all())
    return image.mode in _GREY_MODES or image.mode.startswith("I;16")


def _loses_bits(image: Image.Image) -> bool:
    """Whether the file has 16 bits a colour channel: Pillow has no such mode and keeps the upper 8."""
    return image.mode in ("RGB", "RGBA", "LA") and any(";16" in str(tile[3]) for tile in getattr(image, "tile", ()))


def _to_array(image: Image.Image, notes: list[str]) -> np.ndarray:
    """Any Pillow mode to (C, H, W); says in `notes` what it took."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _deep_to_array(image, notes)
    grey = is_grey(image)
    if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
        image = _over_white(image.convert("RGBA"), notes)
    elif image.mode == "1":
        notes.append("1-bit to 8-bit")
    elif image.mode == "P":
        notes.append("palette to greyscale" if grey else "palette to RGB")
    elif image.mode not in ("L", "RGB"):
        notes.append(f"{image.mode} to RGB")
    array = np.asarray(image.convert("L" if grey else "RGB"))
    return array[None].copy() if grey else np.ascontiguousarray(array.transpose(2, 0, 1))


def _over_white(image: Image.Image, notes: list[str]) -> Image.Image:
    if image.getchannel("A").getextrema() != (255, 255):
        notes.append("transparency laid over white")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _deep_to_array(image: Image.Image, notes: list[str]) -> np.ndarray:
    """More than 8 bits a pixel, always greyscale in Pillow: (1, H, W) float32 in [0, 1]."""
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are not finite")
    low, high = float(values.min()), float(values.max())
    if image.mode == "F" and low >= 0 and high <= 1:
        notes.append("floating point, kept in full")
    elif image.mode != "F" and low >= 0 and high <= _SIXTEEN_BITS:
        values /= _SIXTEEN_BITS
        notes.append("16-bit, kept in full")
    else:
        values = (values - low) / max(high - low, np.finfo(np.float64).tiny)
        notes.append(f"values from {low:g} to {high:g} stretched to 0 to 1")
    return values.astype(np.float32)[None]


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


def fit_image(
    image: Num[np.ndarray, "*shape"], event_shape: tuple[int, ...]
) -> tuple[Float[np.ndarray, "c2 h2 w2"], str]:
    """Make an image what a model takes: channels converted, the middle cut to its shape, resized with antialiasing.

    Args:
        image: (C, H, W), C 1 or 3, uint8 or float32 in [0, 1].
        event_shape: (C, H, W) wanted, C 1 or 3.

    Returns:
        (C, H, W) float32 in [0, 1], and a few words on what was done, empty if nothing was.

    Raises:
        DataError: either shape is not that of an image.
    """
    if image.ndim != 3 or image.shape[0] not in (1, 3) or 0 in image.shape:
        raise DataError(f"An image has the shape (1 or 3, height, width), not {image.shape}.", "Use another image.")
    if len(event_shape) != 3 or event_shape[0] not in (1, 3) or min(event_shape) < 1:
        raise DataError(f"Items of the shape {event_shape} are not images.", "Use a model or dataset of images.")
    channels, height, width = event_shape
    x, note = with_channels(image, channels)
    notes = [note] if note else []
    if x.shape[1:] != (height, width):
        notes.append(_resize_note(x.shape[1], x.shape[2], height, width))
        x = _resize(x, height, width)
    return x, ", ".join(notes)


def with_channels(image: Num[np.ndarray, "c h w"], channels: int) -> tuple[Float[np.ndarray, "c2 h2 w2"], str]:
    """An image with the wanted number of channels, and a few words on what that took, empty if nothing.

    Args:
        image: (C, H, W), C 1 or 3, uint8 or float in [0, 1].
        channels: 1 for greyscale (ITU-R BT.601) or 3 for RGB.

    Returns:
        (channels, H, W) float32 in [0, 1], and the words.
    """
    x = to_float(image)
    if channels == 1 and len(x) == 3:
        return np.tensordot(LUMA, x, axes=1)[None], "colour to greyscale"
    if channels == 3 and len(x) == 1:
        return np.repeat(x, 3, axis=0), "greyscale to RGB"
    return x, ""


def _centre_box(h: int, w: int, height: int, width: int) -> tuple[float, float, float, float]:
    """The largest centred box of h x w with the sides' ratio of height x width: left, top, right, bottom."""
    scale = min(h / height, w / width)
    top, left = (h - height * scale) / 2, (w - width * scale) / 2
    return left, top, left + width * scale, top + height * scale


def _resize(x: np.ndarray, height: int, width: int) -> np.ndarray:
    h, w = x.shape[1:]
    left, top, right, bottom = _centre_box(h, w, height, width)
    box = (max(0.0, left), max(0.0, top), min(float(w), right), min(float(h), bottom))
    planes = [
        np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.LANCZOS, box=box)) for plane in x
    ]
    return np.clip(np.stack(planes), 0, 1)  # Lanczos overshoots at edges


def _resize_note(h: int, w: int, height: int, width: int) -> str:
    left, top, _, _ = _centre_box(h, w, height, width)
    cropped = "middle cut out and " if max(left, top) >= 1 else ""  # less is rounding, not a crop
    return f"{cropped}resized from {w}x{h} to {width}x{height}"


def shrunk(x: Num[np.ndarray, "n c h w"], step: int) -> Num[np.ndarray, "n c h2 w2"]:
    """Images whose pixels are the means of squares of ``step`` x ``step``; a rest at the right and below is left out.

    Args:
        x: (N, C, H, W), uint8 or float; sides of ``step`` or more.
        step: pixels that become one, each way.

    Returns:
        (N, C, H // step, W // step), dtype kept.
    """
    if step == 1:
        return x
    n, channels, height, width = x.shape
    rows, columns = height // step, width // step
    blocks = x[:, :, : rows * step, : columns * step].reshape(n, channels, rows, step, columns, step)
    means = blocks.mean((3, 5), dtype=np.float32)
    return np.rint(means).astype(np.uint8) if x.dtype == np.uint8 else means.astype(x.dtype)


def png_bytes(x: Num[np.ndarray, "*shape"], scale: int = 1, effort: int = 6) -> bytes:
    """Encode an image as PNG.

    Args:
        x: (C, H, W), C 1 or 3, uint8 or float in [0, 1] (values outside are clipped).
        scale: each pixel becomes a square of scale x scale, never blurred.
        effort: of the compression, 0 to 9; with 1 a large noisy picture takes several times less time, few bytes more.

    Raises:
        ValueError: the shape is not that of an image, or the scale is below 1.
    """
    if x.ndim != 3 or x.shape[0] not in (1, 3) or scale < 1:
        raise ValueError(f"expected (1 or 3, H, W) and a scale of 1 or more, got {x.shape} and {scale}")
    pixels = to_uint8(x).repeat(scale, axis=1).repeat(scale, axis=2)
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
