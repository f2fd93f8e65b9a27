"""The IDX format of MNIST and its relatives: a big-endian header, then the array.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", section on file formats.
"""

from __future__ import annotations

import gzip
import io
import math
import re
import struct
import zlib
from pathlib import PurePath
from typing import Any

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError

_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_NAME = re.compile(r"(?:[-._]idx\d?(?:-ubyte)?|[-.]ubyte)(?:\.gz)?$", re.IGNORECASE)
HEADER_BYTES = 4 + 4 * 255
"""At most so many stand before the array."""
_GZIP_MAGIC = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 4 << 30


def is_idx_name(name: str) -> bool:
    """Whether a file is called as IDX files are, such as ``train-images-idx3-ubyte``, ``t10k-images.idx3-ubyte.gz``."""
    return _NAME.search(name) is not None


def label_name(name: str) -> str | None:
    """What the file of the labels is called that lies beside one of images; None: it does not call itself one."""
    if not is_idx_name(name) or "images" not in name:
        return None
    start, _, end = name.rpartition("images")
    return f"{start}labels{end.replace('idx3', 'idx1').replace('idx4', 'idx1')}"


def swaps_sides(name: str) -> bool:
    """Whether a file is called as one of EMNIST's, which hold each image with its rows as columns.

    Source: Cohen, Afshar, Tapson and van Schaik, "EMNIST", IJCNN 2017; the files came from MATLAB, column by column.
    """
    return "emnist" in PurePath(name).name.lower()


def gunzip(data: bytes, name: str, limit: int = MAX_UNPACKED_BYTES) -> bytes:
    """Unpack a gzip file; other bytes come back as they are.

    Args:
        data: the file.
        name: of the file, for the error.
        limit: of unpacked bytes.

    Raises:
        DataError: the file is damaged, cut short or unpacks to more than the limit.
    """
    if not data.startswith(_GZIP_MAGIC):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name} is not a whole gzip file: {error}.", "Copy or download it again.") from error
    if len(unpacked) > limit:
        raise DataError(f"{name} unpacks to more than {limit >> 20} MiB.", "Use a smaller file.")
    return unpacked


def idx_header(data: bytes, name: str) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Type and shape of the array in an IDX file that is not packed, and where it begins.

    Args:
        data: the file, or its first ``HEADER_BYTES``.
        name: of the file, for the error.

    Raises:
        DataError: the bytes are not IDX.
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _DTYPES or data[3] == 0:
        raise DataError(f"{name} is not an IDX file.", "IDX files start with two zero bytes, a type and a rank.")
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise DataError(f"{name} ends inside its header.", "Copy or download it again.")
    return np.dtype(_DTYPES[data[2]]), struct.unpack(f">{data[3]}I", data[4:start]), start


def read_idx(data: bytes, name: str) -> Num[np.ndarray, "*shape"]:
    """Read an IDX file, gzip-packed or not.

    Args:
        data: the file.
        name: of the file, for the error.

    Returns:
        The array in native byte order, with the header's shape; read-only.

    Raises:
        DataError: the bytes are not IDX, or fewer or more than the header says.
    """
    data = gunzip(data, name)
    dtype, shape, start = idx_header(data, name)
    expected = math.prod(shape) * dtype.itemsize
    if len(data) - start != expected:
        raise DataError(
            f"{name} holds {len(data) - start:,} bytes after its header, which promises {expected:,}.",
            "Copy or download it again.",
        )
    return np.frombuffer(data, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
