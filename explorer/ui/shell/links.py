"""Ways from one page to another: what a page puts into the link or the session for the page that it leads to."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from explorer.ui.shell import frame
from explorer.ui.widgets import item_choice

START = "start"
"""Where the code on the Generate page starts: key of its control, and its name in the link."""
MIDDLE, DRAW, ITEM, USER_IMAGE, GIVEN = "middle", "random", "item", "mine", "given"
"""What ``START`` may be."""
DENOISE_WHAT = "denoise_what"
"""What the Denoise page cleans: key of its control, and its name in the link."""
PHOTO, ITEMS = "A photo", "Items of the model"
"""What ``DENOISE_WHAT`` may be."""


def open_page(name: str, query: Mapping[str, str], view: str = "") -> None:
    """Go to another page.

    Args:
        name: as in ``frame.PAGES``.
        query: what its link says.
        view: which of the views of Generate; empty for the one that was there last.
    """
    if view:
        st.session_state["view"] = view
    st.switch_page(frame.page_file(name), query_params=dict(query))


def show_sliders(start_from: str, view: str = "Sliders") -> None:
    """Have the Generate page show its sliders when it is drawn next.

    Args:
        start_from: one of ``ITEM``, that of the link; ``USER_IMAGE``; ``GIVEN``.
        view: of a code that is made of entries: "Entries".
    """
    st.session_state[START] = start_from
    st.session_state["view"] = view


def open_item_in_generate(row: int) -> None:
    """Go to the sliders of the Generate page, at the code of one item.

    Args:
        row: of the item in the dataset.
    """
    show_sliders(ITEM)
    open_page("generate", {item_choice.ITEM: str(row)})


def open_user_image_in_generate() -> None:
    """Go to the sliders of the Generate page, at the code of the user image."""
    show_sliders(USER_IMAGE)
    open_page("generate", {})
