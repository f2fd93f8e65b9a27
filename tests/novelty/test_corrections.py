"""Items that are said to be fine count as normal: the score learns from them, or thresholds are set anew."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.data.memory_rows import CellRows
from explorer.novelty import detector as detectors
from explorer.novelty import table_recipe
from explorer.novelty.corrections import can_refit, correct
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput
from explorer.novelty.table_fitting import fit_table
from explorer.novelty.updating import RATE, new_normals
from tests.novelty.test_updating import drawn


@pytest.fixture(scope="module")
def detector() -> Detector:
    return fit_table(drawn(200, 1), scorer="knn")


def test_a_score_learns_from_what_is_fine_where_all_that_it_learnt_is_there(detector: Detector) -> None:
    normal = new_normals(detector, drawn(200, 1)).x
    island = np.float32([6, 6]) + np.random.default_rng(0).normal(0, 0.05, (12, 2)).astype(np.float32)
    alike, fine = island[:6], island[6:]
    far = np.float32([[-6, 6]])
    threshold = detector.threshold(RATE).value
    assert (detector.score(alike) > threshold).all()
    assert can_refit(detector, normal)
    done = correct(detector, fine, normal)
    after = done.detector.threshold(RATE).value
    assert done.is_refitted
    assert not (done.detector.score(alike) > after).any(), "others like them are fine, too"
    assert (done.detector.score(far) > after).all(), "what is unlike all is not"
    assert (done.detector.card.n_fit, len(done.detector.calibration)) == (206, 206)
    assert "6 items said to be fine taught it" in done.detector.calibrated_by
    fresh = new_normals(detector, drawn(2000, 9)).x
    assert (done.detector.score(fresh) > after).mean() < RATE + 0.03


def test_else_thresholds_are_set_anew(detector: Detector) -> None:
    fine = np.float32([[6, -6], [7, 7]])
    for normal in (None, new_normals(detector, drawn(50, 1)).x):
        done = correct(detector, fine, normal)
        assert not done.is_refitted
        np.testing.assert_array_equal(done.detector.score(fine), detector.score(fine))
        assert len(done.detector.calibration) == 202
        assert done.detector.profile is detector.profile
        assert (done.detector.p_values(detector.score(fine)) >= 2 / 203).all()
        assert "stays as it was" in done.words


def curve(n: int, seed: int) -> np.ndarray:
    """Rows near a curve in four columns."""
    random = np.random.default_rng(seed)
    at = random.uniform(-2, 2, n)
    return np.stack([at, at**2, np.sin(2 * at), -at], axis=1) + random.normal(0, 0.1, (n, 4))


@pytest.mark.slow
def test_a_network_is_trained_again_where_the_detector_had_trained_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_recipe, "TRAINING_STEPS", 60)
    names = ("a", "b", "c", "d")

    def table(rows: np.ndarray) -> TableInput:
        return TableInput("curve", CellRows(dict(zip(names, rows.T, strict=True)), "curve"))

    detector = fit_table(table(curve(200, 0)), scorer="combined-mean")
    normal = new_normals(detector, table(curve(200, 0))).x
    island = detector.encode(dict(zip(names, (np.array([3.0, -3, 3, 3]) + 0.05 * curve(30, 3)).T, strict=True)))
    alike, fine = island[:10], island[10:]
    far = detector.encode(dict(zip(names, np.array([[-4.0, -4, -4, -4]]).T, strict=True)))
    assert (detector.score(alike) > detector.threshold(RATE).value).all()
    assert can_refit(detector, normal)
    assert not can_refit(detector, normal[:150])
    done = correct(detector, fine, normal)
    assert done.is_refitted
    threshold = done.detector.threshold(RATE).value
    assert (done.detector.score(alike) > threshold).mean() < 0.5, "others like them are fine, too"
    assert (done.detector.score(far) > threshold).all()
    former, new = (detectors.checkpoints_of(d.scorer)[0].model.state_dict() for d in (detector, done.detector))
    assert any(not torch.equal(former[name], new[name]) for name in former), "the network has learnt anew"
    again = detectors.load(done.detector.to_bytes())
    np.testing.assert_allclose(again.score(alike), done.detector.score(alike), rtol=1e-5)
    fresh = detector.encode(dict(zip(names, curve(2000, 9).T, strict=True)))
    assert (done.detector.score(fresh) > threshold).mean() < RATE + 0.03
