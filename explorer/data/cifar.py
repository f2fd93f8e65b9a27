"""CIFAR-10's binary version: a tar file of records, each a label byte and 3 x 32 x 32 pixel bytes.

Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009, and its download page.
"""

from __future__ import annotations

import io
import tarfile
import zlib

import numpy as np
from jaxtyping import UInt8

from explorer.core.errors import DataError

EVENT_SHAPE = (3, 32, 32)
_FILES = (*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin")
_RECORD = 1 + 3 * 32 * 32
_MAX_FILE_BYTES = 10_000 * _RECORD


def read_cifar(data: bytes, name: str) -> tuple[UInt8[np.ndarray, "n 3 32 32"], UInt8[np.ndarray, " n"]]:
    """Read the archive in memory; nothing is unpacked to disk and no pickle is read.

    Args:
        data: cifar-10-binary.tar.gz.
        name: of the file, for the error.

    Returns:
        (N, 3, 32, 32) uint8 and (N,) uint8: the five training files, then the test file.

    Raises:
        DataError: the archive is damaged, or a file is missing or not made of records.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            parts = {
                member.name.rpartition("/")[2]: _read(archive, member, name)
                for member in archive
                if member.isfile() and member.name.rpartition("/")[2] in _FILES
            }
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name} is not a whole tar.gz file: {error}.", "Delete it and fetch it again.") from error
    if missing := [file for file in _FILES if file not in parts]:
        raise DataError(f"{name} lacks {', '.join(missing)}.", "Use the binary version of CIFAR-10.")
    records = np.concatenate([parts[file] for file in _FILES])
    return records[:, 1:].reshape(-1, *EVENT_SHAPE), records[:, 0]


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> np.ndarray:
    file = archive.extractfile(member)
    if file is None or member.size > _MAX_FILE_BYTES or member.size % _RECORD:
        raise DataError(f"{member.name} in {name} is not made of CIFAR-10 records.", "Delete it and fetch it again.")
    return np.frombuffer(file.read(), np.uint8).reshape(-1, _RECORD)
