"""Items that stay in their file: those that are asked for are read."""

from __future__ import annotations

import math
import mmap
import os
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from jaxtyping import Int, Shaped

from explorer.core.errors import DataError
from explorer.data.cache import cache_folder, file_key
from explorer.io.idx import HEADER_BYTES, idx_header

LARGE = 64 << 20
"""Smaller arrays of an .npz file are read at once, with the file's own check of their bytes."""
LARGE_PACKED = 256 << 20
"""Smaller packed arrays are unpacked into memory; larger ones once into a file of the cache."""
_ENCRYPTED = 1


class RowsOnDisk(np.memmap[Any, Any]):
    """A memory map (N, *event) whose chosen rows are read from the file.

    Rows that are looked at through a map bring all that lies around them with them: a few thousand of 100,000 pictures
    make the whole file count as this process's memory.
    """

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, np.ndarray) and index.ndim == 1 and isinstance(self.base, mmap.mmap):
            if index.dtype == bool and len(index) == len(self):
                index = np.flatnonzero(index)
            if index.dtype.kind in "iu":
                return self._read(index)
        return super().__getitem__(index)

    def _read(self, rows: Int[np.ndarray, " n"]) -> Shaped[np.ndarray, "n *event"]:
        if len(rows) and not -len(self) <= rows.min() <= rows.max() < len(self):
            raise IndexError(f"Rows from {rows.min()} to {rows.max()} of {len(self)}.")
        items = np.empty((len(rows), *self.shape[1:]), self.dtype)
        size = math.prod(self.shape[1:]) * self.itemsize
        with Path(str(self.filename)).open("rb", buffering=0) as file:
            for item, row in zip(items, (rows % len(self)).tolist(), strict=True):
                file.seek(self.offset + row * size)
                file.readinto(item.data)
        return items


def members_on_disk(path: Path) -> dict[str, Shaped[np.ndarray, "*shape"]]:
    """The large arrays of an .npz file, by their names: their rows stay on the disk, packed ones unpacked in the cache.

    Small ones and those that are stored column by column are not among them.

    Raises:
        ValueError, OSError, EOFError, BadZipFile: it is none, or cannot be read.
    """
    arrays: dict[str, np.ndarray] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for info in archive.infolist():
            if info.flag_bits & _ENCRYPTED or info.file_size < LARGE or not info.filename.endswith(".npy"):
                continue
            if info.compress_type != zipfile.ZIP_STORED:
                if info.file_size >= LARGE_PACKED and (unpacked := _unpacked(path, archive, info)) is not None:
                    arrays[info.filename.removesuffix(".npy")] = on_disk(unpacked)
                continue
            with archive.open(info) as member:
                shape, is_fortran, dtype = _header(member)
                length = member.tell()
            size = math.prod(shape) * dtype.itemsize
            if is_fortran or dtype.hasobject or len(shape) < 2 or length + size != info.file_size:
                continue
            # The member's own header: 30 bytes, then its name and what else is said of it, as long as these say.
            file.seek(info.header_offset + 26)
            name_length, extra_length = struct.unpack("<HH", file.read(4))
            start = info.header_offset + 30 + name_length + extra_length
            arrays[info.filename.removesuffix(".npy")] = RowsOnDisk(path, dtype, "r", start + length, shape)
    return arrays


def _unpacked(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Path | None:
    """A packed member of an .npz file in the cache, unpacked once; None where the cache cannot be written.

    Raises:
        BadZipFile, OSError, zlib.error: it is damaged.
    """
    target = cache_folder() / "arrays" / f"{file_key(path)}-{info.CRC:08x}.npy"
    if target.is_file() and target.stat().st_size == info.file_size:
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    except OSError:
        return None
    try:
        with os.fdopen(descriptor, "wb") as file, archive.open(info) as member:
            shutil.copyfileobj(member, file, 1 << 20)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
    return target


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns are stored one after the other, and type of the array in an .npy file."""
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    return read(member)


def idx_on_disk(path: Path) -> Shaped[np.ndarray, "*shape"] | None:
    """The array of a large IDX file of bytes, whose rows stay in the file; None of any other file.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(HEADER_BYTES)
    try:
        dtype, shape, start = idx_header(first, path.name)
    except DataError:
        return None  # packed, or none: whoever reads it whole says so
    if size < LARGE or dtype != np.uint8 or len(shape) < 2 or start + math.prod(shape) != size:
        return None
    return RowsOnDisk(path, dtype, "r", start, shape)


def on_disk(path: Path) -> Shaped[np.ndarray, "*shape"]:
    """The array of an .npy file, whose rows stay in the file.

    Raises:
        ValueError, OSError, EOFError, SyntaxError: it is none, or cannot be read.
    """
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(mapped, np.memmap) or not mapped.flags.c_contiguous or mapped.ndim < 2:
        return np.asarray(mapped)
    return RowsOnDisk(path, mapped.dtype, "r", mapped.offset, mapped.shape)
