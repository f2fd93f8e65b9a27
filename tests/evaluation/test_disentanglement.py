"""Measures of disentanglement against codes whose values are known on paper, and scikit-learn's information."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from explorer.core.errors import ExplorerError
from explorer.data import DATASETS, shapes
from explorer.evaluation import disentanglement as measures

FACTORS = np.array([*itertools.product(range(5), range(4), range(3))] * 20, np.int64)
RNG = np.random.default_rng(0)


def turned(values: np.ndarray) -> np.ndarray:
    """The first two mixed half and half."""
    mixed = values.astype(np.float64)
    a, b = (mixed[:, i] / mixed[:, i].std() for i in (0, 1))
    mixed[:, 0], mixed[:, 1] = (a + b) / math.sqrt(2), (a - b) / math.sqrt(2)
    return mixed


def test_a_code_that_is_the_factors_gets_one_from_each_measure() -> None:
    z = np.concatenate([FACTORS * [2.0, -1, 3], np.zeros((len(FACTORS), 1))], 1)
    assert measures.mutual_information_gap(z, FACTORS) == pytest.approx(1)
    assert measures.separated_predictability(z, FACTORS) == pytest.approx(1)
    dci = measures.importances(z, FACTORS, z, FACTORS)
    assert dci.informativeness == 1
    # Random trees look at the other numbers, too, where they say as little as chance does.
    assert dci.disentanglement > 0.95
    assert dci.completeness > 0.95
    assert dci.chance == pytest.approx((1 / 5 + 1 / 4 + 1 / 3) / 3)


def test_two_factors_mixed_half_and_half_are_told_and_not_told_apart() -> None:
    z = turned(FACTORS)
    # Each of the two numbers explains half of the variance of both factors; the third is as it was.
    assert measures.separated_predictability(z, FACTORS) == pytest.approx(1 / 3)
    gap = measures.mutual_information_gap(z, FACTORS)
    assert gap == pytest.approx(1 / 3)
    dci = measures.importances(z, FACTORS, z, FACTORS)
    assert dci.informativeness > 0.99
    assert dci.disentanglement < 0.75
    # One number all, one nothing: a factor that is there twice is not told apart from itself.
    twice = np.concatenate([FACTORS[:, :1], FACTORS], 1).astype(np.float64)
    assert measures.mutual_information_gap(twice, FACTORS) == pytest.approx(2 / 3)
    assert measures.separated_predictability(twice, FACTORS) == pytest.approx(2 / 3)


def test_noise_gets_nothing() -> None:
    z = RNG.normal(size=(len(FACTORS), 4))
    assert measures.mutual_information_gap(z, FACTORS) < 0.02
    assert measures.separated_predictability(z, FACTORS) < 0.01
    dci = measures.importances(z[::2], FACTORS[::2], z[1::2], FACTORS[1::2])
    assert dci.disentanglement < 0.05
    assert dci.completeness < 0.05
    assert dci.informativeness == pytest.approx(dci.chance, abs=0.06)


def test_information_is_that_of_scikit_learn_and_of_paper() -> None:
    z = RNG.normal(size=(len(FACTORS), 2)) + FACTORS[:, :1]
    ours = measures.mutual_information(z, FACTORS, 7)
    for d, k in itertools.product(range(2), range(3)):
        edges = np.linspace(z[:, d].min(), z[:, d].max(), 8)[1:-1]
        assert ours[d, k] == pytest.approx(mutual_info_score(np.digitize(z[:, d], edges), FACTORS[:, k]))
    np.testing.assert_allclose(measures.entropies(FACTORS), np.log([5, 4, 3]))


def test_what_cannot_be_compared_is_said() -> None:
    with pytest.raises(ExplorerError, match="no second"):
        measures.mutual_information_gap(np.zeros((60, 1)), FACTORS[:60])
    with pytest.raises(ExplorerError, match="same value"):
        measures.separated_predictability(RNG.normal(size=(60, 2)), np.zeros((60, 1), np.int64))


def test_the_factors_of_drawn_shapes_are_what_is_seen() -> None:
    x, known = DATASETS["drawn-shapes"].load().x.astype(np.float64), shapes.factors()
    assert len(np.unique(known, axis=0)) == len(x) == math.prod(shapes.FACTORS.values())
    ink = x.sum(1)
    places = np.arange(shapes.SIDE) + 0.5
    area = ink.sum((1, 2))
    left, top = ((ink.sum(axis) * places).sum(1) / area for axis in (1, 2))
    # The centre of a wedge's area lies behind its middle, by a share of its size, in the direction of its turn.
    behind = -(2 * 724 / 1024 - 1) / 3 * np.array(shapes.SIZES)[known[:, 2]]
    angle = known[:, 3] * math.pi / 4
    np.testing.assert_allclose(left, np.array(shapes.PLACES)[known[:, 0]] + behind * np.cos(angle), atol=0.15)
    np.testing.assert_allclose(top, np.array(shapes.PLACES)[known[:, 1]] + behind * np.sin(angle), atol=0.15)
    paints = np.array([*shapes.COLOURS.values()])[known[:, 4]]
    np.testing.assert_array_equal(x.max((2, 3)), paints)
    # A wedge of twice the size covers four times as much: 4 and 6 are 2 to 3.
    whole = (ink.sum((1, 2)) / paints.sum(1)).reshape([*shapes.FACTORS.values()]).mean((0, 1, 3, 4))
    assert whole[2] / whole[0] == pytest.approx((6 / 4) ** 2, rel=0.02)
