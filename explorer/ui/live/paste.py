"""A button that takes a picture from the clipboard; Ctrl+V anywhere on the page does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explorer.ui.widgets.component import mount_events


def paste_button(*, key: str, on_picture: Callable[[Any], None]) -> None:
    """Show the button.

    Args:
        key: of the widget.
        on_picture: called with what was pasted, before the page runs again; ``drawing.read_picture`` reads it.
    """
    mount_events("paste", {}, {}, key=key, events={"picture": on_picture})
