"""Figures with the interval that they are sure to, from counts and from samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, expit, ndtri

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An estimate with the ends of its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval.

    Args:
        value: in [0, 1]; NaN where there is nothing to count.
        low, high: ends of the interval.
        count, n: how many of how many.
    """

    value: float
    low: float
    high: float
    count: int
    n: int


def rate(count: int, n: int) -> Rate:
    """A share of independent items, with the interval of Clopper and Pearson 1934.

    Args:
        count: of ``n`` items, 0 <= count <= n.
    """
    if n == 0:
        return Rate(math.nan, 0.0, 1.0, 0, 0)
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return Rate(count / n, low, high, count, n)


POSITIVE = (0.0, math.inf)
"""Bounds of a figure that is never below 0."""


def mean_interval(values: np.ndarray, bounds: tuple[float, float] = (-math.inf, math.inf)) -> Interval | None:
    """The mean of independent figures with its 95 % interval, which stays within what the figure can be.

    Normal approximation for the mean; where the figure has one bound, for the logarithm of the mean's distance from it,
    and where it has two, for the logarithm of the distances' ratio. For many items the three agree.

    Args:
        values: (N,) figures within ``bounds``.
        bounds: lowest and highest value that the figure can have.

    Returns:
        None where nothing can be said: of fewer than two items, or where one is infinite.

    Source: the delta method, for example Casella and Berger 2002, section 5.5.4.
    """
    sample = np.asarray(values, np.float64)
    if len(sample) < 2 or not np.isfinite(sample).all():
        return None
    mean = float(sample.mean())
    half = float(ndtri((1 + CONFIDENCE) / 2) * sample.std(ddof=1) / math.sqrt(len(sample)))
    below, above = mean - bounds[0], bounds[1] - mean
    if half == 0 or min(below, above) <= 0:  # at a bound all figures are equal
        return Interval(mean, mean, mean)
    if math.isinf(below) and math.isinf(above):
        return Interval(mean, mean - half, mean + half)
    if math.isinf(above):
        return Interval(mean, bounds[0] + below * math.exp(-half / below), bounds[0] + below * math.exp(half / below))
    if math.isinf(below):
        return Interval(mean, bounds[1] - above * math.exp(half / above), bounds[1] - above * math.exp(-half / above))
    place, reach = math.log(below / above), half * (below + above) / (below * above)
    low, high = (bounds[0] + (below + above) * float(expit(place + sign * reach)) for sign in (-1, 1))
    return Interval(mean, low, high)


def bootstrap_interval(
    values: np.ndarray, confidence: float = 0.95, seed: int = 0, resamples: int = 2000
) -> tuple[float, float]:
    """Percentile bootstrap interval for the mean.

    Args:
        values: (N,) figures of independent items, N >= 1.
        confidence: share of intervals that should hold the true mean, in (0, 1).
        seed: of the resampling.
        resamples: how many samples to draw with replacement.

    Returns:
        (low, high), in the unit of the values.

    Source: Efron and Tibshirani 1993, section 13.3.
    """
    sample = np.asarray(values, np.float64)
    random = np.random.default_rng(seed)
    # One resample at a time, so that the memory stays that of the values.
    means = [random.choice(sample, len(sample)).mean() for _ in range(resamples)]
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
