"""Pictures whose pixels stand in one row each, as arrays (N, D) of MNIST and CIFAR often have them."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Num, Shaped

from explorer.core.errors import DataError, UndecidedError
from explorer.data.importing import ImportOptions
from explorer.data.stored import batches
from explorer.io.images.asked import Axes
from explorer.io.images.contract import ImageContract
from explorer.io.tables.contract import ARRAYS
from explorer.io.tables.dialect import DialectFinding

_LEAST_SIDE = 8
_AT_ONCE = 1 << 22
_ORDERS: tuple[Axes, ...] = ("NCHW", "NHWC")


def pictures_in_rows(x: Num[np.ndarray, "n d"]) -> DialectFinding | None:
    """That the rows of a table may be pictures, by their number of columns and their values; None where they are not.

    Args:
        x: numbers; pictures have whole ones from 0 to 255, or some from 0 to 1.
    """
    n, d = x.shape
    size = next((f"{side}x{side}" for c in (1, 3) if (side := math.isqrt(d // c)) ** 2 * c == d), "")
    if not size or int(size.split("x")[0]) < _LEAST_SIDE or n < 2:
        return None
    top = 0.0
    is_whole = True
    for _, part in batches(x, max(1, _AT_ONCE // d)):
        if not np.isfinite(part).all() or part.min() < 0 or part.max() > 255:
            return None
        top, is_whole = max(top, float(part.max())), is_whole and bool((part == np.floor(part)).all())
    if not 0 < top <= (255 if is_whole else 1):
        return None
    values = "whole numbers up to 255" if is_whole else "numbers from 0 to 1"
    return DialectFinding(
        what=ARRAYS, value="a table", confidence=0.7, flag=f"--size {size} to read them as pictures",
        reason=f"read as a table of {d:,} numbers; the rows may be pictures of {size} pixels: {values}",
    )  # fmt: skip


def as_pictures(
    x: Shaped[np.ndarray, "n d"], name: str, options: ImportOptions
) -> tuple[Shaped[np.ndarray, "n *event"], Axes] | None:
    """Rows as the pictures that they are said to be, or that the model learnt from; None where they are a table.

    Args:
        x: an array of two axes.
        name: of the file, for errors.
        options: what is said of images, and what was learnt from.

    Returns:
        The array with the axes of pictures, a view, and these axes.

    Raises:
        DataError: rows have no number of pixels that fits.
        UndecidedError: they hold several channels, and it is not said in which order.
    """
    asked = options.images
    like = options.like if isinstance(options.like, ImageContract) else None
    if asked.axes is not None and asked.axes not in _ORDERS:
        return None
    if asked.size is None and (like is None or x.shape[1] != like.channels * like.size[0] * like.size[1]):
        return None
    if asked.size is not None and asked.channels is not None and x.shape[1] != asked.channels * math.prod(asked.size):
        return None  # all of a model's shape, which the rows do not have
    height, width = asked.size or (like.size if like is not None else (0, 0))
    channels, rest = divmod(x.shape[1], height * width)
    if rest or not channels:
        raise DataError(
            f"{name} has rows of {x.shape[1]:,} numbers, which are no pictures of {height}x{width} pixels.",
            "Say the size that they have, or leave --size out to read a table.",
        )
    if channels == 1:
        return x.reshape(len(x), height, width), "NHW"
    axes = asked.axes or (like.axes if like is not None else None)
    if axes not in _ORDERS:
        raise UndecidedError(
            f"{name}: the order of the {channels} channels in each row cannot be told.",
            "Say --axes NCHW where one channel follows the other, as in CIFAR, or --axes NHWC for pixel by pixel.",
        )
    event = (channels, height, width) if axes == "NCHW" else (height, width, channels)
    return x.reshape(len(x), *event), axes
