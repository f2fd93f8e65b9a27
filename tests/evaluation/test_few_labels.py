"""Labels against accuracy: a closed form, and what is drawn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import norm

from explorer import data
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import DataError
from explorer.evaluation.few_labels import CODE, ITEMS, accuracies, drawn_labels, few_labels


def drawn(y: np.ndarray, at_most: int, draws: int) -> np.ndarray:
    return np.stack([drawn_labels(y, at_most, np.random.default_rng(draw)) for draw in range(draws)])


@pytest.mark.slow
def test_one_label_per_class_of_two_normals_agrees_with_the_closed_form() -> None:
    """Two classes N(-d, 1) and N(d, 1): the nearest of one labelled item each cuts at their middle.

    The middle is N(0, 1/2) and independent of their order, which is right with probability Phi(sqrt(2) d); the share on
    the right side is then Phi(d / sqrt(3/2)).
    """
    d, rng = 0.8, np.random.default_rng(0)
    y = np.repeat([0, 1], 1000)
    z, z_test = (rng.standard_normal((len(y), 1)) + d * (2 * y[:, None] - 1) for _ in range(2))
    (one,) = accuracies({"z": (z, z_test)}, y, y, drawn(y, 1, 150), (1,))
    in_order, right_side = norm.cdf(2**0.5 * d), norm.cdf(d / 1.5**0.5)
    expected = in_order * right_side + (1 - in_order) * (1 - right_side)
    error = (one.accuracy.high - one.accuracy.low) / 2 / 1.96
    assert abs(one.accuracy.value - expected) < 4 * error
    assert 0.005 < error < 0.03
    assert (one.draws, one.n) == (150, 2000)


def test_what_tells_the_classes_apart_is_right_and_what_does_not_is_chance() -> None:
    y = np.tile(np.arange(5), 200)
    rng = np.random.default_rng(1)
    inputs = {"known": (y[:, None] * 1.0, y[:, None] * 1.0), "noise": tuple(rng.standard_normal((2, 1000, 3)))}
    answers = {(a.inputs, a.labels): a.accuracy.value for a in accuracies(inputs, y, y, drawn(y, 10, 20), (1, 10))}
    assert answers["known", 1] == answers["known", 10] == 1
    assert answers["noise", 1] == pytest.approx(0.2, abs=0.03)
    assert answers["noise", 10] == pytest.approx(0.2, abs=0.03)


def test_labels_are_drawn_in_rounds_without_repeats() -> None:
    y = np.repeat(["a", "b", "c"], [40, 7, 13])
    positions = drawn_labels(y, 7, np.random.default_rng(0))
    assert len(set(positions)) == 21
    for count in (1, 3, 7):
        assert dict(zip(*np.unique(y[positions[: 3 * count]], return_counts=True), strict=True)) == {
            "a": count,
            "b": count,
            "c": count,
        }
    others = np.stack([drawn_labels(y, 1, np.random.default_rng(seed)) for seed in range(400)])
    assert len(np.unique(others[:, 0])) == 40
    with pytest.raises(DataError, match="7 items to label, and 8"):
        drawn_labels(y, 8, np.random.default_rng(0))


def test_a_checkpoint_beside_pca_and_the_items(digits_vae: VectorCheckpoint) -> None:
    dataset = data.dataset("digits")
    answers = few_labels(digits_vae, dataset, labels=(1, 20), draws=4)
    size = digits_vae.latent_dim
    assert [(a.labels, a.inputs) for a in answers] == [
        (labels, inputs) for labels in (1, 20) for inputs in (CODE, f"PCA, {size} components", ITEMS)
    ]
    assert answers == few_labels(digits_vae, dataset, labels=(1, 20), draws=4)
    by = {(a.labels, a.inputs): a.accuracy.value for a in answers}
    # 1-NN on all of scikit-learn's digits is right for some 98 %.
    assert 0.5 < by[1, ITEMS] < by[20, ITEMS] < 0.98
    assert by[20, ITEMS] > 0.88
    with pytest.raises(DataError, match="no labels"):
        few_labels(digits_vae, dataclasses.replace(dataset, labels=None, label_names=()))
