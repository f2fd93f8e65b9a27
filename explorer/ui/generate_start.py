"""Where the code on the Generate page starts: in the middle, at a draw, at a real item, or at one's own image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import sampling
from explorer.ui import generate_code, latent_view, my_image
from explorer.ui.generate_code import Start
from explorer.ui.live.picture_grid import last_picked, picture_grid
from explorer.ui.session import Current

MIDDLE, DRAW, ITEM, MINE, GIVEN = "middle", "random", "item", "mine", "given"
START = "start"
"""Key of the control, and its name in the link."""
ITEM_ROW = "item"
"""The chosen item's row in the dataset, in the link."""
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
        MINE: _mine,
        GIVEN: _given,
    }
    # Pictures to choose from need the whole width.
    with st.container() if chosen in (ITEM, MINE) else beside:
        return makers[chosen](now)


def open_code(now: Current, code: np.ndarray) -> None:
    """Show a code in the sliders, from a callback of another view of the page.

    Args:
        code: (latent_dim,).
    """
    generate_code.hand_over(now, code)
    st.session_state[START] = GIVEN
    st.session_state["view"] = "Sliders"


def middle_code(now: Current) -> np.ndarray:
    """(D,) the prior's mean for a variational model, the training codes' mean for others."""
    if now.checkpoint.is_variational or now.card.latent is None:
        return np.zeros(now.checkpoint.latent_dim)
    return np.asarray(now.card.latent.mean, np.float64)


def _titles(now: Current) -> dict[str, str]:
    titles = {MIDDLE: "The prior's mean" if now.checkpoint.is_variational else "The mean code", DRAW: "A random draw"}
    if now.is_real:
        titles[ITEM] = f"A real {latent_view.item_word(now)}"
    if my_image.applies_to(now):
        titles[MINE] = "My image"
    if generate_code.given(now) is not None:
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
    with st.expander("My image", expanded=my_image.current(now) is None):
        mine = my_image.picker(now, "generate_mine")
    if mine is None:
        st.caption("As long as there is no image, the sliders start in the middle.")
        return _middle(now)
    return Start(np.asarray(mine.code[0], np.float64), in_link=False)


def _given(now: Current) -> Start:
    code = generate_code.given(now)
    assert code is not None  # noqa: S101 - the title is offered only where there is one
    st.caption("A sample that was clicked, or the code in the link.")
    return Start(code, in_link=False)


# --- A real item ----------------------------------------------------------------------------------------------------


def _item(now: Current) -> Start:
    position = pick_item(now)
    row = str(now.rows[position])
    if st.query_params.get(ITEM_ROW) != row:
        st.query_params[ITEM_ROW] = row
    return Start(np.asarray(now.codes()[position], np.float64))


def pick_item(now: Current) -> int:
    """Choose a shown item by its picture, or a row by its number; its position among the shown ones."""
    current = _linked_position(now)
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
    if not now.is_image:
        return _pick_row(now, positions, current, right)
    pages = -(-len(positions) // PAGE)
    at_first = int(np.argmax(positions == current)) // PAGE  # the first page where it is not among them
    page = int(right.number_input(f"Page of {pages}", 1, pages, at_first + 1)) - 1 if pages > 1 else 0
    shown = positions[PAGE * page : PAGE * (page + 1)]
    x = now.x(shown)

    def picked() -> None:
        place = last_picked(x, key="item_grid")
        if place is not None:
            st.query_params[ITEM_ROW] = str(now.rows[shown[place]])

    captions = [latent_view.item_caption(now, p) for p in shown]
    selected = int(np.flatnonzero(shown == current)[0]) if current in shown else None
    picture_grid(x, key="item_grid", label="Start from", titles=captions, selected=selected, size=42, on_pick=picked)
    return current


def _pick_row(now: Current, positions: np.ndarray, current: int, place: DeltaGenerator) -> int:
    options = [int(p) for p in positions]
    return int(
        place.selectbox(
            "Row",
            options,
            index=options.index(current) if current in options else 0,
            format_func=lambda p: latent_view.item_caption(now, p),
        )
    )


def _linked_position(now: Current) -> int:
    """Position of the item that the link names; the first where it names none that is shown."""
    text = st.query_params.get(ITEM_ROW, "")
    found = np.flatnonzero(now.rows == int(text)) if text.isdecimal() else np.empty(0, np.int64)
    return int(found[0]) if len(found) else 0
