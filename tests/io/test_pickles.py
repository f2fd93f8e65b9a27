"""A pickle is refused with a line that makes data of it: run as it stands, and what it writes is read."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import torch

from explorer import data
from explorer.checkpoints.files import read_metadata
from explorer.core.errors import CheckpointError, DataError

RNG = np.random.default_rng(0)
IMAGES = RNG.random((6, 8, 8)).astype(np.float32)
ROWS = RNG.random((30, 3)).astype(np.float32)


def _objects(arrays: np.ndarray) -> np.ndarray:
    boxes = np.empty(len(arrays), object)
    boxes[:] = list(arrays)
    return boxes


def _write(name: str) -> None:
    path = Path(name)
    if path.suffix == ".npy":
        np.save(path, _objects(IMAGES))
    elif path.suffix == ".npz":
        np.savez(path, x=_objects(IMAGES))
    elif path.suffix == ".pt":
        torch.save(torch.from_numpy(ROWS), path)
    elif path.suffix == ".pth":
        torch.save({"x": torch.from_numpy(ROWS)}, path)
    elif path.suffix == ".pkl":
        pd.DataFrame(ROWS, columns=["a", "b", "c"]).to_pickle(path)
    else:
        joblib.dump(IMAGES, path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a.npy", "a.npz", "a.pt", "a.pth", "a.pkl", "it's mine.joblib", 'the "best".npz', "größe.npy"]
)
def test_the_line_that_is_offered_gives_the_data(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(name)
    with pytest.raises(DataError, match="Python objects") as caught:
        data.dataset(name)
    program, flag, code = shlex.split(caught.value.hint.split("convert it once: ")[1])
    assert (program, flag) == ("python", "-c")
    subprocess.run([sys.executable, "-c", code], check=True)
    (converted,) = [path.name for path in tmp_path.iterdir() if "-plain" in path.name]
    dataset = data.dataset(converted)
    if Path(name).suffix in (".pt", ".pth", ".pkl"):
        assert dataset.x.shape == (30, 3)
        assert dataset.feature_names == (("a", "b", "c") if name == "a.pkl" else dataset.feature_names)
    else:
        assert dataset.x.shape == (6, 1, 8, 8)


@pytest.mark.parametrize("name", ["a.pt", "a.pkl", "a.joblib"])
def test_a_pickle_is_no_checkpoint_and_the_hint_leads_on(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    joblib.dump(ROWS, path) if name != "a.pt" else torch.save({"weight": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError) as caught:
        read_metadata(path)
    assert "explorer.adopt(NAME, encoder=..., decoder=..., data=...)" in caught.value.hint
    assert "python -m explorer import MODEL.onnx --data D" in caught.value.hint


def test_an_npz_is_not_taken_for_a_pickle(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=ROWS)
    with pytest.raises(CheckpointError, match="is not a safetensors file"):
        read_metadata(tmp_path / "a.npz")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.npy", np.array([{"a": 1.5, "b": "x"}, {"a": 2.0, "b": "y"}] * 6, object), [[1.5, 1, 0], [2.0, 0, 1]]),
        ("a.npy", {"x": ROWS, "y": ["p", "q"] * 15}, ROWS[:2]),
        ("a.npy", np.array([[0.5, "x"], [1.5, "y"]] * 6, object), [[0.5, 1, 0], [1.5, 0, 1]]),
        ("a.npy", np.array([[0.5, 1], [2.5, 3]] * 6, object), [[0.5, 1], [2.5, 3]]),
        ("a.npz", np.array([[0.5, None], [2.5, 3], [0.25, 4]] * 6, object), [[2.5, 3], [0.25, 4]]),
    ],
)
def test_what_the_line_writes_is_no_pickle_again(
    name: str, content: object, expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if name.endswith(".npz"):
        np.savez(name, x=content)
    else:
        np.save(name, content)
    with pytest.raises(DataError, match="Python objects") as caught:
        data.dataset(name)
    code = shlex.split(caught.value.hint.split("convert it once: ")[1])[2]
    subprocess.run([sys.executable, "-c", code], check=True)
    (converted,) = [path.name for path in tmp_path.iterdir() if "-plain" in path.name]
    np.testing.assert_allclose(data.dataset(converted).x[:2, : len(expected[0])], expected)


def test_what_no_array_can_hold_ends_with_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", x=np.array([[1, "a"], [2, None]], object))
    with pytest.raises(DataError) as caught:
        data.dataset("a.npz")
    code = shlex.split(caught.value.hint.split("convert it once: ")[1])[2]
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "could not convert string to float: 'a'" in ran.stderr
    assert not [path for path in tmp_path.iterdir() if "-plain" in path.name and path.stat().st_size > 200]
