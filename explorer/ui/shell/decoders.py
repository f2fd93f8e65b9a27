"""Decoders and encoders as live components take them: packed for the browser, or served where they are too large."""

from __future__ import annotations

from explorer.browser.pack import can_encode_live, pack_decoder, pack_encoder, pack_label_decoder
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.models import VariationalAutoencoder
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.widgets.served import ServedDecoder


@cached_resource(max_entries=8)
def model_decoder(checkpoint: VectorCheckpoint) -> bytes | ServedDecoder:
    """The decoder of a checkpoint's codes: packed, or served where the browser cannot run it."""
    try:
        return pack_decoder(checkpoint.model)
    except ExplorerError as obstacle:
        return ServedDecoder(checkpoint.fingerprint, checkpoint.event_shape, checkpoint.decode, str(obstacle))


@cached_resource(max_entries=8)
def label_decoder(conditional: VectorCheckpoint) -> bytes | None:
    """The decoder of a conditional model with the label as an input, packed; None where the browser cannot run it."""
    try:
        return pack_label_decoder(conditional.model) if isinstance(conditional.model, VariationalAutoencoder) else None
    except ExplorerError:
        return None


def model_encoder(checkpoint: VectorCheckpoint) -> bytes | None:
    """The encoder of a checkpoint, packed for the browser; None where it is too large for it."""
    return None if can_encode_live(checkpoint.model) is not None else _packed_encoder(checkpoint)


@cached(max_entries=8)
def _packed_encoder(checkpoint: VectorCheckpoint) -> bytes:
    return pack_encoder(checkpoint.model)
