"""Figures with the interval that they are sure to, from counts and from samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

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
