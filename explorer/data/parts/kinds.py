"""Four kinds of made part: each draws a good one, as a camera above a belt sees it, and says where it can be spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from explorer.data.parts.raster import UNIT, box, clouds, cover, length, mixed, places, wave

DESIGN = 20_261
"""Seed of what is the same on all parts of a kind: glyphs, bars and grooves."""


@dataclass(frozen=True, eq=False)
class PartDrawing:
    """A good part before light and noise.

    Args:
        picture: (C, H, W) brightness, about 0 to 255.
        where: (H, W) pixels that a defect may lie on.
    """

    picture: Int[np.ndarray, "c h w"]
    where: Bool[np.ndarray, "h w"]


@dataclass(frozen=True)
class PartKind:
    """A kind of part.

    Args:
        title: in words.
        shape: (C, H, W).
        draw: a good one by a random generator.
        light: how much the light changes, in thousandths.
        noise: of the camera; see ``raster.noisy``.
    """

    title: str
    shape: tuple[int, int, int]
    draw: Callable[[np.random.Generator], PartDrawing]
    light: int
    noise: int


def _pose(
    random: np.random.Generator, shape: tuple[int, int, int], shift: int, turn: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places on a part that lies up to so many pixels and 1/1024 (see ``raster.TURN``) from where it should."""
    down, right = (int(v) for v in random.integers(-shift * UNIT, shift * UNIT + 1, 2))
    return places(*shape[1:], (down, right), int(random.integers(-turn, turn + 1)))


WASHER = (1, 512, 512)


