"""Decoding on the server for a model that is too large for the browser, while the hand still moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from explorer.ui.widgets.component import last_report, mount

STATE = "asked"


@dataclass(frozen=True)
class ServedDecoder:
    """A decoder that stays in Python: the server is asked at most ten times a second, for the newest code only.

    Args:
        key: tells one decoder from another: the model's, and that of whatever else ``decode`` depends on.
        shape: of one decoded item, (C, H, W) or (D,).
        decode: (1, n) codes, or places on a map, to (1, *shape).
        reason: why the browser does not decode, as a sentence.
    """

    key: str
    shape: tuple[int, ...]
    decode: Callable[[np.ndarray], np.ndarray]
    reason: str = ""


def serve(decoder: ServedDecoder, key: str) -> dict[str, Any]:
    """Show the line that says so, and decode for a component whose header has what this returns as ``served``.

    The line is a fragment: an answer does not run the page again, only this.

    Args:
        decoder: what decodes.
        key: of this widget; one for each component that asks.

    Returns:
        What ``createDecoder`` in ``decoder.js`` needs to ask here.
    """
    _answer(decoder, key)
    return {"channel": key, "model": decoder.key, "shape": list(decoder.shape)}


@st.fragment
def _answer(decoder: ServedDecoder, key: str) -> None:
    asked = last_report(key, STATE)
    header: dict[str, Any] = {
        "channel": key,
        "model": decoder.key,
        "note": f"{decoder.reason} The server decodes while you drag: a few pictures a second, not every one.".strip(),
    }
    sections = {}
    # A question about another model may still be on its way when the page has moved on.
    if asked and asked["model"] == decoder.key:
        code = np.asarray(asked["code"], np.float64)
        sections["decoded"] = np.ascontiguousarray(decoder.decode(code[None])[0], "<f4").tobytes()
        header |= {"number": asked["number"], "code": asked["code"]}
    mount("served", header, sections, key=key, state=STATE)
