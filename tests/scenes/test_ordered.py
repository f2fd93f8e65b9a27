"""What the scene ordered is given, against scikit-learn, the model itself and shipped figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.decomposition import PCA

from explorer import checkpoints
from explorer.browser.scenes.ordered import scene
from explorer.browser.scenes.scene import Material
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data import dataset
from explorer.evaluation.learn_figures import learn_figures


@pytest.fixture(scope="module")
def material() -> Material:
    checkpoint, items = checkpoints.load("mnist-ordered-32d"), dataset("mnist-sample")
    assert isinstance(checkpoint, VectorCheckpoint)
    # The file is sorted by class.
    return Material(checkpoint, items, spread_sample(items.splits.test, 300), "test, n = 300")


@pytest.fixture(scope="module")
def message(material: Material) -> scene.Ordered:
    return scene.prepare(material)


@pytest.mark.slow
def test_components_are_scikit_learns(material: Material, message: scene.Ordered) -> None:
    items = material.dataset
    pca = PCA(32, svd_solver="full").fit(items.tensor(items.splits.train[: scene.MAX_FITTED]).flatten(1).numpy())
    same = np.abs((pca.components_ * message.components.reshape(32, -1)).sum(1))
    np.testing.assert_allclose(same[:8], 1, atol=1e-3)
    np.testing.assert_allclose(message.mean.ravel(), pca.mean_, atol=1e-5)


@pytest.mark.slow
def test_errors_are_those_that_were_measured_on_all_test_images(message: scene.Ordered) -> None:
    """Both intervals hold the same value, up to chance: 300 items here, 10,000 others there."""
    for shown, measured in zip(message.ordered, learn_figures().widths, strict=True):
        half = (shown[2] - shown[1]) / 2
        assert abs(shown[0] - measured.ordered.value) < 2.5 * half
    assert (np.diff(message.ordered[:, 0]) < 0.3).all()
    assert (message.ordered[:12, 0] < message.pca[:12, 0]).all()


@pytest.mark.slow
def test_the_last_error_is_that_of_the_whole_code(material: Material, message: scene.Ordered) -> None:
    errors = material.checkpoint.reconstruction_errors(material.dataset.x[material.rows])
    assert message.ordered[-1, 0] == pytest.approx(errors.mean(), rel=1e-4)


def test_too_few_training_items_are_refused(material: Material) -> None:
    splits = material.dataset.splits
    few = replace(material.dataset, splits=replace(splits, train=splits.train[:20]))
    with pytest.raises(DataError, match="as many training items, and there are 20"):
        scene.prepare(replace(material, dataset=few))
