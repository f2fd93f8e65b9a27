"""Small pictures to choose one from, by pointer or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Num

from explorer.browser.picture_grid.message import COMPONENT, PictureGrid, PicturePicked, sheet_of, titles_of
from explorer.ui.widgets.component import last_report, mount


def picture_grid(
    x: Num[np.ndarray, "n c h w"],
    *,
    key: str,
    label: str,
    titles: Sequence[str] = (),
    selected: int | None = None,
    columns: int | None = None,
    size: int = 56,
    on_pick: Callable[[], None] = lambda: None,
) -> int | None:
    """Pictures as buttons: a click, Enter or Space picks one; arrow keys go from one to the next.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1], N >= 1.
        key: of the widget.
        label: what the pictures are, for screen readers.
        titles: of the pictures, one each, on hover and for screen readers; numbers from 1 if empty.
        selected: the picture to frame.
        columns: pictures a row; as many as fit if None. Fewer are shown where there is no room for so many.
        size: largest side of a picture, in screen pixels.
        on_pick: called before the page runs again, for what must be known before it is drawn; it asks ``last_picked``.

    Returns:
        Position of the picture picked last, or None.
    """
    message = PictureGrid(
        sheet=sheet_of(x), label=label, titles=titles_of(x, titles), selected=selected, columns=columns, size=size
    )
    mount(COMPONENT, message, key=key, on_report=on_pick)
    picked = last_report(key, PicturePicked)
    return picked.among(message.sheet, len(x)) if picked else None


def last_picked(x: Num[np.ndarray, "n c h w"], *, key: str) -> int | None:
    """Position of the picture picked last, known before these are drawn again; None before the first."""
    picked = last_report(key, PicturePicked)
    return picked.among(sheet_of(x), len(x)) if picked else None
