"""One binary envelope for everything a browser component gets: a JSON text and byte sections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ALIGNMENT = 8
"""Bytes; every section starts at a multiple of it, so that the browser can view any number type in place."""
MARK = "$section"
"""In the JSON text: an object with this one key stands for a section. No field of a message can be called so."""


def pad(length: int) -> int:
    """Bytes to add to ``length`` to reach the next multiple of the alignment."""
    return -length % ALIGNMENT


def digest(payload: bytes) -> str:
    """A short name for the content of a section: equal bytes, equal name (16 hex digits)."""
    return hashlib.blake2b(payload, digest_size=8).hexdigest()


class Sections:
    """Byte sections one after the other, while a message is written."""

    def __init__(self) -> None:
        self.body: list[bytes] = []
        self._length = 0

    def add(self, payload: bytes, array: str, shape: tuple[int, ...]) -> dict[str, Any]:
        """Append a section.

        Args:
            payload: its bytes.
            array: the browser's type for it, such as ``Float32Array``.
            shape: of the array.

        Returns:
            What stands for it in the JSON text: its offset after the text, its length in bytes, its digest, by which
            the browser keeps what it has already parsed, its type and its shape.
        """
        place = {MARK: [self._length, len(payload), digest(payload), array, shape]}
        padding = pad(len(payload))
        self.body += [payload, bytes(padding)]
        self._length += len(payload) + padding
        return place


def seal(header: Mapping[str, Any], sections: Sections) -> bytes:
    """Put JSON values and byte sections into one blob, which Streamlit carries unchanged.

    Bytes inside a dict would reach the browser as the text of their Python ``repr``, so components get one blob.
    Its layout: 4 bytes little-endian length of the JSON text, the text, then each section padded to 8 bytes.

    Args:
        header: values that ``json`` writes, each section as ``Sections.add`` has named it.
        sections: that were added.

    Raises:
        ValueError: the header has a number that JSON does not know (NaN).
    """
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * pad(4 + len(text))
    return b"".join([len(text).to_bytes(4, "little"), text, *sections.body])
