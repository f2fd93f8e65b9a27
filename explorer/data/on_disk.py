"""Arrays of NPZ and IDX files that stay in their file, or in the cache once they are unpacked."""

from __future__ import annotations

import math
import os
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from jaxtyping import Shaped

from explorer.core.errors import DataError
from explorer.data.cache import cache_folder, file_key
from explorer.data.rows_on_disk import LARGE, RowsOnDisk, on_disk
from explorer.io.idx import HEADER_BYTES, idx_header

LARGE_PACKED = 256 << 20
"""Smaller packed arrays are unpacked into memory; larger ones once into a file of the cache."""
_ENCRYPTED = 1


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
