"""An image at the size it has, with a map of where it is anomalous and a threshold of pixels to drag."""

from __future__ import annotations

from explorer.browser.heat_map.message import COMPONENT, HeatMapView
from explorer.ui.widgets.component import mount


def heat_map(view: HeatMapView, *, key: str) -> None:
    """Show an image under its map.

    Opacity, zoom and the threshold of pixels follow the pointer in the browser, and stay while other items are shown
    under the same key. Nothing is reported to Python.

    Args:
        view: see ``heat_map_of``.
        key: of the widget.
    """
    mount(COMPONENT, view, key=key)
