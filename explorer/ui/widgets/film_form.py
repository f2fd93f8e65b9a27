"""A row of decoded pictures to download: PNG strip, GIF and MP4, with their settings in the link."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from explorer.export import kinds
from explorer.io import animation
from explorer.ui.widgets.download import download

SIDES = (1, 2, 4, 8, 16)
LARGEST_SIDE = 1024
"""In pixels of the file; larger scales are not offered."""
USUAL_SIDE = 256
MOST_FRAMES = 240


def film_downloads(
    frames: Callable[[int], np.ndarray],
    event_shape: tuple[int, ...],
    file_name: str,
    *,
    key: str,
    strip_frames: int = 11,
) -> None:
    """Settings and buttons; nothing is decoded before a button is pressed.

    Args:
        frames: how many -> decoded pictures (n, C, H, W), the ends included.
        event_shape: (C, H, W).
        file_name: without suffix.
        key: of the widgets; their settings stand under it in the link.
        strip_frames: pictures in the PNG strip, at first.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Film settings", icon=":material/movie:"):
            n = int(
                st.number_input(
                    "Frames", 2, MOST_FRAMES, 48, key=f"{key}_frames", bind="query-params", persist_state="session"
                )
            )
            seconds = float(
                st.number_input(
                    "Seconds, one direction",
                    0.2,
                    60.0,
                    4.0,
                    0.5,
                    key=f"{key}_seconds",
                    bind="query-params",
                    persist_state="session",
                )
            )
            back = st.toggle("Back and forth", True, key=f"{key}_back", bind="query-params", persist_state="session")
            in_strip = int(
                st.number_input(
                    "Pictures in the strip",
                    2,
                    60,
                    strip_frames,
                    key=f"{key}_strip",
                    bind="query-params",
                    persist_state="session",
                )
            )
            scale = _scale(event_shape, key)
        _button("PNG strip", lambda: animation.strip(frames(in_strip), scale), f"{file_name}.png", key)
        too_quick = n > animation.MAX_GIF_RATE * seconds
        film = partial(_film, frames, n, seconds, scale, back)
        _button("GIF", partial(film, animation.gif), f"{file_name}.gif", key, disabled=too_quick)
        missing = _missing_encoder()
        _button("MP4", partial(film, animation.mp4), f"{file_name}.mp4", key, disabled=missing is not None)
    height, width = (side * scale for side in event_shape[1:])
    shown = 2 * n - 2 if back else n
    whole = seconds * shown / n
    size = f"{width} by {height} pixels"
    st.caption(f"GIF and MP4: {shown} frames, {whole:.3g} s, {size} each. PNG strip: {in_strip} pictures of {size}.")
    if too_quick:
        st.caption(
            f"Browsers slow down a GIF of more than {animation.MAX_GIF_RATE} frames a second: take fewer frames."
        )
    if missing is not None:
        st.caption(f"{missing.message} {missing.hint}")


def _film(
    frames: Callable[[int], np.ndarray],
    n: int,
    seconds: float,
    scale: int,
    back: bool,
    write: Callable[[np.ndarray, float, int, bool], bytes],
) -> bytes:
    return write(frames(n), seconds, scale, back)


def _scale(event_shape: tuple[int, ...], key: str) -> int:
    longest = max(event_shape[1:])
    offered = [s for s in SIDES if s * longest <= LARGEST_SIDE] or [1]
    usual = max((i for i, s in enumerate(offered) if s * longest <= USUAL_SIDE), default=0)
    scale: int = st.selectbox(
        "Size",
        offered,
        index=usual,
        key=f"{key}_scale",
        format_func=lambda s: f"{s} × ({s * event_shape[2]} by {s * event_shape[1]} pixels)",
        bind="query-params",
        persist_state="session",
    )
    return scale


def _button(title: str, make: Callable[[], bytes], file_name: str, key: str, disabled: bool = False) -> None:
    place = f"{key}_{kinds.mime_of(file_name, kinds.FILM)}"
    download(title, make, file_name, kinds.FILM, key=place, disabled=disabled)


def _missing_encoder() -> animation.EncoderMissingError | None:
    try:
        animation.encoder()
    except animation.EncoderMissingError as error:
        return error
    return None
