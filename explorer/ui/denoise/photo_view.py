"""The photo under the divider: before and after, what was taken away, and which versions are compared."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.browser.swipe.message import Residual, residual_of
from explorer.denoising import REGISTRY, Tuned
from explorer.io import images
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise import methods
from explorer.ui.denoise.photo_result import Cleaned
from explorer.ui.denoise.settings import Question
from explorer.ui.widgets.swipe import swipe

MODEL = "Denoised"


def under_the_divider(shown: Cleaned, asked: Question) -> None:
    """Draw the photo, and the choice of what is left and right of the divider."""
    left, right = st.columns(2)
    sides = {"noisy": shown.noisy} | ({} if shown.clean is None else {"clean": shown.clean})
    can_be_run = methods.can_be_tuned(shown) and not shown.is_large
    classical = [method.title for method in REGISTRY.values()] if can_be_run else []
    with left:
        before = _choose("Left of the divider", list(sides), "left")
    with right:
        after = _choose("Right of the divider", [MODEL, *classical], "right")
    picture = shown.denoised
    if after != MODEL:
        method = next(one for one in methods.tuned(shown, asked) if one.title == after)
        picture = _by(f"{shown.key}|{after}", method, shown.noisy)
    views = _large_views if shown.is_large else _views
    noisy_png, cleaned_png, residual = views(f"{shown.key}|{before}|{after}", sides[before], picture)
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


def _place(shown: Cleaned) -> str:
    top, left, height, width = shown.region
    if shown.step > 1:
        return f"All {width}x{height} pixels, too many for a browser: shown at 1/{shown.step} of their size."
    return f"{width}x{height} pixels from column {left}, row {top}." if top or left else f"{width}x{height} pixels."


@st.cache_data(max_entries=16, show_spinner=False)
def _views(key: str, _before: np.ndarray, _after: np.ndarray) -> tuple[bytes, bytes, Residual]:
    return _encoded(_before, _after)


# Tens of megabytes each.
@st.cache_resource(max_entries=2, show_spinner="Packing the photo for the browser")
def _large_views(key: str, _before: np.ndarray, _after: np.ndarray) -> tuple[bytes, bytes, Residual]:
    return _encoded(_before, _after)


def _encoded(before: np.ndarray, after: np.ndarray) -> tuple[bytes, bytes, Residual]:
    """Both pictures and their residual without loss but for the rounding to 8 bits."""
    residual = residual_of(before, after, GREY_LEVELS, "grey levels")
    # Plane by plane, so that no more than one of them is held in several stages of its rounding.
    pngs = [images.png_bytes(np.stack([images.to_uint8(plane) for plane in x]), effort=1) for x in (before, after)]
    return pngs[0], pngs[1], residual


@st.cache_data(max_entries=16, show_spinner="Running the classical method")
def _by(key: str, _method: Tuned, _noisy: np.ndarray) -> np.ndarray:
    return _method.denoise(_noisy[None])[0]
