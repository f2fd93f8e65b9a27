"""TIFF files: pages, channels, values of any kind, and the tags that say what they are."""

from __future__ import annotations

import io
import json
import re
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Num
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from explorer.core.errors import DataError
from explorer.io.images import DECODER_ERRORS, ORIENTATION, profiles
from explorer.io.images.asked import Axes, ImagesAsked
from explorer.io.images.tiff import has_alpha, holds_numbers, like_first, page_count, page_values, stated_white
from explorer.io.photo_files.photo import Photo, StoredPhoto
from explorer.io.photo_files.pillow import decoding

if TYPE_CHECKING:
    import tifffile

_TEXT, _SOFTWARE, _XMP, _PROFILE = 270, 305, 700, 34675
_IMAGEJ = (50838, 50839)
_TAGS = (269, _TEXT, 271, 272, 285, _SOFTWARE, 306, 315, 316, _XMP, 33432, 33550, 33922, 33723, 34377, 34735, 34736)
_TAGS_IN_FULL = frozenset((*_TAGS, 34264, 34737, 42112, 42113, *_IMAGEJ))
"""Tags that hold whatever the pixels are: words, dates, XMP, IPTC, places on earth, ImageJ's own."""
_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)


@dataclass(frozen=True)
class _SampleLayout:
    """How the pictures of a file lie in it.

    Args:
        samples: pictures that one page holds as its samples, as microscopes and satellites write them.
        alpha: whether the last of the planes beside the colours is transparency.
        separate: whether each plane lies for itself.
    """

    samples: int = 1
    alpha: bool = True
    separate: bool = False


def read(data: bytes, name: str, max_pixels: int, asked: ImagesAsked) -> StoredPhoto | None:
    """A TIFF of whole numbers or floating-point values; None for those that only Pillow reads.

    Those are pages of fewer than 8 bits, with a palette, of CMYK, Lab or YCbCr colours, or packed in ways that need
    further libraries.

    Args:
        data, name, max_pixels, asked: as in ``read_photo``.
    """
    import tifffile  # takes 0.1 s, which other files need not wait for

    notes: list[str] = []
    with decoding(name), tifffile.TiffFile(io.BytesIO(data)) as file:
        first = file.pages.first
        if not holds_numbers(first, name):
            return None
        pages = like_first(file)
        in_file = page_count(file, pages)
        others = len(file.pages) - len(pages)
        if others:
            notes.append(f"{others} of {len(file.pages)} pages are of another size or kind and left out")
        wanted = [0] if asked.pages == "first" else None
        if first.imagewidth * first.imagelength * (in_file if wanted is None else 1) > max_pixels:
            raise DataError(
                f"{name} has more than {max_pixels / 1e6:g} million pixels.",
                "Split it, make it smaller, or take its first page with --pages first.",
            )
        values = page_values(file, pages, notes, wanted)
        if values is None:
            return None
        turned = first.tags.valueof(ORIENTATION, 1)
        pictures, kept, layout = _grouped(values, first, notes)
        options = _options(file, data, turned, notes) | {"layout": layout}
        profile = first.tags.valueof(_PROFILE)
        white = stated_white(first)
    if wanted is not None and in_file > 1:
        notes.append(f"the first of {in_file} pages only, as asked")
        others += in_file - 1
        options = _of_one_page(options)
    axes, pictures = _as_asked(pictures, asked.axes, name)
    if axes == "NCHW":
        options["planes"] = True
        notes.append("each three planes are the red, green and blue of one picture, as asked")
    if len(pictures) > 1:
        notes.append(f"{len(pictures)} pictures, each cleaned on its own{_axes(options)}")
    fitting = profiles.fitting(None if profile is None else bytes(profile), pictures.shape[1] == 1, notes)
    return StoredPhoto(pictures, "TIFF", kept, fitting, options, tuple(notes), white, axes, others)