def _washer(random: np.random.Generator) -> PartDrawing:
    """A turned steel ring with bevelled rims and a flat on its outer edge, on a dark belt."""
    down, right = _pose(random, WASHER, 5, 18)
    radius = length(down, right)
    outer, inner = 208 * UNIT, 92 * UNIT
    inside = np.minimum(np.minimum(outer - radius, radius - inner), 200 * UNIT - down)
    grooves = np.random.Generator(np.random.PCG64(DESIGN)).integers(-7, 8, outer // UNIT + 2)
    face = 158 + grooves[np.minimum(radius // UNIT, outer // UNIT)]
    # Turned metal shines in two opposite directions.
    face += 26 * (down * down - right * right) // np.maximum(radius * radius, 1)
    bevel = np.clip(6 * UNIT - inside, 0, 6 * UNIT)
    face += 36 * bevel // (6 * UNIT)
    belt = 52 + clouds(random, *WASHER[1:], 16, 6)
    face += clouds(random, *WASHER[1:], 64, 5)
    return PartDrawing(mixed(belt, face, cover(inside))[None], inside > 4 * UNIT)


FABRIC = (1, 256, 256)


def _fabric(random: np.random.Generator) -> PartDrawing:
    """A twill of threads a dozen pixels apart, cut from the roll anywhere; threads differ a little and wander."""
    down, right = _pose(random, FABRIC, 60, 12)
    down, right = down + clouds(random, *FABRIC[1:], 64, 24), right + clouds(random, *FABRIC[1:], 64, 24)
    warp, weft = 12 * UNIT, 10 * UNIT
    column, row = right // warp, down // weft
    across, along = right % warp, down % weft
    own_column, own_row = random.integers(-9, 10, 512), random.integers(-9, 10, 512)
    bow_warp = 4 * across * (warp - across) * 60 // (warp * warp)
    bow_weft = 4 * along * (weft - along) * 60 // (weft * weft)
    warp_above = (column + 2 * row) % 4 < 2
    ends = 4 * along * (weft - along) * 16 // (weft * weft)
    sides = 4 * across * (warp - across) * 16 // (warp * warp)
    brightness = np.where(
        warp_above, 96 + bow_warp + ends + own_column[column % 512], 70 + bow_weft + sides + own_row[row % 512]
    )
    return PartDrawing(brightness[None], np.ones(FABRIC[1:], bool))


LABEL = (3, 320, 448)
LINES, GLYPHS = 5, 14
INK = (34, 40, 52)
PAPER = (226, 224, 214)
BLUE = (42, 86, 158)


def _label(random: np.random.Generator) -> PartDrawing:
    """A printed label in three inks: a bar, rows of glyphs, a code of bars and a round mark; print fades a little."""
    down, right = _pose(random, LABEL, 4, 8)
    design = np.random.Generator(np.random.PCG64(DESIGN + 1))
    glyphs = design.integers(0, 2, (LINES, GLYPHS, 7, 5))  # of squares of 3 pixels
    line, y = np.divmod(down // UNIT + 48, 30)
    glyph, x = np.divmod(right // UNIT + 190, 21)
    inside = (line >= 0) & (line < LINES) & (y < 21) & (glyph >= 0) & (glyph < GLYPHS - line % 3) & (x < 15)
    dark = np.zeros(LABEL[1:], np.int64)
    dark[inside] = glyphs[line[inside], glyph[inside], y[inside] // 3, x[inside] // 3]
    covered = cover(UNIT * (2 * dark - 1))
    widths = design.integers(2, 7, 60)
    edges = 118 + np.cumsum(widths)
    in_code = box(down, right, -60, 118, 110, 196)
    bars = np.searchsorted(edges, right // UNIT) % 2 == 0
    covered = np.maximum(covered, np.where(bars, cover(in_code), 0))
    header = cover(box(down, right, -138, -200, -84, 200))
    ring = length(down + 111 * UNIT, right - 150 * UNIT)
    mark = cover(np.minimum(19 * UNIT - ring, ring - 11 * UNIT))
    ink, fade = 1000 - int(random.integers(0, 120)), clouds(random, *LABEL[1:], 64, 5)
    layers = []
    for paper, blue, black in zip(PAPER, BLUE, INK, strict=True):
        layer = paper + clouds(random, *LABEL[1:], 8, 2)
        for over, colour in ((header, blue), (mark, paper), (covered, black)):
            layer = mixed(layer, layer + (colour - layer) * ink // 1000, over)
        layers.append(layer + fade)
    return PartDrawing(np.stack(layers), box(down, right, -146, -208, 132, 208) > 0)


PLATE = (1, 384, 576)
HOLES = ((-120, -210), (-120, 210), (120, -210), (120, 210))


def _plate(random: np.random.Generator) -> PartDrawing:
    """A milled plate with four holes and a slot; every pass of the mill leaves other marks."""
    down, right = _pose(random, PLATE, 4, 10)
    period = 14 * UNIT + int(random.integers(-UNIT, UNIT + 1))
    phase = int(random.integers(0, period))
    bent = right + down * down // (900 * UNIT)
    passes = random.integers(-8, 9, 512)
    face = 142 + 14 * wave(bent + phase, period) // 1000 + passes[((bent + phase) // period) % 512]
    fine = random.integers(-5, 6, 4096)
    face += fine[(bent // (2 * UNIT)) % 4096] + clouds(random, *PLATE[1:], 96, 7)
    body = box(down, right, -170, -262, 170, 262)
    solid = body
    for y, x in HOLES:
        solid = np.minimum(solid, length(down - y * UNIT, right - x * UNIT) - 26 * UNIT)
    solid = np.minimum(solid, -box(down, right, -14, -110, 14, 110))
    rim = np.clip(5 * UNIT - solid, 0, 5 * UNIT)
    face += 44 * rim // (5 * UNIT)
    belt = 38 + clouds(random, *PLATE[1:], 16, 4)
    return PartDrawing(mixed(belt, face, cover(solid))[None], solid > 3 * UNIT)


KINDS = {
    "washer": PartKind("Steel washers", WASHER, _washer, light=60, noise=4),
    "fabric": PartKind("Woven fabric", FABRIC, _fabric, light=60, noise=4),
    "label": PartKind("Printed labels", LABEL, _label, light=50, noise=3),
    "plate": PartKind("Milled plates", PLATE, _plate, light=60, noise=4),
}
"""Each kind by its name."""
