"""Photos in the formats that Pillow reads and writes, and PNGs of 16 bits, which it writes in grey only."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Num
from PIL import ExifTags, Image, ImageFile, ImageOps, PngImagePlugin

from explorer.core.errors import DataError
from explorer.io.images import (
    ANIMATED,
    DECODER_ERRORS,
    damaged,
    frame_count,
    open_image,
    pictures_note,
    profiles,
    upright,
)
from explorer.io.images.asked import ImagesAsked
from explorer.io.images.frame import DecodedFrame, byte_frame, deep_frame, has_alpha, is_deep, is_grey, orientation
from explorer.io.photo_files.photo import SUFFIXES, Photo, StoredPhoto

_WRITER: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True, "exact": True},
}
_PNG_START = b"\x89PNG\r\n\x1a\n"


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """What decoders raise on damaged files becomes one error that names the file."""
    try:
        yield
    except DECODER_ERRORS as error:
        raise damaged(name, error) from error


def read(
    data: bytes, name: str, max_pixels: int, max_bytes: int, promised: str | None, asked: ImagesAsked
) -> StoredPhoto:
    """A photo in a format that Pillow reads.

    Args:
        data, name, max_pixels, max_bytes, asked: as in ``read_photo``.
        promised: the format that the file's name speaks of.
    """
    opened = open_image(data, name, max_pixels, max_bytes)
    with decoding(name):
        notes = _format_notes(opened, promised)
        in_file = frame_count(opened)
        count = 1 if asked.pages == "first" else in_file
    if count * opened.width * opened.height > max_pixels:
        raise DataError(
            f"The {count} frames of {name} have more than {max_pixels / 1e6:g} million pixels.",
            "Split it, make it smaller, or take its first picture with --pages first.",
        )
    if in_file > 1:
        kind = "pages" if opened.format == "TIFF" else "frames"
        if count > 1:
            notes.append(f"{count} {kind}, each cleaned on its own")
        else:
            notes.append(f"the first of {in_file} {kind} only, as asked")
    with decoding(name):
        deep = deep_frame(data, opened, notes) if count == 1 else None
        if count > 1 and is_deep(data, opened) and not opened.mode.startswith(("I", "F")):
            notes.append("its frames of more than 8 bits are read with 8")
        frames = list(_frames(opened, count, notes, deep))
        turned = frames[0].turned
        if turned != 1:
            notes.append("turned upright as its EXIF data says")
        first = frames[0].image
        options = _options(first if turned == 1 else ImageOps.exif_transpose(first), opened.format or "", notes)
        if count > 1:
            options |= {"duration": [frame.duration for frame in frames], "loop": opened.info.get("loop", 0)}
        read_frames, notes_of_planes = _read_frames(frames, opened)
        notes += notes_of_planes
    has_alpha = read_frames[0].has_alpha
    planes = np.stack([frame.planes for frame in read_frames])
    values, kept = (planes[:, :-1], planes[:, -1:]) if has_alpha else (planes, None)
    if has_alpha:
        notes.append("transparency is kept as it was")
    values = _narrow(values)
    profile = profiles.fitting(read_frames[0].profile, values.shape[1] == 1, notes)
    written = _written_format(opened.format or "", values.dtype)
    left_out = in_file - len(frames)
    return StoredPhoto(values, written, kept, profile, options, tuple(notes), read_frames[0].white, left_out=left_out)


def _narrow(values: np.ndarray) -> np.ndarray:
    """Values of 32 bits in 16 where these hold all of them: Pillow gives grey of 16 bits as 32."""
    if values.dtype == np.int32 and values.min(initial=0) >= 0 and values.max(initial=0) <= np.iinfo(np.uint16).max:
        return values.astype(np.uint16)
    return values


def _written_format(read_format: str, dtype: np.dtype) -> str:
    if dtype.kind == "f" or dtype.itemsize > 2 or dtype.kind == "i":
        return "TIFF"
    kept = "JPEG" if read_format == "MPO" else read_format if read_format in SUFFIXES else "PNG"
    return kept if dtype == np.uint8 or kept == "TIFF" else "PNG"


def _format_notes(image: ImageFile.ImageFile, promised: str | None) -> list[str]:
    # Phones write JPEG files with a second picture, which Pillow calls MPO.
    notes = [f"{image.format} in spite of its name"] if promised and image.format not in (promised, "MPO") else []
    if image.format == "GIF":
        notes.append("a GIF holds too few colours, so the result is a PNG")
    elif image.format not in (*SUFFIXES, "MPO"):
        notes.append(f"{image.format} is not written, so the result is a PNG")
    if image.format != "TIFF" and image.format not in ANIMATED and (note := pictures_note(image)):
        notes.append(note)
    return notes


# --- Frames ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _FileFrame:
    """One frame as Pillow has it, how it is to be turned, and its numbers where these have more than 8 bits."""

    image: Image.Image
    duration: float
    turned: int = 1
    deep: DecodedFrame | None = None


def _frames(
    opened: ImageFile.ImageFile, count: int, notes: list[str], deep: DecodedFrame | None
) -> Iterator[_FileFrame]:
    """Each frame of the first one's size."""
    size, others = opened.size, 0
    for number in range(count):
        if count > 1:
            opened.seek(number)
        if opened.size != size:
            others += 1
            continue
        opened.load()
        # The frames of one file have one orientation, and a copy's own EXIF data may be missing.
        frame: Image.Image = opened if count == 1 else opened.copy()
        turned = orientation(frame)
        if turned in (5, 6, 7, 8) and "dpi" in frame.info:
            frame.info["dpi"] = frame.info["dpi"][::-1]
        yield _FileFrame(frame, float(opened.info.get("duration", 0) or 0), turned, deep)
    if others:
        notes.append(f"{others} of {count} pages are of another size and left out")


