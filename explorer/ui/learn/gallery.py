"""Below the story: every kind of part that a recipe can have, drawn as Train's form draws it."""

from __future__ import annotations

import streamlit as st

from explorer.ui.shell.cache import cached
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain
from explorer.views.gallery import GALLERY
from explorer.views.network_drawing import network_drawing

KEY = "gallery"
"""Of the control that chooses a kind, and its name in the link."""


@st.fragment
def draw() -> None:
    """Choose a kind of parts; each of them with its drawing, a sentence, its formula and its source."""
    if KEY not in st.session_state or went_back():
        said = st.query_params.get(KEY)
        st.session_state[KEY] = said if said in GALLERY else None
    is_open = st.session_state[KEY] is not None
    with st.expander("Every kind of part, drawn", icon=":material/account_tree:", expanded=is_open):
        explained(
            "A bar is a tensor, as tall as its numbers are many (logarithm); what acts on it stands below it. Choose a"
            " kind; Train's form draws the same with the sizes that you choose."
        )
        kind = st.pills("Kind of part", list(GALLERY), key=KEY, label_visibility="collapsed")
        if kind is None:
            if KEY in st.query_params:
                st.query_params.pop(KEY)
            return
        if st.query_params.get(KEY) != kind:
            st.query_params[KEY] = kind
        _entries(kind)


def _entries(kind: str) -> None:
    for entry, picture in zip(GALLERY[kind](), _drawings(kind), strict=True):
        with st.container(border=True):
            st.markdown(f"**{plain(entry.title)}** {plain(entry.summary)}".strip())
            if picture:
                st.image(picture, width="content")
            else:
                explained("It takes photos of any size and has no code: Train and Denoise show what it does.")
            if entry.formula:
                st.latex(entry.formula)
            if entry.reference:
                explained(plain(entry.reference))


@cached(max_entries=16, spinner="Drawing")
def _drawings(kind: str) -> list[str]:
    return [network_drawing(entry.recipe, entry.event_shape) for entry in GALLERY[kind]()]
