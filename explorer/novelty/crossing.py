"""Every normal item is learnt from and sets the threshold too: each is scored by what had not seen it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.novelty.scores.combination import Combination
from explorer.novelty.scores.scorer import Scorer

FOLDS = 5


def folds_of(n: int, folds: int, seed: int = 0) -> Int[np.ndarray, " n"]:
    """(n,) which of at most so many folds each item is in; they differ by one item at most."""
    return np.random.Generator(np.random.PCG64(seed)).permutation(n) % min(folds, n)


def stretches_of(n: int, folds: int) -> Int[np.ndarray, " n"]:
    """(n,) as ``folds_of`` for items in the order of time: a fold is a stretch of them."""
    return np.arange(n) * min(folds, n) // max(n, 1)


def cross_fitted(
    x: Num[np.ndarray, "n *event"],
    fitted: Callable[[Int[np.ndarray, " m"], int], Scorer],
    of_fold: Int[np.ndarray, " n"],
    apart: int = 1,
) -> tuple[Scorer, Float[np.ndarray, " n"]]:
    """A score fitted on all items, and a score of each item by one that was fitted on the other folds alone.

    A threshold from these keeps what it promises where the score hardly changes with a fold more to learn from; what
    has learnt from more finds new normal items a little less novel, so that it errs to the side of fewer false alarms.

    Args:
        x: (n, *event) normal items, n >= 2.
        fitted: numbers of items, and of the fold that is left out (-1: none) -> a score fitted on them.
        of_fold: (n,) the fold of each item, from 0; each costs a fit.
        apart: items so many places apart have nothing in common; what is nearer to a fold that is left out is left out
            of its fit as well.

    Returns:
        The score, and (n,) scores of the items.

    Source: Vovk 2015 (cross-conformal predictors); Barber et al. 2021 (CV+).
    """
    final = fitted(np.arange(len(x)), -1)
    crossed: np.ndarray | None = None
    for fold in range(int(of_fold.max()) + 1):
        held = of_fold == fold
        scorer = fitted(np.flatnonzero(~_near(held, apart)), fold)
        scores = scorer.part_scores(x[held]) if isinstance(scorer, Combination) else scorer.score(x[held])[None]
        crossed = np.empty((len(scores), len(x))) if crossed is None else crossed
        crossed[:, held] = scores
    assert crossed is not None  # noqa: S101 - there is at least one fold
    if isinstance(final, Combination):
        return final, final.set_scales(crossed).joined(crossed)
    return final, crossed[0]


def _near(held: np.ndarray, apart: int) -> np.ndarray:
    """(n,) bool: which items are held or fewer than ``apart`` places from one that is."""
    near = held.copy()
    for places in range(1, min(apart, len(held))):
        near[places:] |= held[:-places]
        near[:-places] |= held[places:]
    return near
