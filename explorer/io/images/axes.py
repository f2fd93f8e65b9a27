"""Which axis of an array is what: the number of the image, its height, width and channels."""

from __future__ import annotations

import math
from typing import Literal

from explorer.core.errors import UndecidedError
from explorer.io.images.asked import Axes, ImageFinding, ImagesAsked

MAX_CHANNELS = 512
_SURE = 4.0
"""So many times more likely one reading has to be than the others to be taken."""
_USUAL = {1: 1.0, 3: 1.0, 4: 0.6, 2: 0.4}
_BANDS = 0.3
_OF_SATELLITES = (12, 13)
"""How many bands Sentinel-2 has, and gives."""
_LEAST_SIDE, _LONGEST = 8, 8
"""In pixels, of a picture; and how many times as long the other side may be."""
_MANY, _FEW_BANDS = 0.02, 16
_NUMBER_LAST = 0.05
"""How usual it is that the number of the image is the last axis, as MATLAB and some frameworks have it.

Where the first two axes are equal, images are square or their number is their height by chance: both are as usual.
"""
_MUST_BE_LAST = 50.0
"""So many times more likely that has to be where nothing but the lengths of three axes speaks for it."""

NumberAxis = Literal["first", "last"]
"""Where a format, or those who write it, have the number of the image."""


def find_axes(
    shape: tuple[int, ...],
    asked: Axes | None,
    n_labels: int | None,
    name: str,
    wanted: tuple[int, int, int] | None = None,
    number: NumberAxis | None = None,
) -> tuple[Axes, ImageFinding]:
    """The axes of an array of images; of readings that are about as likely the finding names all.

    Args:
        shape: of the array, three or four axes; two where they are asked for.
        asked: what was said.
        n_labels: how many labels stand beside it; None: none.
        name: of the file, for errors.
        wanted: (C, H, W) of the images that a model takes: readings that give such, or what can become such, go first.
        number: where the format has the number of the image; None: that is not known.

    Raises:
        UndecidedError: what was asked for does not fit the shape.
    """
    if asked is not None:
        if len(asked) != len(shape):
            raise UndecidedError(
                f"{name} holds an array of shape {shape}, which has no axes {asked}.",
                f"Say --axes with {len(shape)} letters.",
            )
        return asked, ImageFinding(what="axes", value=asked, reason="as asked", flag="--axes LETTERS")
    chances = _of_three(shape, n_labels, number) if len(shape) == 3 else _of_four(shape, n_labels, number)
    if number == "first":
        chances = {axes: chance for axes, chance in chances.items() if axes.startswith("N")}
    exact = {axes: chance for axes, chance in chances.items() if _items(shape, axes) == wanted}
    able = {axes: one for axes, one in chances.items() if wanted and _can_become(_items(shape, axes)[0], wanted[0])}
    chances = exact or able or chances
    (best, first), *others = sorted(chances.items(), key=lambda item: -item[1])
    is_by_lengths = len(shape) == 3 and best in ("HWN", "HWC") and n_labels is None and number != "last"
    is_small = min(shape[:2]) < _LEAST_SIDE  # such as 3x3xN: no reading is of usual pictures
    sure = (math.inf if is_small else _MUST_BE_LAST) if is_by_lengths else _SURE
    likely = [best, *(axes for axes, chance in others if first < sure * chance)]
    if len(likely) > 1:
        return best, ImageFinding(
            what="axes",
            value=best,
            reason=f"an array of shape {shape} may be {', or '.join(_words(shape, axes) for axes in likely)}",
            confidence=0.5,
            flag=" or ".join(f"--axes {axes}" for axes in likely),
            readings=tuple(ImagesAsked(axes=axes) for axes in likely),
        )
    second = others[0][1] if others else 0.0
    return best, ImageFinding(
        what="axes",
        value=best,
        reason=f"an array of shape {shape} is {_words(shape, best)}",
        confidence=round(first / (first + second), 2) if first + second else 1.0,
        flag="--axes LETTERS",
    )


