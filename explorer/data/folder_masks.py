"""Masks of the images of a folder: which pixels of an item are not as they should be, in the shape of the items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explorer.core.errors import DataError
from explorer.data.base import Masks
from explorer.data.image_sets import Member
from explorer.io.images import decode_native, fitted, read_header, tiles
from explorer.io.images.fit import Fit

HALF = 0.5
"""A pixel of an item counts where this share of it is covered; where no pixel is, half of the largest share."""


def read_masks(
    masks_of: Mapping[str, Sequence[Member]],
    pictures: Mapping[str, Member],
    names: Sequence[str],
    counts: Sequence[int],
    size: tuple[int, int],
    fit: Fit,
) -> tuple[Masks | None, list[tuple[str, str]]]:
    """Decode the masks of items; any number above 0 is a part of one.

    Args:
        masks_of: by the file of an image; several masks of one are joined.
        pictures: the images, by file.
        names: files of the items.
        counts: how many items were made of each.
        size: (height, width) of an item.
        fit: how images of another shape got it: a mask goes the same way.

    Returns:
        The masks, None where there are none; and (file, reason) of those that cannot be used.
    """
    rows: list[int] = []
    items: list[np.ndarray] = []
    left_out: list[tuple[str, str]] = []
    starts = np.cumsum([0, *counts])
    for name, start, count in zip(names, starts, counts, strict=False):
        if name not in masks_of:
            continue
        try:
            header = read_header(pictures[name].read(), name)
            whole = np.zeros((header.height, header.width), bool)
            for mask in masks_of[name]:
                covered = (decode_native(mask.read(), mask.name).array > 0).any(0)
                if covered.shape != whole.shape:
                    raise DataError(f"{mask.name} has another size than its picture", "")
                whole |= covered
            pieces = _as_items(whole, size, fit)
            if len(pieces) != count:
                raise DataError(f"{masks_of[name][0].name} gives other pieces than its picture", "")
        except (DataError, OSError) as error:
            left_out.append((masks_of[name][0].name, str(error)))
            continue
        rows += range(start, start + count)
        items += pieces
    if not items:
        return None, left_out
    return Masks(np.array(rows, np.int64), np.stack(items)), left_out


def _as_items(mask: np.ndarray, size: tuple[int, int], fit: Fit) -> list[np.ndarray]:
    """A mask (H, W) bool as the items that its picture became, uint8 0 or 1 each."""
    plane = mask[None].astype(np.float32)
    if fit == "tiles":
        return [piece[0].astype(np.uint8) for piece in tiles(plane, *size)]
    if fit == "border":  # which takes the colour of the edge: here none
        plane[:, [0, -1]] = plane[:, :, [0, -1]] = 0
    share = fitted(plane, (1, *size), fit).x[0]
    return [(share >= min(HALF, max(float(share.max()) / 2, 1e-6))).astype(np.uint8)]
