"""IDX files, written byte by byte as their description says."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.io.idx import read_idx

CODES = {"uint8": (0x08, "B"), "int8": (0x09, "b"), "int16": (0x0B, "h"), "int32": (0x0C, "i"), "float32": (0x0D, "f")}
CODES |= {"float64": (0x0E, "d")}


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("packed", [False, True])
def test_numbers_are_big_endian(kind: str, packed: bool) -> None:
    code, letter = CODES[kind]
    values = [1, 2, 3, 100, 0, 5] if kind != "int16" else [1, -2, 258, 30000, 0, 5]
    header = bytes([0, 0, code, 2]) + struct.pack(">II", 2, 3)
    content = header + struct.pack(f">6{letter}", *values)
    array = read_idx(gzip.compress(content) if packed else content, "numbers")
    assert array.dtype == np.dtype(kind)
    np.testing.assert_array_equal(array, np.reshape(values, (2, 3)))


def test_more_or_fewer_bytes_than_promised_are_refused() -> None:
    header = bytes([0, 0, 0x08, 1]) + struct.pack(">I", 4)
    for content in (header + b"abc", header + b"abcde", header[:6], b"\0\1" + header[2:]):
        with pytest.raises(DataError):
            read_idx(content, "bytes")
