"""Streamlit at the edge: what pages ask for. Nothing outside this package imports streamlit."""

from __future__ import annotations

from explorer.ui.shell.frame import (
    current,
    current_items,
    header,
    how_it_works,
    no_real_items,
    not_for_this_model,
    run_app,
)
from explorer.ui.shell.in_use import page_uses
from explorer.ui.shell.session import Context
from explorer.ui.widgets.pictures import gallery, picture_row, strip

__all__ = [
    "Context",
    "current",
    "current_items",
    "gallery",
    "header",
    "how_it_works",
    "no_real_items",
    "not_for_this_model",
    "page_uses",
    "picture_row",
    "run_app",
    "strip",
]
