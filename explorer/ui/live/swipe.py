"""Two versions of one picture under a divider that follows the pointer, and what differs between them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from explorer.core import palette
from explorer.ui.widgets.component import mount


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
    # Means first: a photo may have tens of millions of values.
    taken = (before.mean(0) - after.mean(0)) * scale
    # All but the largest one in a hundred, so that a few wild pixels do not make the rest pale.
    limit = max(1.0, float(np.ceil(np.quantile(np.abs(taken), 0.99))))
    return Residual(_signed_png(taken / limit), limit, unit)


def _signed_png(shares: np.ndarray) -> bytes:
    """(H, W) values in [-1, 1] as a PNG in colours around zero: one byte a pixel and a palette, for large photos."""
    steps = 127
    colours = palette.diverging(np.arange(-steps, steps + 1)[None, None], steps)[0, :, 0].T
    picture = Image.fromarray(np.rint(steps * (np.clip(shares, -1, 1) + 1)).astype(np.uint8))
    picture.putpalette(colours.tobytes())
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=1)
    return out.getvalue()


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
