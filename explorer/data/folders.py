"""A folder or zip of images as data: class folders become labels, every size and mode becomes one shape."""

from __future__ import annotations

import hashlib
import lzma
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.data.base import Imported, ImportOptions, ImportReport, Progress, encode_labels
from explorer.data.cache import RowWriter, cached_items, file_key
from explorer.io.images import SUFFIXES, decode_image, fit_image, read_header, to_uint8

MAX_MEMBER_BYTES = 256 << 20
MAX_TOTAL_BYTES = 16 << 30
MAX_MEMBERS = 1_000_000
MAX_RATIO = 1000  # a one-coloured bitmap packs by about this much; a bomb by far more
UNSORTED = "(no folder)"
_SURVEY_SHARE = 0.2  # of the time: reading headers, before decoding


@dataclass(frozen=True)
class Member:
    """One file: its name relative to the folder, with forward slashes, and how to read it."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class ImageFiles:
    """The files of a folder or zip that may be images, sorted by name, and (name, reason) of the others."""

    members: tuple[Member, ...]
    left_out: tuple[tuple[str, str], ...]


class Rows(Protocol):
    """Where decoded images go."""

    def append(self, row: Num[np.ndarray, "*event"], /) -> None:
        """Add one image, (C, H, W) uint8."""


def import_folder(folder: Path, options: ImportOptions, progress: Progress | None = None) -> Imported:
    """Read a folder of images, decoded once into the memory-mapped cache.

    Args:
        folder: searched with its sub-folders.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.

    Raises:
        DataError: no readable image, or the cache cannot be written.
    """
    paths = _files_below(folder)
    digest = hashlib.sha256(f"{folder.resolve()}|{options}".encode())
    for name, path in paths:
        status = path.stat()
        digest.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
    files = _sorted_out(((name, path.read_bytes) for name, path in paths), options.exclude)
    return _import_cached(f"folder-{digest.hexdigest()[:32]}", files, str(folder), options, progress)


def import_zip(path: Path, options: ImportOptions, progress: Progress | None = None) -> Imported:
    """Read a zip of images without unpacking it to disk, decoded once into the memory-mapped cache.

    Args:
        path: of the zip file.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.

    Raises:
        DataError: not a zip, larger than the limits, or no readable image in it.
    """
    key = hashlib.sha256(f"{file_key(path)}|{options}".encode()).hexdigest()[:32]
    with path.open("rb") as file, zip_files(file, str(path), options.exclude) as files:
        return _import_cached(f"zip-{key}", files, str(path), options, progress)


def import_zip_in_memory(
    file: IO[bytes], name: str, options: ImportOptions, progress: Progress | None = None
) -> Imported:
    """Read an uploaded zip of images; nothing is written to disk.

    Args:
        file: the open zip.
        name: of the upload, for errors.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.

    Raises:
        DataError: as `import_zip`.
    """
    rows: list[np.ndarray] = []
    with zip_files(file, name, options.exclude) as files:
        shape, note = _survey(files.members, name, options, progress)
        names, counts, report = _decode(files, name, _cutter(shape, options), note, rows, progress)
    labels, label_names = _labels(names, counts)
    numbers, item_names = _file_numbers(counts, options), _item_names(names, counts)
    return Imported(np.stack(rows), labels, label_names, report, files=numbers, item_names=item_names)


def _import_cached(
    key: str, files: ImageFiles, source: str, options: ImportOptions, progress: Progress | None
) -> Imported:
    def build(draft: Path) -> dict[str, Any]:
        shape, note = _survey(files.members, source, options, progress)
        with RowWriter(draft / "x.npy", shape) as rows:
            names, counts, report = _decode(files, source, _cutter(shape, options), note, rows, progress)
        labels, label_names = _labels(names, counts)
        if labels is not None:
            np.save(draft / "labels.npy", labels)
        changes = {"converted": report.converted, "left_out": report.left_out}
        return {"label_names": label_names, "items_per_file": counts, "file_names": names, **changes}

    cached = cached_items(key, build)
    converted, left_out = (tuple((a, b) for a, b in cached.notes[part]) for part in ("converted", "left_out"))
    report = ImportReport(len(cached.x), converted, left_out)
    label_names, numbers = tuple(cached.notes["label_names"]), _file_numbers(cached.notes["items_per_file"], options)
    # An entry that was made before the names were kept has none.
    item_names = _item_names(cached.notes.get("file_names", []), cached.notes["items_per_file"])
    return Imported(
        cached.x,
        cached.labels,
        label_names,
        report,
        fingerprint=cached.fingerprint,
        files=numbers,
        item_names=item_names,
    )


def _files_below(folder: Path) -> list[tuple[str, Path]]:
    """All files and their names relative to the folder, sorted by these; linked folders are not entered."""
    paths = []
    for place, _, names in os.walk(folder):
        below = "" if place == str(folder) else Path(place).relative_to(folder).as_posix() + "/"
        here = Path(place)
        paths += [(below + name, here / name) for name in names]
    return sorted(((name, path) for name, path in paths if path.is_file()), key=lambda entry: entry[0])


def _sorted_out(entries: Iterator[tuple[str, Callable[[], bytes]]], exclude: Sequence[str]) -> ImageFiles:
    members, left_out = [], []
    for name, read in sorted(entries, key=lambda entry: entry[0]):
        if PurePosixPath(name).stem in exclude:
            left_out.append((name, "left out as asked"))
        elif reason := _unwanted(name):
            left_out.append((name, reason))
        else:
            members.append(Member(name, read))
    return ImageFiles(tuple(members), tuple(left_out))


def _unwanted(name: str) -> str:
    """Why a file is no image, by its name; empty if it may be one."""
    path = PurePosixPath(name)
    if any(part.startswith(".") or part == "__MACOSX" for part in path.parts) or path.name == "Thumbs.db":
        return "hidden or system file"
    if path.suffix and path.suffix.lower() not in SUFFIXES:
        return f"not an image by its name ({path.suffix})"
    return ""


@contextmanager
def zip_files(file: IO[bytes], name: str, exclude: Sequence[str] = ()) -> Iterator[ImageFiles]:
    """The image files of a zip, checked against the limits by what its directory says; readable while it is open.

    Args:
        file: the open zip.
        name: of the zip, for errors.
        exclude: names without ending of files to leave out.

    Raises:
        DataError: not a zip, or larger than the limits.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{name} is not a whole zip file: {error}.", "Pack or copy it again.") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        total = sum(info.file_size for info in infos)
        if len(infos) > MAX_MEMBERS or total > MAX_TOTAL_BYTES:
            raise DataError(
                f"{name} holds {len(infos):,} files of {total / 2**30:.1f} GiB together; the limits are "
                f"{MAX_MEMBERS:,} and {MAX_TOTAL_BYTES / 2**30:g} GiB.",
                "Unpack it and open the folder.",
            )
        unsafe = [info.filename for info in infos if _leads_out(info.filename)]
        safe = ((i.filename, _zip_reader(archive, i)) for i in infos if not _leads_out(i.filename))
        files = _sorted_out(safe, exclude)
        yield ImageFiles(files.members, (*((n, "its path leads out of the archive") for n in unsafe), *files.left_out))


