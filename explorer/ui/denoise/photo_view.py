"""The photo under the divider: before and after, what was removed, and which versions are compared."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.browser.swipe.message import Residual, residual_of
from explorer.denoising import REGISTRY, Tuned
from explorer.io import images
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise import methods
from explorer.ui.denoise.photo_result import DenoisedPhoto
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.widgets.swipe import swipe

MODEL = "Denoised"


def under_the_divider(shown: DenoisedPhoto, asked: DenoisingTask) -> None:
    """Draw the photo, and the choice of what is left and right of the divider."""
    left, right = st.columns(2)
    sides = ["noisy"] if shown.clean is None else ["noisy", "clean"]
    can_be_run = methods.can_be_tuned(shown) and not shown.is_large
    classical = [method.title for method in REGISTRY.values()] if can_be_run else []
    with left:
        before = _choose("Left of the divider", sides, "left")
    with right:
        after = _choose("Right of the divider", [MODEL, *classical], "right")
    method = None if after == MODEL else next(one for one in methods.tuned(shown, asked) if one.title == after)
    views = _large_views if shown.is_large else _views
    noisy_png, cleaned_png, residual = views(shown, before == "clean", method)
    swipe(noisy_png, cleaned_png, key="photo_swipe", labels=(before, after.lower()), residual=residual)
    st.caption(
        f"{_place(shown)} Residual: {before} less {after.lower()}, the mean over the colours. Outlines in it are "
        "detail that was taken for noise."
    )


def _choose(label: str, options: list[str], key: str) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    if len(options) == 1:
        return options[0]
    chosen: str = st.selectbox(label, options, key=key, persist_state="session")
    return chosen


def _place(shown: DenoisedPhoto) -> str:
    top, left, height, width = shown.region
    if shown.step > 1:
        return f"All {width}x{height} pixels, too many for a browser: shown at 1/{shown.step} of their size."
    return f"{width}x{height} pixels from column {left}, row {top}." if top or left else f"{width}x{height} pixels."


@cached(max_entries=16)
def _views(shown: DenoisedPhoto, is_clean: bool, method: Tuned | None) -> tuple[bytes, bytes, Residual]:
    return _encoded(shown, is_clean, method)


# Tens of megabytes each.
@cached_resource(max_entries=2, spinner="Packing the photo for the browser")
def _large_views(shown: DenoisedPhoto, is_clean: bool, method: Tuned | None) -> tuple[bytes, bytes, Residual]:
    return _encoded(shown, is_clean, method)


def _encoded(shown: DenoisedPhoto, is_clean: bool, method: Tuned | None) -> tuple[bytes, bytes, Residual]:
    """Both pictures and their residual without loss but for the rounding to 8 bits.

    Args:
        is_clean: whether the clean photo is on the left, not the noisy one.
        method: that made the right one; None for the model.
    """
    before = shown.clean if is_clean and shown.clean is not None else shown.noisy
    after = shown.denoised if method is None else _by(method, shown)
    residual = residual_of(before, after, GREY_LEVELS, "grey levels")
    # Plane by plane, so that no more than one of them is held in several stages of its rounding.
    pngs = [images.png_bytes(np.stack([images.to_uint8(plane) for plane in x]), effort=1) for x in (before, after)]
    return pngs[0], pngs[1], residual


@cached(max_entries=16, spinner="Running the classical method")
def _by(method: Tuned, shown: DenoisedPhoto) -> np.ndarray:
    return method.denoise(shown.noisy[None])[0]
