"""The map of codes: zoom, pan, hover, lasso, and the decoder's picture under the pointer, all in the browser."""

from __future__ import annotations

from explorer.browser.latent_map.message import (
    COMPONENT,
    LatentMap,
    MapChoice,
    MapChosen,
    MapClicked,
    MapReport,
    MapSelection,
    map_report,
)
from explorer.ui.widgets.component import last_report, mount


def latent_map(contents: LatentMap, *, key: str) -> MapReport:
    """A map of items whose cursor is decoded as it moves.

    Wheel or two fingers zoom, dragging pans, a double click shows all; arrow keys move the cursor, Enter selects. With
    ``tools``, L and B switch lasso and box on and off, Shift adds to what is chosen, Alt takes away, Escape clears.

    Args:
        contents: what is on the map.
        key: of the widget.

    Returns:
        The last click and the last choice.
    """
    chosen = last_report(key, MapChosen)
    selection = contents.selection.model_copy(update={"answers": chosen.stamp if chosen else 0})
    mount(COMPONENT, contents.model_copy(update={"selection": selection}), key=key)
    return map_report(contents.points, last_report(key, MapClicked), last_report(key, MapChosen))


def last_choice(key: str, n: int) -> MapChoice | None:
    """The last choice on the map of this key, known before the map is drawn again.

    Args:
        key: of the widget.
        n: items on the map; a choice among another number was on another map.
    """
    chosen = last_report(key, MapChosen)
    return chosen.among(n) if chosen else None


def last_click(key: str, n: int) -> MapSelection | None:
    """The last click on the map of this key, known before the map is drawn again.

    Args:
        key: of the widget.
        n: items on the map; a click on one beyond was on another map.
    """
    clicked = last_report(key, MapClicked)
    return clicked.among(n) if clicked else None