def _of_three(shape: tuple[int, ...], n_labels: int | None, number: NumberAxis | None) -> dict[Axes, float]:
    """How likely each reading of three axes is, up to a factor."""
    first, middle, last = shape
    if n_labels is not None and n_labels in (first, last) and first != last:
        return {"NHW": 1.0} if n_labels == first else {"HWN": 1.0}
    usual_first, usual_last = _usual(number, first == middle)
    of_many: dict[Axes, float] = {
        "NHW": usual_first * _picture(middle, last, 1),
        "HWN": usual_last * _picture(first, middle, 1),
    }
    if n_labels is not None:
        return of_many
    # One picture, with as many channels as colours or satellites have, is as likely as many of one channel.
    of_one: dict[Axes, float] = {}
    if _may_be_one(first, middle) and 1 < last <= min(_FEW_BANDS, first // 2, middle // 2):
        of_one["HWC"] = max(of_many.values())
    if _may_be_one(middle, last) and first > 1 and (first in _USUAL or first in _OF_SATELLITES):
        of_one["CHW"] = max(of_many.values())
    return of_one | of_many


def _of_four(shape: tuple[int, ...], n_labels: int | None, number: NumberAxis | None) -> dict[Axes, float]:
    """As ``_of_three``, of four axes."""
    n, a, b, c = shape
    usual_first, usual_last = _usual(number, n == a)
    chances: dict[Axes, float] = {"NHWC": usual_first * _picture(a, b, c), "NCHW": usual_first * _picture(b, c, a)}
    if b in _USUAL and c in _USUAL:
        # Both are numbers of channels that images have: (N, 3, 3, 3) and (N, 2, 4, 1) may be either.
        chances = dict.fromkeys(chances, usual_first)
    if b in _USUAL and min(n, a) >= _LEAST_SIDE:
        chances["HWCN"] = usual_last * _picture(n, a, b)
    if n in _USUAL and min(a, b) >= _LEAST_SIDE:
        usual = 1.0 if n_labels == c != n or number == "last" else _NUMBER_LAST
        chances["CHWN"] = usual * _picture(a, b, n)
    if n_labels is not None:
        chances = {axes: one for axes, one in chances.items() if shape[axes.index("N")] == n_labels} or chances
    return chances


def _usual(number: NumberAxis | None, is_square: bool) -> tuple[float, float]:
    """How usual it is that the number of the image is the first and the last axis.

    Args:
        number: where the format has it.
        is_square: whether the first two axes are equal.
    """
    if number == "last":
        return _NUMBER_LAST, 1.0
    return 1.0, 1.0 if is_square else _NUMBER_LAST


def _may_be_one(height: int, width: int) -> bool:
    """Whether an array may be a single picture, with such sides."""
    return min(height, width) >= max(_LEAST_SIDE, max(height, width) / _LONGEST)


def _picture(height: int, width: int, channels: int) -> float:
    """How likely images have such a height, width and number of channels, up to a factor."""
    if channels > MAX_CHANNELS:
        return 0.0
    colours = _USUAL.get(channels, _BANDS if channels <= _FEW_BANDS else _MANY)
    short, long = sorted((height, width))
    shape = (short / long) ** 2 if long else 0.0
    return colours * shape * (1.0 if channels < short else 0.3)


def _items(shape: tuple[int, ...], axes: Axes) -> tuple[int, int, int]:
    """(C, H, W) of each image."""
    size = dict(zip(axes, shape, strict=True))
    return size.get("C", 1), size["H"], size["W"]


def _can_become(channels: int, wanted: int) -> bool:
    """Whether images of so many channels can be given to a model of so many: grey becomes colour, colour grey."""
    return channels == wanted or {channels, wanted} == {1, 3}


def _words(shape: tuple[int, ...], axes: Axes) -> str:
    n = shape[axes.index("N")] if "N" in axes else 1
    channels, height, width = _items(shape, axes)
    counted = f", counted on the {'first' if axes.startswith('N') else 'last'} axis" if n > 1 else ""
    return f"{n:,} image{'s' * (n != 1)} of {channels} channel{'s' * (channels != 1)}, {height}x{width} pixels{counted}"
