"""Windows that overlap are alike: what they promise, and how those that validate keep clear of those learnt from."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Num

from explorer.core.errors import DataError
from explorer.novelty.fitting import VALIDATION_SHARE
from explorer.novelty.windows import Windows

MIN_WINDOWS = 10
"""That have no row in common."""
OF_WINDOWS = (
    "thresholds are set by as many scores as there are windows without a row in common, spread over those of all",
    "whether columns have changed is not tested, since windows that follow one another are alike",
)


def windows_apart(windows: Windows, n: int, name: str) -> int:
    """How many of n windows, one from each row on, have no row in common.

    Raises:
        DataError: too few to set a threshold.
    """
    apart = math.ceil(n / windows.length)
    if apart < MIN_WINDOWS:
        raise DataError(
            f"{name} has {n:,} normal windows, of which {apart:,} have no row in common; {MIN_WINDOWS} are needed.",
            "Give a longer series, or a shorter --window.",
        )
    return apart


def spread_scores(scores: Float[np.ndarray, " m"], n: int) -> Float[np.ndarray, " n"]:
    """(n,) rising scores that have the distribution of all (m,): of each n-th part the highest.

    Windows that overlap are scored much alike, so that m of them promise no more than the n that have no row in common.
    """
    ordered = np.sort(scores)
    return ordered[np.ceil(np.arange(1, n + 1) * len(ordered) / n).astype(np.int64) - 1]


def validated_last(x: Num[np.ndarray, "n d"], apart: int) -> tuple[Num[np.ndarray, "m d"], Num[np.ndarray, "k d"]]:
    """Windows that a model learns from, and the last tenth, which chooses its best epoch; none have a row in common.

    Args:
        apart: windows so many places apart have none.
    """
    n_held = max(1, round(VALIDATION_SHARE * len(x)))
    rest = len(x) - n_held
    return x[: max(1, rest - apart + 1)], x[rest:]
