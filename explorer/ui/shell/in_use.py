"""Which model and data the page uses, at the top of the sidebar: the sidebar's own choice, or what the page says."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.ui.shell import session
from explorer.ui.widgets.text import plain

_place: ContextVar[DeltaGenerator | None] = ContextVar("in_use", default=None)


def reserve_place() -> None:
    """Keep a place where the page, which is drawn after the sidebar, can say what it uses."""
    _place.set(st.empty())


def page_uses(models: Sequence[str] = (), data: Sequence[str] = ()) -> None:
    """Say in the sidebar what the page uses; a page that uses the sidebar's choice alone need not call this.

    Args:
        models: titles of the models; none: the sidebar's choice.
        data: titles of the data; none: the sidebar's choice.
    """
    place = _place.get()
    chosen_model, chosen_data = _choice()
    models, data = models or [chosen_model], data or [chosen_data]
    lines = [plain(title) for title in (*models, *data) if title]
    if place is None or not lines:
        return
    unused = []
    if chosen_model and chosen_model not in models:
        unused.append("model")
    if chosen_data and chosen_data not in data:
        unused.append("data")
    with place.container():
        st.markdown("  \n".join(["**This page uses**", *lines]))
        if unused:
            st.caption(f"Not in use here: the {' and '.join(unused)} chosen below.")


def _choice() -> tuple[str, str]:
    """Titles of the model and the data that are chosen in the sidebar; empty where nothing can be chosen."""
    card = session.card_of(st.session_state.get("model") or "")
    if card is None:
        return "", ""
    if session.takes_photos(card):
        return card.title, ""
    return card.title, session.dataset_title(st.session_state.get("data") or session.NO_DATA)
