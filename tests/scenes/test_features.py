"""What the scene on codes as features computes: against scikit-learn, and on data whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import data
from explorer.browser.scenes.features.nearest import nearest_by_count, squared_distances
from explorer.browser.scenes.features.scene import DRAWS, matches, prepare
from explorer.browser.scenes.scene import Material
from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.evaluation.few_labels import drawn_labels
from explorer.evaluation.rows import rows_for


def test_the_nearest_labelled_item_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    y, y_test = np.tile(np.arange(3), 20), np.tile(np.arange(3), 50)
    z, z_test = (rng.standard_normal((len(labels), 4)) + labels[:, None] for labels in (y, y_test))
    order = drawn_labels(y, 20, rng)
    counts = (1, 4, 20)
    nearest = nearest_by_count(squared_distances(z_test, z), order, 3, counts)
    for count, each in zip(counts, nearest, strict=True):
        given = order[: 3 * count]
        assert (each < 3 * count).all()
        wrong = np.mean(y[order][each] != y_test)
        assert wrong == pytest.approx(metrics.knn_probe(z[given], y[given], z_test, y_test))


def test_the_nearest_of_places_on_a_line_is_known() -> None:
    known, asked = np.array([[0.0], [10.0], [4.0], [6.0]]), np.array([[1.0], [5.4], [5.0]])
    nearest = nearest_by_count(squared_distances(asked, known), np.array([0, 1, 2, 3]), 2, (1, 2))
    # At 5 the first two, and then the other two, are equally far: the one that was drawn first.
    assert nearest.tolist() == [[0, 1, 0], [0, 3, 2]]


def test_the_message_says_for_each_item_what_is_drawn(digits_vae: VectorCheckpoint) -> None:
    dataset = data.dataset("digits")
    rows, split = rows_for(digits_vae, dataset)
    shown = prepare(Material(digits_vae, dataset, rows, split))
    n = len(shown.labels)
    assert set(shown.names) == set(map(str, range(10)))
    assert f"{n} others" in shown.source
    labelled = shown.pool_labels[shown.labelled]
    for i, count in enumerate(shown.counts):
        for draw in labelled:
            assert (np.bincount(draw[: 10 * count]) == count).all()
        for seen in shown.inputs:
            assert (seen.nearest[:, i] < 10 * count).all()
    # The means are over more draws than are shown, which are among them.
    for seen in shown.inputs:
        given = np.take_along_axis(labelled[:, None], seen.nearest.astype(int).reshape(len(labelled), 1, -1), 2)
        right = (given.reshape(seen.nearest.shape) == shown.labels).mean(2)
        assert (seen.low <= seen.accuracy).all()
        assert (seen.accuracy <= seen.high).all()
        assert np.abs(right.mean(0) - seen.accuracy).max() < 0.15
        assert seen.accuracy[-1] > seen.accuracy[0]
    code, pca, pixels = shown.inputs
    assert [seen.name.split()[1] for seen in (code, pca, pixels)] == [str(digits_vae.latent_dim)] * 2 + ["64"]
    # On the pixels of scikit-learn's digits the nearest of a hundred labels a class is right for some 97 %.
    assert 0.9 < pixels.accuracy[-1] < 1
    # A picture's own label is nearest on the map, too, where the map is the code.
    if digits_vae.latent_dim == 2:
        at = shown.labelled[0][code.nearest[0, -1]]
        far = np.square(shown.places[:, None] - shown.pool_places[shown.labelled[0]]).sum(2)
        assert np.square(shown.places - shown.pool_places[at]).sum(1) == pytest.approx(far.min(1), abs=1e-6)
    assert shown.draws == DRAWS


def test_models_of_labelled_pictures_match(digits_vae: VectorCheckpoint) -> None:
    assert matches(digits_vae.card)
    unlabelled = digits_vae.card.data.model_copy(update={"label_names": ()})
    assert not matches(digits_vae.card.model_copy(update={"data": unlabelled}))
