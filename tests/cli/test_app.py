"""The command line: each command's answer, and one line with a non-zero status where there is none."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from typer.testing import CliRunner, Result

from explorer import checkpoints, evaluation
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.data import Dataset
from explorer.data import dataset as load_dataset
from explorer.evaluation import feature_classifier
from explorer.evaluation.few_labels import few_labels
from explorer.io import images
from explorer.latent import sampling
from tests.conftest import ROOT

RECIPE = """
name = "tiny"
[data]
dataset = "digits"
limit = 300
[model]
family = "variational"
hidden = [16]
[training]
epochs = 2
device = "cpu"
"""


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    digits_vae: Checkpoint,
    digits_autoencoder: Checkpoint,
    table_autoencoder: Checkpoint,
) -> Path:
    """A working folder with a recipe, and three checkpoints: vae, plain and table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    for name, checkpoint in {"vae": digits_vae, "plain": digits_autoencoder, "table": table_autoencoder}.items():
        checkpoints.save(checkpoint, tmp_path / "checkpoints" / f"{name}.safetensors")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def answer(*arguments: str) -> Any:
    """What a command says with --json."""
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(app, ["--version"]).output.strip() == version("autoencoder-explorer")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "missing.toml"], "Cannot read the recipe"),
        (["train", "recipe.toml", "--set", "model.latent_dims=3"], "no field 'model.latent_dims'"),
        (["train", "recipe.toml", "--set", "data.dataset=nothing"], "nothing"),
        (["train", "recipe.toml", "--resume"], "--run-dir"),
        (["show", "nobody"], "no checkpoint called 'nobody'"),
        (["show", "recipe.toml"], "not a safetensors file"),
        (["evaluate", "vae", "--split", "tset"], "no split called 'tset'"),
        (["evaluate", "plain", "--iwae", "5"], "not variational"),
        (["evaluate", "vae", "--dataset", "wine"], "do not fit"),
        (["encode", "vae", "digits", "--out", "z.txt"], "format of z.txt"),
        (["encode", "vae", "nowhere.npz", "--out", "z.csv"], "nowhere.npz"),
        (["encode", "vae", "missing.png", "--out", "z.csv"], "no dataset or file called 'missing.png'"),
        (["encode", "table", "digits", "--out", "z.csv"], "takes table rows, not pictures"),
        (["reconstruct", "table", "breast-cancer", "--out", "folder"], "Table rows"),
        (["score", "vae", "digits", "--out", "recipe.toml/s.csv"], "Cannot write"),
        (["sample", "vae", "--out", "grid.gif"], "Pictures cannot be written"),
        (["sample", "table", "--out", "grid.png"], "Table rows"),
        (["interpolate", "vae", "--from", "0", "--to", "5000", "--out", "s.png"], "no item 5000"),
        (["denoise", "vae", "recipe.toml", "--out", "clean"], "not an image"),
        (["denoise", "vae", "a/x.png", "b/x.png", "--out", "clean"], "Cannot read a/x.png"),
        (["data", "fetch", "nothing"], "nothing"),
    ],
)
def test_an_error_is_one_line_and_a_status(arguments: list[str], words: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 1
    lines = result.stderr.strip().splitlines()
    assert lines[-1].startswith("Error: ")
    assert words in lines[-1]
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_data_list() -> None:
    listed = answer("data", "list")
    assert {"name": "digits", "offline": True}.items() <= listed[0].items()
    assert "mnist-sample" in call("data", "list").stdout


def test_train_leaves_a_checkpoint_and_streams_events(folder: Path) -> None:
    result = call("train", "recipe.toml", "--set", "model.latent_dim=5", "--json")
    assert result.exit_code == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [e["event"] for e in events if e["event"] != "step"] == ["started", "epoch", "epoch", "finished"]
    assert checkpoints.load("tiny").latent_dim == 5
    assert checkpoints.find("tiny").parent == folder / "checkpoints"
    assert len(list((folder / "runs").iterdir())) == 1


def test_train_reports_in_words_and_writes_where_it_is_told(folder: Path) -> None:
    result = call("train", "recipe.toml", "--out", "out/mine.safetensors", "--run-dir", "run")
    assert result.exit_code == 0, result.stderr
    assert "epoch 2/2: train" in result.stderr
    assert "ELBO" in result.stdout
    assert checkpoints.load("out/mine.safetensors").card == checkpoints.load("run/checkpoint.safetensors").card
    again = call("train", "recipe.toml", "--run-dir", "run")
    assert again.exit_code == 1
    assert "holds a run already" in again.stderr


def test_divergence_is_an_error() -> None:
    # Weights this large leave float32's range within a few steps.
    wild = ["--set", "training.learning_rate=10", "--set", "training.epochs=200", "--set", "model.likelihood=gaussian"]
    linear = ["--set", "model.hidden=[64, 64, 64, 64, 64, 64]", "--set", "training.schedule=constant"]
    result = call("train", "recipe.toml", *wild, *linear)
    assert result.exit_code == 1
    assert "The loss term" in result.stderr.splitlines()[-1]
    assert "learning_rate" in result.stderr.splitlines()[-1]


def test_list_and_show(digits_vae: Checkpoint, folder: Path) -> None:
    (folder / "checkpoints" / "broken.safetensors").write_bytes(b"?")
    names = {entry["name"]: entry for entry in answer("list")}
    assert names["vae"]["latent_dim"] == 2
    assert "too short" in names["broken"]["error"]
    assert "vae" in call("list").stdout
    assert "too short" in call("list").stderr
    assert answer("show", "vae") == digits_vae.card.model_dump(mode="json")
    text = call("show", "vae").stdout
    assert "test, n = 359" in text
    assert 'family = "variational"' in text


@pytest.mark.slow
def test_evaluate_measures_the_split_and_pca(digits_vae: Checkpoint, digits: Dataset) -> None:
    measured = answer("evaluate", "vae", "--iwae", "3")
    figures = {m["name"]: m for m in measured["metrics"]}
    expected = digits_vae.card.metric("reconstruction error")
    assert figures["reconstruction error"]["value"] == pytest.approx(expected.value)
    assert figures["reconstruction error"]["n"] == len(digits.splits.test)
    assert figures["IWAE bound, 3 samples"]["value"] > figures["ELBO"]["value"]
    pca = evaluation.pca_error(digits, digits.splits.train, digits.splits.test, 2, "test")
    assert figures["PCA, 2 components: reconstruction error"]["value"] == pytest.approx(pca.value)
    train = answer("evaluate", "vae", "--split", "train")["metrics"]
    assert {m["n"] for m in train} == {len(digits.splits.train)}
    assert not any("PCA" in m["name"] for m in train)
    assert "PSNR" in call("evaluate", "vae").stdout


def test_evaluate_probes_the_code_for_labels(digits_vae: Checkpoint, digits: Dataset) -> None:
    accuracies = {m["name"]: m for m in answer("evaluate", "vae", "--probe")["metrics"] if "accuracy" in m["name"]}
    z = [digits_vae.encode(part.x) for part in (digits.train, digits.test)]
    neighbours = KNeighborsClassifier(5).fit(z[0], digits.train.labels)
    own = accuracies["accuracy of the classifier '5 nearest neighbours'"]
    assert own["value"] == pytest.approx(neighbours.score(z[1], digits.test.labels), abs=0.01)
    assert own["low"] < own["value"] < own["high"]
    x = [part.x.reshape(len(part.x), -1) / 255 for part in (digits.train, digits.test)]
    pca = PCA(2).fit(x[0])
    neighbours = KNeighborsClassifier(5).fit(pca.transform(x[0]), digits.train.labels)
    other = accuracies["PCA, 2 components: accuracy of the classifier '5 nearest neighbours'"]
    assert other["value"] == pytest.approx(neighbours.score(pca.transform(x[1]), digits.test.labels), abs=0.01)
    assert len(accuracies) == 4


@pytest.mark.slow
def test_evaluate_says_how_far_a_few_labels_go(digits_vae: Checkpoint, digits: Dataset) -> None:
    figures = {m["name"]: m for m in answer("evaluate", "vae", "--few-labels", "1", "--few-labels", "20")["metrics"]}
    for inputs in ("code", "PCA, 2 components", "items themselves"):
        few, many = (figures[f"accuracy with {n} labels per class, {inputs}"] for n in (1, 20))
        assert few["low"] < few["value"] < many["value"] < 1
    answers = few_labels(digits_vae, digits, (20,))
    assert figures["accuracy with 20 labels per class, code"]["value"] == answers[0].accuracy.value
    refused = call("evaluate", "vae", "--few-labels", "1000")
    assert refused.exit_code
    assert "items to label" in refused.stderr


def test_evaluate_compares_samples_with_real_items(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_classifier, "STEPS", 50)
    told = answer("evaluate", "vae", "--generation")
    figures = {m["name"]: m for m in told["metrics"]}
    for name in ("samples", "real training items", "Gaussian of principal components"):
        distance = figures[f"{name}: Fréchet distance"]
        assert distance["low"] <= distance["value"] <= distance["high"]
        assert distance["n"] == len(digits.splits.test)
        assert 0 <= figures[f"{name}: precision"]["value"] <= 1
    assert digits.title in told["generation"]["features"]
    assert "prior" in told["generation"]["samples drawn from"]


def test_encode_writes_the_codes_of_held_out_items(digits_vae: Checkpoint, digits: Dataset) -> None:
    said = answer("encode", "vae", "digits", "--out", "z.csv")
    written = rows("z.csv")
    z = digits_vae.encode(digits.test.x)
    assert said["items"] == len(written) == len(z)
    np.testing.assert_allclose([[float(r["z1"]), float(r["z2"])] for r in written], z, rtol=1e-6)
    assert [int(r["item"]) for r in written] == list(digits.splits.test)
    assert [r["label"] for r in written] == [digits.label_names[i] for i in digits.test.labels]
    answer("encode", "vae", "digits", "--out", "z.npz", "--split", "all")
    with np.load("z.npz") as arrays:
        assert arrays["z"].shape == (len(digits), 2)


def test_pictures_and_folders_are_inputs(digits_vae: Checkpoint, digits: Dataset) -> None:
    Path("pictures").mkdir()
    for i in range(3):
        Image.fromarray(digits.x[i, 0]).resize((20, 24)).convert("RGB").save(f"pictures/{i}.png")
    assert answer("encode", "vae", "pictures", "--out", "z.csv")["items"] == 3
    assert answer("encode", "vae", "pictures/0.png", "--out", "z.csv")["items"] == 1
    assert answer("denoise", "vae", "pictures/0.png", "pictures/2.png", "--out", "clean")["items"] == [
        {"file": f"pictures/{i}.png", "written": f"clean/{i}.png"} for i in (0, 2)
    ]
    Path("others").mkdir()
    Path("others/0.png").write_bytes(Path("pictures/0.png").read_bytes())
    refused = call("denoise", "vae", "pictures/0.png", "others/0.png", "--out", "twice")
    assert refused.exit_code == 1
    assert "Two pictures would be written to twice/0.png" in refused.stderr
    assert images.decode_image(Path("clean/2.png").read_bytes(), "2.png").array.shape == (1, 8, 8)
    assert "resized" in call("denoise", "vae", "pictures/0.png", "--out", "clean").stderr


@pytest.mark.slow
def test_reconstruct_in_three_formats(digits_vae: Checkpoint, digits: Dataset, table_autoencoder: Checkpoint) -> None:
    x_hat = digits_vae.reconstruct(digits.test.x)
    answer("reconstruct", "vae", "digits", "--out", "rebuilt.npz")
    with np.load("rebuilt.npz") as arrays:
        np.testing.assert_allclose(arrays["x_hat"], x_hat, atol=1e-6)
    answer("reconstruct", "vae", "digits", "--out", "rebuilt")
    first = digits.splits.test[0]
    np.testing.assert_array_equal(np.asarray(Image.open(f"rebuilt/{first}.png")), images.to_uint8(x_hat[0, 0]))
    answer("reconstruct", "table", "breast-cancer", "--out", "rebuilt.csv")
    assert set(table_autoencoder.card.data.feature_names) < rows("rebuilt.csv")[0].keys()


def test_score_gives_percentiles_of_ordinary_errors(digits_vae: Checkpoint, digits: Dataset) -> None:
    answer("score", "vae", "digits", "--out", "s.csv", "--split", "validation")
    written = rows("s.csv")
    errors = digits_vae.reconstruction_errors(digits.validation.x)
    np.testing.assert_allclose([float(r["reconstruction_error"]) for r in written], errors, rtol=1e-5)
    # The card's errors are those of these very items, so their percentiles are spread evenly.
    percentiles = np.sort([float(r["percentile"]) for r in written])
    np.testing.assert_allclose(percentiles, np.linspace(0, 100, len(errors), endpoint=False), atol=1)


def test_sample_says_where_codes_come_from(digits_vae: Checkpoint) -> None:
    assert "prior" in answer("sample", "vae", "--n", "9", "--seed", "3", "--out", "grid.png")["codes from"]
    expected = images.grid(digits_vae.decode(sampling.sample_prior(digits_vae, 9, 3)), 3)
    np.testing.assert_array_equal(np.asarray(Image.open("grid.png")), images.to_uint8(expected[0]))
    assert "Gaussian fitted" in answer("sample", "plain", "--out", "grid.png")["codes from"]
    answer("sample", "table", "--n", "7", "--out", "rows.csv")
    assert len(rows("rows.csv")) == 7


def test_codes_of_a_plain_autoencoder_have_the_cards_moments(digits_autoencoder: Checkpoint) -> None:
    z, _ = sampling.sample_codes(digits_autoencoder, 50_000)
    known = digits_autoencoder.card.latent
    scale = np.sqrt(np.diag(known.covariance))
    np.testing.assert_allclose(z.mean(0) / scale, np.array(known.mean) / scale, atol=0.03)
    np.testing.assert_allclose(
        np.cov(z.T) / np.outer(scale, scale), np.array(known.covariance) / np.outer(scale, scale), atol=0.03
    )


def test_percentiles_are_among_the_errors_of_the_card(digits_vae: Checkpoint, digits: Dataset) -> None:
    """Not among the items that are scored: brighter ones, which the model redraws worse, are nearly all above."""
    calibration = np.asarray(digits_vae.card.calibration)
    x = 255 - digits.test.x[:40]
    np.savez("inverted.npz", x=x)
    answer("score", "vae", "inverted.npz", "--out", "s.csv", "--split", "all")
    errors = digits_vae.reconstruction_errors(x)
    expected = [100 * (calibration < error).mean() for error in errors]
    np.testing.assert_allclose([float(r["percentile"]) for r in rows("s.csv")], expected, atol=0.2)
    assert min(expected) > 90


def test_spherical_interpolation_keeps_the_norms_that_a_straight_line_leaves(
    digits_autoencoder: Checkpoint, digits: Dataset
) -> None:
    a, b = digits_autoencoder.encode(digits.test.x[[0, 7]]).astype(np.float64)
    unit_a, unit_b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    halfway = (unit_a + unit_b) / np.linalg.norm(unit_a + unit_b) * (np.linalg.norm(a) + np.linalg.norm(b)) / 2
    middles = {}
    for extra in ([], ["--spherical"]):
        answer("interpolate", "plain", "--from", "0", "--to", "7", "--steps", "3", "--out", "s.png", *extra)
        middles[bool(extra)] = np.asarray(Image.open("s.png"))[:, 9:17].astype(int)
    for spherical, code in ((True, halfway), (False, (a + b) / 2)):
        expected = images.to_uint8(digits_autoencoder.decode(code[None]))[0, 0]
        assert np.abs(middles[spherical] - expected).max() <= 1
    assert np.abs(middles[True] - middles[False]).max() > 1


@pytest.mark.parametrize("extra", [[], ["--spherical"]])
def test_interpolate_runs_from_one_item_to_another(
    extra: list[str], digits_autoencoder: Checkpoint, digits: Dataset
) -> None:
    answer("interpolate", "plain", "--from", "0", "--to", "7", "--steps", "5", "--out", "s.png", *extra)
    strip = np.asarray(Image.open("s.png"))
    assert strip.shape == (8, 5 * 8 + 4)
    ends = images.to_uint8(digits_autoencoder.reconstruct(digits.test.x[[0, 7]]))
    assert np.abs(strip[:, :8].astype(int) - ends[0, 0]).max() <= 1
    assert np.abs(strip[:, -8:].astype(int) - ends[1, 0]).max() <= 1


@pytest.mark.slow
def test_interpolate_says_where_no_one_arc_is_the_shortest(folder: Path) -> None:
    checkpoint, dataset = checkpoints.load("mnist-vae-2d"), load_dataset("mnist-sample")
    z = checkpoint.encode(dataset.x)
    cosines = (z @ z[0]) / (np.linalg.norm(z, axis=1) * np.linalg.norm(z[0]))
    for end, opposite in ((int(cosines.argmin()), True), (int(cosines.argmax()), False)):
        arguments = ("mnist-vae-2d", "--dataset", "mnist-sample", "--from", "0", "--to", str(end), "--out", "s.png")
        assert ("note" in answer("interpolate", *arguments, "--spherical")) == opposite
        assert "note" not in answer("interpolate", *arguments)


def python(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_ctrl_c_pauses_and_resume_goes_on(folder: Path) -> None:
    arguments = ("-m", "explorer", "train", "recipe.toml", "--run-dir", "run", "--set", "training.epochs=3000")
    process = python(*arguments, cwd=folder)
    while not (folder / "run" / "frames.bin").exists():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "--resume" in stderr.splitlines()[-1]
    done = call(
        "train", "run/recipe.toml", "--run-dir", "run", "--resume", "--set", "training.epochs=3000", "--set", "name=x"
    )
    assert done.exit_code == 1
    assert "another recipe" in done.stderr


@pytest.mark.slow
def test_help_is_quick(folder: Path) -> None:
    code = "import sys, explorer.cli; print('torch' in sys.modules, 'numpy' in sys.modules)"
    stdout, _ = python("-c", code, cwd=folder).communicate(timeout=60)
    assert stdout.split() == ["False", "False"]
    process = python("-m", "explorer", "--help", cwd=folder)
    stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    for command in ("train", "list", "show", "evaluate", "encode", "sample", "denoise", "score", "data", "app"):
        assert command in stdout
