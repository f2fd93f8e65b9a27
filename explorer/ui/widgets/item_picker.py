"""Items chosen by picture and put in order, in the browser: add, remove, move, turn around."""

from __future__ import annotations

from explorer.browser.item_picker.message import COMPONENT, ItemPicker, Picked
from explorer.ui.widgets.component import last_report, mount


def item_picker(picker: ItemPicker, *, key: str) -> None:
    """Show the chosen items and the shelves of others; read the choice with ``last_picked``.

    Args:
        picker: what there is to choose.
        key: of the widget.
    """
    seen = last_picked(key)
    mount(COMPONENT, picker.model_copy(update={"stamp": seen.stamp if seen else 0}), key=key)


def last_picked(key: str) -> Picked | None:
    """What the visitor last chose, known before the picker is shown again; None before the first change."""
    return last_report(key, Picked)
