"""The nearest labelled item of each item, for few labels and for many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int


def squared_distances(z: Float[np.ndarray, "m d"], others: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "m n"]:
    """Squared Euclidean distance of each item to each other one."""
    return np.square(z).sum(1)[:, None] + np.square(others).sum(1) - 2 * z @ others.T


def nearest_by_count(
    distances: Float[np.ndarray, "m n"], drawn: Int[np.ndarray, " k"], n_classes: int, counts: Sequence[int]
) -> Int[np.ndarray, "c m"]:
    """Which labelled item is nearest, for each number of labels per class.

    Args:
        distances: of each item to those that may be labelled.
        drawn: positions of labelled items among these, one of each class, then a second of each, and so on.
        n_classes: of the labels.
        counts: labels per class, rising.

    Returns:
        Positions in ``drawn``. Of two that are as near, the one that was drawn first.
    """
    own = distances[:, drawn]
    answers = []
    nearest = np.zeros(len(own), np.int64)
    least = np.full(len(own), np.inf)
    begin = 0
    for count in counts:
        end = min(count * n_classes, len(drawn))
        if end > begin:
            best = own[:, begin:end].argmin(1)
            distance = np.take_along_axis(own[:, begin:end], best[:, None], 1)[:, 0]
            is_nearer = distance < least
            nearest = np.where(is_nearer, begin + best, nearest)
            least = np.where(is_nearer, distance, least)
        begin = end
        answers.append(nearest)
    return np.stack(answers)
