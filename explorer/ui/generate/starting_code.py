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
from explorer.ui.map import map_view
from explorer.ui.shell import user_image
from explorer.ui.shell.links import DRAW, GIVEN, ITEM, MIDDLE, START, START_ITEM, USER_IMAGE, show_sliders
from explorer.ui.shell.session import Context
from explorer.ui.widgets.picture_grid import last_picked, picture_grid
from explorer.ui.widgets.terms import explained

_ROW_KEY = "generate_item_row"
PAGE = 24
"""Pictures to choose from at once."""


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
    """Show a code in the sliders, from a callback of another view of the page.

    Args:
        code: (latent_dim,).
    """
    code_state.set_code(context, code)
    show_sliders(GIVEN)


def middle_code(context: Context) -> Num[np.ndarray, " d"]:
    """(D,) the prior's mean for a variational model, the training codes' mean for others."""
    if context.checkpoint.is_variational or context.card.latent is None:
        return np.zeros(context.checkpoint.latent_dim)
    return np.asarray(context.card.latent.mean, np.float64)


def _titles(context: Context) -> dict[str, str]:
    titles = {
        MIDDLE: "The prior's mean" if context.checkpoint.is_variational else "The mean code",
        DRAW: "A random draw",
    }
    titles[ITEM] = f"A {'real' if context.is_real else 'decoded'} {map_view.item_word(context)}"
    if user_image.applies_to(context):
        titles[USER_IMAGE] = "My image"
    if code_state.given(context) is not None:
        titles[GIVEN] = "The opened code"
    return titles


def _middle(context: Context) -> Start:
    return Start(middle_code(context))


def _draw(context: Context) -> Start:
    seed = int(
        st.number_input("Seed of the draw", 0, 9999, 0, key="seed", bind="query-params", persist_state="session")
    )
    codes, source = sampling.sample_codes(context.checkpoint, 1, seed)
    explained(f"Drawn from {source}.")
    return Start(np.asarray(codes[0], np.float64))


def _user_image(context: Context) -> Start:
    with st.expander("My image", expanded=user_image.current(context) is None):
        image = user_image.picker(context, "generate_mine")
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
    row = _pick_row(context)
    st.session_state[_ROW_KEY] = row
    if st.query_params.get(START_ITEM) != str(row):
        st.query_params[START_ITEM] = str(row)
    return Start(_code_of(context, row))


def _code_of(context: Context, row: int) -> np.ndarray:
    """(latent_dim,) code of an item, to the last digit that of a shown one where it is shown."""
    shown = np.flatnonzero(context.rows == row)
    code = context.codes()[shown[0]] if len(shown) else interpolation_items.codes_of(context, (row,))[0]
    return np.asarray(code, np.float64)


def _pick_row(context: Context) -> int:
    """Choose an item by its picture, or a row of a table by its number: its row in the dataset."""
    current = _current_row(context)
    labels, names = context.labels(), context.dataset.label_names
    positions = (
        context.samples(len(context.rows)) if context.is_image else np.arange(len(context.rows))
    )  # every label on each page
    left, right = st.columns(2)
    if labels is not None and names:
        present = [None, *(i for i in range(len(names)) if (labels == i).any())]
        label = left.selectbox(
            "Label",
            present,
            key="item_label",
            format_func=lambda i: "any" if i is None else names[i],
            persist_state="session",
        )
        positions = positions if label is None else np.flatnonzero(labels == label)
    if context.is_image:
        _pictures(context, context.rows[positions], current, right)
        return current
    rows = [int(row) for row in context.rows[positions]]
    options = rows if current in rows else [current, *rows]
    return int(
        right.selectbox(
            "Row", options, options.index(current), format_func=lambda r: interpolation_items.caption(context, r)
        )
    )


def _pictures(context: Context, rows: np.ndarray, current: int, place: DeltaGenerator) -> None:
    """Thumbnails of rows to click, a page at a time; the first page shown is that of the current one."""
    pages = -(-len(rows) // PAGE)
    at_first = int(np.argmax(rows == current)) // PAGE
    page = int(place.number_input(f"Page of {pages}", 1, pages, at_first + 1)) - 1 if pages > 1 else 0
    shown = rows[PAGE * page : PAGE * (page + 1)]
    x = context.dataset.x[shown]

    def picked() -> None:
        place = last_picked(x, key="item_grid")
        if place is not None:
            st.query_params[START_ITEM] = str(shown[place])

    selected = int(np.flatnonzero(shown == current)[0]) if current in shown else None
    titles = [interpolation_items.caption(context, int(row)) for row in shown]
    picture_grid(x, key="item_grid", label="Start from", titles=titles, selected=selected, size=42, on_pick=picked)


def _current_row(context: Context) -> int:
    """The row that the link names, else the one chosen last, else the first that is shown."""
    text = str(st.query_params.get(START_ITEM, st.session_state.get(_ROW_KEY, "")))
    row = int(text) if text.isdecimal() else -1
    return row if 0 <= row < len(context.dataset) else int(context.rows[0])
