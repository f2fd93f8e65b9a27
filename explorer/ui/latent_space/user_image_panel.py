"""The visitor's own picture on the map: its ring and ellipse, its neighbours, and where it can be taken."""

from __future__ import annotations

import streamlit as st

from explorer.ui.latent_space import inspector
from explorer.ui.shell import user_image_controls
from explorer.ui.shell.links import DENOISE_WHAT, ITEMS, open_page, open_user_image_in_generate
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_image import UserImage
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain
from explorer.views.planes import Plane

KEY = "latent_mine"


def panel(context: Context, shown: Plane, link: str) -> None:
    """Draw, paste or upload a picture; then where it lies and what can be done with it.

    Args:
        link: channel of the map, which then follows the hand that draws.
    """
    if not context.is_image:
        st.caption("To place your own rows, add a CSV with these columns in the sidebar.")
        return
    image = user_image_controls.picker(context, KEY, link)
    if image is None:
        return
    explained(_where(shown, image))
    inspector.neighbours(context, image.code[0], skip=None)
    _next_steps()


def _where(shown: Plane, image: UserImage) -> str:
    """What its ring on the map means."""
    if shown.lift is None:
        ellipse = " The posterior's ellipse is not drawn: this map is not linear." if image.std is not None else ""
        return plain(f"On the map it is ringed. {shown.projector.placing}{ellipse}")
    if image.std is None:
        return "On the map it is ringed where its code lies."
    return (
        "On the map it is ringed where the mean of its posterior lies; the ellipses are 1 and 2 standard deviations of "
        "that posterior, as seen on this plane."
    )


def _next_steps() -> None:
    with st.container(horizontal=True):
        if st.button("Denoise it", key="mine_denoise", icon=":material/blur_off:"):
            open_page("denoise", {DENOISE_WHAT: ITEMS})
        if st.button("Open in Generate", key="mine_generate", icon=":material/tune:"):
            open_user_image_in_generate()
        if st.button("Novelty score", key="mine_novelty", icon=":material/flag:"):
            open_page("novelty", {})
