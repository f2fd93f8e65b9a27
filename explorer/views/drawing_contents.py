"""What a surface to draw on shows: the model that runs while the hand moves."""

from __future__ import annotations

from explorer.browser.drawing.message import LiveModel
from explorer.browser.pack import pack_decoder, pack_encoder, pack_reconstruction
from explorer.models import Autoencoder


def live_model(model: Autoencoder) -> LiveModel:
    """A model as the drawing surface runs it.

    Raises:
        ExplorerError: it has a layer that the browser does not know, or is too large for it.
    """
    from_code = not model.uses_switches
    rebuilder = pack_decoder(model) if from_code else pack_reconstruction(model)
    return LiveModel(encoder=pack_encoder(model), rebuilder=rebuilder, from_code=from_code, latent_dim=model.latent_dim)
