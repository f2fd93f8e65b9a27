"""A detector that is told of more normal items: what it promises then, and what it says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import explorer
from explorer.core.errors import DataError
from explorer.data.memory_rows import CellRows
from explorer.novelty import detector as detectors
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput
from explorer.novelty.table_fitting import fit_table
from explorer.novelty.updating import RATE, NewNormals, new_normals, update

DRAWS, FORMER, NEW, SCORED = 200, 100, 99, 200


def drawn(n: int, seed: int, scale: float = 1.0) -> TableInput:
    random = np.random.default_rng(seed)
    a = random.normal(size=n) * scale
    return TableInput("rows", CellRows({"a": a, "b": a + random.normal(size=n) * 0.3 * scale}, "rows"))


@pytest.fixture(scope="module")
def detector() -> Detector:
    return fit_table(drawn(200, 1), scorer="pca")


@pytest.mark.parametrize(("scale", "with_former", "n"), [(3.0, False, 99), (1.0, True, 199)])
def test_the_promise_holds_after_an_update(detector: Detector, scale: float, with_former: bool, n: int) -> None:
    rows = drawn(DRAWS * (FORMER + NEW + SCORED), 10, scale)
    x = detector.encode({name: cells for chunk in rows.rows.chunks(10**6) for name, cells in chunk.cells.items()})
    alarms = []
    for former, new, later in (np.split(part, [FORMER, FORMER + NEW]) for part in np.split(x, DRAWS)):
        fitted = replace(detector, calibration=np.sort(detector.score(former)))
        updated = update(fitted, NewNormals(new, "rows"), with_former)
        assert updated.after.n == n
        alarms.append(int((updated.detector.score(later) > updated.after.value).sum()))
    # The rate given the normal scores is Beta(n + 1 - k, k), with k = 0.95 (n + 1); alarms are its beta-binomial.
    mean = SCORED * RATE
    variance = mean * (1 - RATE) * (n + 1 + SCORED) / (n + 2)
    assert abs(np.mean(alarms) - mean) < 4 * (variance / DRAWS) ** 0.5
    assert 0.65 < np.var(alarms) / variance < 1.5


def test_rows_that_are_alike_join_the_former_and_others_take_their_place(detector: Detector) -> None:
    alike = update(detector, new_normals(detector, drawn(60, 2)))
    assert alike.with_former
    assert alike.after.n == 260
    assert "beside the 200 of before" in alike.words
    assert "as the former ones" in alike.drift_words
    changed = update(detector, new_normals(detector, drawn(60, 3, scale=4.0)))
    assert not changed.with_former
    assert changed.after.n == changed.detector.card.n_calibration == 60
    assert "in place of those of before" in changed.words
    assert "`a` has moved" in changed.drift_words
    x = new_normals(detector, drawn(5, 4)).x
    np.testing.assert_array_equal(changed.detector.score(x), detector.score(x))
    scores = detector.score(new_normals(detector, drawn(60, 3, scale=4.0)).x)
    np.testing.assert_array_equal(changed.detector.calibration, np.sort(scores))
    # What is normal now is no drift any more.
    again = update(changed.detector, new_normals(changed.detector, drawn(60, 5, scale=4.0)))
    assert again.with_former, again.drift_words
    restored = detectors.load(again.detector.to_bytes())
    assert restored.calibrated_by == again.detector.calibrated_by
    assert restored.calibrated_by.count("Since then") == 2


def test_few_rows_cannot_stand_for_themselves(detector: Detector) -> None:
    few = new_normals(detector, drawn(8, 6))
    with pytest.raises(DataError, match="8 new normal items"):
        update(detector, few, with_former=False)
    assert update(detector, few, with_former=True).after.n == 208
    with pytest.raises(DataError, match="no item with a score"):
        update(detector, NewNormals(np.full((30, 2), np.nan, np.float32), "gaps"))


def test_an_estimator_takes_more_rows() -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=300), "kind": random.choice(["x", "y"], 300)})
    estimator = explorer.Detector(scorer="pca").fit(frame[:100])
    before = estimator.predict(frame[200:])
    done = estimator.update(frame[100:200].assign(a=lambda f: 5 * f.a))
    assert not done.with_former
    assert estimator.detector_ is done.detector
    assert (estimator.predict(frame[200:]) == -1).sum() < max(1, (before == -1).sum())
    assert estimator.offset_ == -done.after.value
