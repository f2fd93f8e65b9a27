"""Four kinds of defect in three sizes, drawn into a good part, with a mask of the pixels that they change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Int

from explorer.data.parts.kinds import PartDrawing
from explorer.data.parts.raster import any_place

SIZES = {"small": 1, "medium": 3, "large": 8}
"""Each with its factor: a small spot on a part of 512 pixels has a radius of 3 to 5 of them."""
MIN_CHANGE = 8
"""A pixel counts as changed from so many grey levels on; a defect changes its own by 12 or more on the mean."""

Picture = Int[np.ndarray, "c h w"]
Defect = tuple[Picture, Bool[np.ndarray, "h w"]]


def _length(random: np.random.Generator, part: PartDrawing, low: int, high: int, factor: int) -> int:
    """A length in pixels, times the factor: from low to high where the shorter side has 512, less to that of 384."""
    side = max(384, min(part.where.shape))
    return int(random.integers(low, high + 1)) * factor * side // 512


def _change(random: np.random.Generator, low: int = 32, high: int = 64) -> int:
    return int(random.integers(low, high + 1)) * int(random.choice([-1, 1]))


def scratch(random: np.random.Generator, part: PartDrawing, factor: int) -> Defect:
    """A thin line, bent once, lighter or darker than what it crosses."""
    size = _length(random, part, 14, 20, factor)
    width = 1 + (factor > 1) + (factor > 5)
    y, x = any_place(random, part.where)
    height_, width_ = part.where.shape
    rows, columns = np.mgrid[:height_, :width_]
    on = np.zeros(part.where.shape, bool)
    heading = random.integers(-100, 101, 2)
    for _ in range(2):
        heading = heading + random.integers(-40, 41, 2)
        norm = max(1, int(np.abs(heading).max()))
        dy, dx = (int(v) * size // (2 * norm) for v in heading)
        squared = max(1, dy * dy + dx * dx)
        along = (rows - y) * dy + (columns - x) * dx
        across = 2 * ((rows - y) * dx - (columns - x) * dy)
        on |= (across * across <= width * width * squared) & (along >= 0) & (along <= squared)
        y, x = y + dy, x + dx
    return part.picture + _change(random) * on, on


def spot(random: np.random.Generator, part: PartDrawing, factor: int) -> Defect:
    """A round spot with a soft rim, lighter or darker."""
    radius = 3 * _length(random, part, 3, 5, factor) // 2
    y, x = any_place(random, part.where)
    height, width = part.where.shape
    rows, columns = np.mgrid[:height, :width]
    squared, full = (rows - y) ** 2 + (columns - x) ** 2, radius * radius
    change = _change(random)
    strength = np.clip(2 * (full - squared), 0, full) * change // full
    return part.picture + strength, squared <= full * 7 // 8


def dent(random: np.random.Generator, part: PartDrawing, factor: int) -> Defect:
    """A hollow: one flank in the light, the other in the shade; as bright as before on the mean."""
    radius = 2 * _length(random, part, 3, 5, factor)
    y, x = any_place(random, part.where)
    height, width = part.where.shape
    rows, columns = np.mgrid[:height, :width]
    dy, dx = rows - y, columns - x
    squared, full = dy * dy + dx * dx, radius * radius
    toward = int(random.choice([-1, 1])) * (dy + dx)
    strength = _change(random, 45, 75) * toward * np.maximum(full - squared, 0) * 2 // (full * radius)
    on = (squared <= full) & (np.abs(strength) >= MIN_CHANGE)
    return part.picture + strength, on


def foreign(random: np.random.Generator, part: PartDrawing, factor: int) -> Defect:
    """A piece of the part from elsewhere, turned by a quarter: right in itself, not in its place."""
    side = min(2 * _length(random, part, 6, 8, factor), min(part.where.shape) // 3)
    height, width = part.where.shape
    most, best = -1, (part.picture[:, :side, :side], 0, 0)
    for _ in range(40):
        y, x = any_place(random, part.where)
        y, x = min(max(y - side // 2, 0), height - side), min(max(x - side // 2, 0), width - side)
        top, left = (int(random.integers(limit - side + 1)) for limit in (height, width))
        piece = np.rot90(part.picture[:, top : top + side, left : left + side], axes=(1, 2))
        differs = int(np.abs(piece - part.picture[:, y : y + side, x : x + side]).mean(0).sum())
        if differs > most:
            most, best = differs, (piece, y, x)
        if 16 * side * side <= differs <= 48 * side * side:  # seen, but not as a hole in the part
            break
    piece, y, x = best
    out, on = part.picture.copy(), np.zeros(part.where.shape, bool)
    out[:, y : y + side, x : x + side] = piece
    on[y : y + side, x : x + side] = True
    return out, on & (np.abs(out - part.picture).max(0) >= MIN_CHANGE)


DEFECTS: dict[str, Callable[[np.random.Generator, PartDrawing, int], Defect]] = {
    "scratch": scratch,
    "spot": spot,
    "dent": dent,
    "foreign piece": foreign,
}
"""Each kind with what draws it into a part, by a factor of ``SIZES``."""
