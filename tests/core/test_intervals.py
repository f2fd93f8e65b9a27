"""Intervals of means: how often they hold the truth, and that they never leave what a figure can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from explorer.core.intervals import POSITIVE, Interval, mean_interval

SHARE = (-1.0, 1.0)
NONE = (-math.inf, math.inf)
NEGATIVE = (-math.inf, 0.0)


@pytest.mark.parametrize(
    ("law", "bounds"),
    [
        (stats.norm(3, 2), NONE),
        (stats.expon(), POSITIVE),
        (stats.gamma(0.5), POSITIVE),
        (stats.beta(8, 1, loc=-1, scale=2), SHARE),
    ],
)
def test_an_interval_holds_the_mean_about_19_times_in_20(law, bounds):
    random = np.random.default_rng(0)
    held = [
        known.low <= law.mean() <= known.high
        for known in (mean_interval(law.rvs(100, random_state=random), bounds) for _ in range(2000))
    ]
    assert 0.92 < np.mean(held) < 0.97


@pytest.mark.parametrize("bounds", [POSITIVE, NEGATIVE, SHARE, NONE])
def test_for_many_items_all_are_the_normal_approximation(bounds):
    values = np.random.default_rng(0).uniform(-0.9, -0.4, 20_000) * (-1 if bounds == POSITIVE else 1)
    known = mean_interval(values, bounds)
    half = stats.norm.ppf(0.975) * values.std(ddof=1) / math.sqrt(len(values))
    assert known.value == pytest.approx(values.mean())
    assert (known.low, known.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.01 * half)


def test_few_skewed_errors_give_no_error_below_zero():
    """Mean 1, standard error 1: the normal approximation reaches -0.96."""
    errors = np.array([0.0, 0, 0, 4])
    known = mean_interval(errors, POSITIVE)
    ends = (known.value, known.low, known.high)
    assert ends == pytest.approx((1, math.exp(-1.959964), math.exp(1.959964)), rel=1e-6)
    turned = mean_interval(-errors, NEGATIVE)
    assert (turned.value, turned.low, turned.high) == pytest.approx((-1, -known.high, -known.low))
    assert mean_interval(errors).low == pytest.approx(-0.959964, rel=1e-6)


@given(st.lists(st.floats(0, 1, width=32), min_size=2, max_size=30))
def test_an_interval_stays_within_its_bounds_around_the_mean(numbers):
    values = np.array(numbers)
    for sample, bounds in ((values, POSITIVE), (-values, NEGATIVE), (2 * values - 1, SHARE)):
        known = mean_interval(sample, bounds)
        value, low, high = known.value, known.low, known.high
        slack = 1e-9
        assert bounds[0] - slack <= low <= value + slack
        assert value - slack <= high <= bounds[1] + slack


def test_where_nothing_can_be_said_there_is_no_interval():
    assert mean_interval(np.array([3.0])) == Interval(value=3)
    assert mean_interval(np.array([3.0, math.inf])) == Interval(value=math.inf)
    assert Interval(value=3).text() == "3"
    assert mean_interval(np.zeros(5), POSITIVE) == Interval(value=0, low=0, high=0)
    assert mean_interval(np.ones(5), SHARE) == Interval(value=1, low=1, high=1)
