"""Decoders and encoders as live components take them: packed for the browser, or served where they are too large."""

from __future__ import annotations

import streamlit as st

from explorer.browser.pack import can_encode_live, can_run_live, pack_decoder, pack_encoder
from explorer.checkpoints import Checkpoint
from explorer.ui.shell import cache
from explorer.ui.widgets.served import ServedDecoder


def model_decoder(checkpoint: Checkpoint) -> bytes | ServedDecoder:
    """The decoder of a checkpoint's codes."""
    reason = can_run_live(checkpoint.model)
    key = cache.checkpoint_key(checkpoint)
    if reason is not None:
        return ServedDecoder(key, checkpoint.event_shape, checkpoint.decode, reason)
    return _pack(key, checkpoint)


def model_encoder(checkpoint: Checkpoint) -> bytes | None:
    """The encoder of a checkpoint, packed for the browser; None where it is too large for it."""
    if can_encode_live(checkpoint.model) is not None:
        return None
    return _packed_encoder(cache.checkpoint_key(checkpoint), checkpoint)


@st.cache_data(max_entries=8, show_spinner=False)
def _packed_encoder(model_key: str, _checkpoint: Checkpoint) -> bytes:
    return pack_encoder(_checkpoint.model)


@st.cache_data(max_entries=8, show_spinner=False)
def _pack(model_key: str, _checkpoint: Checkpoint) -> bytes:
    return pack_decoder(_checkpoint.model)
