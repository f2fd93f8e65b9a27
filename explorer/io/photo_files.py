"""Photos as files: read with all their bits, written back with the size, depth, transparency and profile they had.

Unlike ``images``, which makes pictures what a model takes, nothing is scaled, clipped or laid over white here.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Num, Shaped
from PIL import Image, ImageFile, ImageOps

from explorer.core.errors import DataError
from explorer.io.images import DECODER_ERRORS, MAX_BYTES, MAX_PIXELS, ORIENTATION, damaged, is_grey, read_header
from explorer.io.images import SUFFIXES as FORMATS_OF_ENDINGS

Depth = Literal["8 bit", "16 bit", "float"]
WHITE: dict[str, float] = {"8 bit": 255, "16 bit": 65535}
FLOAT_WHITES = (1, 255, 65535)
"""What white may be in a file of floating-point values: the first of these that most of the values stay below."""
SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "TIFF": ".tif", "BMP": ".bmp", "GIF": ".png"}
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True, "exact": True},
}


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture, and what its file had beside the pixels.

    Args:
        image: (C, H, W) float32, C 1 or 3, upright; white is 1, and floating-point files may go beyond.
        depth: of each value in the file.
        white: what stood for white there.
        format: as Pillow calls it.
        alpha: (H, W) transparency as stored, uint8 or uint16, or None.
        profile: the ICC colour profile, or None.
        notes: a few words on each thing that could not be kept.
    """

    image: Float[np.ndarray, "c h w"]
    depth: Depth = "8 bit"
    white: float = 255
    format: str = "PNG"
    alpha: Shaped[np.ndarray, "h w"] | None = None
    profile: bytes | None = None
    notes: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """Ending of the file that ``write_photo`` gives."""
        return SUFFIXES[self.format]


