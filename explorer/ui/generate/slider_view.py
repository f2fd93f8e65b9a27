"""The sliders of the Generate page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer import export, latent
from explorer.browser.sliders.message import LabelChosen, LabelSwitch, Pad
from explorer.ui.generate import code_state, starting_code
from explorer.ui.generate.real_codes import RealCodes
from explorer.ui.map import planes
from explorer.ui.map.decoded_plane import decoded_plane
from explorer.ui.map.exported_page import exported_page
from explorer.ui.shell import copied, session
from explorer.ui.shell.decoders import label_decoder, model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.served import ServedDecoder
from explorer.ui.widgets.sliders import live_sliders
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import three_digits
from explorer.views import colouring, item_words, slider_contents
from explorer.views import planes as view_planes
from explorer.views.exported import PageWishes

KEY = "sliders"


@st.fragment
def slider_view(context: Context, real_codes: RealCodes) -> None:
    """A slider for each dimension, decoded while it moves; beside it, how real the code is."""
    if session.NEXT_LABEL in st.session_state:  # chosen at the sliders: all of the page is of it
        st.rerun()
    start = starting_code.start(context)
    decoder, labels = _decoder(context)
    at = code_state.settle(context, start, decoder, KEY)
    dimensions = latent.dimension_order(context.card)
    # The sliders do not wait for what a code is compared with: that follows once it is measured.
    is_ready = real_codes.is_ready
    live_sliders(
        decoder,
        slider_contents.slider_dimensions(dimensions),
        at.setting,
        key=KEY,
        features=item_words.features(context),
        caption=slider_contents.caption(context),
        density=real_codes.panel(at.array) if is_ready else None,
        pad=_pad(context),
        labels=labels,
        on_label=_take_label,
    )
    _order_caption(context.card.codes_described, dimensions)
    if words := context.checkpoint.model.decoded_words:
        explained(words)
    real_codes.show_nearest(at.array)
    code = tuple(at.array.tolist())
    exported_page(context, lambda _: PageWishes(code=code, first="sliders"), key="sliders_page")
    with st.expander("Copy as Python"):
        st.code(export.decode_code(copied.model_name(context.card), at.array), language="python")
    if not is_ready:
        real_codes.measure()
        st.rerun()


def _take_label(chosen: LabelChosen | None) -> None:
    if chosen is not None:
        st.session_state[session.NEXT_LABEL] = chosen.label


def _decoder(context: Context) -> tuple[bytes | ServedDecoder, LabelSwitch | None]:
    """What decodes, and the labels that it can be given: of a conditional model, where the browser runs it."""
    conditional = context.conditional
    packed = None if conditional is None else label_decoder(conditional)
    if conditional is None or packed is None:
        return model_decoder(context.checkpoint), None
    return packed, slider_contents.label_switch(conditional, str(context.card.given))


def _pad(context: Context) -> Pad | None:
    """The plane of a code of two numbers, decoded, with the codes of the shown items."""
    if context.checkpoint.latent_dim != 2 or len(context.codes()) < view_planes.MIN_ITEMS:
        return None
    shown, colours = planes.plane(context), colouring.by_label(context)
    groups = [0] * len(shown.points) if colours.groups is None else colours.groups.tolist()
    palette = colours.palette
    return Pad(
        across=0,
        up=1,
        picture=decoded_plane(context, shown),
        places=shown.points,
        colours=tuple(palette[group % len(palette)] for group in groups),
    )


def _order_caption(codes: str, dimensions: Sequence[latent.LatentDimension]) -> None:
    active = sum(d.active for d in dimensions)
    what = (
        f"its share of the KL from the prior ({three_digits(sum(d.share for d in dimensions))} nats in all)"
        if dimensions[0].unit == "nats"
        else "its share of the codes' variance"
    )
    explained(
        f"The most informative dimension comes first; beside each is {what}. {active} of {len(dimensions)} are "
        f"active. {slider_contents.span_words(codes, dimensions)} Click a value to type another; arrow keys move a "
        "slider that has the focus."
    )