def _leads_out(name: str) -> bool:
    """Whether a zip's member names a place outside; nothing is unpacked, but no honest zip has such names."""
    path = PurePosixPath(name)
    return not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        name = info.filename
        if info.flag_bits & 1:
            raise DataError(f"{name} is encrypted.", "Pack it without a password.")
        if info.file_size > MAX_MEMBER_BYTES:
            raise DataError(f"{name} unpacks to more than {MAX_MEMBER_BYTES >> 20} MiB.", "Make it smaller.")
        if info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise DataError(f"{name} is packed more than {MAX_RATIO}-fold, as no image is.", "Pack it again.")
        try:
            with archive.open(info) as file:  # gives no more bytes than the directory says
                return file.read()
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            zlib.error,
            lzma.LZMAError,
        ) as error:
            raise DataError(f"{name} cannot be unpacked: {error}.", "Pack it again.") from error

    return read


def _survey(
    members: Sequence[Member], source: str, options: ImportOptions, progress: Progress | None
) -> tuple[tuple[int, int, int], str]:
    """The shape for all images, and a few words on how it was chosen.

    Raises:
        DataError: no file has an image's header.
    """
    sizes: Counter[tuple[int, int]] = Counter()
    channels = 1
    for done, member in enumerate(members):
        _tell(progress, _SURVEY_SHARE * done / len(members), f"Looking at {len(members):,} files", done)
        try:
            header = read_header(member.read(), member.name)
        except (DataError, OSError):
            continue  # decoding meets it again and reports it
        sizes[header.height, header.width] += 1
        channels = max(channels, header.channels)
    if not sizes:
        raise DataError(f"{source} holds no readable image.", f"Readable: {', '.join(sorted(SUFFIXES))}.")
    height, width = options.tile or options.image_size or _common_size(sizes, options.max_side)
    channels = options.channels or channels
    if min(height, width) < 1:
        raise DataError(f"An image size of {width}x{height} is not possible.", "Both sides must be 1 or more.")
    words = "are cut into pieces of" if options.tile else "become"
    return (channels, height, width), f"all images {words} {channels}x{height}x{width}"


