"""Pictures of which all that differs is known: one wedge on black, drawn at every place, size, turn and colour.

For measures of how far the numbers of a code stand for the factors that made the items.
"""

from __future__ import annotations

import itertools

import numpy as np
from jaxtyping import Int, UInt8

from explorer.data.base import Progress
from explorer.data.source import Source, SourceItems
from explorer.data.splits import split_rows

SIDE = 32
PLACES = tuple(range(9, 24, 2))
"""Pixels from the left, or from the top, to the middle of the wedge."""
SIZES = (4, 5, 6, 7)
"""Pixels from its middle to its tip."""
TURNS = 8
"""Eighths of a full turn."""
COLOURS = {"red": (230, 60, 60), "green": (60, 200, 80), "blue": (70, 110, 240), "yellow": (240, 210, 60)}
FACTORS = {"left": len(PLACES), "top": len(PLACES), "size": len(SIZES), "turn": TURNS, "colour": len(COLOURS)}
"""What differs, with how many values it has; items are all combinations, the last one changing fastest."""
_GRID = 4
"""Points looked at a pixel, along each axis: as many as lie inside make an edge soft."""
# 1024 times the cosine of each eighth. Whole numbers throughout: items are then the same to the bit on every machine.
_COSINE = (1024, 724, 0, -724, -1024, -724, 0, 724)
_WIDE = 724
"""1024 times how far the two other corners lie behind the middle and to the sides, of the way to the tip."""


def factors() -> Int[np.ndarray, "n 5"]:
    """(N, 5) the value of each factor, from 0, of each item, in the order of ``FACTORS``."""
    return np.array([*itertools.product(*map(range, FACTORS.values()))], np.int64)


def _wedge(size: int, turn: int) -> UInt8[np.ndarray, "side side"]:
    """(SIDE, SIDE) how many of a pixel's points lie inside, the middle being the middle of the picture."""
    cosine, sine = _COSINE[turn], _COSINE[(turn - 2) % 8]
    # In units of 1/1024 of half the way between two points, the tip first; (y, x), turned about the middle.
    reach = 2 * _GRID * size
    corners = [(0, reach * 1024), (reach * _WIDE, -reach * _WIDE), (-reach * _WIDE, -reach * _WIDE)]
    turned = [((y * cosine + x * sine) // 1024, (x * cosine - y * sine) // 1024) for y, x in corners]
    points = (2 * np.arange(SIDE * _GRID, dtype=np.int64) + 1 - SIDE * _GRID) * 1024
    y, x = points[:, None], points[None, :]
    sides = []
    for (y0, x0), (y1, x1) in itertools.pairwise([*turned, turned[0]]):
        sides.append((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0)
    inside = np.logical_and.reduce(sides) | np.logical_and.reduce([~side for side in sides])
    return inside.reshape(SIDE, _GRID, SIDE, _GRID).sum((1, 3)).astype(np.uint8)


def _shapes(seed: int, progress: Progress | None) -> SourceItems:
    known = factors()
    wedges = np.stack([[_wedge(size, turn) for turn in range(TURNS)] for size in SIZES]).astype(np.int64)
    paints = np.array([*COLOURS.values()], np.int64)
    x = np.zeros((len(known), 3, SIDE, SIDE), np.uint8)
    for item, (left, top, size, turn, colour) in zip(x, known.tolist(), strict=True):
        moved = np.roll(wedges[size, turn], (PLACES[top] - SIDE // 2, PLACES[left] - SIDE // 2), (0, 1))
        item[:] = paints[colour][:, None, None] * moved // _GRID**2
    splits = split_rows(len(known), seed)
    return SourceItems(x, known[:, -1], tuple(COLOURS), splits)


SOURCES = (
    Source(
        name="drawn-shapes",
        title="Drawn shapes",
        kind="image",
        licence="CC0",
        source="drawn by this program: a wedge at 8x8 places, in 4 sizes, 8 turns and 4 colours",
        offline=True,
        n_items=8_192,
        event_shape=(3, SIDE, SIDE),
        read=_shapes,
        fingerprint="1e5eaef1aef78ed7843372e6b2d3e564d212747c2c191814e31d1096037331c9",
    ),
)
