"""Figures with the interval that they are sure to, from counts and from samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Self

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict

# scipy is imported where it is used: the rest of the program does without it for as long as it can.

CONFIDENCE = 0.95


class Interval(BaseModel):
    """An estimate with the ends of its confidence interval; infinite ends where nothing is known of them."""

    # A figure can be infinite (a PSNR of equal images), and JSON has no number for that.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    value: float
    low: float = -math.inf
    high: float = math.inf

    @property
    def has_ends(self) -> bool:
        """Whether both ends are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def __neg__(self) -> Self:
        """The interval of minus the value."""
        return self.model_copy(update={"value": -self.value, "low": -self.high, "high": -self.low})

    def text(self, number: Callable[[float], str] = "{:.4g}".format) -> str:
        """The estimate and its interval: "12.3 (11.9 to 12.7)"; without ends, the estimate alone.

        Args:
            number: writes one number.
        """
        return f"{number(self.value)} ({self.ends(number)})" if self.has_ends else number(self.value)

    def ends(self, number: Callable[[float], str] = "{:.4g}".format) -> str:
        """The interval alone: "11.9 to 12.7"."""
        return f"{number(self.low)} to {number(self.high)}"


class Rate(Interval):
    """A share in [0, 1] with its 95 % interval: ``count`` of ``n``; NaN where there is nothing to count."""

    count: int
    n: int


def rate(count: int, n: int) -> Rate:
    """A share of independent items, with the interval of Clopper and Pearson 1934.

    Args:
        count: of ``n`` items, 0 <= count <= n.
    """
    from scipy.special import betaincinv

    if n == 0:
        return Rate(value=math.nan, low=0.0, high=1.0, count=0, n=0)
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return Rate(value=count / n, low=low, high=high, count=count, n=n)


POSITIVE = (0.0, math.inf)
"""Bounds of a figure that is never below 0."""


def mean_interval(values: Float[np.ndarray, " n"], bounds: tuple[float, float] = (-math.inf, math.inf)) -> Interval:
    """The mean of independent figures with its 95 % interval, which stays within what the figure can be.

    Normal approximation for the mean; where the figure has one bound, for the logarithm of the mean's distance from it,
    and where it has two, for the logarithm of the distances' ratio. For many items the three agree.

    Args:
        values: (N,) figures within ``bounds``.
        bounds: lowest and highest value that the figure can have.

    Returns:
        The mean in the unit of the values; without ends where nothing can be said: of fewer than two items, or where
        one is infinite.

    Source: the delta method, for example Casella and Berger 2002, section 5.5.4.
    """
    from scipy.special import expit, ndtri

    sample = np.asarray(values, np.float64)
    mean = float(sample.mean())
    if len(sample) < 2 or not np.isfinite(sample).all():
        return Interval(value=mean)
    half = float(ndtri((1 + CONFIDENCE) / 2) * sample.std(ddof=1) / math.sqrt(len(sample)))
    below, above = mean - bounds[0], bounds[1] - mean
    if half == 0 or min(below, above) <= 0:  # at a bound all figures are equal
        return Interval(value=mean, low=mean, high=mean)
    if math.isinf(below) and math.isinf(above):
        return Interval(value=mean, low=mean - half, high=mean + half)
    if math.isinf(above):
        low, high = (bounds[0] + below * math.exp(sign * half / below) for sign in (-1, 1))
        return Interval(value=mean, low=low, high=high)
    if math.isinf(below):
        low, high = (bounds[1] - above * math.exp(sign * half / above) for sign in (1, -1))
        return Interval(value=mean, low=low, high=high)
    place, reach = math.log(below / above), half * (below + above) / (below * above)
    low, high = (bounds[0] + (below + above) * float(expit(place + sign * reach)) for sign in (-1, 1))
    return Interval(value=mean, low=low, high=high)


def mean_of_few(values: Float[np.ndarray, " n"]) -> Interval:
    """The mean of a few independent figures, such as those of several seeds, with its 95 % interval by Student's t.

    Args:
        values: (N,) of one unit, N >= 1.

    Returns:
        The mean; without ends of a single figure, or where one is not finite.

    Source: Student 1908; mean +- t(N - 1) s / sqrt(N).
    """
    from scipy.special import stdtrit

    sample = np.asarray(values, np.float64)
    mean = float(sample.mean())
    if len(sample) < 2 or not np.isfinite(sample).all():
        return Interval(value=mean)
    t = float(stdtrit(len(sample) - 1, (1 + CONFIDENCE) / 2))
    half = t * float(sample.std(ddof=1)) / math.sqrt(len(sample))
    return Interval(value=mean, low=mean - half, high=mean + half)
