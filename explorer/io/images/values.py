"""The numbers of a whole set of images, gathered picture by picture: their range, steps and spread."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int, Shaped

_PER_OCTAVE = 8
_LOWEST, _HIGHEST = -32, 64
"""Powers of two between which numbers are counted."""
HOT_SHARE = 1e-4
"""Of all numbers, at most so many that lie an octave above all others are hot pixels."""


def few(n: int, share: float) -> float:
    """So many of n numbers are a small share of them: of a thousand or more one at least, of fewer none."""
    return max(float(n >= 1000), share * n)


def _none() -> Int[np.ndarray, " bins"]:
    return np.zeros((_HIGHEST - _LOWEST) * _PER_OCTAVE, np.int64)


@dataclass(eq=False)
class Values:
    """What is known of the numbers of one type in a set.

    Args:
        is_float: whether they may have fractions.
        n: how many there are.
        images: of how many images.
        low, high: the least and the greatest.
        step: what every one of them is a multiple of, 0 where that is not known.
        whole: whether none has a fraction.
        unit_images: of images of floats, how many go up to 1 at most, in fractions.
    """

    is_float: bool = False
    n: int = 0
    images: int = 0
    low: float = np.inf
    high: float = -np.inf
    step: int = 0
    whole: bool = True
    negative: int = 0
    unit_images: int = 0
    _counts: np.ndarray = field(default_factory=_none)
    _negative_counts: np.ndarray = field(default_factory=_none)

    def add(self, x: Shaped[np.ndarray, "*shape"], images: int = 1) -> None:
        """Take in the numbers of one image or more, all finite."""
        self.n += x.size
        self.images += images
        self.low, self.high = min(self.low, float(x.min())), max(self.high, float(x.max()))
        if x.dtype in (np.uint8, np.bool_):
            return  # of 8 bits the range says all
        values, counts = _different(x)
        if self.is_float:
            self.whole = self.whole and bool((values == np.rint(values)).all())
            self.unit_images += sum(map(_goes_up_to_one, x.reshape(images, -1)))
        elif self.step != 1:
            self.step = int(np.gcd(self.step, np.gcd.reduce(values)))
        numbers = values.astype(np.float64)
        if self.is_float:
            numbers *= 1 - 2.0**-20  # the number 1 is to count as one up to 1
        self._counts += _histogram(numbers, counts)
        if self.low < 0:
            below = _histogram(-numbers, counts)
            self.negative += int(below.sum())
            self._negative_counts += below

    def above(self, power: int) -> int:
        """How many are beyond 2 to this power: 2**8 and more of whole numbers, more than 2**8 of others."""
        return int(self._counts[(power - _LOWEST) * _PER_OCTAVE :].sum())

    def usual_high(self) -> tuple[float, int]:
        """The greatest number without hot pixels, and how many of these there are.

        Hot are at most ``HOT_SHARE`` of all numbers where nothing lies within an octave below them.
        """
        place, hot = _below_gap(self._counts, few(self.n, HOT_SHARE))
        return (self.high, 0) if not hot else (2.0 ** (_LOWEST + (place + 1) / _PER_OCTAVE), hot)

    def usual_low(self) -> tuple[float, int]:
        """The least number without such outliers, and how many there are."""
        if self.low >= 0:
            return self.low, 0
        place, hot = _below_gap(self._negative_counts, few(self.n, HOT_SHARE))
        return (self.low, 0) if not hot else (-(2.0 ** (_LOWEST + (place + 1) / _PER_OCTAVE)), hot)


def _goes_up_to_one(image: Shaped[np.ndarray, " n"]) -> bool:
    """Whether there are fractions up to 1 and nothing above; a black image, or one of 0 and 1, may be of any scale."""
    return bool(0 < image.max() <= 1 and (image != np.rint(image)).any())


def _different(x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The different numbers of 16 bits, with how often each is there; all numbers of wider types, each once."""
    if x.dtype.kind not in "ui" or x.dtype.itemsize > 2:
        return x.reshape(-1), None
    least = int(np.iinfo(x.dtype).min)
    counts = np.bincount(x.reshape(-1).astype(np.int32) - least)
    places = np.flatnonzero(counts)
    return places + least, counts[places]


def _histogram(values: np.ndarray, counts: np.ndarray | None) -> np.ndarray:
    """How many of the positive ones are in each bin."""
    positive = values > 0
    places = np.floor((np.log2(values[positive]) - _LOWEST) * _PER_OCTAVE).astype(np.int64)
    size = (_HIGHEST - _LOWEST) * _PER_OCTAVE
    weights = None if counts is None else counts[positive]
    return np.bincount(np.clip(places, 0, size - 1), weights, size).astype(np.int64)


def _below_gap(counts: np.ndarray, at_most: float) -> tuple[int, int]:
    """The highest bin of the usual numbers, and how many lie beyond an empty octave above it; none: 0."""
    places = np.flatnonzero(counts)
    beyond = 0
    for upper, lower in zip(places[::-1], places[-2::-1], strict=False):
        beyond += int(counts[upper])
        if beyond > at_most:
            break
        if upper - lower > _PER_OCTAVE:
            return int(lower), beyond
    return 0, 0
