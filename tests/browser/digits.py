"""Twenty digits as a person would draw them: strokes of points in a unit square, y downwards, two of each digit."""

from __future__ import annotations

import math

import numpy as np

Point = tuple[float, float]
Stroke = list[Point]


def arc(x: float, y: float, across: float, down: float, start: float, end: float, n: int = 14) -> Stroke:
    """Points of an ellipse around (x, y) from one angle to another, in degrees; 0 is right, 90 is down."""
    angles = (math.radians(start + (end - start) * i / (n - 1)) for i in range(n))
    return [(x + across * math.cos(a), y + down * math.sin(a)) for a in angles]


SHAPES: list[tuple[int, list[Stroke]]] = [
    # A slightly open oval, begun at the top; and a slanted one that overshoots its start.
    (0, [arc(0.50, 0.50, 0.19, 0.29, -80, 275, 26)]),
    (0, [[(x + 0.12 * (0.5 - y), y) for x, y in arc(0.52, 0.49, 0.17, 0.30, -60, 330, 28)]]),
    # A plain stroke that leans; and one with a short flag.
    (1, [[(0.56, 0.20), (0.54, 0.35), (0.51, 0.52), (0.49, 0.68), (0.47, 0.81)]]),
    (1, [[(0.43, 0.31), (0.50, 0.20), (0.505, 0.40), (0.50, 0.60), (0.50, 0.80)]]),
    # A hook, a diagonal and a flat foot; and one with a small loop at the bottom left.
    (
        2,
        [
            [
                *arc(0.50, 0.35, 0.18, 0.15, 195, 380),
                (0.60, 0.50),
                (0.47, 0.64),
                (0.33, 0.77),
                (0.52, 0.76),
                (0.71, 0.76),
            ]
        ],
    ),
    (
        2,
        [
            [
                *arc(0.51, 0.34, 0.16, 0.14, 210, 390, 12),
                (0.57, 0.52),
                (0.47, 0.66),
                (0.37, 0.75),
                (0.31, 0.74),
                (0.33, 0.68),
                (0.41, 0.69),
                (0.54, 0.76),
                (0.70, 0.73),
            ]
        ],
    ),
    # Two bows; and two flatter ones with a sharper waist.
    (3, [[*arc(0.48, 0.35, 0.16, 0.14, 205, 440, 16), *arc(0.48, 0.64, 0.19, 0.16, 270, 500, 16)]]),
    (
        3,
        [[(0.34, 0.25), *arc(0.50, 0.36, 0.16, 0.13, 250, 435), (0.46, 0.49), *arc(0.47, 0.65, 0.18, 0.15, 280, 495)]],
    ),
    # Open at the top, in two strokes; and one whose bar is drawn low.
    (
        4,
        [
            [(0.36, 0.22), (0.34, 0.36), (0.33, 0.50), (0.45, 0.51), (0.57, 0.50), (0.68, 0.49)],
            [(0.62, 0.20), (0.61, 0.40), (0.60, 0.60), (0.59, 0.81)],
        ],
    ),
    (
        4,
        [
            [(0.40, 0.20), (0.36, 0.34), (0.31, 0.50), (0.33, 0.55), (0.48, 0.54), (0.70, 0.51)],
            [(0.60, 0.27), (0.58, 0.45), (0.56, 0.63), (0.53, 0.82)],
        ],
    ),
    # Body first and the roof after it; and one in a single stroke from the roof's right end.
    (
        5,
        [
            [(0.38, 0.23), (0.37, 0.35), (0.36, 0.46), *arc(0.48, 0.61, 0.18, 0.17, 235, 500, 18)],
            [(0.38, 0.23), (0.52, 0.23), (0.66, 0.21)],
        ],
    ),
    (
        5,
        [
            [
                (0.67, 0.22),
                (0.53, 0.23),
                (0.41, 0.24),
                (0.39, 0.35),
                (0.37, 0.46),
                *arc(0.47, 0.62, 0.17, 0.15, 250, 495),
            ]
        ],
    ),
    # A tall back with its loop at the bottom; and a rounder, more slanted one.
    (6, [[(0.57, 0.19), (0.48, 0.29), (0.40, 0.43), (0.36, 0.57), *arc(0.50, 0.65, 0.14, 0.14, 185, -170, 20)]]),
    (6, [[(0.62, 0.20), (0.50, 0.31), (0.42, 0.45), (0.37, 0.60), *arc(0.50, 0.66, 0.13, 0.13, 175, -190, 18)]]),
    # A bar and a slant; and one with a curved back.
    (7, [[(0.31, 0.25), (0.45, 0.25), (0.58, 0.24), (0.68, 0.24), (0.61, 0.41), (0.54, 0.59), (0.48, 0.80)]]),
    (7, [[(0.33, 0.32), (0.34, 0.26), (0.50, 0.26), (0.66, 0.25), (0.57, 0.42), (0.50, 0.61), (0.48, 0.81)]]),
    # The S first and back up again; and two rings on one another.
    (
        8,
        [
            [
                *arc(0.51, 0.35, 0.14, 0.14, -30, -270, 14),
                *arc(0.49, 0.64, 0.16, 0.16, -80, 230, 18),
                (0.48, 0.49),
                (0.57, 0.43),
                (0.62, 0.33),
            ]
        ],
    ),
    (8, [arc(0.51, 0.34, 0.13, 0.13, 90, 450, 20), arc(0.49, 0.64, 0.15, 0.16, -90, 270, 22)]),
    # A loop and a straight leg; and a curved leg.
    (9, [[*arc(0.49, 0.36, 0.14, 0.14, -20, -370, 20), (0.62, 0.48), (0.60, 0.64), (0.58, 0.81)]]),
    (9, [[*arc(0.50, 0.37, 0.15, 0.15, -35, -360, 20), (0.64, 0.50), (0.61, 0.62), (0.54, 0.74), (0.45, 0.80)]]),
]


