"""What the sliders show: the dimensions of a code, and the real items that each code is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from explorer import latent
from explorer.browser.sliders.message import Dimension, LabelSwitch
from explorer.checkpoints import VectorCheckpoint
from explorer.views.items import ShownItems, dimension_name


def caption(items: ShownItems) -> str:
    """What stands under the decoded item."""
    if items.is_image or not items.is_real:
        return "Decoded from this code"
    return "Decoded from this code; the marks are the nearest real row"


def span_words(codes: str, dimensions: Sequence[latent.LatentDimension]) -> str:
    """A sentence on what sliders span.

    Args:
        codes: what the card calls those that its quantiles are of.
        dimensions: of the sliders.
    """
    of_prior = sum(not d.active and d.unit == "nats" for d in dimensions)
    if not of_prior:
        return f"A slider spans 99.8 % of the {codes}."
    if of_prior == len(dimensions):
        return "A slider spans 99.8 % of the prior, as the codes barely move along any dimension."
    return f"A slider spans 99.8 % of the {codes}, that of a dimension that is not active 99.8 % of the prior."


def slider_dimensions(dimensions: Sequence[latent.LatentDimension]) -> list[Dimension]:
    """Dimensions as the sliders take them, with each one's share of the whole."""
    total = sum(d.share for d in dimensions) or 1.0
    return [
        Dimension(
            index=d.index,
            low=d.low,
            high=d.high,
            share=d.share / total,
            inactive=not d.active,
            label=dimension_name(d.index),
        )
        for d in dimensions
    ]


def label_switch(conditional: VectorCheckpoint, at: str) -> LabelSwitch:
    """The labels of a conditional model, to be chosen at the sliders.

    Args:
        at: the label of all else that is shown.
    """
    names = conditional.card.data.label_names
    offered = tuple(names.index(label) for label in conditional.labels)
    return LabelSwitch(names=names, offered=offered, at=names.index(at))


def counted_dimensions(items: ShownItems) -> Bool[np.ndarray, " d"]:
    """(latent_dim,) the dimensions that count when codes are compared."""
    active = np.ones(items.checkpoint.latent_dim, bool)
    if items.checkpoint.is_variational:  # the decoder of another may well look at what hardly varies
        active[[d.index for d in latent.dimension_order(items.card) if not d.active]] = False
    return active
