"""The viewer, which knows nothing of this package: what it makes of exported files is what the package makes."""

from __future__ import annotations

import csv
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from typer.testing import CliRunner

from explorer import checkpoints, data
from explorer.checkpoints import VectorCheckpoint
from explorer.cli.app import app
from explorer.core.version import VERSION
from explorer.data import Dataset
from explorer.novelty import detector as detectors
from explorer.novelty.scores.registry import REGISTRY
from tests.conftest import ROOT

VIEWER = ROOT / "viewer"
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def command() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(VIEWER))
        import explorer_viewer.command

        return explorer_viewer.command


@pytest.fixture(scope="module")
def folder(digits_vae: VectorCheckpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page, the parts of a model, and a detector of a table's rows, as the commands write them."""
    out = tmp_path_factory.mktemp("exports")
    model = str(checkpoints.save(digits_vae, out / "vae.safetensors"))
    rows = data.dataset("breast-cancer")
    with (out / "rows.csv").open("w") as file:
        writer = csv.writer(file)
        writer.writerow(rows.feature_names)
        writer.writerows(rows.x.tolist())
    fit = ["detector", "fit", str(out / "rows.csv"), "--scorer", "pca", "--out", str(out / "d.safetensors")]
    for arguments in (
        ["export", model, "--html", str(out / "page.html"), "--items", "40", "--no-scenes"],
        ["export", model, "--onnx", str(out), "--data", "digits"],
        fit,
        ["detector", "export", str(out / "d.safetensors"), "--onnx", str(out / "detector.onnx")],
    ):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
    return out


@pytest.mark.slow
def test_rows_of_a_csv_have_the_scores_and_alarms_of_the_package(command: ModuleType, folder: Path) -> None:
    assert "pca" in REGISTRY
    files = [str(folder / name) for name in ("detector.onnx", "rows.csv")]
    assert command.main([*files, "--out", str(folder / "scores.csv")]) == 0
    detector = detectors.load(folder / "d.safetensors")
    x = data.dataset("breast-cancer").x
    own = detector.score(detector.encode(dict(zip(detector.card.encoding.names, x.T.astype(float), strict=True))))  # type: ignore[union-attr]
    with (folder / "scores.csv").open() as file:
        read = list(csv.DictReader(file))
    np.testing.assert_allclose([float(row["score"]) for row in read], own, rtol=1e-4, atol=1e-4)
    assert [row["alarm"] == "1" for row in read] == (own > detector.threshold(0.05).value).tolist()


@pytest.mark.slow
def test_what_a_model_makes_of_items_is_what_the_package_makes(
    command: ModuleType, folder: Path, digits_vae: VectorCheckpoint, digits: Dataset
) -> None:
    np.save(folder / "x.npy", digits.x[:1200])
    files = [str(folder / name) for name in ("autoencoder.onnx", "x.npy")]
    assert command.main([*files, "--out", str(folder / "made.npz")]) == 0
    with np.load(folder / "made.npz", allow_pickle=False) as made:
        np.testing.assert_allclose(made["x_hat"] / 255, digits_vae.reconstruct(digits.x[:1200]), atol=1e-4)
        np.testing.assert_allclose(made["error"], digits_vae.reconstruction_errors(digits.x[:1200]), rtol=1e-3)


def with_labels() -> bytes:
    """y = x + the label's number, as a conditional model takes its labels; the file knows "a" as 0 and "b" as 2."""
    nodes = [
        helper.make_node("Cast", ["label"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["number", "axis"], ["column"]),
        helper.make_node("Add", ["x", "column"], ["y"]),
    ]
    given = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2]),
        helper.make_tensor_value_info("label", TensorProto.INT64, ["n"]),
    ]
    made = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])]
    axis = numpy_helper.from_array(np.array([1], np.int64), "axis")
    model = helper.make_model(
        helper.make_graph(nodes, "labelled", given, made, [axis]), opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 8
    helper.set_model_props(model, {"labels": '{"a": 0, "b": 2}'})
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.array(["b", "a", "b"]), ""),
        (np.array([2, 0, 2]), ""),
        (np.array([2.0, 0.0, 2.0]), ""),
        (np.array(["b", "a", "c"]), "no number for 'c'; it has them for: a, b"),
        (np.array([2, 0, 0.5]), "takes whole numbers"),
    ],
    ids=["names", "numbers", "floats", "unknown", "half"],
)
def test_labels_are_given_by_name_or_number(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: np.ndarray, words: str
) -> None:
    (tmp_path / "labelled.onnx").write_bytes(with_labels())
    x = np.arange(6.0).reshape(3, 2)
    np.savez(tmp_path / "items.npz", x=x, label=labels)
    files = [str(tmp_path / name) for name in ("labelled.onnx", "items.npz")]
    status = command.main([*files, "--out", str(tmp_path / "made.npz")])
    assert words in capsys.readouterr().err
    assert status == (1 if words else 0)
    if not words:
        with np.load(tmp_path / "made.npz", allow_pickle=False) as made:
            np.testing.assert_array_equal(made["y"], x + np.array([[2], [0], [2]]))


@pytest.mark.slow
def test_a_folder_is_listed_and_opened_with_every_name_as_text(
    command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(command.webbrowser, "open", opened.append)
    (folder / "mine.html").write_text("<title>no export</title>")
    evil = (folder / "page.html").read_text().replace("<title>", f"<title>{EVIL.replace('<', '&lt;')}", 1)
    (folder / "evil.html").write_text(evil)
    assert command.main([str(folder)]) == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "autoencoder.onnx", "decoder.onnx", "detector.onnx", "encoder.onnx", "evil.html", "page.html",
    ]  # fmt: skip
    page = Path(opened[0].removeprefix("file://")).read_text()
    assert EVIL not in page
    assert EVIL.replace("<", "&lt;").replace(">", "&gt;") in page
    assert command.main([str(folder / "page.html")]) == 0
    assert opened[1] == (folder / "page.html").as_uri()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.html"], "There is no"),
        (["mine.txt"], "neither a page nor an ONNX file"),
        (["bad.onnx"], "no ONNX file"),
        (["detector.onnx", "short.csv", "--out", "s.csv"], "lacks the column 'mean radius'"),
        (["autoencoder.onnx", "rows.csv", "--out", "s.csv"], "Give an NPZ or NPY file"),
        (["decoder.onnx", "bad.npy", "--out", "s.csv"], "no CSV, NPZ or NPY file"),
        (["decoder.onnx", "wide.npy", "--out", "s.npz"], "takes no such items"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    for name, content in (("mine.txt", b"x"), ("bad.onnx", b"x"), ("short.csv", b"a,b\n1,2\n"), ("bad.npy", b"x")):
        (folder / name).write_bytes(content)
    np.save(folder / "wide.npy", np.zeros((2, 99)))
    assert command.main([a if a.startswith("--") else str(folder / a) for a in arguments]) == 1
    said = capsys.readouterr().err
    assert said.count("Error:") == 1
    assert words in said


def test_neither_torch_nor_this_package_is_needed() -> None:
    code = (
        "import sys, explorer_viewer.command, explorer_viewer.onnx_runs\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(VIEWER)}, capture_output=True, text=True, check=True
    )
    assert not {"torch", "explorer", "streamlit", "pandas"} & set(said.stdout.split())
    project = tomllib.loads((VIEWER / "pyproject.toml").read_text())["project"]
    assert [name.partition(">")[0] for name in project["dependencies"]] == ["numpy", "onnxruntime"]
    assert project["version"] == VERSION
