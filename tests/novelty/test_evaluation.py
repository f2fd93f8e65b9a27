"""How well a score separates, and by how much it beats another: closed forms, simulation and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.core.intervals import Interval


def _joined(normal, novel):
    return np.concatenate([normal, novel]), np.repeat([False, True], [len(normal), len(novel)])


def test_curves_hold_what_the_counts_say():
    random = np.random.default_rng(0)
    scores, novel = _joined(random.normal(size=80), random.normal(1, size=60))
    false_alarms, detections, thresholds = novelty.roc(scores, novel)
    # A threshold of the curve counts scores at or above it; an alarm is a score above.
    counts = novelty.confusion(scores, novel, np.nextafter(thresholds[7], -np.inf))
    assert (counts.false_alarm_rate.value, counts.detection_rate.value) == pytest.approx(
        (false_alarms[7], detections[7])
    )
    assert np.trapezoid(detections, false_alarms) == pytest.approx(novelty.auroc(scores, novel).value)
    precision, recall, _ = novelty.precision_recall(scores, novel)
    assert precision[0] == pytest.approx(60 / 140)
    assert recall[0] == 1


def test_auroc_needs_both_kinds():
    with pytest.raises(ExplorerError, match="two novel"):
        novelty.auroc(np.arange(5.0), np.array([0, 0, 0, 0, 1]))


@pytest.mark.slow
def test_a_difference_is_the_difference_of_the_areas_and_its_interval_covers_the_true_one():
    inside, random = 0, np.random.default_rng(3)
    # Of normals whose means are 1 and 1.5 apart, the areas are Phi(1 / sqrt(2)) and Phi(1.5 / sqrt(2)).
    true = 0.8555778 - 0.7602500
    for draw in range(60):
        scores, novel = _joined(random.normal(size=80), random.normal(1.5, size=60))
        others, _ = _joined(random.normal(size=80), random.normal(1, size=60))
        difference = novelty.auroc_difference(scores, others, novel, resamples=200, seed=draw)
        areas = [novelty.auroc(s, novel).value for s in (scores, others)]
        assert difference.value == pytest.approx(areas[0] - areas[1])
        inside += difference.low <= true <= difference.high
    assert inside >= 51, "the chance of fewer is under 1 in 1,000 if 95 % cover it"


def test_a_score_has_no_difference_over_itself():
    scores, novel = _joined(np.arange(20.0) // 3, np.arange(9.0))
    assert novelty.auroc_difference(scores, scores, novel, resamples=50) == Interval(value=0, low=0, high=0)


def test_a_difference_counts_ties_as_one_half_like_scikit_learn():
    random = np.random.default_rng(0)
    novel = np.arange(60) >= 40
    first, second = (random.integers(0, levels, 60) + 2 * novel for levels in (4, 9))
    expected = roc_auc_score(novel, first) - roc_auc_score(novel, second)
    assert novelty.auroc_difference(first, second, novel, resamples=50).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.slow
def test_average_precision_is_scikit_learns_and_its_interval_covers_the_true_one():
    """Of many more items the figure is nearly the true one; 95 % of 200 intervals of few items cover it."""
    random = np.random.default_rng(5)
    many, is_novel = _joined(random.normal(size=200_000), random.normal(1.5, size=50_000))
    true = average_precision_score(is_novel, many)
    inside = 0
    for _ in range(200):
        scores, novel = _joined(random.normal(size=160), random.normal(1.5, size=40))
        figure = novelty.average_precision(scores, novel)
        assert figure.value == pytest.approx(average_precision_score(novel, scores))
        inside += figure.low <= true <= figure.high
    assert inside >= 180, "the chance of fewer is under 1 in 100 if 95 % cover it"
    assert novelty.average_precision(np.arange(9.0), np.arange(9) > 5) == Interval(value=1, low=1, high=1)


def test_precision_among_the_first_is_a_count():
    scores, novel = np.array([5.0, 4, 3, 2, 1, 0]), np.array([1, 0, 1, 1, 0, 0], bool)
    assert novelty.precision_among_first(scores, novel).value == pytest.approx(2 / 3)
    one = novelty.precision_among_first(scores, novel, first=1)
    assert (one.count, one.n) == (1, 1)
    assert novelty.precision_among_first(scores, novel, first=100).n == 6
