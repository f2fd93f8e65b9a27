"""Thumbnails of the shown items as one picture."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Int, Num
from PIL import Image

from explorer.browser.parts import SpriteSheet
from explorer.core.gathered import gathered
from explorer.io import images

SPRITE_SIDE = 48
"""Largest side of a thumbnail in the sheet the browser gets, in pixels."""
SHEET_PIXELS = 16_000_000
"""Of all thumbnails together: what every browser still draws as one picture. More items have smaller ones."""
SHADES = 16
"""Of a sheet that is to be small: half a byte a pixel of grey. In colours, four times as many."""
PART = 2048
"""Images in full size at a time."""


def thumbnail_step(n: int, event_shape: tuple[int, ...]) -> int:
    """How many pixels of an image (C, H, W), each way, become one of its thumbnail, where n are shown."""
    height, width = event_shape[1:]
    for_all = math.sqrt(n * height * width / SHEET_PIXELS)
    return min(max(math.ceil(max(height, width) / SPRITE_SIDE), math.ceil(for_all)), height, width)


def sheet_columns(n: int) -> int:
    """Thumbnails in a row of a sheet of n."""
    return math.ceil(math.sqrt(n))


def sheet_of(png: bytes, n: int, event_shape: tuple[int, ...]) -> SpriteSheet:
    """A picture that ``thumbnails_png`` made of n items."""
    height, width = (side // thumbnail_step(n, event_shape) for side in event_shape[1:])
    return SpriteSheet(png=png, columns=sheet_columns(n), width=width, height=height)


def thumbnails_png(
    rows: Int[np.ndarray, " n"],
    step: int,
    pictures: Callable[[Int[np.ndarray, " k"]], Num[np.ndarray, "k c h w"]],
) -> bytes:
    """The thumbnails of rows (n,) as one PNG.

    Args:
        step: pixels, each way, that become one.
        pictures: (k,) rows to (k, C, H, W), some at a time: many in full size take much memory.
    """
    parts = np.array_split(rows, -(-len(rows) // PART))
    thumbnails = gathered((images.shrunk(pictures(part), step) for part in parts), len(rows))
    return images.sprite_sheet(thumbnails, sheet_columns(len(rows)))


def with_few_shades(sheet: SpriteSheet) -> SpriteSheet:
    """The same thumbnails in ``SHADES`` even steps of grey, or in the colours that stand for theirs best: smaller."""
    picture = Image.open(io.BytesIO(sheet.png))
    if picture.mode == "L":
        steps = np.round(np.asarray(picture) / 255 * (SHADES - 1)).astype(np.uint8)
        few = Image.fromarray(steps).convert("P")
        few.putpalette([round(255 * step / (SHADES - 1)) for step in range(SHADES) for _ in "rgb"])
    else:
        few = picture.convert("RGB").quantize(4 * SHADES, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return sheet.model_copy(update={"png": out.getvalue()})
