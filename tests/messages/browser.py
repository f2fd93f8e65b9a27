"""Stands in for the browser: reads what components send, as ``envelope.js`` does, and gives prepared reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

ARRAYS = {"Float32Array": "<f4", "Float64Array": "<f8", "Uint8Array": "|u1", "Uint16Array": "<u2", "Uint32Array": "<u4"}


def opened(blob: bytes) -> Any:
    """A message with each section in its place: an array, or bytes where it is a file."""
    start = 4 + int.from_bytes(blob[:4], "little")

    def place(value: dict[str, Any]) -> Any:
        if value.keys() != {"$section"}:
            return value
        offset, length, _, array, shape = value["$section"]
        payload = blob[start + offset : start + offset + length]
        assert len(payload) == length
        if array == "Uint8Array" and len(shape) == 1:
            return payload
        return np.frombuffer(payload, ARRAYS[array]).reshape(shape)

    return json.loads(blob[4:start], object_hook=place)


def sections(blob: bytes) -> list[list[Any]]:
    """[offset, length, digest, array, shape] of every section."""
    start = 4 + int.from_bytes(blob[:4], "little")
    seen: list[list[Any]] = []

    def note(value: dict[str, Any]) -> dict[str, Any]:
        seen.extend([value["$section"]] if "$section" in value else [])
        return value

    json.loads(blob[4:start], object_hook=note)
    return seen


class Browser:
    """In place of Streamlit's renderer and session."""

    def __init__(self) -> None:
        self.session: dict[str, Any] = {}
        self.message: Any = None
        self.callbacks: dict[str, Callable[[], None]] = {}

    def report(self, key: str, name: str, value: Any) -> None:
        """What the script of a widget says."""
        self.session.setdefault(key, {})[name] = value

    def render(self, *, key: str, data: bytes, **callbacks: Callable[[], None]) -> None:
        self.message, self.callbacks = opened(data), callbacks
