"""The browser's Back button, as far as a page has a say in it."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.browser.history.message import COMPONENT, BrowserHistory
from explorer.ui.widgets.component import mount


def browser_history(always: str, filled: Sequence[str], chosen: Sequence[str], key: str) -> None:
    """Let Back undo what the visitor did, one step at a time; see ``BrowserHistory``."""
    mount(COMPONENT, BrowserHistory(always=always, filled=list(filled), chosen=list(chosen)), key=key)


def went_back() -> bool:
    """Whether the page runs since the visitor went back or forward: what the address says then holds for all of it."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
