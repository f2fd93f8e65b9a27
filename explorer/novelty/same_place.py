"""A defect beside what a normal image has at the same place: the normal image that is most like the item just there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.io.images import to_float
from explorer.novelty.regions import peak_of, regions_above

AROUND, LEAST = 0.5, 24
"""A box is shown with this share of its sides around it, and in at least so many pixels a side."""

Box = tuple[int, int, int, int]
"""Top, left, height and width in pixels, places from 0."""


@dataclass(frozen=True, eq=False)
class SamePlace:
    """A part of an image, and that of the normal image that is nearest to it there.

    Args:
        box: what is shown, the defect's box with some of what is around it.
        defect: the box of pixels above the threshold with the highest value; None: no pixel is above it, and the place
            with the highest value is shown.
        item, normal: (C, h, w) that part of either.
        example: position of the normal image among the examples.
        name: of that image; empty: nobody knows.
        distance: root mean square difference of the two parts, of values in [0, 1].
    """

    box: Box
    defect: Box | None
    item: Num[np.ndarray, "c h w"]
    normal: Num[np.ndarray, "c h w"]
    example: int
    name: str
    distance: float


def same_place(
    image: Num[np.ndarray, "c h w"],
    own: Float[np.ndarray, "h w"],
    threshold: float,
    examples: Num[np.ndarray, "n c h w"],
    names: Sequence[str] = (),
) -> SamePlace:
    """The part of an image that its map points at, beside the nearest of normal images there.

    Args:
        own: its map.
        threshold: of pixels.
        examples: (n, C, H, W) normal images.
        names: (n,) of them; none: nobody knows them.
    """
    regions = regions_above(own, threshold)
    defect = regions[0].box if regions else None
    row, column = peak_of(own)
    box = _with_surroundings(defect or (row, column, 1, 1), own.shape)
    part = to_float(_cut(image, box))
    others = to_float(np.stack([_cut(example, box) for example in examples]))
    squares = np.square(others - part).mean((1, 2, 3), dtype=np.float64)
    example = int(squares.argmin())
    return SamePlace(
        box,
        defect,
        _cut(image, box),
        _cut(examples[example], box),
        example,
        names[example] if names else "",
        float(np.sqrt(squares[example])),
    )


def _cut(image: np.ndarray, box: Box) -> np.ndarray:
    top, left, height, width = box
    return image[:, top : top + height, left : left + width]


def _with_surroundings(box: Box, size: tuple[int, ...]) -> Box:
    """A box with some of what is around it, within an image of a size (H, W)."""
    starts, lengths = [], []
    for start, length, whole in zip(box[:2], box[2:], size, strict=True):
        wanted = min(whole, max(LEAST, round(length * (1 + 2 * AROUND))))
        # Where an edge is near, more of the other side is shown.
        starts.append(int(np.clip(start + (length - wanted) // 2, 0, whole - wanted)))
        lengths.append(wanted)
    return starts[0], starts[1], lengths[0], lengths[1]