def _read_frames(frames: list[_FileFrame], opened: ImageFile.ImageFile) -> tuple[list[DecodedFrame], list[str]]:
    """The numbers of all frames, in grey, colours and transparency alike, and words on what was done to the first."""
    if all(frame.deep is not None for frame in frames):
        return [frame.deep for frame in frames if frame.deep is not None], []
    pictures = [frame.image for frame in frames]
    if all(picture.mode.startswith("I") or picture.mode == "F" for picture in pictures):
        return [
            DecodedFrame(upright(np.asarray(frame.image)[None], frame.turned), profile=opened.info.get("icc_profile"))
            for frame in frames
        ], []
    grey = all(is_grey(picture) for picture in pictures)
    alpha = any(has_alpha(picture) or "transparency" in opened.info for picture in pictures)
    notes: list[str] = []
    return [byte_frame(picture, [] if n else notes, grey, alpha) for n, picture in enumerate(pictures)], notes


# --- Metadata --------------------------------------------------------------------------------------------------------


def _options(image: Image.Image, read_format: str, notes: list[str]) -> dict[str, Any]:
    """What the file says beside its pixels, as arguments of ``_saved``."""
    info = image.info
    options: dict[str, Any] = {name: info[name] for name in ("dpi", "xmp", "gamma") if info.get(name)}
    if image.getexif():
        options["exif"] = _exif(image)
    if read_format == "PNG":
        options["text"] = {k: v for k, v in getattr(image, "text", info).items() if isinstance(v, str)}
        options["text"].pop("XML:com.adobe.xmp", None)
        options["text"].pop("Raw profile type exif", None)
    if read_format in ("JPEG", "MPO"):
        options["comment"] = info.get("comment")
        options["segments"] = [body for kind, body in getattr(image, "applist", ()) if kind == "APP13"]
        if info.get("photoshop") and not options["segments"]:
            notes.append("its IPTC data are left out, since it was turned")
    return {name: value for name, value in options.items() if value}


def _exif(image: Image.Image) -> bytes:
    """EXIF data for a picture that stands upright."""
    raw: bytes | None = image.info.get("exif")
    exif = image.getexif()
    settings = exif.get_ifd(ExifTags.IFD.Exif)
    sides = (ExifTags.Base.ExifImageWidth, image.width), (ExifTags.Base.ExifImageHeight, image.height)
    if raw is not None and all(settings.get(tag, side) == side for tag, side in sides):
        return raw
    for tag, side in sides:
        if tag in settings:
            settings[tag] = side
    return exif.tobytes()


# --- Writing ---------------------------------------------------------------------------------------------------------


def write(photo: Photo, images: Num[np.ndarray, "pages c h w"]) -> bytes:
    """A file of these (N, C, H, W) pictures, in the photo's format."""
    pages = []
    for number, image in enumerate(images):
        values = photo.scale.to_values(image, photo.images[number])
        planes = values if photo.kept is None else np.concatenate([values, photo.kept[number]])
        pages.append(np.ascontiguousarray(planes.transpose(1, 2, 0)))
    if pages[0].dtype == np.uint8:
        return _saved([Image.fromarray(page[..., 0] if page.shape[2] == 1 else page) for page in pages], photo)
    return _deep_png(pages[0], photo)


def _saved(pictures: list[Image.Image], photo: Photo) -> bytes:
    options = {"icc_profile": photo.profile, **_WRITER.get(photo.format, {})}
    known = {"exif", "duration", "loop"} | ({"comment", "xmp"} if photo.format == "JPEG" else set())
    options |= {name: value for name, value in photo.options.items() if name in known | {"dpi"}}
    if photo.format == "JPEG":
        options["extra"] = b"".join(_segment(body) for body in photo.options.get("segments", ()))
    elif photo.format == "WEBP":
        options["xmp"] = photo.options.get("xmp", b"")
    elif photo.format == "PNG":
        options["pnginfo"] = _png_info(photo.options)
    if len(pictures) > 1:
        options |= {"save_all": True, "append_images": pictures[1:]}
    out = io.BytesIO()
    pictures[0].save(out, format=photo.format, **options)
    return out.getvalue()


def _segment(body: bytes) -> bytes:
    """An APP13 segment of a JPEG file (ITU-T T.81, B.2.4.6)."""
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def _png_info(options: Mapping[str, Any]) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, text in options.get("text", {}).items():
        info.add_itxt(key, text)
    if xmp := options.get("xmp"):
        info.add_itxt("XML:com.adobe.xmp", xmp if isinstance(xmp, str) else xmp.decode("utf-8", "replace"))
    if gamma := options.get("gamma"):
        info.add(b"gAMA", struct.pack(">I", round(gamma * 100_000)))
    return info


def _deep_png(planes: np.ndarray, photo: Photo) -> bytes:
    """(H, W, S) of 16 bits as a PNG (PNG specification, third edition)."""
    height, width, samples = planes.shape
    rows = planes.astype(">u2").view(np.uint8).reshape(height, -1)
    # Each byte less the one above it (filter 2) packs far better than the byte itself.
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[samples]
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0))
    # Pillow writes what stands beside the pixels; a pixel of its own comes with it and is left out.
    small = _saved([Image.new("L" if samples < 3 else "RGB", (1, 1))], photo)
    beside = [(kind, body) for kind, body in _chunks(small) if kind not in (b"IHDR", b"IDAT", b"IEND")]
    chunks = [header, *beside, (b"IDAT", zlib.compress(filtered.tobytes())), (b"IEND", b"")]
    return _PNG_START + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG_START)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12
