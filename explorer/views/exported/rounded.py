"""A model with its weights in half precision, as the browser gets it, and what that changes."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Int
from torch import nn

from explorer.browser.drawing.message import LiveModel
from explorer.browser.pack import pack
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.core.written import three_digits
from explorer.models import Autoencoder, VariationalAutoencoder
from explorer.views.items import ShownItems

MEASURED = 500
"""Items of which it is measured what the rounding changes."""
LARGEST_HALF = 65504.0


def in_half_precision(checkpoint: VectorCheckpoint) -> VectorCheckpoint:
    """The same checkpoint with every weight rounded to the nearest number of 16 bits.

    Statistics that are kept beside the weights (those of batches, a table's means) stay as they are: a column far from
    zero would lose its digits. So does a weight too large for 16 bits.
    """
    model = copy.deepcopy(checkpoint.model)
    with torch.no_grad():
        for weights in model.parameters():
            fits = weights.abs() <= LARGEST_HALF
            weights.copy_(torch.where(fits, weights.half().float(), weights))
    return replace(checkpoint, model=model)


@dataclass(frozen=True)
class LivePacks:
    """What a page runs of a model.

    Args:
        checkpoint: with the weights that are packed.
        decoder: of a code; None where a browser cannot run it.
        encoder: None likewise; of a variational model the log variance follows the mean.
        drawing: encoder and what rebuilds a drawing; None where a browser cannot run either.
        obstacle: why there is no decoder, as a sentence; empty where there is one.
        encoder_obstacle: the same of the encoder.
        labelled: of a conditional model the decoder of a code with the label's one-hot vector behind it; None for
            others, and where a browser cannot run it.
        label_obstacle: why there is none of a conditional model, as a sentence.
    """

    checkpoint: VectorCheckpoint
    decoder: bytes | None
    encoder: bytes | None
    drawing: LiveModel | None
    obstacle: str = ""
    encoder_obstacle: str = ""
    labelled: bytes | None = None
    label_obstacle: str = ""


def live_packs(
    checkpoint: VectorCheckpoint, half: bool = True, conditional: VectorCheckpoint | None = None
) -> LivePacks:
    """A model as a page runs it, rounded unless it need not be small.

    Args:
        checkpoint: the model.
        half: with weights of 16 bits.
        conditional: the model that it is for one label, where it is conditional: its decoder takes any label.
    """
    labelled, label_obstacle = None, ""
    if conditional is not None:
        # The two decoders of the page are of the same rounded weights: they agree on the label of the items.
        conditional = in_half_precision(conditional) if half else conditional
        labelled, label_obstacle = _label_decoder(conditional.model)
        rounded = conditional.given(str(checkpoint.card.given))
    else:
        rounded = in_half_precision(checkpoint) if half else checkpoint
    model = rounded.model
    decoder, obstacle = _packed(model.decoder_chain(), (model.latent_dim,), "decoder")
    encoder, encoder_obstacle = _packed(_encoder(model), model.event_shape, "encoder")
    rebuilder = decoder
    if model.uses_switches:
        rebuilder, encoder_obstacle = _packed(model.forward_chain(), model.event_shape, "autoencoder")
    drawing = None
    if encoder is not None and rebuilder is not None:
        from_code = not model.uses_switches
        drawing = LiveModel(encoder=encoder, rebuilder=rebuilder, from_code=from_code, latent_dim=model.latent_dim)
    return LivePacks(rounded, decoder, encoder, drawing, obstacle, encoder_obstacle, labelled, label_obstacle)


def packed_small(modules: Iterable[nn.Module], shape: tuple[int, ...], part: str = "decoder") -> bytes:
    """Layers as they are: joined ones would be faster, but their weights are more and no numbers of 16 bits.

    Raises:
        ExplorerError: a browser cannot run them, not even joined.
    """
    modules = list(modules)
    try:
        return pack(modules, shape, part, merge=False)
    except ExplorerError:
        return pack(modules, shape, part)


def _packed(modules: Iterable[nn.Module], shape: tuple[int, ...], part: str) -> tuple[bytes | None, str]:
    try:
        return packed_small(modules, shape, part), ""
    except ExplorerError as error:
        return None, str(error)


def _label_decoder(model: Autoencoder) -> tuple[bytes | None, str]:
    assert isinstance(model, VariationalAutoencoder)  # noqa: S101 - others are not conditional
    try:
        return packed_small(model.label_chain(), (model.latent_dim + model.n_labels,)), ""
    except ExplorerError as error:
        return None, str(error)


def _encoder(model: Autoencoder) -> list[nn.Module]:
    return model.posterior_chain() if isinstance(model, VariationalAutoencoder) else model.encoder_chain()


def measured_positions(items: ShownItems) -> Int[np.ndarray, " k"]:
    """Positions (k,) of the shown items of which it is measured."""
    return spread_sample(np.arange(len(items.rows)), MEASURED)


def what_rounding_changes(items: ShownItems, rounded: VectorCheckpoint) -> str:
    """What the weights of 16 bits change in decoded items and in codes, in a sentence: measured, not promised."""
    positions = measured_positions(items)
    codes, full = items.codes()[positions], items.checkpoint
    decoded = [np.asarray(each.decode(codes), np.float64) for each in (full, rounded)]
    apart = np.abs(decoded[0] - decoded[1])
    unit = "pixel values from 0 to 1"
    if not items.is_image:
        spread = np.asarray(items.x(), np.float64).std(0)
        apart /= np.where(spread > 0, spread, 1)
        unit = "standard deviations of the column"
    x = items.x(positions)
    of_codes = np.abs(np.asarray(full.encode(x), np.float64) - rounded.encode(x)) / items.codes().std()
    measured_on = f"{len(positions):,} items ({items.split.split(', n = ')[0]})"
    if not apart.max() and not of_codes.max():
        return f"Its weights are numbers of 16 bits, as in the checkpoint: nothing is rounded ({measured_on})."
    figures = (float(figure) for each in (apart, of_codes) for figure in (each.mean(), each.max()))
    mean, most, of_mean, of_most = map(three_digits, figures)
    return (
        "Its weights are rounded to 16 bits (half precision). Against those of the checkpoint, decoded values differ "
        f"by {mean} in the mean and {most} at most ({unit}), codes by {of_mean} and {of_most} of their standard "
        f"deviation; measured on {measured_on}."
    )
