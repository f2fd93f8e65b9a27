"""A training's figures as TensorBoard reads them: an event file, written here record by record.

The file is a row of TFRecords: the length of a record in 8 bytes (little endian), a checksum of that in 4, the record,
a checksum of it in 4. A checksum is CRC-32C, turned and shifted so that a checksum of what holds checksums stays one:
``((crc >> 15 | crc << 17) + 0xa282ead8) mod 2^32``. A record is a protocol buffer ``Event``, of which this needs the
time (1, double), the step (2), the version (3) or a ``Summary`` (5) of one ``Value`` (1): tag (1), metadata (9) and a
number (2, float) or, for text, a tensor of one string (8).

Source: TensorFlow's record_writer.cc, event.proto, summary.proto and tensor.proto; CRC-32C: RFC 3720, appendix B.4.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from explorer.core.errors import TrainingError

FOLDER = "tensorboard"
"""Within a run's folder."""
_POLYNOMIAL = 0x82F63B78
"""Castagnoli's, its bits in reverse."""
_DT_STRING = 7
_MASK = 0xFFFFFFFF


def _table() -> Iterator[int]:
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
        yield byte


_TABLE = tuple(_table())


def crc32c(content: bytes) -> int:
    """The checksum CRC-32C of some bytes."""
    crc = _MASK
    for byte in content:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ _MASK


def masked_crc(content: bytes) -> bytes:
    """The checksum as it stands in a record, in 4 bytes."""
    crc = crc32c(content)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & _MASK)


def record(content: bytes) -> bytes:
    """One TFRecord."""
    length = struct.pack("<Q", len(content))
    return length + masked_crc(length) + content + masked_crc(content)


class EventFile:
    """An event file to which scalars and texts are added; TensorBoard shows them as they come.

    Args:
        folder: made if need be; each writer gets a file of its own in it, as a resumed run needs.

    Raises:
        TrainingError: it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{time.time_ns()}"
        self.path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = self.path.open("ab")
        except OSError as error:
            raise self._failed(error) from error
        self._add(0, _bytes(3, b"brain.Event:2"))

    def scalar(self, tag: str, value: float, step: int) -> None:
        """Add a number.

        Args:
            tag: its name, parts of it parted by slashes.
            value: kept in single precision.
            step: where it stands, from 0.
        """
        self._add(step, _summary(tag, "scalars", _key(2, 5) + struct.pack("<f", value)))

    def text(self, tag: str, words: str, step: int = 0) -> None:
        """Add a text, in Markdown."""
        tensor = _key(1, 0) + _varint(_DT_STRING) + _bytes(2, b"") + _bytes(8, words.encode())
        self._add(step, _summary(tag, "text", _bytes(8, tensor)))

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def _add(self, step: int, what: bytes) -> None:
        event = _key(1, 1) + struct.pack("<d", time.time()) + _key(2, 0) + _varint(step) + what
        try:
            self._file.write(record(event))
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> TrainingError:
        return TrainingError(f"Cannot write {self.path}: {error.strerror}.", "Free some space, then resume the run.")


def _summary(tag: str, plugin: str, value: bytes) -> bytes:
    metadata = _bytes(1, _bytes(1, plugin.encode()))
    return _bytes(5, _bytes(1, _bytes(1, tag.encode()) + value + _bytes(9, metadata)))


def _key(field: int, kind: int) -> bytes:
    """What stands before a field: its number and how it is written (0 varint, 1 and 5 fixed, 2 bytes)."""
    return _varint(field << 3 | kind)


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all bytes but the last have their highest bit set."""
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)
