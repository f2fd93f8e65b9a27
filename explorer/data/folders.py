"""A folder or zip of images as data: class folders become labels, every size and mode becomes one shape."""

from __future__ import annotations

import hashlib
import lzma
import os
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np

from explorer.core.errors import DataError
from explorer.data.base import ImportReport, Masks, Progress
from explorer.data.cache import RowWriter, cached_items, file_key
from explorer.data.folder_masks import read_masks
from explorer.data.image_sets import ImageFiles, Member, ReadImages, Rows, read_images
from explorer.data.importing import Imported, ImportOptions
from explorer.data.item_names import pieces_of
from explorer.data.layouts import FolderLayout, find_layout
from explorer.data.splits import SPLITS, Splits
from explorer.data.stored import encode_labels
from explorer.io.images import SUFFIXES
from explorer.io.images.contract import ImageContract

MAX_MEMBER_BYTES = 256 << 20
MAX_TOTAL_BYTES = 16 << 30
MAX_MEMBERS = 1_000_000
MAX_RATIO = 1000  # a one-coloured bitmap packs by about this much; a bomb by far more
UNSORTED = "(no folder)"
_UTF8_FLAG = 0x800
_READING = 4
"""Goes up when the same files are read into other items than before: what is kept of them is then read anew."""


def import_folder(folder: Path, options: ImportOptions, progress: Progress | None = None) -> Imported:
    """Read a folder of images, decoded once into the memory-mapped cache.

    Args:
        folder: searched with its sub-folders.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.

    Raises:
        DataError: no readable image, or the cache cannot be written.
    """
    files, paths = _files_in(folder, options.exclude)
    digest = hashlib.sha256(f"{_READING}|{folder.resolve()}|{options}".encode(errors="surrogateescape"))
    for name, path in paths:
        status = path.stat()
        digest.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return _import_cached(f"folder-{digest.hexdigest()[:32]}", files, str(folder), options, progress)


def folder_files(folder: Path) -> ImageFiles:
    """The image files of a folder and of those below it.

    Raises:
        OSError: the folder cannot be read.
    """
    return _files_in(folder, ())[0]


def _files_in(folder: Path, exclude: Sequence[str]) -> tuple[ImageFiles, list[tuple[str, Path]]]:
    """The image files of a folder, and names and paths of all files there."""
    paths, not_followed = _files_below(folder)
    files = _sorted_out(((name, path.read_bytes) for name, path in paths), exclude)
    return ImageFiles(files.members, (*not_followed, *files.left_out)), paths


def import_zip(path: Path, options: ImportOptions, progress: Progress | None = None, name: str = "") -> Imported:
    """Read a zip of images without unpacking it to disk, decoded once into the memory-mapped cache.

    Args:
        path: of the zip file.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.
        name: what messages call it; empty: its path.

    Raises:
        DataError: not a zip, larger than the limits, or no readable image in it.
    """
    key = hashlib.sha256(f"{_READING}|{file_key(path)}|{options}".encode()).hexdigest()[:32]
    with path.open("rb") as file, zip_files(file, name or str(path), options.exclude) as files:
        return _import_cached(f"zip-{key}", files, name or str(path), options, progress)


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
    with zip_files(file, name, options.exclude) as files:
        return import_in_memory(files, name, options, progress)


def import_in_memory(
    files: ImageFiles, source: str, options: ImportOptions, progress: Progress | None = None
) -> Imported:
    """Read image files into memory; nothing is written to disk.

    Args:
        files: which ones.
        source: of all, for errors.
        options: wanted size and channels, tiles, and files to leave out.
        progress: called while decoding.

    Raises:
        DataError: none of them can be read.
    """
    rows: list[np.ndarray] = []

    @contextmanager
    def open_rows(_shape: tuple[int, int, int], _type: type) -> Iterator[Rows]:
        rows.clear()
        yield rows

    pictures, layout = _laid_out(files, options)
    read = read_images(pictures, source, options, open_rows, progress)
    labels, label_names = _labels(read.names, read.counts, layout)
    masks, unused = _masks(files, layout, read)
    contract = _with_layout(read.contract, layout.only(read.names), len(unused))
    return Imported(
        np.stack(rows),
        labels,
        label_names,
        replace(read.report, left_out=(*read.report.left_out, *unused)),
        files=_file_numbers(read.counts, contract),
        item_names=pieces_of(read.names, read.counts),
        contract=contract,
        splits=_splits(read.names, read.counts, layout),
        masks=masks,
    )


