"""Where the code on the Generate page starts: in the middle, at a draw, at a real item, or at one's own image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import streamlit as st
from jaxtyping import Num
from streamlit.delta_generator import DeltaGenerator

from explorer.latent import sampling
from explorer.ui.generate import code_state, interpolation_items
from explorer.ui.generate.code_state import Start
from explorer.ui.map.shown_items import items_of
from explorer.ui.shell import user_image, user_image_controls
from explorer.ui.shell.links import DRAW, GIVEN, ITEM, MIDDLE, START, USER_IMAGE, show_sliders
from explorer.ui.shell.session import Context
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.terms import explained
from explorer.views import item_words

CHOICES = 20
"""Items to choose from at once."""


def start(context: Context, place: DeltaGenerator | None = None) -> Start:
    """Draw the controls, and return the code that they stand for.

    Args:
        place: where to draw the choice; what it needs beside is drawn below. By default both stand in one row.
    """
    titles = _titles(context)
    beside: AbstractContextManager[object] = st.container()
    if place is None:
        place, beside = st.columns([1, 2], vertical_alignment="bottom", gap="medium")
    chosen = place.selectbox(
        "Start from",
        list(titles),
        key=START,
        format_func=titles.__getitem__,
        bind="query-params",
        persist_state="session",
    )
    makers: dict[str, Callable[[Context], Start]] = {
        MIDDLE: _middle,
        DRAW: _draw,
        ITEM: _item,
        USER_IMAGE: _user_image,
        GIVEN: _given,
    }
    # Pictures to choose from need the whole width.
    with st.container() if chosen in (ITEM, USER_IMAGE) else beside:
        return makers[chosen](context)


def open_code(context: Context, code: Num[np.ndarray, " d"]) -> None:
    """Show a code in the sliders (one of entries: as their grid), from a callback of another view of the page.

    Args:
        code: (latent_dim,).
    """
    code_state.set_code(context, code)
    show_sliders(GIVEN, "Sliders" if context.checkpoint.model.code_bits is None else "Entries")


def _titles(context: Context) -> dict[str, str]:
    titles = {
        MIDDLE: "The prior's mean" if context.checkpoint.is_variational else "The mean code",
        DRAW: "A random draw",
    }
    titles[ITEM] = f"A {'real' if context.is_real else 'decoded'} {item_words.item_word(context)}"
    if user_image.applies_to(context):
        titles[USER_IMAGE] = "My image"
    if code_state.given(context) is not None:
        titles[GIVEN] = "The opened code"
    return titles


def _middle(context: Context) -> Start:
    return Start(sampling.middle_code(context.checkpoint))


def _draw(context: Context) -> Start:
    seed = int(
        st.number_input("Seed of the draw", 0, 9999, 0, key="seed", bind="query-params", persist_state="session")
    )
    codes, source = sampling.sample_codes(context.checkpoint, 1, seed)
    explained(f"Drawn from {source}.")
    return Start(np.asarray(codes[0], np.float64))


def _user_image(context: Context) -> Start:
    with st.expander("My image", expanded=user_image.current(context) is None):
        image = user_image_controls.picker(context, "generate_mine")
    if image is None:
        st.caption("Until there is an image, the sliders start in the middle.")
        return _middle(context)
    return Start(np.asarray(image.code[0], np.float64), in_link=False)


def _given(context: Context) -> Start:
    code = code_state.given(context)
    assert code is not None  # noqa: S101 - the title is offered only where there is one
    st.caption("A sample that was clicked, or the code in the link.")
    return Start(code, in_link=False)


# --- A real item ----------------------------------------------------------------------------------------------------


def _item(context: Context) -> Start:
    chosen = item_choice.chosen_row(len(context.dataset))
    row = int(context.rows[0]) if chosen is None else chosen
    item_choice.choose(str(row))
    item_choice.item_choice(items_of(context), str(row), a_page=CHOICES, size=42)
    return Start(_code_of(context, row))


def _code_of(context: Context, row: int) -> np.ndarray:
    """(latent_dim,) code of an item, to the last digit that of a shown one where it is shown."""
    shown = np.flatnonzero(context.rows == row)
    code = context.codes()[shown[0]] if len(shown) else interpolation_items.codes_of(context, (row,))[0]
    return np.asarray(code, np.float64)
