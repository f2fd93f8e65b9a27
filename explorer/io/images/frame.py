"""One frame of an image that Pillow opens, in the numbers of its file: all bits, colours and transparency apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num, Shaped, UInt8
from PIL import Image, ImageFile

from explorer.io.images import profiles
from explorer.io.images.tiff import upright

ORIENTATION = 0x0112
FULL = 65535
_GREY_MODES = ("1", "L", "LA", "La", "I", "F")
_WITH_ALPHA = ("RGBA", "RGBa", "LA", "La", "PA")
_SPACE = rb"(?:\s|#[^\n]*\n)+"
_DEEP_PPM = re.compile(rb"(P[36])" + _SPACE + rb"(\d{1,6})" + _SPACE + rb"(\d{1,6})" + _SPACE + rb"(\d{3,5})\s")
_COMMENT = re.compile(rb"#[^\n]*")
_JPEG2000_SIZES, _AV1_SETTINGS = b"\xff\x4f\xff\x51", b"av1C"
_DEEP_TILE = re.compile(r";16[BLN]")
_NAMES = {"P": "palette", "PA": "palette"}


@dataclass(frozen=True, eq=False)
class DecodedFrame:
    """A picture in the numbers of its file.

    Args:
        planes: (S, H, W) upright: colours, and transparency last where there is any.
        has_alpha: whether there is.
        white: which number is white, where the file itself says so.
        profile: the ICC profile in the file, or that of colours which were made RGB; None: none.
    """

    planes: Shaped[np.ndarray, "s h w"]
    has_alpha: bool = False
    white: float | None = None
    profile: bytes | None = None


def is_grey(image: Image.Image) -> bool:
    """Whether a Pillow image has no colours, in whatever mode."""
    if image.mode == "P":
        palette = np.array(image.getpalette() or [], np.uint8).reshape(-1, 3)
        return bool((palette == palette[:, :1]).all())
    if any(str(tile[3]).startswith("LA;16") for tile in getattr(image, "tile", ())):  # a PNG that Pillow opens as RGBA
        return True
    return image.mode in _GREY_MODES or image.mode.startswith("I;16")


def has_alpha(image: Image.Image) -> bool:
    """Whether a Pillow image has transparency, in whatever way."""
    return image.mode in _WITH_ALPHA or "transparency" in image.info


# --- More than 8 bits ------------------------------------------------------------------------------------------------


def is_deep(data: bytes, image: ImageFile.ImageFile) -> bool:
    """Whether a file that has not been decoded may hold other numbers than those of 8 bits."""
    return image.mode in ("I", "F") or image.mode.startswith("I;16") or _bits(data, image) > 8


def deep_frame(data: bytes, image: ImageFile.ImageFile, notes: list[str]) -> DecodedFrame | None:
    """The first picture of a file of more than 8 bits a number, or of floating-point ones; None of any other.

    Pillow gives these in grey only: of colours it keeps the upper 8 bits.

    Args:
        data: the file.
        image: the same, opened by Pillow and not yet decoded.
        notes: words are added where some of the bits cannot be read.
    """
    kind, profile = image.format, image.info.get("icc_profile")
    if (planes := _deep_ppm(data)) is not None:
        return DecodedFrame(planes, white=FULL)
    bits = _bits(data, image)
    turned = orientation(image)  # after the bits: it decodes a PNG
    is_pillows = image.mode in ("I", "F") or image.mode.startswith("I;16")
    if bits > 8 and (kind == "JPEG2000" or not is_pillows):
        values = _unpacked(data, kind or "")
        if values is None or values.dtype.itemsize == 1:
            notes.append(f"its values of {bits} bits are read with 8")
            return None
        planes = np.atleast_3d(values).transpose(2, 0, 1)
        white = None if kind == "PNG" or values.dtype.kind == "i" else float(2**bits - 1)
        return DecodedFrame(upright(planes, turned), len(planes) in (2, 4), white, profile)
    if not is_pillows:
        return None
    packed = 4095.0 if any("I;12" in str(tile[3]) for tile in getattr(image, "tile", ())) else None
    image.load()
    values = upright(np.asarray(image)[None], turned)
    if kind == "PPM" and image.mode != "F":  # Pillow spreads its values over 16 bits, as its header says
        return DecodedFrame(values.astype(np.uint16), white=FULL, profile=profile)
    return DecodedFrame(values.astype(values.dtype.newbyteorder("=")), white=packed, profile=profile)


def orientation(image: Image.Image) -> int:
    """How a picture is to be turned, by its EXIF data; 1: not at all."""
    turned = image.getexif().get(ORIENTATION, 1)
    return turned if isinstance(turned, int) and 1 <= turned <= 8 else 1


def _bits(data: bytes, image: ImageFile.ImageFile) -> int:
    """Bits of each number, as far as the file says that there are more than 8."""
    if image.format == "PPM":
        deep = _DEEP_PPM.match(data)
        return 16 if deep is not None and int(deep.group(4)) > 255 else 8
    if image.format == "JPEG2000":  # depth of the first component, less one (ISO/IEC 15444-1, A.5.1)
        start = data.find(_JPEG2000_SIZES)
        return (data[start + 42] & 0x7F) + 1 if 0 <= start < len(data) - 42 else 8
    if image.format == "AVIF":  # high_bitdepth and twelve_bit (AV1 Codec ISO Media File Format Binding, 2.3.3)
        start = data.find(_AV1_SETTINGS)
        flags = data[start + 6] if 0 <= start < len(data) - 6 else 0
        return 8 if not flags & 0x40 else 12 if flags & 0x20 else 10
    if image.format == "SGI":  # bytes of each number
        return 8 * data[3]
    tiles = getattr(image, "tile", ())
    return 16 if any(_DEEP_TILE.search(str(tile[3])) for tile in tiles) else 8


def _unpacked(data: bytes, kind: str) -> np.ndarray | None:
    """(H, W) or (H, W, S) numbers with all their bits; None for formats that nothing here reads so."""
    import imagecodecs  # takes 0.1 s, which other files need not wait for

    decoders = {"PNG": "png_decode", "JPEG2000": "jpeg2k_decode", "AVIF": "avif_decode"}
    if kind not in decoders:
        return None
    return np.asarray(getattr(imagecodecs, decoders[kind])(data))


def _deep_ppm(data: bytes) -> np.ndarray | None:
    """Colours of a PPM file of 16 bits, which Pillow reads with 8: (3, H, W) uint16, white is 65535."""
    header = _DEEP_PPM.match(data)
    if header is None:
        return None
    width, height, white = map(int, header.groups()[1:])
    if white < 256:
        return None
    n = 3 * width * height
    if header.group(1) == b"P6":
        values = np.frombuffer(data, ">u2", n, header.end())
    else:
        values = np.array(_COMMENT.sub(b"", data[header.end() :]).split()[:n], np.int64)
    spread = np.rint(np.minimum(values, white) * (FULL / white)).astype(np.uint16)
    return spread.reshape(height, width, 3).transpose(2, 0, 1)


# --- 8 bits ----------------------------------------------------------------------------------------------------------


def byte_frame(
    image: Image.Image, notes: list[str], grey: bool | None = None, alpha: bool | None = None
) -> DecodedFrame:
    """A decoded picture of any mode of 8 bits or fewer.

    Args:
        image: of the frame.
        notes: words on each conversion are added.
        grey, alpha: whether it is to be grey, and to have transparency, as other frames of its file; None: as it is.
    """
    grey = is_grey(image) if grey is None else grey
    alpha = has_alpha(image) if alpha is None else alpha
    profile: bytes | None = image.info.get("icc_profile")
    mode, turned = image.mode, orientation(image)
    if mode in ("CMYK", "LAB"):
        image, profile = profiles.to_rgb(image, profile, notes)
    elif mode == "1":
        notes.append("1-bit became 8-bit grey")
    elif mode not in ("L", "LA", "RGB", "RGBA"):
        notes.append(f"{_NAMES.get(mode, mode)} became {'grey' if grey else 'RGB'}")
    return DecodedFrame(upright(_bytes(image, grey, alpha), turned), alpha, profile=profile)


def _bytes(image: Image.Image, grey: bool, alpha: bool) -> UInt8[np.ndarray, "s h w"]:
    if not alpha:
        array = np.asarray(image.convert("L" if grey else "RGB"))
        return array[None] if grey else array.transpose(2, 0, 1)
    planes = np.asarray(image.convert("RGBA")).transpose(2, 0, 1)
    return planes[[0, 3]] if grey else planes


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
