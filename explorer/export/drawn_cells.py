"""The cells of a heat map as marks: each with its colour and its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.core.palette import sequential
from explorer.export.painted import FigureMark

DARK, LIGHT = "#1d2b33", "#ffffff"
MIDDLE_GREY = 128
"""Words are light on a ground that is darker (Rec. 601 luma of 255)."""


def cell_marks(trace: dict[str, Any], x: Any, y: Any) -> Iterator[FigureMark]:
    """A bar for each cell that has a value, coloured from the lowest to the highest, and the cell's words on it.

    Args:
        trace: a heat map whose rows and columns have names.
        x, y: its axes, as ``drawn`` has them.
    """
    known = [value for row in trace["z"] for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    for across, down, value, words in _cells(trace):
        middle, level = x.place(across), y.place(down)
        if middle is None or level is None:
            continue
        half_wide, half_high = abs(x.end - x.start) / len(x.names) / 2, abs(y.end - y.start) / len(y.names) / 2
        ink = DARK
        if value is not None:
            share = (value - low) / (high - low) if high > low else 0.5
            red, green, blue = (round(float(part)) for part in sequential(np.float64(share).reshape(1))[0])
            corners = ((middle - half_wide, level - half_high), (middle + half_wide, level + half_high))
            yield FigureMark("bar", corners, f"#{red:02x}{green:02x}{blue:02x}")
            ink = LIGHT if 0.299 * red + 0.587 * green + 0.114 * blue < MIDDLE_GREY else DARK
        yield FigureMark("text", ((middle, level + 4),), ink, text=words, anchor="middle")


def _cells(trace: dict[str, Any]) -> Iterator[tuple[Any, Any, float | None, str]]:
    for down, values, texts in zip(trace["y"], trace["z"], trace["text"], strict=True):
        for across, value, words in zip(trace["x"], values, texts, strict=True):
            yield across, down, value, str(words)
