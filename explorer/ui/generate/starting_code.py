"""Where the code on the Generate page starts: in the middle, at a draw, at a real item, or at one's own image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.latent import sampling
from explorer.ui.generate import code_state, interpolation_items
from explorer.ui.generate.code_state import Start
from explorer.ui.live.picture_grid import last_picked, picture_grid
from explorer.ui.map import map_view
from explorer.ui.shell import user_image
from explorer.ui.shell.context import Current
from explorer.ui.shell.links import DRAW, GIVEN, ITEM, MIDDLE, START, START_ITEM, USER_IMAGE, show_sliders

_ROW_KEY = "generate_item_row"
PAGE = 24
"""Pictures to choose from at once."""


def start(now: Current, place: DeltaGenerator | None = None) -> Start:
    """Draw the controls, and return the code that they stand for.

    Args:
        place: where to draw the choice; what it needs beside is drawn below. By default both stand in one row.
    """
    titles = _titles(now)
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
    makers: dict[str, Callable[[Current], Start]] = {
        MIDDLE: _middle,
        DRAW: _draw,
        ITEM: _item,
        USER_IMAGE: _mine,
        GIVEN: _given,
    }
    # Pictures to choose from need the whole width.
    with st.container() if chosen in (ITEM, USER_IMAGE) else beside:
        return makers[chosen](now)


def open_code(now: Current, code: np.ndarray) -> None:
    """Show a code in the sliders, from a callback of another view of the page.

    Args:
        code: (latent_dim,).
    """
    code_state.hand_over(now, code)
    show_sliders(GIVEN)


def middle_code(now: Current) -> np.ndarray:
    """(D,) the prior's mean for a variational model, the training codes' mean for others."""
    if now.checkpoint.is_variational or now.card.latent is None:
        return np.zeros(now.checkpoint.latent_dim)
    return np.asarray(now.card.latent.mean, np.float64)


def _titles(now: Current) -> dict[str, str]:
    titles = {MIDDLE: "The prior's mean" if now.checkpoint.is_variational else "The mean code", DRAW: "A random draw"}
    titles[ITEM] = f"A {'real' if now.is_real else 'made'} {map_view.item_word(now)}"
    if user_image.applies_to(now):
        titles[USER_IMAGE] = "My image"
    if code_state.given(now) is not None:
        titles[GIVEN] = "The code that was opened"
    return titles


def _middle(now: Current) -> Start:
    return Start(middle_code(now))


def _draw(now: Current) -> Start:
    seed = int(
        st.number_input("Seed of the draw", 0, 9999, 0, key="seed", bind="query-params", persist_state="session")
    )
    codes, source = sampling.sample_codes(now.checkpoint, 1, seed)
    st.caption(f"Drawn from {source}.")
    return Start(np.asarray(codes[0], np.float64))


def _mine(now: Current) -> Start:
    with st.expander("My image", expanded=user_image.current(now) is None):
        mine = user_image.picker(now, "generate_mine")
    if mine is None:
        st.caption("As long as there is no image, the sliders start in the middle.")
        return _middle(now)
    return Start(np.asarray(mine.code[0], np.float64), in_link=False)


def _given(now: Current) -> Start:
    code = code_state.given(now)
    assert code is not None  # noqa: S101 - the title is offered only where there is one
    st.caption("A sample that was clicked, or the code in the link.")
    return Start(code, in_link=False)


# --- A real item ----------------------------------------------------------------------------------------------------


def _item(now: Current) -> Start:
    row = _pick_row(now)
    st.session_state[_ROW_KEY] = row
    if st.query_params.get(START_ITEM) != str(row):
        st.query_params[START_ITEM] = str(row)
    return Start(_code_of(now, row))


def _code_of(now: Current, row: int) -> np.ndarray:
    """(latent_dim,) code of an item, to the last digit that of a shown one where it is shown."""
    shown = np.flatnonzero(now.rows == row)
    code = now.codes()[shown[0]] if len(shown) else interpolation_items.codes_of(now, (row,))[0]
    return np.asarray(code, np.float64)


def _pick_row(now: Current) -> int:
    """Choose an item by its picture, or a row of a table by its number: its row in the dataset."""
    current = _current_row(now)
    labels, names = now.labels(), now.dataset.label_names
    positions = now.samples(len(now.rows)) if now.is_image else np.arange(len(now.rows))  # every label on each page
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
    if now.is_image:
        _pictures(now, now.rows[positions], current, right)
        return current
    rows = [int(row) for row in now.rows[positions]]
    options = rows if current in rows else [current, *rows]
    return int(
        right.selectbox(
            "Row", options, options.index(current), format_func=lambda r: interpolation_items.caption(now, r)
        )
    )


def _pictures(now: Current, rows: np.ndarray, current: int, place: DeltaGenerator) -> None:
    """Thumbnails of rows to click, a page at a time; the first page shown is that of the current one."""
    pages = -(-len(rows) // PAGE)
    at_first = int(np.argmax(rows == current)) // PAGE
    page = int(place.number_input(f"Page of {pages}", 1, pages, at_first + 1)) - 1 if pages > 1 else 0
    shown = rows[PAGE * page : PAGE * (page + 1)]
    x = now.dataset.x[shown]

    def picked() -> None:
        place = last_picked(x, key="item_grid")
        if place is not None:
            st.query_params[START_ITEM] = str(shown[place])

    selected = int(np.flatnonzero(shown == current)[0]) if current in shown else None
    titles = [interpolation_items.caption(now, int(row)) for row in shown]
    picture_grid(x, key="item_grid", label="Start from", titles=titles, selected=selected, size=42, on_pick=picked)


def _current_row(now: Current) -> int:
    """The row that the link names, else the one chosen last, else the first that is shown."""
    text = str(st.query_params.get(START_ITEM, st.session_state.get(_ROW_KEY, "")))
    row = int(text) if text.isdecimal() else -1
    return row if 0 <= row < len(now.dataset) else int(now.rows[0])
