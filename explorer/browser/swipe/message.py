"""Two versions of one picture under a divider, and what differs between them."""

from __future__ import annotations

import io

import numpy as np
from jaxtyping import Num
from PIL import Image

from explorer.browser.schema import Component, File, Message, Part
from explorer.core import palette

RAMP = tuple("rgb({} {} {})".format(*colour) for colour in (palette.BELOW, palette.MIDDLE, palette.ABOVE))


class Residual(Part):
    """What differs between two pictures, in colours around zero.

    Args:
        png: of the pictures' size.
        limit: the size at which a colour is full.
        unit: of the limit.
        label: what it is called.
        colours: of the legend, from the most negative to the most positive.
    """

    png: File
    limit: float
    unit: str
    label: str = "residual"
    colours: tuple[str, ...] = RAMP


class Swipe(Message):
    """Two pictures of one size.

    Args:
        before: the left picture, as PNG.
        after: the right picture, of the same size.
        labels: of the left and the right picture.
        residual: a third view, shown on demand.
    """

    before: File
    after: File
    labels: tuple[str, str] = ("noisy", "denoised")
    residual: Residual | None = None


COMPONENT = Component("swipe", Swipe)


def residual_of(before: Num[np.ndarray, "c h w"], after: Num[np.ndarray, "c h w"], scale: float, unit: str) -> Residual:
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
    return Residual(png=_signed_png(taken / limit), limit=limit, unit=unit)


def _signed_png(shares: np.ndarray) -> bytes:
    """(H, W) values in [-1, 1] as a PNG in colours around zero: one byte a pixel and a palette, for large photos."""
    steps = 127
    colours = palette.diverging(np.arange(-steps, steps + 1)[None, None], steps)[0, :, 0].T
    picture = Image.fromarray(np.rint(steps * (np.clip(shares, -1, 1) + 1)).astype(np.uint8))
    picture.putpalette(colours.tobytes())
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=1)
    return out.getvalue()
