"""Bytes that a script reports as text."""

from __future__ import annotations

import base64
import binascii


def decoded(text: str) -> bytes | None:
    """The bytes of a text in base64; None where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
