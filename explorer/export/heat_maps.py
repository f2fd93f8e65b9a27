"""Maps of where images are anomalous as pictures: 16 bits of grey on one scale for many, and laid over the image."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num, UInt8, UInt16
from PIL import Image

from explorer.core.palette import NOVEL, sequential
from explorer.io.images import png_bytes, shown_channels, to_float

WHITE = (1 << 16) - 1
COVER = 0.75
"""How much of the image the heat covers where it is highest."""


@dataclass(frozen=True)
class HeatScale:
    """How the values of many maps are drawn.

    Args:
        usual: what normal images have at most places: no heat.
        threshold: of pixels, above ``usual``: half of the heat.
    """

    usual: float
    threshold: float

    def shares(self, own: Float[np.ndarray, "h w"]) -> Float[np.ndarray, "h w"]:
        """(H, W) in [0, 1]: 0 at what is usual, 0.5 at the threshold, 1 as far above it."""
        return np.clip((own - self.usual) / max(2 * (self.threshold - self.usual), 1e-12), 0, 1)


def grey_heat(own: Float[np.ndarray, "h w"], low: float, high: float) -> UInt16[np.ndarray, "h w"]:
    """A map in 16 bits: ``low`` is 0 and ``high`` 65535."""
    return np.rint(np.clip((own - low) / max(high - low, 1e-12), 0, 1) * WHITE).astype(np.uint16)


def grey_png(own: Float[np.ndarray, "h w"], low: float, high: float) -> bytes:
    """``grey_heat`` as a PNG of 16 bits a pixel."""
    out = io.BytesIO()
    Image.fromarray(grey_heat(own, low, high)).save(out, format="PNG", compress_level=1)
    return out.getvalue()


def overlay(
    image: Num[np.ndarray, "c h w"],
    own: Float[np.ndarray, "h w"],
    scale: HeatScale,
    boxes: Sequence[tuple[int, int, int, int]],
) -> UInt8[np.ndarray, "3 h w"]:
    """An image in grey with its map in colours over it, and a frame around each box (top, left, height, width)."""
    shown = to_float(image[: shown_channels(len(image))]).mean(0)[..., None] * 255
    shares = scale.shares(own)
    cover = COVER * shares[..., None]
    drawn = np.rint(shown * (1 - cover) + sequential(shares) * cover).astype(np.uint8)
    colour = [int(NOVEL[i : i + 2], 16) for i in (1, 3, 5)]
    height, width = own.shape
    for top, left, box_height, box_width in boxes:
        # One pixel outside of the box where there is room: the defect itself stays in sight.
        first, last = max(0, top - 1), min(height - 1, top + box_height)
        start, end = max(0, left - 1), min(width - 1, left + box_width)
        drawn[[first, last], start : end + 1] = colour
        drawn[first : last + 1, [start, end]] = colour
    return np.ascontiguousarray(drawn.transpose(2, 0, 1))


def overlay_png(
    image: Num[np.ndarray, "c h w"],
    own: Float[np.ndarray, "h w"],
    scale: HeatScale,
    boxes: Sequence[tuple[int, int, int, int]],
) -> bytes:
    """``overlay`` as a PNG."""
    return png_bytes(overlay(image, own, scale, boxes), effort=1)
