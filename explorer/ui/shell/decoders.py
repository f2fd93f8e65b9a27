"""Decoders and encoders as live components take them: packed for the browser, or served where they are too large."""

from __future__ import annotations

from explorer.browser.pack import can_encode_live, can_run_live, pack_decoder, pack_encoder
from explorer.checkpoints import VectorCheckpoint
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.served import ServedDecoder


def model_decoder(checkpoint: VectorCheckpoint) -> bytes | ServedDecoder:
    """The decoder of a checkpoint's codes."""
    reason = can_run_live(checkpoint.model)
    if reason is not None:
        return ServedDecoder(checkpoint.fingerprint, checkpoint.event_shape, checkpoint.decode, reason)
    return _packed(checkpoint)


def model_encoder(checkpoint: VectorCheckpoint) -> bytes | None:
    """The encoder of a checkpoint, packed for the browser; None where it is too large for it."""
    return None if can_encode_live(checkpoint.model) is not None else _packed_encoder(checkpoint)


@cached(max_entries=8)
def _packed_encoder(checkpoint: VectorCheckpoint) -> bytes:
    return pack_encoder(checkpoint.model)


@cached(max_entries=8)
def _packed(checkpoint: VectorCheckpoint) -> bytes:
    return pack_decoder(checkpoint.model)
