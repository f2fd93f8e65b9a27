"""Two versions of one picture under a divider that follows the pointer, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import images, palette
from explorer.ui.live.component import mount


@dataclass(frozen=True, eq=False)
class Residual:
    """What differs between two pictures, in colours around zero.

    Args:
        png: of the pictures' size.
        limit: the size at which a colour is full.
        unit: of the limit.
        label: what it is called.
    """

    png: bytes
    limit: float
    unit: str
    label: str = "residual"


def residual_of(before: np.ndarray, after: np.ndarray, scale: float, unit: str) -> Residual:
    """What was taken from one picture to get another, the mean over its channels.

    Args:
        before, after: (C, H, W) float.
        scale: what one unit of the pictures is in the unit of the legend.
        unit: of the legend.
    """
    taken = (before - after).mean(0) * scale
    # All but the largest one in a hundred, so that a few wild pixels do not make the rest pale.
    limit = max(1.0, float(np.ceil(np.quantile(np.abs(taken), 0.99))))
    return Residual(images.png_bytes(palette.diverging(taken[None], limit)[0]), limit, unit)


def swipe(
    before_png: bytes,
    after_png: bytes,
    *,
    key: str,
    labels: tuple[str, str] = ("noisy", "denoised"),
    residual: Residual | None = None,
) -> None:
    """Compare two pictures of one size.

    The divider follows the pointer or the arrow keys; the zoom buttons, the wheel with Ctrl and two fingers zoom all
    views together; a click pins a detail. Nothing is reported to Python.

    Args:
        before_png: the left picture, as PNG bytes.
        after_png: the right picture, of the same size.
        key: of the widget.
        labels: of the left and the right picture.
        residual: a third view, shown on demand.
    """
    header: dict[str, Any] = {"labels": list(labels)}
    sections = {"before": before_png, "after": after_png}
    if residual is not None:
        ends = (palette.BELOW, palette.MIDDLE, palette.ABOVE)
        colours = [f"rgb({red} {green} {blue})" for red, green, blue in ends]
        header["residual"] = {
            "limit": residual.limit,
            "unit": residual.unit,
            "label": residual.label,
            "colours": colours,
        }
        sections["residual"] = residual.png
    mount("swipe", header, sections, key=key)