def _as_asked(pictures: np.ndarray, asked: Axes | None, name: str) -> tuple[Axes | None, np.ndarray]:
    """The axes of a stack of grey planes, and its pictures; None: it is no such stack.

    Raises:
        DataError: its planes cannot be what is asked for.
    """
    count, channels, height, width = pictures.shape
    if channels != 1 or count == 1:
        return None, pictures
    if asked in (None, "NHW"):
        return "NHW", pictures
    if asked not in ("CHW", "NCHW") or count % 3:
        raise DataError(
            f"{name} holds {count} planes of {width}x{height} pixels, which have no axes {asked}.",
            f"Say --axes NHW{' or --axes NCHW' if count % 3 == 0 else ''}.",
        )
    return "NCHW", pictures.reshape(count // 3, 3, height, width)


def with_tags(photo: StoredPhoto, data: bytes, name: str) -> StoredPhoto:
    """A photo that Pillow read from a TIFF, with its tags."""
    import tifffile

    notes = list(photo.notes)
    with decoding(name), tifffile.TiffFile(io.BytesIO(data)) as file:
        turned = file.pages.first.tags.valueof(ORIENTATION, 1)
        options = _options(file, data, turned, notes)
    return replace(photo, options=options, notes=tuple(notes))


# --- Pages ---------------------------------------------------------------------------------------------------------


def _grouped(
    values: np.ndarray, page: tifffile.TiffPage, notes: list[str]
) -> tuple[np.ndarray, np.ndarray | None, _SampleLayout]:
    """(P, S, H, W) samples as (N, C, H, W) pictures, what lies beside their colours, and how it all lay."""
    import tifffile

    samples, separate = values.shape[1], page.axes == "SYX"
    alpha = has_alpha(page)
    colours = 3 if page.photometric == tifffile.PHOTOMETRIC.RGB and samples >= 3 else 1
    if colours == 1 and samples > 1 and not (alpha and samples == 2):
        height, width = values.shape[2:]
        notes.append(f"{samples} channels a page, none of them a colour that is named")
        return values.reshape(-1, 1, height, width), None, _SampleLayout(samples, separate=separate)
    kept = values[:, colours:] if samples > colours else None
    if kept is not None:
        notes.append("transparency is kept as it was" if alpha else "the channels beside RGB are kept as they were")
    return values[:, :colours], kept, _SampleLayout(alpha=alpha, separate=separate)


# --- Tags ------------------------------------------------------------------------------------------------------------


def _options(file: tifffile.TiffFile, data: bytes, turned: int, notes: list[str]) -> dict[str, Any]:
    """What the file says beside its pixels, and how it says it."""
    first = file.pages.first
    tags: list[tuple[Any, ...]] = [tag.astuple() for tag in first.tags if tag.code in _TAGS_IN_FULL]
    if turned != 1:  # other readers must not turn it once more
        tags = [_upright_words(tag) if tag[0] == _XMP else tag for tag in tags]
    tags.append((ORIENTATION, 3, 1, 1, True))
    if file.is_shaped:  # tifffile's own words on the shape, which may have to change
        tags = [tag for tag in tags if tag[0] != _TEXT]
        words = json.loads(first.description)
        words.pop("truncated", None)  # all pages are written
        if turned == 1:
            tags.append((_TEXT, 2, 0, json.dumps(words), True))
    resolution = [first.tags.valueof(code) for code in ("XResolution", "YResolution")]
    options: dict[str, Any] = {
        "byteorder": file.byteorder,
        "extratags": tags,
        "compression": None if first.compression == 1 else "zlib",
        "directories": _directories(first, data, notes),
    }
    if None not in resolution:
        if turned in (5, 6, 7, 8):
            resolution.reverse()
        options |= {"resolution": tuple(resolution), "resolutionunit": first.tags.valueof("ResolutionUnit", 1)}
    if file.is_imagej:
        options["axes"] = file.series[0].axes
    return options


def _of_one_page(options: dict[str, Any]) -> dict[str, Any]:
    """Without the words on how many pages there are."""
    tags = [tag for tag in options["extratags"] if tag[0] not in (_TEXT, *_IMAGEJ)]
    return {name: value for name, value in options.items() if name != "axes"} | {"extratags": tags}


def _upright_words(tag: tuple[Any, ...]) -> tuple[Any, ...]:
    """An XMP tag that says upright."""
    words = re.sub(rb"(tiff:Orientation(?:=\"|>))\d", rb"\g<1>1", bytes(tag[3]))
    return (*tag[:3], words, tag[4])


def _axes(options: dict[str, Any]) -> str:
    axes = str(options.get("axes", "")).replace("YX", "").replace("S", "")
    names = {"T": "times", "Z": "slices", "C": "channels"}
    return f", in the order of the file ({', '.join(names.get(axis, axis) for axis in axes)})" if axes else ""


def _directories(page: tifffile.TiffPage, data: bytes, notes: list[str]) -> dict[int, dict[int, Any]]:
    """The camera's settings and its place, which lie in directories of their own."""
    if not any(tag in page.tags for tag in _DIRECTORIES):
        return {}
    exif = Image.Exif()
    try:
        exif.load_from_fp(io.BytesIO(data))
        return {tag: dict(values) for tag in _DIRECTORIES if (values := exif.get_ifd(tag))}
    except DECODER_ERRORS:
        notes.append("EXIF data cannot be read and are left out")
        return {}


# --- Writing ---------------------------------------------------------------------------------------------------------


def write(photo: Photo, images: Num[np.ndarray, "pages c h w"]) -> bytes:
    """A file of these (N, C, H, W) pictures, laid out and described as the one that was read."""
    import tifffile

    options = dict(photo.options)
    if options.get("planes"):  # written as they were: one plane after the other
        height, width = images.shape[2:]
        images = images.reshape(-1, 1, height, width)
        photo = replace(photo, images=photo.images.reshape(images.shape))
    layout: _SampleLayout = options.get("layout", _SampleLayout())
    byteorder = options.get("byteorder", "<")
    colours = images.shape[1]
    out = io.BytesIO()
    with tifffile.TiffWriter(out, byteorder=byteorder) as file:
        for start in range(0, len(images), layout.samples):
            planes = _page_planes(photo, images, slice(start, start + layout.samples))
            extra = len(planes) - (colours if layout.samples == 1 else 1)
            file.write(
                planes[0] if len(planes) == 1 else planes if layout.separate else np.moveaxis(planes, 0, -1),
                photometric="rgb" if colours == 3 else "minisblack",
                planarconfig=None if len(planes) == 1 else "separate" if layout.separate else "contig",
                extrasamples=_extra_samples(extra, layout) or None,
                iccprofile=photo.profile,
                compression=options.get("compression", "zlib"),
                extratags=options.get("extratags", ()) if start == 0 else (),
                resolution=options.get("resolution"),
                resolutionunit=options.get("resolutionunit"),
                software=False,
                metadata=None,
            )
    return _with_directories(out.getvalue(), options.get("directories", {}), byteorder)


def _page_planes(photo: Photo, images: np.ndarray, part: slice) -> np.ndarray:
    """(S, H, W) values of one page."""
    values = photo.scale.to_values(images[part], photo.images[part])
    planes = [*values.reshape(-1, *values.shape[2:])]
    if photo.kept is not None:
        planes += [*photo.kept[part].reshape(-1, *values.shape[2:]).astype(values.dtype)]
    return np.stack(planes)


def _extra_samples(count: int, layout: _SampleLayout) -> list[str]:
    if layout.samples > 1 or not layout.alpha:
        return ["unspecified"] * count
    return [*["unspecified"] * (count - 1), "unassalpha"][:count] if count else []


def _with_directories(data: bytes, directories: dict[int, dict[int, Any]], byteorder: str) -> bytes:
    """A TIFF file with directories of EXIF data, which its first page points to (EXIF 3.0, 4.6.3)."""
    if not directories:
        return data
    head = data[:8]
    (start,) = struct.unpack(f"{byteorder}I", head[4:])
    (count,) = struct.unpack(f"{byteorder}H", data[start : start + 2])
    entries = {data[p : p + 2]: data[p : p + 12] for p in range(start + 2, start + 2 + 12 * count, 12)}
    following = data[start + 2 + 12 * count : start + 6 + 12 * count]
    body = bytearray(data)
    for tag, values in directories.items():
        body += b"\0" * (len(body) % 2)
        directory = ImageFileDirectory_v2(ifh=head)
        for key, value in values.items():
            if not isinstance(value, dict) and key != ExifTags.IFD.Interop:
                directory[key] = value
        code = struct.pack(f"{byteorder}H", tag)
        entries[code] = code + struct.pack(f"{byteorder}HII", 4, 1, len(body))
        body += directory.tobytes(len(body))
    body += b"\0" * (len(body) % 2)
    place = len(body)
    body += struct.pack(f"{byteorder}H", len(entries))
    body += b"".join(entries[code] for code in sorted(entries, key=lambda code: struct.unpack(f"{byteorder}H", code)))
    body += following
    body[4:8] = struct.pack(f"{byteorder}I", place)
    return bytes(body)
