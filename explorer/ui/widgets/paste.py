"""A button that takes a picture from the clipboard; Ctrl+V anywhere on the page does the same."""

from __future__ import annotations

from collections.abc import Callable

from explorer.browser.paste.message import COMPONENT, Paste, PastedPicture
from explorer.ui.widgets.component import mount


def paste_button(*, key: str, on_picture: Callable[[PastedPicture | None], None]) -> None:
    """Show the button.

    Args:
        key: of the widget.
        on_picture: called with what was pasted, before the page runs again; ``read_picture`` reads it.
    """
    mount(COMPONENT, Paste(), key=key, on_event={PastedPicture: on_picture})