def _import_cached(
    key: str, files: ImageFiles, source: str, options: ImportOptions, progress: Progress | None
) -> Imported:
    pictures, layout = _laid_out(files, options)

    def build(draft: Path) -> dict[str, Any]:
        def open_rows(shape: tuple[int, int, int], kind: type) -> RowWriter:
            return RowWriter(draft / "x.npy", shape, np.dtype(kind))

        read = read_images(pictures, source, options, open_rows, progress)
        labels, label_names = _labels(read.names, read.counts, layout)
        if labels is not None:
            np.save(draft / "labels.npy", labels)
        masks, unused = _masks(files, layout, read)
        if masks is not None:
            np.save(draft / "masks.npy", masks.x)
        contract = _with_layout(read.contract, layout.only(read.names), len(unused))
        return {
            "label_names": label_names,
            "items_per_file": read.counts,
            "file_names": read.names,
            "converted": read.report.converted,
            "left_out": (*read.report.left_out, *unused),
            "contract": contract.model_dump(mode="json"),
            "masked": [] if masks is None else masks.rows.tolist(),
        }

    cached = cached_items(key, build)
    notes = cached.notes
    converted, left_out = (tuple((a, b) for a, b in notes[part]) for part in ("converted", "left_out"))
    contract = ImageContract.model_validate(notes["contract"])
    return Imported(
        cached.x,
        cached.labels,
        tuple(notes["label_names"]),
        ImportReport(len(cached.x), converted, left_out),
        fingerprint=cached.fingerprint,
        files=_file_numbers(notes["items_per_file"], contract),
        item_names=pieces_of(notes["file_names"], notes["items_per_file"]),
        contract=contract,
        splits=_splits(notes["file_names"], notes["items_per_file"], layout),
        masks=None if cached.masks is None else Masks(np.array(notes["masked"], np.int64), cached.masks),
    )


def _laid_out(files: ImageFiles, options: ImportOptions) -> tuple[ImageFiles, FolderLayout]:
    """The pictures alone, without masks and what stands beside the splits, and what their folders say."""
    layout = find_layout([member.name for member in files.members], options.images.layout)
    pictures = tuple(member for member in files.members if layout.places[member.name].role == "item")
    others = tuple((name, layout.places[name].reason) for name in layout.files("left out"))
    return ImageFiles(pictures, (*files.left_out, *others)), layout


def _masks(files: ImageFiles, layout: FolderLayout, read: ReadImages) -> tuple[Masks | None, list[tuple[str, str]]]:
    members = {member.name: member for member in files.members}
    masks_of: dict[str, list[Member]] = {}
    for name in layout.files("mask"):
        masks_of.setdefault(layout.places[name].of, []).append(members[name])
    return read_masks(masks_of, members, read.names, read.counts, read.contract.size, read.contract.fit)


def _with_layout(contract: ImageContract, layout: FolderLayout, masks_left_out: int) -> ImageContract:
    changed = {
        "layout": layout.name,
        "layout_line": layout.line,
        "normal": layout.normal,
        "left_out": contract.left_out + masks_left_out,
        "findings": (*contract.findings, layout.finding),
    }
    return contract.model_copy(update=changed)


def _splits(names: Sequence[str], counts: Sequence[int], layout: FolderLayout) -> Splits | None:
    """The splits that the folders name; None where they name none."""
    if layout.name == "none":
        return None
    of_items = np.repeat([layout.places[name].split or "" for name in names], counts)
    rows = {split: np.flatnonzero(of_items == split) for split in SPLITS}
    said = ", ".join(f"{len(of_split):,} {split}" for split, of_split in rows.items() if len(of_split))
    return Splits(rows["train"], rows["validation"], rows["test"], f"As the folders say: {said}", are_given=True)


