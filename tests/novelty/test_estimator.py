"""`explorer.Detector` is an estimator like scikit-learn's, and says what the detector in it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import explorer
from explorer.core.errors import DataError
from explorer.novelty import detector as detectors


def frame(n: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    a, b = np.round(random.lognormal(2, 1, n), 2), np.round(random.normal(50, 9, n), 1)
    kind = random.choice(["red", "blue"], n).astype(object)
    kind[random.random(n) < 0.1] = None
    return pd.DataFrame({"a": a, "b": b, "sum": np.round(a + b, 2), "kind": kind, "ok": random.random(n) < 0.5})


@pytest.fixture(scope="module")
def fitted() -> Any:
    return explorer.Detector(false_alarm_rate=0.02).fit(frame(300, 0))


@pytest.mark.slow
def test_it_keeps_every_promise_of_scikit_learns_outlier_detectors() -> None:
    results = check_estimator(explorer.Detector(scorer="knn"), on_fail=None, on_skip=None)
    failed = {r["check_name"]: str(r["exception"]) for r in results if r["status"] == "failed"}
    assert failed == {}
    assert sum(r["status"] == "passed" for r in results) > 30


def test_planted_rows_are_outliers_and_explained_in_the_columns_own_unit(fitted: Any) -> None:
    new = frame(200, 1)
    assert (fitted.predict(new) == -1).mean() < 0.08
    odd = new.assign(sum=new["sum"] + 5)
    assert (fitted.predict(odd) == -1).mean() > 0.9
    assert (fitted.p_values(odd) <= 0.02).mean() > 0.9
    np.testing.assert_allclose(fitted.decision_function(new), fitted.score_samples(new) - fitted.offset_)
    reasons = fitted.explain(odd)
    assert np.mean([{r.column for r in row} == {"a", "b", "sum"} for row in reasons]) > 0.9
    first = next(r for r in reasons[0] if r.column == "sum")
    assert first.value == pytest.approx(odd["sum"][0])
    low, high = (float(end) for end in first.usual.split(" to "))
    assert np.mean((frame(300, 0)["sum"] >= low) & (frame(300, 0)["sum"] <= high)) == pytest.approx(0.9, abs=0.03)
    value = fitted.explain(new.assign(kind="green"))
    assert [row[0].column for row in value] == ["kind"] * 200
    assert value[0][0].usual.startswith(("red", "blue"))


def test_frames_and_pyarrow_tables_are_read_alike(fitted: Any) -> None:
    new = frame(50, 2)
    np.testing.assert_array_equal(fitted.score_samples(pa.Table.from_pandas(new)), fitted.score_samples(new))
    again = explorer.Detector(false_alarm_rate=0.02).fit(pa.Table.from_pandas(frame(300, 0)))
    np.testing.assert_array_equal(again.score_samples(new), fitted.score_samples(new))
    assert list(again.feature_names_in_) == ["a", "b", "sum", "kind", "ok"]
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(new.drop(columns="b"))
    with pytest.raises(DataError, match="'a' holds text such as 'x'"):
        fitted.predict(new.assign(a="x"))


@pytest.mark.slow
def test_what_only_names_rows_or_dates_them_is_left_out_and_said() -> None:
    rows = frame(120, 4)
    dated = rows.assign(
        id=[f"T{i}" for i in range(120)], at=pd.date_range("2026-01-01", periods=120, freq="h"), either=[1, "x"] * 60
    )
    detector = explorer.Detector().fit(dated)
    said = " ".join(detector.notes_)
    assert "id is ignored: " in said
    assert "at is ignored: dates or times" in said
    assert {reason.column for row in detector.explain(dated, top=9) for reason in row} <= {*rows.columns, "either"}
    later = dated.assign(id="Z9", at=pd.Timestamp("2031-05-05"))
    np.testing.assert_array_equal(detector.score_samples(later), detector.score_samples(dated))
    with pytest.raises(ValueError, match="infinity, in column 'a'"):
        detector.predict(dated.assign(a=np.inf))


def test_saved_it_is_a_detector_of_the_command_line_too(fitted: Any, tmp_path: Path) -> None:
    path = fitted.save(tmp_path / "d.safetensors")
    new = frame(60, 3)
    again = explorer.Detector.load(path, false_alarm_rate=0.02)
    np.testing.assert_array_equal(again.score_samples(new), fitted.score_samples(new))
    np.testing.assert_array_equal(again.predict(new), fitted.predict(new))
    assert again.n_features_in_ == 5
    assert detectors.load(path).card == fitted.detector_.card
    x = np.random.default_rng(0).normal(size=(80, 3))
    plain = explorer.Detector().fit(x)
    loaded = explorer.Detector.load(plain.save(tmp_path / "x.safetensors"))
    np.testing.assert_array_equal(loaded.predict(x), plain.predict(x))
    assert not hasattr(loaded, "feature_names_in_")


def test_it_works_in_pipelines_clones_and_grids() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(120, 3))
    pipeline = make_pipeline(StandardScaler(), explorer.Detector(scorer="knn"))
    assert pipeline.fit(x).predict(x[:5] + 30).tolist() == [-1] * 5
    assert clone(pipeline).get_params()["tabledetector__scorer"] == "knn"

    def alarms(detector: Any, rows: np.ndarray, _: object = None) -> float:
        return -float((detector.predict(rows) == -1).mean())

    grid = GridSearchCV(explorer.Detector(scorer="pca"), {"false_alarm_rate": [0.01, 0.3]}, scoring=alarms, cv=2)
    assert grid.fit(x).best_params_ == {"false_alarm_rate": 0.01}