def by_hand(strokes: list[Stroke], seed: int) -> list[Stroke]:
    """The strokes as a hand draws them: slanted, turned, larger or smaller, off the middle, never quite straight."""
    rng = np.random.default_rng(seed)
    turn, slant = rng.normal(0, 0.08), rng.normal(0.12, 0.12)
    size = rng.uniform(0.65, 1.15)
    place = 0.5 + rng.uniform(-0.12, 0.12, 2) * (1.3 - size)
    waves = [(rng.uniform(0.004, 0.012), rng.uniform(4, 11), rng.uniform(0, 2 * math.pi)) for _ in range(4)]
    drawn = []
    for stroke in strokes:
        points = np.array(stroke) - 0.5
        x, y = points[:, 0] - slant * points[:, 1], points[:, 1]
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        along = np.concatenate([[0], np.hypot(np.diff(x), np.diff(y)).cumsum()])
        x = x + sum(a * np.sin(f * along + phase) for a, f, phase in waves[:2])
        y = y + sum(a * np.sin(f * along + phase) for a, f, phase in waves[2:])
        drawn.append([(place[0] + size * px, place[1] + size * py) for px, py in zip(x, y, strict=True)])
    return drawn


DIGITS = [(digit, by_hand(strokes, seed)) for seed, (digit, strokes) in enumerate(SHAPES)]


def rasterise(strokes: list[Stroke], height: int, width: int, diameter: float) -> np.ndarray:
    """Light strokes on black, (1, height, width) uint8: what explorer/browser/drawing/sketch.js paints, written anew.

    Args:
        strokes: of points in the surface's pixels, (x, y).
        diameter: of the pen, in pixels.
    """
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    pixels = np.zeros((height, width))
    for stroke in strokes:
        cover = np.zeros_like(pixels)
        for (x0, y0), (x1, y1) in zip([stroke[0], *stroke], stroke, strict=False):
            dx, dy = x1 - x0, y1 - y0
            squared = dx * dx + dy * dy
            along = np.clip(((x - x0) * dx + (y - y0) * dy) / squared, 0, 1) if squared else 0.0
            distance = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
            cover = np.maximum(cover, np.clip(diameter / 2 + 0.5 - distance, 0, 1))
        pixels = np.floor(pixels + cover * (255 - pixels) + 0.5)
    return pixels.astype(np.uint8)[None]
