"""The worked example of a series, what is found of its faults, and what is held out where one learns a series."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from explorer.novelty.series import heartbeat
from explorer.novelty.series.heat import HeatOverTime
from explorer.novelty.series.learning import learn_series
from explorer.novelty.windowing import WindowsAsked, find_windows
from tests.novelty.test_series import machine, series


def test_two_of_three_faults_are_found_and_nothing_else() -> None:
    detector, items = heartbeat.open_heartbeat()
    assert detector.card.n_calibration == 21, "680 samples have 21 windows of 32 without one in common"
    scores = detector.score(items.x)
    is_novel = np.array([label != heartbeat.AS_RECORDED for label in items.labels])
    threshold = detector.threshold(heartbeat.RATE).value
    assert not (scores[~is_novel] > threshold).any()
    gathered = HeatOverTime(detector)
    assert items.rows is not None
    gathered.add(items.rows, items.x, scores, detector.p_values(scores), scores > threshold)
    n = len(heartbeat.recording()) - heartbeat.LEARNT
    found = gathered.spans()
    planted = {
        fault: (n * (i + 1) + start + 1, n * (i + 1) + stop)
        for i, (fault, (start, stop)) in enumerate(heartbeat.FAULTS.items())
    }
    of_spans = [next(f for f, (start, stop) in planted.items() if start <= span.peak <= stop) for span in found]
    assert of_spans == ["turned over", "held"], "the burst of noise is not: of recorded windows some score as high"


def test_what_stands_in_the_new_series_is_the_recording_but_for_the_faults() -> None:
    table = heartbeat.new_series()
    (chunk,) = table.rows.chunks()
    values, labels = np.asarray(chunk.cells["ecg"]), np.array(chunk.cells["label"])
    after = heartbeat.recording()[heartbeat.LEARNT :]
    stretches = values.reshape(-1, len(after))
    changed = labels.reshape(-1, len(after)) != heartbeat.AS_RECORDED
    assert [int(row.sum()) for row in changed] == [0, *(stop - start for start, stop in heartbeat.FAULTS.values())]
    np.testing.assert_array_equal(np.where(changed, 0, stretches), np.where(changed, 0, after))
    assert (np.abs(stretches - after)[changed] > 0).mean() > 0.9
    times = np.asarray(chunk.cells["sample"])
    assert (np.flatnonzero(np.diff(times) != 1) + 1).tolist() == [len(after) * i for i in range(1, len(stretches))]


@pytest.mark.slow
def test_the_stored_detector_is_the_one_that_fitting_gives() -> None:
    stored, fitted = heartbeat.open_heartbeat()[0], heartbeat.fit_heartbeat()
    np.testing.assert_allclose(stored.calibration, fitted.calibration, rtol=1e-3)
    assert stored.card.windows == fitted.card.windows


def test_the_end_of_a_series_is_scored_and_shares_no_row_with_what_is_learnt() -> None:
    values, labels = machine(600, 6), ["ok"] * 600
    labels[200:210] = ["leak"] * 10
    table = series({**values, "state": labels}, label="state")
    windows = find_windows(table, WindowsAsked(length=20))
    learnt = learn_series(table, windows, ("ok",), "pca")
    rows = learnt.items.rows
    assert rows is not None
    normal = rows[~learnt.is_novel]
    assert learnt.is_novel.tolist() == sorted(learnt.is_novel.tolist()), "normal ones first"
    assert set(rows[learnt.is_novel]) == {row for row in range(1, 582, 2) if row <= 210 and row + 19 >= 201}
    cut = normal.min()
    assert 460 < cut < 500
    assert normal.tolist() == list(range(cut, 582, 2))
    # As it is learnt: no value of a window that was kept lies behind the cut.
    kept = learnt.detector.table_encoding.decode(learnt.detector.examples)
    flow = np.stack([np.asarray(kept[f"flow at {i}"]) for i in range(20)], axis=1)
    all_windows = sliding_window_view(values["flow"], 20)
    places = [int(np.abs(all_windows - row).sum(1).argmin()) + 1 for row in flow]
    assert max(places) + 19 < cut
    assert not {*places} & set(range(182, 211))
