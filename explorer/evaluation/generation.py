"""How far generated items are from real ones, as two sets of vectors: Fréchet distance, precision and recall."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Bool, Float

from explorer.core.errors import DataError
from explorer.core.intervals import Interval, Rate, rate
from explorer.core.neighbours import nearest

NEIGHBOURS = 3
"""A ball round an item reaches to its third neighbour, as in the paper's own measurements."""
RESAMPLINGS = 100
ROWS_AT_ONCE = 512


def frechet_distance(x: Float[np.ndarray, "n d"], y: Float[np.ndarray, "m d"]) -> float:
    """Squared Fréchet distance of the two Gaussians that have the means and covariances of two sets.

    d^2 = |m_x - m_y|^2 + tr(C_x + C_y - 2 (C_x^(1/2) C_y C_x^(1/2))^(1/2)). Of finite sets it is too large, by about
    as much as a second set of the same source gets at the same sizes: that belongs beside it.

    Args:
        x, y: feature vectors, two of each or more.

    Returns:
        In squared units of the features, never negative.

    Raises:
        DataError: fewer than two of one.

    Source: Dowson and Landau 1982, equation 4; on features of images, Heusel et al. 2017, equation 6.
    """
    if min(len(x), len(y)) < 2:
        raise DataError("A Gaussian needs two items or more.", "Take more items.")
    (mean_x, cov_x), (mean_y, cov_y) = _moments(x), _moments(y)
    values, directions = np.linalg.eigh(cov_x)
    root = (directions * np.sqrt(np.maximum(values, 0))) @ directions.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_y @ root), 0)).sum()
    apart = float(np.square(mean_x - mean_y).sum() + np.trace(cov_x) + np.trace(cov_y) - 2 * shared)
    return max(0.0, apart)


def frechet_interval(
    x: Float[np.ndarray, "n d"], y: Float[np.ndarray, "m d"], seed: int = 0, resamplings: int = RESAMPLINGS
) -> Interval:
    """``frechet_distance`` with a 95 % interval for what other items of the same two sources would give.

    Normal approximation for its logarithm, with the standard deviation that the bootstrap finds. Its quantiles are not
    used: drawing items twice is itself a distance, so that they lie above the figure. What finite sets add to the
    distance stays in it and its interval.

    Source: Efron and Tibshirani 1993, chapter 6; the delta method for the logarithm.
    """
    from scipy.special import ndtri

    value = frechet_distance(x, y)
    random = np.random.default_rng(seed)
    drawn = [
        frechet_distance(x[random.integers(0, len(x), len(x))], y[random.integers(0, len(y), len(y))])
        for _ in range(resamplings)
    ]
    error = float(ndtri(0.975) * np.std(drawn, ddof=1))
    if value == 0:
        return Interval(value=value)
    return Interval(value=value, low=value * math.exp(-error / value), high=value * math.exp(error / value))


def precision_and_recall(
    real: Float[np.ndarray, "n d"], made: Float[np.ndarray, "m d"], k: int = NEIGHBOURS
) -> tuple[Rate, Rate]:
    """How many made items lie among real ones, and how many real ones among the made.

    An item lies among others if it is in a ball round one of them that reaches to that one's k-th neighbour. Intervals
    are over the items that are counted, the balls held as they are. Both depend on how many items there are: compare
    at equal sizes.

    Args:
        real, made: feature vectors, more than k of each.

    Returns:
        Precision (share of made) and recall (share of real).

    Raises:
        DataError: too few items.

    Source: Kynkäänniemi et al. 2019, equations 1 and 2.
    """
    if min(len(real), len(made)) <= k:
        raise DataError(f"{k} neighbours need more than {k} items.", "Take more items.")
    precise, recalled = _among(made, real, k), _among(real, made, k)
    return rate(int(precise.sum()), len(made)), rate(int(recalled.sum()), len(real))


def _among(x: Float[np.ndarray, "n d"], others: Float[np.ndarray, "m d"], k: int) -> Bool[np.ndarray, " n"]:
    from scipy.spatial.distance import cdist

    reach = nearest(others, others, k, itself=np.arange(len(others)))[1][:, -1]
    parts = (x[start : start + ROWS_AT_ONCE] for start in range(0, len(x), ROWS_AT_ONCE))
    return np.concatenate([(cdist(part, others) <= reach).any(1) for part in parts])


def _moments(x: Float[np.ndarray, "n d"]) -> tuple[Float[np.ndarray, " d"], Float[np.ndarray, "d d"]]:
    rows = np.asarray(x, np.float64)
    return rows.mean(0), np.atleast_2d(np.cov(rows, rowvar=False))
