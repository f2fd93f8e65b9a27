"""Widgets whose choice outlives them: Streamlit forgets a widget's value once a run has not drawn it."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st


def recall(key: str, options: Collection[object] | None = None) -> None:
    """Give a widget the value that it had when it was last drawn; to be called just before it is drawn.

    What the link says comes first, and so does a value that was set in this run.

    Args:
        key: of the widget; also its name in the link.
        options: what there is to choose from now, for a widget that chooses; a value that is not there is dropped.
    """
    kept_key = f"kept.{key}"
    if key in st.session_state:
        st.session_state[kept_key] = st.session_state[key]
    elif kept_key in st.session_state and key not in st.query_params:
        st.session_state[key] = st.session_state[kept_key]
    if options is not None and key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]
