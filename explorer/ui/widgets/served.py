"""Decoding on the server for a model that is too large for the browser, while the hand still moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.browser.envelope import digest
from explorer.browser.parts import Decoder, Served
from explorer.browser.served.message import COMPONENT, Answer, CodeAsked, ServedCodes
from explorer.ui.widgets.component import last_report, mount


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


def decoder_for(decoder: bytes | ServedDecoder | None, key: str) -> Decoder:
    """What a component needs to decode. For a served decoder it shows the line that says so, which answers its codes.

    The line is a fragment, so that an answer runs only this again; ``key`` is its own, one for each that asks.
    """
    if not isinstance(decoder, ServedDecoder):
        return Decoder(pack=decoder)
    _answer(decoder, key)
    return Decoder(served=Served(channel=key, model=decoder.key, shape=decoder.shape))


def decoder_name(decoder: bytes | ServedDecoder) -> str:
    """What a component calls this decoder in its reports."""
    return decoder.key if isinstance(decoder, ServedDecoder) else digest(decoder)


@st.fragment
def _answer(decoder: ServedDecoder, key: str) -> None:
    asked = last_report(key, CodeAsked)
    answer = None
    # A question about another model may still be on its way when the page has moved on.
    if asked and asked.model == decoder.key:
        values = decoder.decode(np.array([asked.code]))[0]
        answer = Answer(number=asked.number, code=asked.code, values=values)
    note = f"{decoder.reason} The server decodes while you drag: a few pictures a second, not every one.".strip()
    mount(COMPONENT, ServedCodes(channel=key, model=decoder.key, note=note, answer=answer), key=key)
