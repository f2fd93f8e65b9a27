"""Directions in a latent space that stand for an attribute, and a probe that measures what they do.

An attribute is given by two groups of items: A without it, B with it. Codes are float arrays (N, D). scikit-learn is
imported where it is used: it takes about a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit

from explorer.core.errors import ExplorerError
from explorer.core.intervals import Rate, rate

MIN_ITEMS = 4
"""Of each group: half of them fit the probe and half test it."""
MIN_RISE = 0.05
"""A rise of the probe's probability smaller than this is no effect, of which no share can survive."""


def mean_direction(codes_a: Float[np.ndarray, "n d"], codes_b: Float[np.ndarray, "m d"]) -> Float[np.ndarray, " d"]:
    """The step in the code that leads from one group of items to another: the difference of their means.

    Args:
        codes_a, codes_b: (n, D) and (m, D) codes without and with the attribute, at least one each.

    Returns:
        (D,): add it to a code to give it the attribute, a multiple for more or less of it.

    Raises:
        ExplorerError: a group is empty.

    Source: Larsen et al. 2016, section 4.2.
    """
    _check(codes_a, codes_b, 1)
    return np.asarray(codes_b, np.float64).mean(0) - np.asarray(codes_a, np.float64).mean(0)


def probe_direction(codes_a: Float[np.ndarray, "n d"], codes_b: Float[np.ndarray, "m d"]) -> Float[np.ndarray, " d"]:
    """The step across the plane that best parts two groups: the normal of a logistic regression.

    Where an attribute comes along with another one, the means differ in both; the normal turns towards what tells the
    groups apart. Its length takes the mean of the first group to the side of the second, measured along it.

    Args:
        codes_a, codes_b: (n, D) and (m, D) codes without and with the attribute, at least one each.

    Returns:
        (D,) in units of the code; all zero where the groups cannot be told apart.

    Raises:
        ExplorerError: a group is empty.

    Source: Shen et al. 2020, section 2.2, with a logistic regression for their support vector machine.
    """
    weights, _ = _logistic(codes_a, codes_b)
    length = np.linalg.norm(weights)
    if length == 0:
        return np.zeros_like(weights)
    normal = weights / length
    return normal * float(mean_direction(codes_a, codes_b) @ normal)


class AttributeProbe:
    """A logistic regression that says from a code how likely the item is of group B, and how often it is right.

    Args:
        seed: of the split into the half that is fitted and the half that is tested.

    Attributes:
        fitted_a_, fitted_b_: codes of the halves that were fitted; take a direction from these.
        tested_a_, tested_b_: codes of the other halves.
        accuracy_: share of tested codes told right, as many of one group as of the other, so that guessing gives 0.5.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, codes_a: Float[np.ndarray, "n d"], codes_b: Float[np.ndarray, "m d"]) -> AttributeProbe:
        """Fit on a random half of each group and test on the other.

        Args:
            codes_a, codes_b: (n, D) and (m, D), at least ``MIN_ITEMS`` each.

        Raises:
            ExplorerError: a group is too small.
        """
        _check(codes_a, codes_b, MIN_ITEMS)
        random = np.random.default_rng(self.seed)
        self.fitted_a_, self.tested_a_ = _halves(codes_a, random)
        self.fitted_b_, self.tested_b_ = _halves(codes_b, random)
        self._weights, self._offset = _logistic(self.fitted_a_, self.fitted_b_)
        n = min(len(self.tested_a_), len(self.tested_b_))
        right = int((self.probability(self.tested_a_[:n]) < 0.5).sum())
        right += int((self.probability(self.tested_b_[:n]) >= 0.5).sum())
        self.accuracy_: Rate = rate(right, 2 * n)
        return self

    def probability(self, codes: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        """(N,) probability of group B for codes (N, D), were both groups equally common; in [0, 1]."""
        probability: np.ndarray = expit(np.asarray(codes, np.float64) @ self._weights + self._offset)
        return probability


@dataclass(frozen=True)
class Effect:
    """What steps along a direction do to a probe's probability of group B, averaged over items.

    Args:
        steps: (k,) multiples of the direction, increasing, with 0 and 1 among them.
        direct: (k,) mean probability of the shifted codes themselves.
        seen_again: (k,) the same after each shifted code was decoded and its item encoded again.
        n: items averaged over.
    """

    steps: Float[np.ndarray, " k"]
    direct: Float[np.ndarray, " k"]
    seen_again: Float[np.ndarray, " k"]
    n: int

    @property
    def survived(self) -> float:
        """Share of the rise from step 0 to step 1 that is seen again in the decoded items; NaN where nothing rises."""
        start, end = (int(np.flatnonzero(self.steps == step)[0]) for step in (0, 1))
        rise = float(self.direct[end] - self.direct[start])
        return float(self.seen_again[end] - self.seen_again[start]) / rise if rise >= MIN_RISE else float("nan")


def measure_effect(
    probe: AttributeProbe,
    direction: Float[np.ndarray, " d"],
    codes: Float[np.ndarray, "n d"],
    again: Callable[[np.ndarray], np.ndarray],
    steps: Float[np.ndarray, " k"] | None = None,
) -> Effect:
    """Move codes along a direction and ask the probe, before and after the item was decoded and encoded again.

    Args:
        probe: fitted.
        direction: (D,).
        codes: (N, D) to start from, N >= 1; best those of group A that the probe was not fitted on.
        again: (M, D) codes -> (M, D) codes of their decoded items.
        steps: (k,) multiples of the direction; -1 to 2 in quarters by default.
    """
    steps = np.linspace(-1, 2, 13) if steps is None else np.asarray(steps, np.float64)
    shifted = np.asarray(codes, np.float64)[None] + steps[:, None, None] * np.asarray(direction, np.float64)
    flat = shifted.reshape(-1, shifted.shape[-1])
    direct, seen_again = (probe.probability(c).reshape(len(steps), -1).mean(1) for c in (flat, again(flat)))
    return Effect(steps, direct, seen_again, len(codes))


def _check(codes_a: np.ndarray, codes_b: np.ndarray, at_least: int) -> None:
    if min(len(codes_a), len(codes_b)) < at_least:
        raise ExplorerError(
            f"A direction needs items in both groups: here are {len(codes_a)} and {len(codes_b)}.",
            f"Choose at least {at_least} for each.",
        )


def _halves(codes: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    order = random.permutation(len(codes))
    half = len(codes) // 2
    values = np.asarray(codes, np.float64)
    return values[order[:half]], values[order[half:]]


def _logistic(codes_a: np.ndarray, codes_b: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (D,) and offset of a logistic regression of B against A, in units of the code, both weighing the same."""
    from sklearn.linear_model import LogisticRegression

    _check(codes_a, codes_b, 1)
    codes = np.concatenate([codes_a, codes_b]).astype(np.float64)
    is_b = np.repeat([0, 1], [len(codes_a), len(codes_b)])
    mean, std = codes.mean(0), codes.std(0)
    std[std == 0] = 1  # a constant dimension tells nothing
    fitted = LogisticRegression(max_iter=1000, class_weight="balanced").fit((codes - mean) / std, is_b)
    weights = fitted.coef_[0] / std
    return weights, float(fitted.intercept_[0] - weights @ mean)
