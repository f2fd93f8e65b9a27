"""What a link to the Novelty page keeps of the choices made there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.novelty.scores.registry import present_name
from explorer.ui.widgets.history import went_back


def settle(key: str, options: Sequence[str], default: str) -> None:
    """Before a widget is drawn: start with the link's choice, else the default; never with one that is not offered."""
    if key not in st.session_state or went_back():
        st.session_state[key] = present_name(st.query_params.get(key, default))
    if st.session_state[key] not in options:
        st.session_state[key] = default


def keep(key: str, chosen: str, default: str) -> None:
    """After a widget is drawn: write its choice into the link; the default needs no words there."""
    if chosen != default:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]


def came_with(key: str) -> bool:
    """Whether the link that this session began with says something of ``key``."""
    in_link: bool = st.session_state.setdefault(f"{key}_in_link", key in st.query_params)
    return in_link


def start_from(memory: str, context: str, defaults: Mapping[str, Any]) -> None:
    """Set widgets to their defaults where something else is looked at than before; at first the link may differ.

    Args:
        memory: name in the session for what was looked at before.
        context: what is looked at now.
        defaults: value of each widget, by its key.
    """
    if st.session_state.get(memory) not in (None, context):
        st.session_state.update(defaults)
    st.session_state[memory] = context
