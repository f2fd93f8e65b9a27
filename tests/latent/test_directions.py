"""Attribute directions and their probe against closed forms of two normal groups."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.core.errors import ExplorerError
from explorer.latent import directions

STEP = np.array([1.5, 0.0, -1.0])


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.fixture
def groups(random):
    """Two normal groups of unit spread, ``STEP`` apart."""
    return random.standard_normal((4000, 3)) + 5, random.standard_normal((3000, 3)) + 5 + STEP


def test_the_mean_direction_leads_from_one_group_to_the_other(random):
    codes = random.standard_normal((400, 3))
    np.testing.assert_allclose(directions.mean_direction(codes, codes + STEP), STEP)
    with pytest.raises(ExplorerError, match="both groups"):
        directions.mean_direction(codes, codes[:0])


def test_for_round_groups_the_normal_is_the_difference_of_means(groups):
    np.testing.assert_allclose(directions.probe_direction(*groups), STEP, atol=0.08)


def test_the_normal_leaves_out_what_comes_along_with_the_attribute(random):
    """Both dimensions differ in the mean, but the second only follows the first: it tells nothing of its own."""
    first = random.standard_normal((2, 5000, 1)) + np.array([0.0, 2.0])[:, None, None]
    a, b = np.concatenate([first, first + 0.5 * random.standard_normal(first.shape)], axis=2)
    np.testing.assert_allclose(directions.mean_direction(a, b), [2, 2], atol=0.1)
    np.testing.assert_allclose(directions.probe_direction(a, b), [2, 0], atol=0.15)


def test_groups_that_are_one_have_no_direction():
    same = np.ones((10, 2))
    np.testing.assert_array_equal(directions.probe_direction(same, same), [0, 0])


def test_the_probe_is_right_as_often_as_can_be(groups):
    probe = directions.AttributeProbe().fit(*groups)
    bayes = stats.norm.cdf(np.linalg.norm(STEP) / 2)
    assert probe.accuracy_.low < bayes < probe.accuracy_.high
    assert probe.accuracy_.value == pytest.approx(bayes, abs=0.015)
    assert probe.accuracy_.n == 2 * 1500, "as many of each group"
    # The posterior of equally common groups: the log odds grow by the squared distance from one mean to the other.
    places = 5 + np.linspace(0, 1, 5)[:, None] * STEP
    log_odds = (np.linspace(0, 1, 5) - 0.5) * (STEP @ STEP)
    np.testing.assert_allclose(probe.probability(places), 1 / (1 + np.exp(-log_odds)), atol=0.03)


def test_the_probe_guesses_where_there_is_nothing_to_find(random):
    probe = directions.AttributeProbe().fit(*random.standard_normal((2, 2000, 5)))
    assert probe.accuracy_.low < 0.5 < probe.accuracy_.high


def test_the_probe_is_not_tested_on_what_it_was_fitted_on(groups):
    probe = directions.AttributeProbe(seed=3).fit(*groups)
    for codes, fitted, tested in zip(
        groups, (probe.fitted_a_, probe.fitted_b_), (probe.tested_a_, probe.tested_b_), strict=True
    ):
        assert len(fitted) == len(tested) == len(codes) // 2
        both = np.concatenate([fitted, tested])
        np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(codes, axis=0))


def test_the_probe_needs_a_few_items_of_each_group(random):
    with pytest.raises(ExplorerError, match="9 and 3"):
        directions.AttributeProbe().fit(random.standard_normal((9, 2)), random.standard_normal((3, 2)))


@pytest.mark.parametrize(("kept", "survived"), [(1.0, 1.0), (0.0, 0.0)])
def test_what_survives_is_what_the_round_trip_keeps(groups, kept, survived):
    """A decoder and encoder that keep all of a code, or forget everything about where it lies along the direction."""
    probe = directions.AttributeProbe().fit(*groups)
    unit = STEP / np.linalg.norm(STEP)

    def again(codes):
        return codes - (1 - kept) * np.outer((codes - 5) @ unit, unit)

    effect = directions.measure_effect(probe, STEP, probe.tested_a_[:300], again)
    assert effect.n == 300
    assert (np.diff(effect.direct) > 0).all()
    start, end = (effect.direct[np.flatnonzero(effect.steps == step)[0]] for step in (0, 1))
    assert start < 0.3
    assert end > 0.7
    assert effect.survived == pytest.approx(survived, abs=0.02)


def test_without_an_effect_no_share_survives(groups):
    probe = directions.AttributeProbe().fit(*groups)
    effect = directions.measure_effect(probe, np.zeros(3), probe.tested_a_[:50], lambda codes: codes)
    assert np.isnan(effect.survived)
