"""What lies above a threshold on a map: regions of pixels, each with its box, its area and its highest value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

NEIGHBOURS = np.ones((3, 3), int)
"""Pixels of one region touch at a side or a corner."""


@dataclass(frozen=True)
class Region:
    """Pixels above a threshold that touch; lengths in pixels, places from 0 at the top left.

    Args:
        top, left, height, width: of the smallest box around it.
        area: how many pixels.
        peak: the highest value.
    """

    top: int
    left: int
    height: int
    width: int
    area: int
    peak: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, height, width."""
        return self.top, self.left, self.height, self.width


def regions_above(own: Float[np.ndarray, "h w"], threshold: float) -> tuple[Region, ...]:
    """The regions of a map above a threshold, the one with the highest value first."""
    from scipy import ndimage

    numbers, n = numbered_regions(own > threshold)
    every = range(1, n + 1)
    peaks, areas = ndimage.maximum(own, numbers, every), np.bincount(numbers.ravel(), minlength=n + 1)[1:]
    regions = [
        Region(down.start, across.start, down.stop - down.start, across.stop - across.start, int(area), float(peak))
        for (down, across), area, peak in zip(ndimage.find_objects(numbers), areas, peaks, strict=True)
    ]
    return tuple(sorted(regions, key=lambda region: -region.peak))


def numbered_regions(on: Bool[np.ndarray, "h w"]) -> tuple[Int[np.ndarray, "h w"], int]:
    """(H, W) number of the region of each pixel from 1, 0 for none; and how many regions there are."""
    from scipy import ndimage

    return ndimage.label(on, NEIGHBOURS)


def peak_of(own: Float[np.ndarray, "h w"]) -> tuple[int, int]:
    """(row, column) of the highest value, the first of several."""
    row, column = divmod(int(own.argmax()), own.shape[1])
    return row, column