def read_photo(data: bytes, name: str, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> Photo:
    """Read a PNG, JPEG, WebP, TIFF, BMP or GIF file of any mode and depth; of several frames, the first.

    Args:
        data: the file; it is not trusted.
        name: of the file, for errors.
        max_pixels: limit of width times height, checked before anything is decoded.
        max_bytes: limit of the file.

    Raises:
        DataError: too large, not an image, cut short or damaged, or with values that are not finite.
    """
    if data[:4] in _TIFF_STARTS and len(data) <= max_bytes:
        photo = _read_tiff(data, name, max_pixels)
        if photo is not None:
            return photo
    read_header(data, name, max_pixels, max_bytes)
    with _decoding(name):
        return _read_with_pillow(data, FORMATS_OF_ENDINGS.get(PurePath(name).suffix.lower()))


def write_photo(photo: Photo, image: Num[np.ndarray, "*shape"]) -> bytes:
    """A file like the one that a photo was read from, with other pixels.

    Args:
        photo: as read.
        image: (C, H, W) float of its shape, white is 1; clipped unless the file holds floating-point values.

    Raises:
        ValueError: another shape.
    """
    if image.shape != photo.image.shape:
        raise ValueError(f"expected pixels of the shape {photo.image.shape}, got {image.shape}")
    if photo.depth == "float":
        return _tiff_bytes(photo, (image * photo.white).astype(np.float32))
    kind = np.uint16 if photo.depth == "16 bit" else np.uint8
    pixels = np.rint(np.clip(image, 0, 1) * photo.white).astype(kind)
    if photo.format == "TIFF":
        return _tiff_bytes(photo, pixels)
    if photo.depth == "16 bit":
        return _deep_png(photo, pixels)
    return _pillow_bytes(photo, pixels)


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    try:
        yield
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error


# --- Pillow ----------------------------------------------------------------------------------------------------------


def _read_with_pillow(data: bytes, promised: str | None = None) -> Photo:
    """A photo in a format that Pillow reads; says so where its name promised another one."""
    opened = Image.open(io.BytesIO(data))
    image: Image.Image = opened
    kept = image.format if image.format in SUFFIXES else "JPEG" if image.format == "MPO" else "PNG"
    notes = ["first of several frames"] if getattr(image, "is_animated", False) else []
    # Phones write JPEG files with a second picture, which Pillow calls MPO.
    if promised and image.format not in (promised, "MPO"):
        notes.append(f"{image.format} in spite of its name")
    notes += ["a GIF holds too few colours, so the result is a PNG"] if image.format == "GIF" else []
    shared: dict[str, Any] = {"format": kept, "profile": image.info.get("icc_profile")}
    low = _low_bytes(data, opened)
    image.load()
    if image.getexif().get(ORIENTATION, 1) != 1:
        notes.append("turned upright as its EXIF data says")
        image = ImageOps.exif_transpose(image)
        low = None if low is None else ImageOps.exif_transpose(low)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _deep_grey(image, shared, notes)
    alpha = image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info
    grey = is_grey(image)
    if image.mode not in ("1", "L", "LA", "RGB", "RGBA"):
        notes.append(f"{image.mode} became {'grey' if grey else 'RGB'}{' with transparency' if alpha else ''}")
    planes = np.asarray(image.convert("RGBA" if alpha else "RGB")).transpose(2, 0, 1)
    white: float = 255
    if low is not None:
        # Pillow keeps the upper eight of sixteen bits; the lower eight come from a second reading.
        planes, white = (planes.astype(np.uint16) << 8) | np.asarray(low).transpose(2, 0, 1), 65535
    picture = planes[:1] if grey else planes[:3]
    return Photo(
        np.divide(picture, np.float32(white), dtype=np.float32),
        depth="16 bit" if white > 255 else "8 bit",
        white=white,
        alpha=np.ascontiguousarray(planes[3]) if alpha else None,
        notes=tuple(notes),
        **shared,
    )


def _low_bytes(data: bytes, image: ImageFile.ImageFile) -> Image.Image | None:
    """The lower bytes of a PNG with 16 bits a colour channel, read as if they were the upper ones."""
    tile = image.tile[0] if image.tile else None
    if image.format != "PNG" or tile is None or tile[3] not in ("RGB;16B", "RGBA;16B"):
        return None
    again = Image.open(io.BytesIO(data))
    again.tile = [tile._replace(args=tile[3].replace("16B", "16L"))]
    again.load()
    return again


def _deep_grey(image: Image.Image, shared: dict[str, Any], notes: list[str]) -> Photo:
    """More than 8 bits a pixel: always greyscale in Pillow."""
    values = np.asarray(image).astype(np.float32)[None]
    white: float = 65535
    if image.mode in ("I", "F") and values.max(initial=0) > white:
        white = float(values.max())
        notes.append(f"values up to {white:g} became 16-bit ones")
    shared["format"] = shared["format"] if shared["format"] in ("PNG", "TIFF") else "PNG"
    return Photo(values / np.float32(white), depth="16 bit", white=65535, notes=tuple(notes), **shared)


def _pillow_bytes(photo: Photo, pixels: np.ndarray) -> bytes:
    planes = _with_alpha(photo, pixels)
    picture = Image.fromarray(planes[..., 0] if planes.shape[2] == 1 else planes)
    options = _OPTIONS.get(photo.format, {})
    out = io.BytesIO()
    picture.save(out, format="PNG" if photo.format == "GIF" else photo.format, icc_profile=photo.profile, **options)
    return out.getvalue()


def _with_alpha(photo: Photo, pixels: np.ndarray) -> np.ndarray:
    """(H, W, C) as files have it, with the transparency that came with the picture."""
    planes = pixels if photo.alpha is None else np.concatenate([pixels, photo.alpha[None]])
    return np.ascontiguousarray(planes.transpose(1, 2, 0))


# --- 16 bits and more ------------------------------------------------------------------------------------------------


def _deep_png(photo: Photo, pixels: np.ndarray) -> bytes:
    """A PNG with 16 bits a value, which Pillow writes in grey only (PNG specification, third edition)."""
    planes = _with_alpha(photo, pixels)
    height, width, samples = planes.shape
    rows = planes.astype(">u2").view(np.uint8).reshape(height, -1)
    # Each byte less the one above it (filter 2) packs far better than the byte itself.
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[samples]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0))]
    if photo.profile is not None:
        chunks.append((b"iCCP", b"ICC profile\0\0" + zlib.compress(photo.profile)))
    chunks += [(b"IDAT", zlib.compress(filtered.tobytes())), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _read_tiff(data: bytes, name: str, max_pixels: int) -> Photo | None:
    """A TIFF of 16 bits or of floating-point values; None for those that Pillow reads as well."""
    import tifffile  # takes 0.1 s, which other files need not wait for

    with _decoding(name), tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        is_float = page.dtype is not None and page.dtype.kind == "f"
        if not is_float and page.dtype != np.uint16:
            return None
        if page.imagewidth * page.imagelength > max_pixels:
            raise DataError(f"{name} has more than {max_pixels / 1e6:g} million pixels.", "Make it smaller.")
        if page.axes not in ("YX", "YXS", "SYX") or not 1 <= page.samplesperpixel <= 4 or not page.size:
            return None
        try:
            values = page.asarray()
        except KeyError:
            return None  # a compression that needs further libraries; Pillow may know it
        planes = values[None] if page.axes == "YX" else np.moveaxis(values, page.axes.index("S"), 0)
        planes = _upright(planes, page.tags.valueof(ORIENTATION, 1))
        if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE and not is_float:
            planes = 65535 - planes
        profile = page.tags.valueof("InterColorProfile")
    colours = 3 if len(planes) >= 3 else 1
    white, note = _white_of(planes[:colours], name) if is_float else (65535, "")
    return Photo(
        np.ascontiguousarray(planes[:colours], np.float32) / np.float32(white),
        depth="float" if is_float else "16 bit",
        white=white,
        format="TIFF",
        alpha=planes[-1].astype(np.float32 if is_float else np.uint16) if len(planes) in (2, 4) else None,
        profile=None if profile is None else bytes(profile),
        notes=(note,) if note else (),
    )


def _white_of(values: np.ndarray, name: str) -> tuple[float, str]:
    """What white is among floating-point values, which have no range of their own, and words on it."""
    if not np.isfinite(values).all():
        raise DataError(f"{name} holds values that are not finite.", "Replace them, or save it anew.")
    # Noise may go beyond white, so not the largest value decides.
    large = float(np.quantile(values, 0.99))
    white = next((float(white) for white in FLOAT_WHITES if large <= 2 * white), float(values.max()))
    return white, "" if white == 1 else f"{white:g} is taken for white"


def _upright(planes: np.ndarray, orientation: int) -> np.ndarray:
    """(C, H, W) turned as the TIFF tag of that name says."""
    if orientation in (5, 6, 7, 8):
        planes = planes.transpose(0, 2, 1)
    rows = {3: -1, 4: -1, 7: -1, 8: -1}.get(orientation, 1)
    columns = {2: -1, 3: -1, 6: -1, 7: -1}.get(orientation, 1)
    return planes[:, ::rows, ::columns]


def _tiff_bytes(photo: Photo, pixels: np.ndarray) -> bytes:
    import tifffile

    planes = _with_alpha(photo, pixels)
    out = io.BytesIO()
    tifffile.imwrite(
        out,
        planes[..., 0] if planes.shape[2] == 1 else planes,
        photometric="rgb" if len(pixels) == 3 else "minisblack",
        planarconfig="contig",
        extrasamples=None if photo.alpha is None else ["unassalpha"],
        iccprofile=photo.profile,
        compression="zlib",
        metadata=None,
    )
    return out.getvalue()
