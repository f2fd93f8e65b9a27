"""Which axis of an array is what: the number of the image, its height, width and channels."""

from __future__ import annotations

from explorer.core.errors import UndecidedError
from explorer.io.images.asked import Axes, ImageFinding

MAX_CHANNELS = 512
_SURE = 4.0
"""So many times more likely one reading has to be than the other to be taken."""
_USUAL = {1: 1.0, 3: 1.0, 4: 0.6, 2: 0.4}
_BANDS = 0.3
_LEAST_SIDE = 8
_COLOURS = {"HWC": (3, 4), "CHW": (3,)}
_MANY, _FEW_BANDS = 0.02, 16
_NUMBER_LAST = 0.05
"""How usual it is that the number of the image is the last axis, as MATLAB and some frameworks have it.

Where the first two axes are equal and the third is not, images are square or their number is their height by chance:
both are as usual.
"""
_MUST_BE_LAST = 50.0
"""So many times more likely that has to be where nothing but the lengths of three axes speaks for it."""


def find_axes(shape: tuple[int, ...], asked: Axes | None, n_labels: int | None, name: str) -> tuple[Axes, ImageFinding]:
    """The axes of an array of images.

    Args:
        shape: of the array, three or four axes; two where they are asked for.
        asked: what was said.
        n_labels: how many labels stand beside it; None: none.
        name: of the file, for errors.

    Raises:
        UndecidedError: two readings are about as likely; names both, and the flag.
        DataError: what was asked for does not fit the shape.
    """
    if asked is not None:
        if len(asked) != len(shape):
            raise UndecidedError(
                f"{name} holds an array of shape {shape}, which has no axes {asked}.",
                f"Say --axes with {len(shape)} letters.",
            )
        return asked, ImageFinding(what="axes", value=asked, reason="as asked", flag="--axes LETTERS")
    chances = _of_three(shape, n_labels) if len(shape) == 3 else _of_four(shape, n_labels)
    (best, first), *others = sorted(chances.items(), key=lambda item: -item[1])
    second = others[0][1] if others else 0.0
    if second and first < (_MUST_BE_LAST if best == "HWN" else _SURE) * second:
        other = others[0][0]
        raise UndecidedError(
            f"{name} holds an array of shape {shape}, which may be {_words(shape, best)} or {_words(shape, other)}.",
            f"Say which it is: --axes {best} or --axes {other}.",
        )
    return best, ImageFinding(
        what="axes",
        value=best,
        reason=f"an array of shape {shape} is {_words(shape, best)}",
        confidence=round(first / (first + second), 2) if first + second else 1.0,
        flag="--axes LETTERS",
    )


def _of_three(shape: tuple[int, ...], n_labels: int | None) -> dict[Axes, float]:
    """How likely each reading of three axes is, up to a factor."""
    if n_labels is not None and n_labels in (shape[0], shape[2]) and shape[0] != shape[2]:
        return {"NHW": 1.0} if n_labels == shape[0] else {"HWN": 1.0}
    first, middle, last = shape
    chances: dict[Axes, float] = {"HWC": _picture(first, middle, last), "CHW": _picture(middle, last, first)}
    # A picture of its own has sides of some length, and as many channels as colours have.
    sides = {"HWC": shape[:2], "CHW": shape[1:]}
    colours: dict[Axes, float] = {
        axes: chance
        for axes, chance in chances.items()
        if min(sides[axes]) >= _LEAST_SIDE and shape[axes.index("C")] in _COLOURS[axes]
    }
    if n_labels == shape[0]:
        return {"NHW": 1.0}
    if colours:
        return {"NHW": 1.0, **colours}
    if min(shape[:2]) < _LEAST_SIDE:
        return {"NHW": 1.0}
    usual = 1.0 if first == middle != last else _NUMBER_LAST
    return {"NHW": _picture(middle, last, 1), "HWN": usual * _picture(first, middle, 1)}


def _of_four(shape: tuple[int, ...], n_labels: int | None) -> dict[Axes, float]:
    """As ``_of_three``, of four axes."""
    n, a, b, c = shape
    chances: dict[Axes, float] = {"NHWC": _picture(a, b, c), "NCHW": _picture(b, c, a)}
    if b in (1, 3) and n == a and c > n and n_labels in (None, c):
        chances["HWCN"] = _picture(n, a, b)
    if n in (1, 3) and a == b and a >= _LEAST_SIDE and n_labels in (None, c):
        chances["CHWN"] = _picture(a, b, n) * (_NUMBER_LAST if n_labels is None or n_labels == n else 1.0)
    if n_labels is not None and n_labels != n:
        fitting = {axes: chance for axes, chance in chances.items() if shape[axes.index("N")] == n_labels}
        chances = fitting or chances
    if b in _USUAL and c in _USUAL and max(a, b, c) > 1 and len(chances) == 2:
        # Both are numbers of channels that images have: (N, 3, 32, 3) and (N, 4, 32, 1) may be either.
        chances = dict.fromkeys(chances, 1.0)
    return chances


def _picture(height: int, width: int, channels: int) -> float:
    """How likely images have such a height, width and number of channels, up to a factor."""
    if channels > MAX_CHANNELS:
        return 0.0
    colours = _USUAL.get(channels, _BANDS if channels <= _FEW_BANDS else _MANY)
    short, long = sorted((height, width))
    shape = (short / long) ** 2 if long else 0.0
    return colours * shape * (1.0 if channels < short else 0.3)


def _words(shape: tuple[int, ...], axes: Axes) -> str:
    size = dict(zip(axes, shape, strict=True))
    n = size.get("N", 1)
    channels = size.get("C", 1)
    return f"{n:,} image{'s' * (n != 1)} of {channels} channel{'s' * (channels != 1)}, {size['H']}x{size['W']} pixels"
