"""A series in windows: each is what NumPy cuts, none lies across a gap, and an event is found where it was planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.stats import beta

import explorer
from explorer import novelty
from explorer.core.errors import DataError, RecipeError
from explorer.data.memory_rows import CellRows
from explorer.io.tables.columns import Cells
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import ColumnRole
from explorer.novelty import detector as detectors
from explorer.novelty import table_recipe
from explorer.novelty.crossing import cross_fitted, stretches_of
from explorer.novelty.inputs import TableInput
from explorer.novelty.items import read_items
from explorer.novelty.series.heat import HeatOverTime
from explorer.novelty.series.training_windows import training_windows
from explorer.novelty.table_fitting import fit_table
from explorer.novelty.updating import new_normals, update
from explorer.novelty.window_calibration import spread_scores
from explorer.novelty.windowing import WindowsAsked, find_windows, found_period, windowed
from explorer.novelty.windows import WindowRows, Windows

RNG = np.random.default_rng(0)


def series(cells: Mapping[str, Cells], time: str | None = None, label: str | None = None) -> TableInput:
    def role(name: str, values: Cells) -> ColumnRole:
        is_number = isinstance(values, np.ndarray)
        return ColumnRole(name=name, role="time" if name == time else "number" if is_number else "label")

    n = len(next(iter(cells.values())))
    contract = TableContract(rows=n, dialect=None, columns=tuple(role(name, cells[name]) for name in cells))
    return TableInput("the series", CellRows(cells, "the series", contract), label)


def machine(n: int, seed: int, period: int = 24) -> dict[str, np.ndarray]:
    """Two readings of a machine, one of which follows the other."""
    rng, t = np.random.default_rng(seed), np.arange(n + 3)
    flow = np.sin(2 * np.pi * t / period) + 0.4 * np.sin(6 * np.pi * t / period + 1) + 0.05 * rng.normal(size=n + 3)
    return {"flow": flow[3:], "heat": 2 * flow[:-3] + 0.1 * rng.normal(size=n)}


@pytest.mark.parametrize("rows", [7, 1000])
@pytest.mark.parametrize("step", [1, 3, 5])
def test_windows_are_those_that_numpy_cuts_between_gaps(rows: int, step: int) -> None:
    n, length = 60, 5
    values = {"a": RNG.normal(size=n), "b": RNG.normal(size=n)}
    at = np.cumsum(np.r_[0, np.ones(n - 1)])
    at[23:] += 4  # rows are missing before row 23, and the clock was set back before row 50
    at[50:] -= 20
    windows = Windows(columns=("b", "a"), length=length, step=step, time="at", spacing=1, longest=1.5)
    table = series(values | {"at": at}, time="at")
    cut = WindowRows(table.rows, windows)
    chunks = list(cut.chunks(rows))
    found = np.concatenate([np.stack([chunk.cells[name] for name in cut.columns], 1) for chunk in chunks])
    firsts = np.concatenate([chunk.rows for chunk in chunks])
    expected, starts = [], []
    for start, stop in ((0, 23), (23, 50), (50, 60)):
        of_column = [sliding_window_view(values[name][start:stop], length)[::step] for name in windows.columns]
        expected.append(np.concatenate(of_column, axis=1))
        starts.append(start + 1 + np.arange(0, stop - start - length + 1, step))
    np.testing.assert_array_equal(found, np.concatenate(expected))
    np.testing.assert_array_equal(firsts, np.concatenate(starts))
    assert cut.counts() == (len(firsts), 3, 0)
    assert cut.columns[:2] == ("b at 0", "b at 1")
    assert cut.columns[length] == "a at 0"


def test_no_window_lies_across_a_row_that_was_passed_over_or_has_no_time() -> None:
    windows = Windows(columns=("a",), length=3, step=1, time="at", spacing=1, longest=1.5)
    rows = np.array([1, 2, 3, 4, 6, 7, 8])  # row 5 was passed over
    times = np.arange(7.0)
    assert windows.begins(rows, times, None).tolist() == [0, 4]
    times[2] = np.nan
    assert windows.begins(rows, times, None).tolist() == [0, 2, 3, 4]
    assert windows.begins(rows[1:], np.arange(1.0, 7), (1, 0.0)).tolist() == [3], "the first follows what came before"


def test_a_window_has_the_labels_of_all_its_rows_and_the_time_of_its_first() -> None:
    labels = [*["ok"] * 6, "leak", *["ok"] * 5]
    days = [f"{day:02}.03.2024" for day in range(20, 32)]
    windows = Windows(columns=("a",), length=4, step=2, time="day", order="day first", spacing=86400, longest=1.3e5)
    table = windowed(series({"a": np.arange(12.0), "day": days, "state": labels}, "day", "state"), windows)
    part = next(table.parts())
    assert part.labels is not None
    assert part.labels.tolist() == ["ok", "ok", "leak and ok", "leak and ok", "ok"]
    assert table.keys(part.rows) == ["1-4", "3-6", "5-8", "7-10", "9-12"]
    assert next(table.rows.chunks(only=["day"])).cells["day"] == days[0:9:2]
    beside = replace(series({"a": np.arange(12.0)}), labels=np.array(labels))
    cut = windowed(beside, windows.model_copy(update={"time": "", "order": None}))
    assert cut.labels is not None
    assert cut.labels.tolist() == part.labels.tolist()


def test_a_period_is_found_where_there_is_one() -> None:
    t = np.arange(4000)
    beats = (t % 37 < 5).astype(float) + 0.1 * RNG.normal(size=4000)
    walk = np.cumsum(RNG.normal(size=4000))
    assert found_period(beats[:, None]) == 37
    assert found_period(np.stack([beats, RNG.normal(size=4000)], 1)) == 37
    assert found_period((beats + 0.01 * t)[:, None]) == 37, "a trend is taken off"
    gaps = beats.copy()
    gaps[RNG.random(4000) < 0.2] = np.nan
    assert found_period(gaps[:, None]) == 37
    assert found_period(RNG.normal(size=(4000, 2))) is None
    assert found_period(walk[:, None]) is None
    assert found_period(np.ones((4000, 1))) is None


def test_what_no_series_can_be_cut_from_is_refused_with_a_way_on() -> None:
    values, up = machine(300, 1), np.arange(300.0)
    asked = WindowsAsked(length=24)
    with pytest.raises(DataError, match="fall from row to row"):
        find_windows(series(values | {"at": up[::-1]}, "at"), asked)
    with pytest.raises(DataError, match="do not rise"):
        find_windows(series(values | {"at": np.repeat(np.arange(75.0), 4)}, "at"), asked)
    with pytest.raises(DataError, match="no column 'flaw'"):
        find_windows(series(values), WindowsAsked(columns=("flaw",)))
    with pytest.raises(DataError, match="unseen"):
        find_windows(series(values), WindowsAsked(length=24, step=30))
    windows = find_windows(series(values | {"at": up}, "at"), asked)
    assert (windows.length, windows.step, windows.spacing) == (24, 3, 1.0)
    with pytest.raises(DataError, match="60 apart in 'at', where the detector learnt from rows 1 apart"):
        windowed(series(values | {"at": 60 * up}, "at"), windows)
    with pytest.raises(DataError, match="no 24 rows that follow one another"):
        windowed(series({"flow": up[:20], "heat": up[:20], "at": up[:20]}, "at"), windows)
    with pytest.raises(DataError, match="lacks 1 of the 3 columns"):
        windowed(series({"flow": up, "at": up}, "at"), windows)
    with pytest.raises(DataError, match="of which 6 have no row in common; 10 are needed"):
        fit_table(windowed(series({"flow": values["flow"][:150]}), Windows(columns=("flow",), length=24, step=3), True))


def test_what_is_left_out_of_a_fit_has_no_row_in_common_with_what_is_held() -> None:
    n, length = 100, 12
    learnt: list[np.ndarray] = []

    def fitted(chosen: np.ndarray, fold: int) -> novelty.KNN:
        learnt.append(chosen)
        return novelty.KNN(1).fit(x[chosen])

    x = RNG.normal(size=(n, 3)).astype(np.float32)
    of_fold = stretches_of(n, 5)
    assert np.bincount(of_fold).tolist() == [20] * 5
    cross_fitted(x, fitted, of_fold, length)
    for fold, rows in enumerate(learnt[1:]):
        held = np.flatnonzero(of_fold == fold)
        nearest = np.abs(rows[:, None] - held[None]).min()
        assert nearest == length, "window i has rows i to i + length - 1"


@pytest.mark.slow
def test_an_event_is_found_where_it_was_planted_and_nowhere_else() -> None:
    train = series(machine(1500, 1))
    windows = find_windows(train, WindowsAsked())
    assert windows.length == 24
    fitted = fit_table(windowed(train, windows, to_fit=True), scorer="knn")
    card = fitted.card
    assert card.windows == windows
    assert card.n_calibration == 62 == len(fitted.calibration), "1,477 windows, of which 62 have no row in common"
    detector = detectors.load(fitted.to_bytes())
    new = machine(900, 2)
    new["flow"][400:416] = new["flow"][400]
    new["heat"][700:712] -= 3
    items = read_items(detector, series(new))
    assert items.names[1] == "rows 4 to 27"
    assert "windows of 24 rows of `flow`, `heat` (a period of 24 rows was found), one every 3 rows" in " ".join(
        items.notes
    )
    scores = detector.score(items.x)
    threshold = detector.threshold(0.02).value
    heat = HeatOverTime(detector)
    firsts = 1 + 3 * np.arange(len(scores))
    for part in np.array_split(np.arange(len(scores)), 5):  # as it comes in, chunk by chunk
        heat.add(firsts[part], items.x[part], scores[part], detector.p_values(scores[part]), scores[part] > threshold)
    first, second = heat.spans()
    assert (first.column, second.column) == ("flow", "heat")
    for span, planted in ((first, (401, 416)), (second, (701, 712))):
        common = min(span.last, planted[1]) - max(span.first, planted[0]) + 1
        union = max(span.last, planted[1]) - min(span.first, planted[0]) + 1
        assert common / union > 0.5, (span, planted)
        assert planted[0] <= span.peak <= planted[1]
    of_rows = heat.heat()
    assert len(of_rows) == 900
    assert np.nansum(of_rows[400:416, 0]) > 5 * np.nansum(of_rows[100:116, 0])


def test_heat_is_the_mean_over_windows_of_their_parts() -> None:
    rows = machine(700, 3)
    windows = Windows(columns=("flow", "heat"), length=8, step=2)
    detector = fit_table(windowed(series(rows), windows, to_fit=True), scorer="knn")
    items = read_items(detector, series({name: values[:40] for name, values in machine(700, 4).items()}))
    scores, parts = detector.score(items.x), detector.contributions(items.x)
    assert parts is not None
    gathered = HeatOverTime(detector)
    firsts = 1 + 2 * np.arange(len(scores))
    gathered.add(firsts, items.x, scores, detector.p_values(scores), scores > np.inf)
    level = np.median(detector.calibration)
    expected = np.full((40, 2), np.nan)
    for row in range(1, 41):
        for column in range(2):
            of_row = [
                max(score - level, 0) * part[column * 8 + row - first] / part.sum() * 16
                for first, score, part in zip(firsts, scores, parts, strict=True)
                if first <= row < first + 8
            ]
            if of_row:
                expected[row - 1, column] = np.mean(of_row)
    np.testing.assert_allclose(gathered.heat(), expected[: len(gathered.heat())], rtol=1e-4, atol=1e-5)
    assert np.isnan(expected[len(gathered.heat()) :]).all()
    assert gathered.spans() == []


@pytest.mark.slow
def test_the_promised_rate_holds_for_windows_of_a_series_with_a_memory() -> None:
    """Overlapping windows count for no more than those without a row in common: over 100 series the rate is kept."""

    def noise(n: int, seed: int) -> np.ndarray:
        steps, x = np.random.default_rng(seed).normal(size=n + 50), np.zeros(n + 50)
        for i in range(1, n + 50):
            x[i] = 0.6 * x[i - 1] + steps[i]
        return x[50:]

    windows = Windows(columns=("x",), length=6, step=6)
    alarms, promised = [], 0.0
    for seed in range(100):
        detector = fit_table(windowed(series({"x": noise(400, seed)}), windows, to_fit=True), scorer="pca")
        assert detector.card.n_calibration == 66
        limit = detector.threshold(0.1)
        promised = limit.rate.value
        items = read_items(detector, series({"x": noise(600, 1000 + seed)}))
        alarms.append(float((detector.score(items.x) > limit.value).mean()))
    # As separate items would: the mean rate is at most what is promised, and its spread that of Beta(7, 60).
    assert np.mean(alarms) < promised + 2 * beta(7, 60).std() / 10
    assert np.mean(alarms) > 0.5 * promised


def test_an_update_counts_windows_without_a_row_in_common() -> None:
    windows = Windows(columns=("flow", "heat"), length=10, step=4)
    detector = fit_table(windowed(series(machine(400, 1)), windows, to_fit=True), scorer="pca")
    new = new_normals(detector, series(machine(250, 5)))
    assert len(new.x) == 21, "61 windows, one every 4 rows, of which every third shares no row with the one before"
    updated = update(detector, new, with_former=True).detector
    assert len(updated.calibration) == len(detector.calibration) + 21
    assert updated.profile is None


def test_scores_of_windows_that_overlap_are_thinned_to_the_highest_of_each_part() -> None:
    scores = RNG.permutation(100.0 + np.arange(100))
    np.testing.assert_array_equal(spread_scores(scores, 10), 109 + 10 * np.arange(10))
    np.testing.assert_array_equal(spread_scores(scores, 3), [133, 166, 199])


def test_values_go_back_to_their_columns_and_rows() -> None:
    windows = Windows(columns=("b", "a"), length=3, step=1)
    cells = {name: np.array([i, 10.0 + i]) for i, name in enumerate(windows.names) if name != "a at 1"}
    found = windows.through_time(cells)
    np.testing.assert_array_equal(found["b"], [[0, 1, 2], [10, 11, 12]])
    np.testing.assert_array_equal(found["a"], [[3, np.nan, 5], [13, np.nan, 15]])
    np.testing.assert_array_equal(windows.by_column(np.arange(5.0)[None], [*cells]), [[0 + 1 + 2, 3 + 4]])


def test_a_detector_of_windows_is_none_of_rows(tmp_path: Path) -> None:
    windows = Windows(columns=("flow", "heat"), length=10, step=4)
    fit_table(windowed(series(machine(300, 1)), windows, to_fit=True), scorer="pca").save(tmp_path / "d.safetensors")
    with pytest.raises(DataError, match="windows of a series"):
        explorer.Detector.load(tmp_path / "d.safetensors")


def test_windows_to_train_on_are_split_by_time_and_share_no_row() -> None:
    values = machine(203, 4)
    values["heat"][60] = np.nan
    table = series(values)
    windows = find_windows(table, WindowsAsked(length=8, step=1))
    dataset, remarks = training_windows(windowed(table, windows, to_fit=True), windows)
    first = np.array([int(name.split()[1]) for name in dataset.item_names])
    expected = np.concatenate([sliding_window_view(values[name], 8) for name in ("flow", "heat")], axis=1)
    np.testing.assert_array_equal(dataset.x, expected[first - 1].astype(np.float32))
    assert dataset.feature_names == windows.names
    rows = [set((first[part][:, None] + np.arange(8)).ravel()) for part in
            (dataset.splits.train, dataset.splits.validation, dataset.splits.test)]  # fmt: skip
    assert not rows[0] & rows[1]
    assert not rows[1] & rows[2]
    assert max(rows[0]) < min(rows[1]) < max(rows[1]) < min(rows[2]) < max(rows[2]) == 203
    # Of 196 windows 8 hold the missing value, and before each of two cuts 7 reach over it.
    assert len(dataset) == 196 - 8 - 14
    assert remarks == (
        "8 windows with a missing value are left out",
        "14 windows are left out, since they reach from one split into the next",
    )
    with pytest.raises(DataError, match="too few to learn from"):
        training_windows(windowed(series(machine(12, 1)), windows, to_fit=True), windows)


@pytest.mark.slow
def test_convolutions_along_a_window_are_a_choice_of_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_recipe, "TRAINING_STEPS", 200)
    table = series(machine(600, 1))
    windows = find_windows(table, WindowsAsked(length=24))
    cut = windowed(table, windows, to_fit=True)
    detector = fit_table(cut, scorer="reconstruction-error", body="convolutional")
    (model,) = detector.card.models
    assert (model.recipe.model.family, model.recipe.model.window) == ("convolutional", 24)
    changed = machine(400, 2)
    changed["heat"][200:215] = changed["heat"][200]
    items = read_items(detector, series(changed))
    assert items.rows is not None
    holds = (items.rows <= 215) & (items.rows + 23 >= 201)
    apart = (items.rows + 23 < 201) | (items.rows > 215)
    scores = detector.score(items.x)
    assert np.median(scores[holds]) > np.quantile(scores[apart], 0.99)
    again = detectors.load(detector.save(tmp_path / "d.safetensors"))
    np.testing.assert_array_equal(again.score(items.x), scores)
    with pytest.raises(RecipeError, match="no order"):
        fit_table(table, scorer="reconstruction-error", body="convolutional")
