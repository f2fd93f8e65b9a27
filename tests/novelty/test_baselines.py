"""Other scores on a detector's normal items."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from explorer import data, novelty
from explorer.core.errors import ExplorerError
from explorer.novelty import baselines
from explorer.novelty.detector import Detector
from explorer.novelty.detector_card import DetectorCard, ScorerSpec

FOR_ROWS = [name for name in baselines.BASELINES if name not in ("pca-maps", "patch-neighbours")]
"""Maps are of images alone."""


def _detector(scorer: novelty.Scorer, x: np.ndarray) -> Detector:
    card = DetectorCard(
        kind="table",
        normal="drawn rows",
        event_shape=x.shape[1:],
        n_fit=len(x),
        n_calibration=len(x),
        scorer=ScorerSpec(name=novelty.NAMES[type(scorer)]),
    )
    return Detector(card, scorer, np.sort(scorer.score(x)), x)


@pytest.fixture
def rows() -> np.ndarray:
    """Rows on a plane in six dimensions, with a little noise."""
    random = np.random.default_rng(0)
    return (random.normal(0, 1, (300, 2)) @ random.normal(0, 1, (2, 6)) + random.normal(0, 0.05, (300, 6))).astype("f4")


def test_a_detector_without_a_model_has_the_baselines_as_baselines(rows: np.ndarray) -> None:
    detector = _detector(novelty.KNN().fit(rows[:200]), rows[200:])
    assert set(baselines.baselines_of(detector)) == set(FOR_ROWS) - {"knn"}
    with pytest.raises(ExplorerError, match="needs a model"):
        baselines.baseline("reconstruction-error", detector, rows)
    with pytest.raises(ExplorerError, match="no score called"):
        baselines.baseline("magic", detector, rows)


def test_baselines_are_fitted_on_the_rows_they_are_given(rows: np.ndarray) -> None:
    detector = _detector(novelty.KNN().fit(rows[:200]), rows[200:])
    for name in baselines.baselines_of(detector):
        expected = novelty.REGISTRY[name]().fit(rows[:150]).score(rows[150:])
        np.testing.assert_array_equal(baselines.baseline(name, detector, rows[:150]).score(rows[150:]), expected)


def test_pca_of_few_columns_still_loses_something(rows: np.ndarray) -> None:
    """Eight components of six columns would copy every row; half of them are kept."""
    anomalous = rows[200:] + np.random.default_rng(1).normal(0, 1, (100, 6)).astype("f4")
    scored, is_novel = np.concatenate([rows[200:], anomalous]), np.arange(200) >= 100
    scores = novelty.PCAReconstruction(8).fit(rows[:200]).score(scored)
    assert roc_auc_score(is_novel, scores) > 0.95


def test_baselines_of_a_model_look_through_it(table_autoencoder) -> None:
    breast_cancer = data.dataset("breast-cancer")
    train = breast_cancer.x[breast_cancer.splits.train]
    scorer = novelty.ReconstructionError(table_autoencoder).fit(train)
    detector = _detector(scorer, train)
    names = baselines.baselines_of(detector)
    assert names[: len(FOR_ROWS)] == FOR_ROWS
    assert {"latent-distance", "combined-mean"} <= set(names)
    assert not {"reconstruction-error", "local-error", "negative-elbo"} & set(names), "its own, or of other models"
    baseline = baselines.baseline("latent-distance", detector, train)
    np.testing.assert_array_equal(
        baseline.score(train[:9]), novelty.LatentMahalanobis(table_autoencoder).fit(train).score(train[:9])
    )
