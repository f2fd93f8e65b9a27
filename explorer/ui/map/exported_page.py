"""The buttons of a live page that take it away as one HTML file, as it stands, and its model as ONNX files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.ui.shell.session import Context
from explorer.ui.widgets.onnx_button import model_onnx_button
from explorer.ui.widgets.page_button import Sight, page_button
from explorer.views.exported import PageWishes, model_page


@st.fragment
def exported_page(context: Context, wishes: Callable[[Sight | None], PageWishes], *, key: str, link: str = "") -> None:
    """Show the buttons; that of the page where the model has both halves.

    Args:
        context: the model and the items of the page.
        wishes: what the page shows now, from what its map shows.
        key: of the widgets.
        link: channel of its map; empty for a page without.
    """
    if not context.card.lacks:
        name = f"{context.card.name}.html"
        page_button(
            lambda sight: model_page(context, wishes(sight), context.conditional).html, name, key=key, link=link
        )
    model_onnx_button(context.conditional or context.checkpoint, context.dataset, context.rows, key=f"{key}_onnx")
