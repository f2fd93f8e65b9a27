"""A training's film to take away: what the stage shows, from the first kept epoch to the last."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.browser.run_stage.message import RunStage
from explorer.export import kinds
from explorer.io import animation
from explorer.ui.widgets.download import download
from explorer.views.stage_film import stage_film

SECONDS = 6.0


def film_downloads(message: RunStage, name: str) -> None:
    """Buttons for MP4 and GIF; nothing is drawn before one of them is pressed.

    Args:
        message: a stage with all its frames.
        name: of the files, without ending.
    """
    if len(message.frames) < 2:
        return
    with st.popover("Film", icon=":material/movie:"):
        st.caption(
            f"Curve, map and items from the first epoch to the last in {SECONDS:g} s. Other lengths: "
            "`explorer film RUN --out film.mp4 --seconds 20`."
        )
        missing = _missing_encoder()
        _button("MP4", message, animation.mp4, f"{name}.mp4", disabled=bool(missing))
        _button("GIF", message, animation.gif, f"{name}.gif")
        if missing:
            st.caption(missing)


def _missing_encoder() -> str:
    try:
        animation.encoder()
    except animation.EncoderMissingError as error:
        return f"{error.message} {error.hint}"
    return ""


def _button(title: str, message: RunStage, write: Callable[..., bytes], file_name: str, disabled: bool = False) -> None:
    def film() -> bytes:
        return write(stage_film(message, SECONDS), SECONDS)

    download(title, film, file_name, kinds.FILM, key=f"film.{file_name}", disabled=disabled)
