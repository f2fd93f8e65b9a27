"""Thresholds, p-values, rates and counts: closed forms, simulation and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer import novelty
from explorer.core import intervals
from explorer.core.errors import ExplorerError


@pytest.mark.parametrize(("n", "rate"), [(99, 0.05), (500, 0.01), (37, 0.2)])
def test_the_promised_false_alarm_rate_holds(n, rate):
    random = np.random.default_rng(0)
    # The true rate of a threshold on exponential scores is known without drawing any: exp(-value).
    thresholds = [novelty.threshold_for(random.exponential(size=n), rate) for _ in range(2000)]
    true = np.exp([-t.value for t in thresholds])
    assert thresholds[0].rate.value <= rate
    assert true.mean() == pytest.approx(thresholds[0].rate.value, abs=4 * true.std() / 2000**0.5)
    inside = np.mean([t.rate.low <= p <= t.rate.high for t, p in zip(thresholds, true, strict=True)])
    assert inside == pytest.approx(0.95, abs=0.02)


def test_a_rate_that_needs_more_scores_is_not_promised():
    threshold = novelty.threshold_for(np.arange(9.0), 0.01)
    assert threshold.value == 8
    assert threshold.rate.value == pytest.approx(0.1)


@pytest.mark.parametrize(("scores", "rate"), [(np.empty(0), 0.1), (np.ones(5), 0.0), (np.ones(5), 1.5)])
def test_thresholds_that_cannot_be(scores, rate):
    with pytest.raises(ExplorerError):
        novelty.threshold_for(scores, rate)


@pytest.mark.parametrize(("count", "n"), [(0, 10), (3, 10), (10, 10), (40, 1000)])
def test_interval_of_a_rate_agrees_with_scipy(count, n):
    expected = stats.binomtest(count, n).proportion_ci(method="exact")
    estimate = intervals.rate(count, n)
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high))
    assert estimate.value == count / n


def test_rate_of_nothing_is_not_a_number():
    assert np.isnan(intervals.rate(0, 0).value)


def test_confusion_counts_every_item_once():
    counts = novelty.confusion(np.array([1, 2, 3, 4, 5.0]), np.array([0, 1, 0, 1, 1]), 2)
    assert (counts.detected, counts.missed, counts.false_alarms, counts.passed) == (2, 1, 1, 1)
    assert counts.detection_rate.value == pytest.approx(2 / 3)
    assert counts.false_alarm_rate.value == pytest.approx(1 / 2)
    assert counts.precision.value == pytest.approx(2 / 3)


def test_percentile_of_the_middle_and_the_ends():
    np.testing.assert_allclose(novelty.percentile(np.array([-1, 4.5, 99]), np.arange(10.0)), [0, 50, 100])


def test_a_p_value_of_at_most_the_rate_is_an_alarm():
    random = np.random.default_rng(1)
    calibration, scores = random.normal(size=199), random.normal(1, 2, 500)
    p = novelty.p_values(scores, calibration)
    for rate in (0.005, 0.01, 0.05, 0.3):
        np.testing.assert_array_equal(scores > novelty.threshold_for(calibration, rate).value, p <= rate + 1e-12)


def test_p_values_of_normal_items_are_uniform():
    random = np.random.default_rng(2)
    p = np.concatenate([novelty.p_values(random.normal(size=5), random.normal(size=99)) for _ in range(2000)])
    # On the grid 0.01, 0.02, ... 1, each as likely as the others.
    counts = np.bincount(np.rint(100 * p).astype(int), minlength=101)[1:]
    assert stats.chisquare(counts).pvalue > 1e-3


def test_p_values_count_ties_and_pass_over_what_has_no_score():
    np.testing.assert_allclose(
        novelty.p_values(np.array([0, 2.0, 9, np.nan]), np.array([1.0, 2, 2])), [1, 0.75, 0.25, np.nan]
    )


def test_what_mistakes_cost():
    assert novelty.Confusion(detected=5, missed=2, false_alarms=3, passed=90).cost(miss=10, false_alarm=0.5) == 21.5


def test_precision_is_a_share_of_alarms_and_detection_one_of_novel_items():
    counts = novelty.confusion(np.array([5.0, 4, 3, 2, 1, 0]), np.array([True, False, True, True, True, False]), 2.5)
    assert (counts.precision.count, counts.precision.n) == (2, 3)
    assert (counts.detection_rate.count, counts.detection_rate.n) == (2, 4)
    assert (counts.false_alarm_rate.count, counts.false_alarm_rate.n) == (1, 2)