def _common_size(sizes: Counter[tuple[int, int]], max_side: int) -> tuple[int, int]:
    """The most common size (of several, the smallest), shrunk in proportion to the limit."""
    height, width = min(sizes, key=lambda size: (-sizes[size], size))
    shrink = min(1.0, max_side / max(height, width))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


Cutter = Callable[[np.ndarray], tuple[list[np.ndarray], str]]
"""A decoded image -> the items made of it, (C, H, W) uint8 each, and what was done to it."""


def _decode(
    files: ImageFiles, source: str, cut: Cutter, note: str, rows: Rows, progress: Progress | None
) -> tuple[list[str], list[int], ImportReport]:
    """Decode every file into rows; returns the names of those that could be, their numbers of rows, and a report."""
    names, counts, converted, left_out = [], [], [(source, note)], list(files.left_out)
    for done, member in enumerate(files.members):
        share = _SURVEY_SHARE + (1 - _SURVEY_SHARE) * done / len(files.members)
        _tell(progress, share, f"Decoding {len(files.members):,} images", done)
        try:
            decoded = decode_image(member.read(), member.name)
        except DataError as error:
            left_out.append((member.name, error.message.removeprefix(f"{member.name} ")))
            continue
        except OSError as error:
            left_out.append((member.name, f"cannot be read: {error.strerror}"))
            continue
        items, what = cut(decoded.array)
        if not items:
            left_out.append((member.name, what))
            continue
        for item in items:
            rows.append(item)
        names.append(member.name)
        counts.append(len(items))
        if what := ", ".join(filter(None, (*decoded.notes, what))):
            converted.append((member.name, what))
    if not names:
        raise DataError(f"{source} holds no readable image.", f"The first: {left_out[0][0]} {left_out[0][1]}")
    return names, counts, ImportReport(sum(counts), tuple(converted), tuple(left_out))


def _tell(progress: Progress | None, share: float, words: str, done: int) -> None:
    if progress and done % 100 == 0:
        progress(share, words)


def _cutter(shape: tuple[int, int, int], options: ImportOptions) -> Cutter:
    return lambda image: _tiles(image, shape) if options.tile else _scaled(image, shape)


def _scaled(image: np.ndarray, shape: tuple[int, int, int]) -> tuple[list[np.ndarray], str]:
    if image.shape == shape and image.dtype == np.uint8:
        return [image], ""
    fitted, note = fit_image(image, shape)
    deep = "stored with 8 bits" if image.dtype != np.uint8 else ""
    return [to_uint8(fitted)], ", ".join(filter(None, (note, deep)))


def _tiles(image: np.ndarray, shape: tuple[int, int, int]) -> tuple[list[np.ndarray], str]:
    """Pieces of one size that together cover the image, overlapping where it is no multiple of it; none if too small.

    The pixels stay as they are, but for 16 bits and colours that the shape has no room for.
    """
    channels, height, width = shape
    turned = (image.shape[1] > image.shape[2]) != (height > width) and image.shape[1] != image.shape[2]
    if turned and height != width:
        image = np.rot90(image, axes=(1, 2))
    if image.shape[1] < height or image.shape[2] < width:
        return [], f"is smaller than {width}x{height} pixels"
    pixels, _ = _scaled(image, (channels, *image.shape[1:]))
    starts = [_starts(side, piece) for side, piece in zip(image.shape[1:], (height, width), strict=True)]
    pieces = [pixels[0][:, top : top + height, left : left + width] for top in starts[0] for left in starts[1]]
    return pieces, f"cut into {len(pieces)}" if len(pieces) > 1 else ""


def _starts(side: int, piece: int) -> list[int]:
    """Evenly spread starts of as few pieces as cover a side."""
    return np.linspace(0, side - piece, -(-side // piece)).round().astype(int).tolist()


def _file_numbers(counts: Sequence[int], options: ImportOptions) -> np.ndarray | None:
    return np.repeat(np.arange(len(counts)), counts) if options.tile else None


def _item_names(names: Sequence[str], counts: Sequence[int]) -> tuple[str, ...]:
    """A name an item: its file's, numbered where a file was cut into several."""
    if not names:
        return ()
    pieces = zip(names, counts, strict=True)
    return tuple(name if n == 1 else f"{name} #{i}" for name, n in pieces for i in range(1, n + 1))


def _labels(names: Sequence[str], counts: Sequence[int]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """A label an item, from the first folder in which the files differ; None where they are all in one."""
    folders = [PurePosixPath(name).parts[:-1] for name in names]
    first, last = min(folders), max(folders)
    shared = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    classes = [folder[shared] if len(folder) > shared else UNSORTED for folder in folders]
    return encode_labels(np.repeat(classes, counts)) if set(classes) != {UNSORTED} else (None, ())
