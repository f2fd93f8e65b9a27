"""Checkpoints as ONNX files: onnxruntime alone gives what the checkpoint gives, and the files come in again."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
import pytest
from typer.testing import CliRunner

from explorer import adoption, checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.cli.app import app
from explorer.core.errors import ExplorerError
from explorer.data import dataset
from explorer.export.onnx_files import models as onnx_export
from explorer.export.onnx_files import onnx_files
from explorer.recipe import Recipe
from explorer.training import train

SHIPPED = sorted(checkpoints.folders()[-1].glob("*.safetensors"))
VECTORS = [path.stem for path in SHIPPED if checkpoints.load_card(path).code_size]


def items_of(checkpoint: VectorCheckpoint, n: int = 40) -> np.ndarray:
    """Numbers as they stand in the files."""
    known = {"mnist": "mnist-sample"}.get(checkpoint.card.data.name, checkpoint.card.data.name)
    try:
        data = dataset(known)
    except ExplorerError:
        return np.random.default_rng(0).integers(0, 256, (n, *checkpoint.event_shape)).astype(np.uint8)
    return data.x[data.splits.test[:n]]


def run(content: bytes, x: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: x.astype(np.float32)}), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", VECTORS)
def test_every_shipped_model_by_onnxruntime_alone(name: str) -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load(name))
    x = items_of(checkpoint)
    made = onnx_files(checkpoint, x[:3])
    encoded = run(made.files["encoder.onnx"], x)
    code = encoded["mu" if checkpoint.is_variational else "z"]
    np.testing.assert_allclose(code, checkpoint.encode(x), atol=2e-4, rtol=1e-4)
    white = 1.0 if checkpoint.card.data.kind == "table" else 255.0
    x_hat = run(made.files["decoder.onnx"], code)["x_hat"]
    np.testing.assert_allclose(x_hat / white, checkpoint.decode(code), atol=1e-4, rtol=1e-4)
    if checkpoint.model.uses_switches:
        assert "autoencoder.onnx" not in made.files
        assert "maxima" in made.left_out[0]
        return
    whole = run(made.files["autoencoder.onnx"], x)
    np.testing.assert_allclose(whole["x_hat"] / white, checkpoint.reconstruct(x), atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(whole["error"], checkpoint.reconstruction_errors(x), rtol=1e-3)
    median = np.median(checkpoint.reconstruction_errors(x))
    assert ((whole["error"] > median) == (checkpoint.reconstruction_errors(x) > median)).all()


def test_what_numbers_mean_stands_in_the_file() -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load("breast-cancer-undercomplete"))
    made = onnx_files(checkpoint, items_of(checkpoint, 5))
    proto = onnx.load_model_from_string(made.files["autoencoder.onnx"])
    told = {prop.key: prop.value for prop in proto.metadata_props}
    assert json.loads(told["columns"]) == list(checkpoint.card.data.feature_names)
    assert told["meaning.x"] == "items, the units of the columns"
    assert "standard deviations" in told["meaning.error"]
    assert told["licence"] == checkpoint.card.licence
    image = onnx_files(checkpoints.with_codes(checkpoints.load("mnist-vae-2d")), np.zeros((2, 1, 28, 28), np.uint8))
    told = {p.key: p.value for p in onnx.load_model_from_string(image.files["encoder.onnx"]).metadata_props}
    assert told["meaning.x"] == "items, black is 0, white 255"


@pytest.mark.slow
def test_the_files_come_in_again() -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load("mnist-conv-vae-16d"))
    x = items_of(checkpoint)
    files = onnx_files(checkpoint, x[:2]).files
    chains = adoption.of_onnx(
        adoption.OnnxTensors(files["encoder.onnx"], "encoder.onnx"),
        adoption.OnnxTensors(files["decoder.onnx"], "decoder.onnx"),
        checkpoint.event_shape,
    )
    again = adoption.checkpoint_of_parts("again", chains, dataset("mnist-sample"), pixels=(0.0, 255.0))
    np.testing.assert_allclose(again.encode(x), checkpoint.encode(x), atol=2e-4)
    np.testing.assert_allclose(again.reconstruct(x), checkpoint.reconstruct(x), atol=1e-4)
    np.testing.assert_allclose(again.posterior(x)[1], checkpoint.posterior(x)[1], atol=2e-3)


def test_a_file_that_makes_something_else_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load("breast-cancer-undercomplete"))
    written = onnx_export.written

    def wrong(*arguments: object) -> onnx.ModelProto:
        proto = written(*arguments)  # type: ignore[arg-type]  # as they come
        bias = next(tensor for tensor in proto.graph.initializer if tensor.name.endswith("bias"))
        values = onnx.numpy_helper.to_array(bias) + 1
        bias.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float32), bias.name))
        return proto

    monkeypatch.setattr(onnx_export, "written", wrong)
    with pytest.raises(ExplorerError, match="something else by onnxruntime"):
        onnx_files(checkpoint, items_of(checkpoint, 5))


@pytest.mark.slow
def test_the_command_writes_a_folder_and_replaces_nothing_unasked(tmp_path: pathlib.Path) -> None:
    arguments = ["export", "breast-cancer-undercomplete", "--onnx", str(tmp_path / "out")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "autoencoder.onnx",
        "decoder.onnx",
        "encoder.onnx",
    ]
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 1
    assert "already" in again.output
    nothing = CliRunner().invoke(app, ["export", "breast-cancer-undercomplete"])
    assert nothing.exit_code == 1
    assert "--html page.html, --onnx FOLDER" in " ".join(nothing.output.split())


@pytest.mark.slow
def test_a_decoder_says_what_new_codes_are_drawn_from() -> None:
    model = {"family": "variational", "hidden": [8], "prior": "mixture", "prior_components": 3}
    digits = {"data": {"dataset": "digits", "limit": 64}, "model": model, "training": {"epochs": 1, "device": "cpu"}}
    *_, last = train(Recipe.parse(digits))
    checkpoint = checkpoints.with_codes(last.checkpoint)
    files = onnx_files(checkpoint, dataset("digits").x[:3]).files
    facts = {name: {p.key: p.value for p in onnx.load_model_from_string(files[name]).metadata_props} for name in files}
    assert "a mixture of 3 Gaussians" in facts["decoder.onnx"]["prior"]
    assert not any("prior" in facts[name] for name in ("encoder.onnx", "autoencoder.onnx"))
    # What stands there makes the same distribution.
    gaussians = {
        name: np.array(values) for name, values in json.loads(facts["decoder.onnx"]["prior.gaussians"]).items()
    }
    assert gaussians["weights"].sum() == pytest.approx(1, abs=1e-6)
    mean = gaussians["weights"] @ gaussians["means"]
    square = gaussians["weights"] @ (np.square(gaussians["deviations"]) + np.square(gaussians["means"]))
    for ours, theirs in zip((mean, square - np.square(mean)), checkpoint.prior_moments(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4)
