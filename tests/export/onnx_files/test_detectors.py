"""Detectors as ONNX files: raw columns and pixels in, the detector's own alarms out."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pandas
import pytest
from typer.testing import CliRunner

from explorer.cli.app import app
from explorer.core import places
from explorer.core.errors import ExplorerError
from explorer.data import dataset
from explorer.export.onnx_files import detector_file
from explorer.export.onnx_files import detectors as of_detectors
from explorer.export.onnx_files.writing import OnnxRun
from explorer.novelty import detector as detectors
from explorer.novelty.examples import stored_file
from tests.rows_with_rules import rows_with_rules


def table(path: pathlib.Path, n: int, seed: int, strange: bool = False) -> pathlib.Path:
    cells = rows_with_rules(n, seed)
    names = [*cells]
    rows = [[str(cells[name][i]) for name in names] for i in range(n)]
    for i, row in enumerate(rows if strange else []):
        if i % 5 == 0:
            row[names.index(("site", "kind")[i % 2])] = ("", "elsewhere", "NA")[i % 3]
        if i % 4 == 0:
            row[names.index("width")] = ("", "1e9", "-3")[i % 3]
    path.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def rows_file(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("rows")
    table(folder / "normal.csv", 300, 0)
    table(folder / "new.csv", 600, 1, strange=True)
    fit = ["detector", "fit", str(folder / "normal.csv"), "--scorer", "knn-and-rules"]
    result = CliRunner().invoke(app, [*fit, "--out", str(folder / "d.safetensors")])
    assert result.exit_code == 0, result.output
    return folder


def told_by(content: bytes) -> dict[str, str]:
    return {prop.key: prop.value for prop in onnx.load_model_from_string(content).metadata_props}


def test_rows_of_a_file_raise_the_alarms_that_the_command_score_does(rows_file: pathlib.Path) -> None:
    written = rows_file / "d.onnx"
    command = ["detector", "export", str(rows_file / "d.safetensors"), "--onnx", str(written)]
    result = CliRunner().invoke(app, [*command, "--data", str(rows_file / "new.csv"), "--json"])
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    told = told_by(written.read_bytes())
    # Read by nothing of this program.
    lines = (rows_file / "new.csv").read_text().splitlines()
    names, cells = lines[0].split(","), [line.split(",") for line in lines[1:]]
    numbers, words = json.loads(told["columns.numbers"]), json.loads(told["columns.categories"])
    assert [*words, *numbers] == names
    by_onnx = OnnxRun(written.read_bytes())({
        "numbers": np.array([[float(row[names.index(c)] or "nan") for c in numbers] for row in cells]),
        "categories": np.array([[row[names.index(c)] for c in words] for row in cells], object),
    })  # fmt: skip
    scores = rows_file / "scores.csv"
    score = ["score", str(rows_file / "d.safetensors"), str(rows_file / "new.csv"), "--out", str(scores)]
    assert CliRunner().invoke(app, score).exit_code == 0
    table = [line.split(",") for line in scores.read_text().splitlines()]
    alarm, value = table[0].index("alarm"), table[0].index("score")
    ours = np.array([row[alarm] in ("1", "true") for row in table[1:]])
    assert 50 < ours.sum() < 590
    np.testing.assert_array_equal(by_onnx["alarm"], ours)
    values = np.array([float(row[value] or "nan") for row in table[1:]])
    np.testing.assert_allclose(by_onnx["score"], values, rtol=1e-6, atol=1e-6)
    nothing = {"numbers": np.full((1, len(numbers)), np.nan), "categories": np.full((1, len(words)), "", object)}
    by_onnx = OnnxRun(written.read_bytes())(nothing)
    assert (np.isnan(by_onnx["score"]), by_onnx["alarm"]) == (True, False), "nothing is known of this row"
    kept = len(detectors.load(rows_file / "d.safetensors").examples)
    assert (answer["items"], answer["bytes"]) == (600 + kept, written.stat().st_size)


def test_images_as_their_files_have_them() -> None:
    detector = detectors.load(stored_file("unseen-digits"))
    made = detector_file(detector, 0.1)
    told = told_by(made.content)
    x = dataset("mnist-sample").x[:400]
    by_onnx = OnnxRun(made.content)({"x": x.astype(np.float32)})
    np.testing.assert_array_equal(by_onnx["alarm"], detector.score(x) > detector.threshold(0.1).value)
    assert 0.01 < by_onnx["alarm"].mean() < 0.95
    assert (float(told["threshold"]), float(told["false_alarm_rate"])) == (detector.threshold(0.1).value, 0.1)
    assert "white 255" in told["meaning.x"]


def test_the_item_that_set_the_threshold_raises_no_alarm() -> None:
    detector = detectors.load(stored_file("cells"))
    made = detector_file(detector, 0.05)
    items = detector.examples
    own = np.sort(detector.score(items))
    tight = replace(detector, calibration=own)
    made = detector_file(tight, 0.05)
    threshold = tight.threshold(0.05).value
    assert threshold in own
    assert made.threshold.value == threshold
    assert 0 < made.margin < 1e-3
    by_onnx = OnnxRun(made.content)(of_detectors._kept_items(tight).inputs)
    np.testing.assert_array_equal(by_onnx["alarm"], tight.score(items) > threshold)


def test_other_alarms_are_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = detectors.load(stored_file("cells"))
    detector = replace(detector, calibration=np.sort(detector.score(detector.examples)))
    contents = of_detectors._content
    monkeypatch.setattr(of_detectors, "_content", lambda d, t, value: contents(d, t, value - 1))
    with pytest.raises(ExplorerError, match="alarms are others"):
        detector_file(detector)


def test_a_file_is_not_replaced_unasked(tmp_path: pathlib.Path) -> None:
    written = tmp_path / "d.onnx"
    written.write_text("mine")
    result = CliRunner().invoke(app, ["detector", "export", str(stored_file("cells")), "--onnx", str(written)])
    assert result.exit_code == 1
    assert "already" in result.output
    assert written.read_text() == "mine"


def test_the_example_of_the_docs_needs_nothing_of_this_program(rows_file: pathlib.Path, tmp_path: pathlib.Path) -> None:
    text = (places.shipped("docs") / "onnx.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[2].split("```")[0]
    assert len([line for line in example.splitlines() if line]) <= 24
    (tmp_path / "alarms.py").write_text(example)
    detector = detectors.load(rows_file / "d.safetensors")
    (tmp_path / "d.onnx").write_bytes(detector_file(detector).content)
    # Isolated from PYTHONPATH and the folder; the program's own folder is not on the way.
    command = [sys.executable, "-I", "alarms.py", "d.onnx", str(rows_file / "new.csv")]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = result.stdout.splitlines()
    assert len(lines) == 600
    cells = pandas.read_csv(rows_file / "new.csv", keep_default_na=False, na_values=[""])
    texts = {name: cells[name].fillna("").tolist() for name in ("site", "kind")}
    x = detector.encode({name: texts.get(name, cells[name].to_numpy()) for name in cells})
    expected = detector.score(x) > detector.threshold(0.05).value
    np.testing.assert_array_equal(["alarm" in line for line in lines], expected)
