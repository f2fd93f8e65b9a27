"""With labels: how well a score separates normal from novel items, and by how much one score beats another."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num, Shaped

from explorer.core import metrics
from explorer.core.errors import ExplorerError
from explorer.core.intervals import CONFIDENCE, Interval, Rate, rate

# scikit-learn is imported where it is used: it takes about a second.


def auroc(scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"]) -> Interval:
    """Area under the ROC curve with its 95 % interval: how often a novel item scores above a normal one.

    Raises:
        ExplorerError: fewer than two items of a kind.
    """
    novel = _both_kinds(is_novel)
    return metrics.auroc(np.asarray(scores), novel, CONFIDENCE)


def average_precision(scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"]) -> Interval:
    """The mean precision over the novel items from the highest score down, with its 95 % interval.

    Unlike the AUROC it says how much of what is looked at first is novel, which is what counts where novelty is rare.

    Raises:
        ExplorerError: fewer than two items of a kind.

    Source: the logit interval of Boyd, Eng and Page 2013, section 3.
    """
    from scipy.special import expit, logit
    from scipy.stats import norm
    from sklearn.metrics import average_precision_score

    novel = _both_kinds(is_novel)
    value = float(average_precision_score(novel, scores))
    if not 0 < value < 1:
        return Interval(value=value, low=value, high=value)
    half = norm.ppf((1 + CONFIDENCE) / 2) / (novel.sum() * value * (1 - value)) ** 0.5
    return Interval(value=value, low=float(expit(logit(value) - half)), high=float(expit(logit(value) + half)))


def precision_among_first(
    scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"], first: int | None = None
) -> Rate:
    """The share of novel items among those with the highest scores, with its interval.

    Args:
        first: how many are looked at, at least 1; None: as many as there are novel ones.

    Raises:
        ExplorerError: fewer than two items of a kind.
    """
    novel = _both_kinds(is_novel)
    n = min(len(novel), int(novel.sum()) if first is None else first)
    return rate(int(novel[np.argsort(-np.asarray(scores), kind="stable")[:n]].sum()), n)


def auroc_difference(
    scores: Num[np.ndarray, " n"],
    others: Num[np.ndarray, " n"],
    is_novel: Shaped[np.ndarray, " n"],
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """By how much one score's AUROC exceeds another's on the same items, with its 95 % percentile bootstrap interval.

    Items are drawn with replacement, normal and novel ones apart, and both scores are compared on each draw.

    Args:
        scores, others: (N,) of the same items.
        is_novel: (N,) bool, at least two of each kind.
        resamples: number of draws.
        seed: of the draws.

    Raises:
        ExplorerError: fewer than two items of a kind.

    Source: Efron and Tibshirani 1993, section 13.3.
    """
    novel = _both_kinds(is_novel)
    random = np.random.default_rng(seed)
    groups = [np.unique(values, return_inverse=True)[1] for values in (np.asarray(scores), np.asarray(others))]
    kinds = np.flatnonzero(~novel), np.flatnonzero(novel)
    weights = np.zeros(len(novel))
    differences = []
    for _ in range(resamples):
        for rows in kinds:
            weights[rows] = np.bincount(random.integers(len(rows), size=len(rows)), minlength=len(rows))
        first, second = (_weighted_area(group, novel, weights) for group in groups)
        differences.append(first - second)
    low, high = np.quantile(differences, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    first, second = (_weighted_area(group, novel, np.ones(len(novel))) for group in groups)
    return Interval(value=first - second, low=float(low), high=float(high))


def _weighted_area(group: np.ndarray, novel: np.ndarray, weights: np.ndarray) -> float:
    """AUROC where item i counts ``weights[i]`` times and ``group`` numbers the distinct scores from the lowest."""
    n_groups = int(group.max()) + 1
    of_normal = np.bincount(group[~novel], weights[~novel], n_groups)
    of_novel = np.bincount(group[novel], weights[novel], n_groups)
    below = np.cumsum(of_normal) - of_normal / 2  # a tie counts one half
    return float((of_novel * below).sum() / (of_normal.sum() * of_novel.sum()))


def _both_kinds(is_novel: np.ndarray) -> np.ndarray:
    novel = np.asarray(is_novel, bool)
    if min(novel.sum(), (~novel).sum()) < 2:
        raise ExplorerError("A comparison needs two normal and two novel items or more.", "Choose other classes.")
    return novel


def roc(
    scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """The ROC curve: false-alarm rates, detection rates, and the thresholds they belong to, highest first."""
    from sklearn.metrics import roc_curve

    false_alarms, detections, thresholds = roc_curve(np.asarray(is_novel, bool), scores, drop_intermediate=True)
    return false_alarms, detections, thresholds


def precision_recall(
    scores: Num[np.ndarray, " n"], is_novel: Shaped[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"], Num[np.ndarray, " k"]]:
    """Precision, recall, and the thresholds they belong to (one fewer), lowest first."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(np.asarray(is_novel, bool), scores)
    return precision, recall, thresholds
