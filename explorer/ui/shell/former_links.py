"""Links of version 0.1.0 still open: their names and values, in today's words."""

from __future__ import annotations

import streamlit as st

NAMES = {
    "way": "path",
    "way_shipped": "shipped_photo_is",
    "way_own": "user_photo_is",
    "start_item": "item",
    "denoise_item": "item",
}
"""Former name of a parameter -> its name."""
VALUES = {
    "start": {
        "The code that was opened": "The opened code",
        "A made image": "A decoded image",
        "A made row": "A decoded row",
    },
    "range": {"Where the codes lie": "Quantiles"},
}
"""Name of a parameter -> former value -> value."""


def translate() -> None:
    """Put today's names and values into the link, before any control reads it."""
    for former, name in NAMES.items():
        if former in st.query_params:
            value = st.query_params[former]
            del st.query_params[former]
            st.query_params.setdefault(name, value)
    for name, values in VALUES.items():
        value = st.query_params.get(name, "")
        if value in values:
            st.query_params[name] = values[value]
