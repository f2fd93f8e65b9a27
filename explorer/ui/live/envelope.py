"""One binary envelope for everything a browser component gets: a JSON header and named byte sections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ALIGNMENT = 8
"""Bytes; every section starts at a multiple of it, so that the browser can view any number type in place."""


def pad(length: int) -> int:
    """Bytes to add to ``length`` to reach the next multiple of the alignment."""
    return -length % ALIGNMENT


def digest(payload: bytes) -> str:
    """A short name for the content of a section: equal bytes, equal name (16 hex digits)."""
    return hashlib.blake2b(payload, digest_size=8).hexdigest()


def seal(header: Mapping[str, Any], sections: Mapping[str, bytes]) -> bytes:
    """Put a header and byte sections into one blob, which Streamlit carries unchanged.

    Bytes inside a dict would reach the browser as the text of their Python ``repr``, so components get one blob.
    Its layout: 4 bytes little-endian length of the JSON text, the text, then each section padded to 8 bytes.

    Args:
        header: values that ``json`` writes; the name ``sections`` is taken.
        sections: name -> bytes.

    Returns:
        The blob. In it, ``header["sections"]`` holds name -> [offset after the text, length, digest]; the digest
        lets the browser keep what it has already parsed.

    Raises:
        ValueError: the header has a ``sections`` field of its own, or a number that JSON does not know (NaN).
    """
    if "sections" in header:
        raise ValueError("The header name 'sections' is taken by the envelope.")
    table: dict[str, tuple[int, int, str]] = {}
    body: list[bytes] = []
    offset = 0
    for name, payload in sections.items():
        table[name] = (offset, len(payload), digest(payload))
        padding = pad(len(payload))
        body += [payload, bytes(padding)]
        offset += len(payload) + padding
    text = json.dumps({**header, "sections": table}, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * pad(4 + len(text))
    return b"".join([len(text).to_bytes(4, "little"), text, *body])