def _files_below(folder: Path) -> tuple[list[tuple[str, Path]], list[tuple[str, str]]]:
    """All files and their names relative to the folder, sorted by these, and (name, reason) of links not followed.

    Each folder is entered once, by its own path before a link to it, so that a circle of links ends.
    """
    paths: list[tuple[str, Path]] = []
    left_out: list[tuple[str, str]] = []
    entered: dict[str, str] = {}
    waiting = [("", folder)]
    links: list[tuple[str, Path]] = []
    while waiting or links:
        # Links wait until every folder that is here by itself has been entered.
        below, here = waiting.pop() if waiting else links.pop(0)
        place = os.path.realpath(here)
        if place in entered:
            left_out.append((below, f"a link to a folder that is read already ({entered[place] or 'the whole'})"))
            continue
        entered[place] = below
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            if not below:
                raise
            left_out.append((below, f"a folder that cannot be read: {error.strerror}"))
            continue
        for entry in entries:
            name, path = f"{below}/{entry.name}".lstrip("/"), here / entry.name
            if _leads_to(entry.is_dir):
                (links if entry.is_symlink() else waiting).append((name, path))
            elif _leads_to(entry.is_file):
                paths.append((name, path))
            elif entry.is_symlink():
                left_out.append((name, "a link that leads nowhere"))
    return sorted(paths, key=lambda entry: entry[0]), sorted(left_out)


def _leads_to(is_such: Callable[[], bool]) -> bool:
    """Whether an entry is, or leads to, such a thing; links in a circle lead nowhere."""
    try:
        return is_such()
    except OSError:
        return False


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
        listed = [info for info in archive.infolist() if not _name_of(info).endswith("/")]
        # A file that is packed again is written behind its old self: the last one is meant.
        infos = [*{_name_of(info): info for info in listed}.values()]
        former = Counter(map(_name_of, listed))
        total = sum(info.file_size for info in infos)
        if len(infos) > MAX_MEMBERS or total > MAX_TOTAL_BYTES:
            raise DataError(
                f"{name} holds {len(infos):,} files of {total / 2**30:.1f} GiB together; the limits are "
                f"{MAX_MEMBERS:,} and {MAX_TOTAL_BYTES / 2**30:g} GiB.",
                "Unpack it and open the folder.",
            )
        unsafe = [info.filename for info in infos if _leads_out(_name_of(info))]
        safe = ((_name_of(i), _zip_reader(archive, i)) for i in infos if not _leads_out(_name_of(i)))
        files = _sorted_out(safe, exclude)
        again = ((n, "stands in the archive again, from where it is read") for n, count in former.items() if count > 1)
        out = ((n, "its path leads out of the archive") for n in unsafe)
        yield ImageFiles(files.members, (*out, *again, *files.left_out))


def _name_of(info: zipfile.ZipInfo) -> str:
    """A member's name with forward slashes, its letters as meant.

    Programs on Windows have written backslashes, and some on macOS UTF-8 without the flag that says so: such names
    come as if they were in code page 437, the format's own.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _leads_out(name: str) -> bool:
    """Whether a zip's member names a place outside; nothing is unpacked, but no honest zip has such names."""
    path = PurePosixPath(name)
    return not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]


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


def _file_numbers(counts: Sequence[int], contract: ImageContract) -> np.ndarray | None:
    """The number of each item's file, where one file may have become several items."""
    has_several = contract.fit == "tiles" or contract.pages == "all"
    return np.repeat(np.arange(len(counts)), counts) if has_several else None


def _labels(
    names: Sequence[str], counts: Sequence[int], layout: FolderLayout
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """A label an item, from the first folder in which the files differ; None where they are all in one."""
    if layout.name == "none" and not layout.files("mask"):
        folders = [PurePosixPath(name).parts[:-1] for name in names]
        first, last = min(folders), max(folders)
        pairs = enumerate(zip(first, last, strict=False))
        shared = next((i for i, (a, b) in pairs if a != b), min(len(first), len(last)))
        classes = [folder[shared] if len(folder) > shared else UNSORTED for folder in folders]
    else:
        classes = [layout.places[name].label or UNSORTED for name in names]
    return encode_labels(np.repeat(classes, counts)) if set(classes) != {UNSORTED} else (None, ())
