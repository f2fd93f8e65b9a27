"""Small pictures to choose one from, by pointer or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from explorer.io import images
from explorer.ui.live.envelope import digest
from explorer.ui.widgets.component import last_report, mount

STATE = "picked"


def picture_grid(
    x: np.ndarray,
    *,
    key: str,
    label: str,
    titles: Sequence[str] = (),
    selected: int | None = None,
    columns: int | None = None,
    size: int = 56,
    on_pick: Callable[[], None] | None = None,
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
    sheet_columns = int(np.ceil(np.sqrt(len(x))))
    png = images.sprite_sheet(x, sheet_columns)
    header = {
        "n": len(x),
        "sheet_columns": sheet_columns,
        "width": x.shape[3],
        "height": x.shape[2],
        "columns": columns,
        "size": size,
        "label": label,
        "titles": list(titles) or [str(i + 1) for i in range(len(x))],
        "selected": selected,
    }
    return _read(mount("picture_grid", header, {"sheet": png}, key=key, state=STATE, on_report=on_pick), png)


def last_picked(x: np.ndarray, *, key: str) -> int | None:
    """Position of the picture picked last, known before these are drawn again; None before the first."""
    report = last_report(key, STATE)
    return _read(report, images.sprite_sheet(x, int(np.ceil(np.sqrt(len(x)))))) if report else None


def _read(report: Any, png: bytes) -> int | None:
    # A click on other pictures may still be on its way.
    return int(report["index"]) if report and report["sheet"] == digest(png) else None
