"""Thresholds with a promised false-alarm rate, p-values, and counts with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num, Shaped
from scipy.special import betaincinv

from explorer.core.errors import ExplorerError
from explorer.core.intervals import CONFIDENCE, Interval, Rate, rate


@dataclass(frozen=True)
class Threshold:
    """Where to draw the line for a false-alarm rate; an alarm is a score above ``value``.

    Args:
        value: in the units of the scores.
        asked: the false-alarm rate that was asked for.
        rate: what is promised: the expected rate on new normal items, with the 95 % interval of the true rate given
            these normal scores. Larger than ``asked`` only where there are too few of them to promise less.
        n: number of normal scores.
    """

    value: float
    asked: float
    rate: Interval
    n: int


def threshold_for(scores_normal: Num[np.ndarray, " n"], false_alarm_rate: float) -> Threshold:
    """The lowest threshold that keeps the false-alarm rate on new normal items.

    An order statistic of held-out normal scores: exact for any distribution of scores, as long as new normal items
    come from where these came. With the k-th smallest of n scores, the true rate is distributed as Beta(n + 1 - k, k).

    Args:
        scores_normal: (n,) scores of normal items that the scorer was not fitted on, n >= 1.
        false_alarm_rate: in (0, 1).

    Raises:
        ExplorerError: no scores, or a rate outside (0, 1).

    Source: Vovk et al. 2005; for outliers Bates et al. 2023, section 2.
    """
    n = len(scores_normal)
    if n == 0:
        raise ExplorerError("A threshold needs scores of normal items, and there are none.", "Choose normal items.")
    if not 0 < false_alarm_rate < 1:
        raise ExplorerError(f"A false-alarm rate of {false_alarm_rate:g} is not between 0 and 1.", "Try 0.05.")
    # Rounded first: (n + 1) (1 - 0.1) is a hair above the whole number it should be.
    k = min(n, math.ceil(round((n + 1) * (1 - false_alarm_rate), 9)))
    value = float(np.partition(scores_normal, k - 1)[k - 1])
    return Threshold(value, false_alarm_rate, _rate_above(k, n), n)


def _rate_above(k: int, n: int) -> Interval:
    """The rate of new normal items above the k-th smallest of n scores, k >= 1."""
    low, high = betaincinv(n + 1 - k, k, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(value=(n + 1 - k) / (n + 1), low=float(low), high=float(high))


def threshold_at(scores_normal: Num[np.ndarray, " n"], value: float) -> Threshold:
    """What a threshold that was chosen otherwise promises; as ``threshold_for``, which chooses it by a rate.

    Args:
        scores_normal: (n,) scores of normal items that the scorer was not fitted on, n >= 1.
        value: an alarm is a score above it.
    """
    n = len(scores_normal)
    k = int((scores_normal <= value).sum())
    if not k:
        return Threshold(value, 1.0, Interval(value=1.0, low=0.0, high=1.0), n)
    rate = _rate_above(k, n)
    return Threshold(value, rate.value, rate, n)


def p_values(scores: Num[np.ndarray, " m"], calibration: Num[np.ndarray, " n"]) -> Float[np.ndarray, " m"]:
    """How likely a normal item is to score at least as high: (1 + number of normal scores that do) / (n + 1).

    For a new normal item the chance of a p-value of at most t is at most t, whatever the distribution of scores.

    Args:
        scores: (N,).
        calibration: (n,) scores of normal items that the scorer was not fitted on, n >= 1.

    Returns:
        (N,) in [1 / (n + 1), 1]; NaN where the score is.

    Source: Bates et al. 2023, equation 2.
    """
    ordered = np.sort(calibration)
    above = len(ordered) - np.searchsorted(ordered, scores, side="left")
    return np.where(np.isnan(scores), np.nan, (1 + above) / (len(ordered) + 1))


def percentile(scores: Num[np.ndarray, " m"], calibration: Num[np.ndarray, " n"]) -> Float[np.ndarray, " m"]:
    """(N,) percentage of normal scores (n,) that lie below each score."""
    return 100 * np.searchsorted(np.sort(calibration), scores) / len(calibration)


@dataclass(frozen=True)
class Confusion:
    """Counts at a threshold.

    Args:
        detected, missed: novel items above the threshold, and not.
        false_alarms, passed: normal items above the threshold, and not.
    """

    detected: int
    missed: int
    false_alarms: int
    passed: int

    @property
    def detection_rate(self) -> Rate:
        """Share of novel items that are detected (recall)."""
        return rate(self.detected, self.detected + self.missed)

    @property
    def false_alarm_rate(self) -> Rate:
        """Share of normal items that raise an alarm."""
        return rate(self.false_alarms, self.false_alarms + self.passed)

    @property
    def precision(self) -> Rate:
        """Share of alarms that are novel."""
        return rate(self.detected, self.detected + self.false_alarms)

    def cost(self, miss: float, false_alarm: float) -> float:
        """What the mistakes cost in all.

        Args:
            miss, false_alarm: price of one, in any unit.
        """
        return self.missed * miss + self.false_alarms * false_alarm


def confusion(scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"], threshold: float) -> Confusion:
    """Count alarms (scores above the threshold) among novel and normal items, (N,) each."""
    alarm, novel = np.asarray(scores) > threshold, np.asarray(is_novel, bool)
    return Confusion(
        int((alarm & novel).sum()),
        int((~alarm & novel).sum()),
        int((alarm & ~novel).sum()),
        int((~alarm & ~novel).sum()),
    )
