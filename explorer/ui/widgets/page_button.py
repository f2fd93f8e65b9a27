"""A button that takes the model of a page away as one HTML file, which is saved once it is made."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.browser.page_button.message import COMPONENT, PageAsked, PageButton
from explorer.core.errors import ExplorerError
from explorer.ui.widgets.component import mount
from explorer.ui.widgets.text import plain

Sight = tuple[float, float, float, float]


def page_button(make: Callable[[Sight | None], bytes], name: str, *, key: str, link: str = "") -> None:
    """Show the button; to be called in a fragment, so that a press runs nothing else again.

    Args:
        make: the file, from what the map shows: left, bottom, right and top in its units; None for all of it.
        name: of the file.
        key: of the widget.
        link: channel of that map; empty for none.
    """
    asked: PageAsked | None = st.session_state.pop(f"{key}_asked", None)
    page, problem = None, ""
    if asked is not None:
        try:
            with st.spinner("Making the page"):
                page = make(asked.sight)
        except ExplorerError as error:
            problem = str(error)
    number = 0 if asked is None else asked.number

    def keep(report: PageAsked | None) -> None:
        if report is not None:
            st.session_state[f"{key}_asked"] = report

    message = PageButton(link=link, name=name, number=number, page=page)
    mount(COMPONENT, message, key=key, on_event={PageAsked: keep})
    if problem:
        st.error(plain(problem), icon=":material/error:")
