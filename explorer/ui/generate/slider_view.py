"""The sliders of the Generate page, and what they say of how real a code is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import export, latent
from explorer.browser.pack import can_run_live
from explorer.browser.sliders.density_check import AtRest, DensityPanel
from explorer.browser.sliders.density_check import density_panel as panel_of
from explorer.browser.sliders.message import Dimension
from explorer.core.neighbours import nearest
from explorer.latent.density_check import DensityCheck, encode_again
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.generate import code_state, starting_code
from explorer.ui.map import map_view
from explorer.ui.map.planes import dimension_name
from explorer.ui.map.quantities import MIN_DENSITY_ITEMS, density_of
from explorer.ui.shell import cache
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.decoders import model_decoder, model_encoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.sliders import live_sliders
from explorer.ui.widgets.text import three_digits

KEY = "sliders"
ITEMS = 1000
"""Real items that codes are compared with: enough for a density, few enough to fit it in a second or two."""
SERVED_ITEMS = 200
"""Of these, those that are decoded and encoded again where the decoder is too large for the browser."""
NEIGHBOURS = 5


@st.fragment
def slider_view(context: Context) -> None:
    """A slider for each dimension, decoded while it moves; beside it, how real the code is."""
    start = starting_code.start(context)
    decoder = model_decoder(context.checkpoint)
    at = code_state.settle(context, start, decoder, KEY)
    dimensions = latent.dimension_order(context.card)
    live_sliders(
        decoder,
        slider_dimensions(dimensions),
        at.setting,
        key=KEY,
        features=map_view.features(context),
        caption=caption(context),
        density=density_panel(context, at.array),
    )
    _order_caption(dimensions)
    if context.is_real:
        (positions,), (distances,) = nearest(context.codes(), at.array[None], NEIGHBOURS)
        map_view.show_neighbours(context, positions, distances, size=84)
    with st.expander("Copy as Python"):
        st.code(export.decode_code(context.card.name, at.array), language="python")


def caption(context: Context) -> str:
    """What stands under the decoded item."""
    if context.is_image or not context.is_real:
        return "Decoded from this code"
    return "Decoded from this code; the marks are the nearest real row"


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


def _order_caption(dimensions: Sequence[latent.LatentDimension]) -> None:
    active = sum(d.active for d in dimensions)
    what = (
        f"its share of the KL from the prior ({three_digits(sum(d.share for d in dimensions))} nats in all)"
        if dimensions[0].unit == "nats"
        else "its share of the codes' variance"
    )
    st.caption(
        f"The most informative dimension comes first; beside each is {what}. {active} of {len(dimensions)} are "
        "active. A slider spans 99.8 % of the training codes. Click a value to type another; arrow keys move a slider "
        "that has the focus."
    )


# --- How real a code is ---------------------------------------------------------------------------------------------


def density_panel(context: Context, code: np.ndarray) -> DensityPanel | None:
    """What the browser compares a code with; None where there are too few items.

    Args:
        code: (latent_dim,) where the sliders stand: a browser that cannot encode is told what the server makes of it.
    """
    if len(context.rows) < MIN_DENSITY_ITEMS:
        st.caption(f"{context.split} is too few to compare a code with.")
        return None
    labels, names = context.labels(), context.dataset.label_names
    titles = [f"row {row:,}" for row in context.rows]
    if labels is not None and names:
        titles = [
            f"{names[k]}, {t}" if 0 <= k < len(names) else t for k, t in zip(labels.tolist(), titles, strict=True)
        ]
    encoder = model_encoder(context.checkpoint)
    at_rest = None
    if context.is_real and encoder is None:
        at_rest = AtRest(code=code, again=encode_again(context.checkpoint, code[None])[0])
    return panel_of(
        context.codes(),
        titles,
        density_check(context) if context.is_real else None,
        code_density(context),
        item_word=map_view.item_word(context),
        code_words=f"{map_view.item_kind(context)} codes",
        source=context.split,
        sprites=map_view.sprites(context) if context.is_image and context.is_real else None,
        rows=None if context.is_image or not context.is_real else np.asarray(context.x()),
        encoder=encoder,
        at_rest=at_rest,
    )


def code_density(context: Context) -> GaussianMixtureSampler | None:
    """A density fitted to the shown codes, once; None where they are too few."""
    return None if len(context.rows) < MIN_DENSITY_ITEMS else density_of(context)


@cached_resource(max_entries=8, spinner="Encoding again what real codes decode to")
def density_check(context: Context) -> DensityCheck:
    """What is usual among the shown codes, measured once; of decoded samples encoding them again is not asked."""
    codes = context.codes()
    active = np.ones(codes.shape[1], bool)
    if context.checkpoint.is_variational:  # the decoder of another may well look at what hardly varies
        active[[d.index for d in latent.dimension_order(context.card) if not d.active]] = False
    again = None
    if context.is_real:
        limit = len(codes) if can_run_live(context.checkpoint.model) is None else SERVED_ITEMS
        rows = cache.shown_rows(np.arange(len(codes)), limit)
        again = np.full(codes.shape, np.nan)
        again[rows] = encode_again(context.checkpoint, codes[rows])
    return DensityCheck(active).fit(codes, again)
