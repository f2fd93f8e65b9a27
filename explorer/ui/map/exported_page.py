"""The button of a live page that takes it away as one HTML file, as it stands."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.ui.shell.session import Context
from explorer.ui.widgets.page_button import Sight, page_button
from explorer.views.exported import PageWishes, model_page


@st.fragment
def exported_page(context: Context, wishes: Callable[[Sight | None], PageWishes], *, key: str, link: str = "") -> None:
    """Show the button, where the model has both halves.

    Args:
        context: the model and the items of the page.
        wishes: what the page shows now, from what its map shows.
        key: of the widget.
        link: channel of its map; empty for a page without.
    """
    if context.card.lacks:
        return
    name = f"{context.card.name}.html"
    page_button(lambda sight: model_page(context, wishes(sight)).html, name, key=key, link=link)
