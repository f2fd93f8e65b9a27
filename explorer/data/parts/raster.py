"""Drawing in whole numbers: what is drawn is then the same to the bit on every machine."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int, UInt8

UNIT = 16
"""Places and lengths are in sixteenths of a pixel."""
TURN = 1024
"""A turn is given by tan(angle / 2) in 1/1024: 18 is about 2 degrees."""

Grey = Int[np.ndarray, "h w"]


def places(height: int, width: int, shift: tuple[int, int], turn: int) -> tuple[Grey, Grey]:
    """Where each pixel lies on a part that is shifted and turned about the middle of the picture.

    Args:
        height, width: of the picture, in pixels.
        shift: (down, right) of the part, in units.
        turn: of the part, clockwise; see ``TURN``.

    Returns:
        (H, W) units below and right of the part's middle.
    """
    y = (np.arange(height) * 2 - (height - 1)) * (UNIT // 2) - shift[0]
    x = (np.arange(width) * 2 - (width - 1)) * (UNIT // 2) - shift[1]
    down, right = np.meshgrid(y, x, indexing="ij")
    whole = TURN * TURN + turn * turn
    cosine, sine = TURN * TURN - turn * turn, 2 * TURN * turn
    return (down * cosine - right * sine) // whole, (down * sine + right * cosine) // whole


def length(down: Grey, right: Grey) -> Grey:
    """(H, W) distance from the middle, in units; the root of a whole number is rounded alike everywhere (IEEE 754)."""
    return np.sqrt((down * down + right * right).astype(np.float64)).astype(np.int64)


def cover(inside: Grey) -> Grey:
    """(H, W) how much of each pixel is covered, in 0..UNIT, by how deep it lies inside an edge (units)."""
    return np.clip(inside + UNIT // 2, 0, UNIT)


def mixed(below: Grey, above: Grey | int, covered: Grey) -> Grey:
    """(H, W) one brightness over another."""
    return (below * (UNIT - covered) + above * covered) // UNIT


def box(down: Grey, right: Grey, top: int, left: int, bottom: int, end: int) -> Grey:
    """(H, W) how deep each place lies inside a rectangle given in pixels, in units."""
    vertical = np.minimum(down - top * UNIT, bottom * UNIT - down)
    return np.minimum(vertical, np.minimum(right - left * UNIT, end * UNIT - right))


def wave(place: Grey, period: int) -> Grey:
    """(H, W) a smooth wave in -1000..1000 of a period in units: parabolas for a sine, off by 6 % at most."""
    half = period // 2
    at = place % period
    first = at % half
    bow = 4000 * first * (half - first) // (half * half)
    return np.where(at < half, bow, -bow)


def clouds(random: np.random.Generator, height: int, width: int, cell: int, strength: int) -> Grey:
    """(H, W) smooth random brightness in -strength..strength, by values every ``cell`` pixels and lines between."""
    rows, columns = height // cell + 2, width // cell + 2
    knots = random.integers(-strength, strength + 1, (rows, columns))
    y, x = np.arange(height), np.arange(width)
    top, left, of_y, of_x = y // cell, x // cell, y % cell, x % cell
    upper = knots[top][:, left] * (cell - of_x) + knots[top][:, left + 1] * of_x
    lower = knots[top + 1][:, left] * (cell - of_x) + knots[top + 1][:, left + 1] * of_x
    return (upper * (cell - of_y)[:, None] + lower * of_y[:, None]) // (cell * cell)


def lit(random: np.random.Generator, picture: Int[np.ndarray, "c h w"], change: int) -> Int[np.ndarray, "c h w"]:
    """Under a light that is brighter or darker by up to ``change`` thousandths as a whole and from side to side."""
    height, width = picture.shape[1:]
    whole, slope_y, slope_x = (int(value) for value in random.integers(-change, change + 1, 3))
    y, x = np.arange(height) * 2 - height, np.arange(width) * 2 - width
    factor = 1000 + whole + (slope_y * y // height)[:, None] + (slope_x * x // width)[None]
    return picture * factor // 1000


_BITS_SET = np.array([bin(number).count("1") for number in range(1 << 16)], np.int16)


def noisy(random: np.random.Generator, picture: Int[np.ndarray, "c h w"], strength: int) -> UInt8[np.ndarray, "c h w"]:
    """With noise of ``strength`` grey levels, as cameras have it: how many of 16 random bits are set, 8 expected."""
    bits = random.integers(0, 1 << 16, picture.shape, np.uint16)
    noise = (_BITS_SET[bits] - 8) * strength // 2  # 16 bits have a standard deviation of 2
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def any_place(random: np.random.Generator, where: Bool[np.ndarray, "h w"]) -> tuple[int, int]:
    """(row, column) of a random one of the chosen pixels."""
    chosen = np.flatnonzero(where)
    return divmod(int(chosen[int(random.integers(len(chosen)))]), where.shape[1])
