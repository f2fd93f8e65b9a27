"""An encoder or a decoder alone: what it has is what the module has, and what it lacks is said in words."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn
from typer.testing import CliRunner

import explorer
from explorer import checkpoints, evaluation, novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.cli.app import app
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.data import dataset
from explorer.export.onnx_files import onnx_files
from explorer.latent import sampling
from tests.adoption.foreign import Decoder, Encoder, seeded

X = dataset("mnist-sample").x[:40]
PIXELS = torch.from_numpy(X.astype(np.float32) / 255 * 2 - 1)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    module = Encoder()
    seeded(module)
    return module


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    module = Decoder()
    seeded(module)
    return module


def again(checkpoint: VectorCheckpoint, path: pathlib.Path) -> VectorCheckpoint:
    return checkpoints.with_codes(checkpoints.load(path))


def test_an_encoder_alone_keeps_its_codes(encoder: Encoder, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "e.safetensors"
    kept = explorer.adopt("e", encoder=encoder, data="mnist-sample", pixels=(-1, 1), path=path)
    half = again(kept, path)
    with torch.no_grad():
        mean, _ = encoder(PIXELS)
    np.testing.assert_allclose(half.encode(X), mean, atol=1e-4)
    assert half.card.lacks == "decoder"
    assert "encoder alone" in half.card.origin
    assert half.card.latent is not None
    assert half.card.latent.split == "given"
    assert half.card.metrics == ()
    for ask in (
        lambda: half.decode(half.encode(X)),
        lambda: half.reconstruct(X),
        lambda: half.reconstruction_errors(X),
    ):
        with pytest.raises(ExplorerError, match="encoder alone"):
            ask()


def test_novelty_by_neighbours_of_codes_and_no_score_that_rebuilds(encoder: Encoder, tmp_path: pathlib.Path) -> None:
    half = explorer.adopt("e", encoder=encoder, data="mnist-sample", pixels=(-1, 1), path=tmp_path / "e.safetensors")
    scorer = novelty.NearestNeighbours(half, k=1).fit(X[:30])
    codes = half.encode(X).astype(np.float64)
    expected = np.linalg.norm(codes[30:, None] - codes[None, :30], axis=2).min(1)
    np.testing.assert_allclose(scorer.score(X[30:]), expected, rtol=1e-4)
    with pytest.raises(ExplorerError, match="needs the decoder"):
        novelty.ReconstructionError(half)


def test_a_decoder_alone_decodes_and_says_what_is_assumed(decoder: Decoder, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "d.safetensors"
    half = again(explorer.adopt("d", decoder=decoder, data="mnist-sample", pixels=(-1, 1), path=path), path)
    z = np.random.default_rng(0).standard_normal((5, 6)).astype(np.float32)
    with torch.no_grad():
        expected: Tensor = (decoder(torch.from_numpy(z)) + 1) / 2
    np.testing.assert_allclose(half.decode(z), expected, atol=1e-4)
    assert half.card.lacks == "encoder"
    assert "nobody has checked" in half.card.origin
    assert half.card.latent is not None
    assert (half.card.latent.mean, half.card.latent.std) == ((0.0,) * 6, (1.0,) * 6)
    codes, where = sampling.sample_codes(half, 4000)
    assert "assumed" in where
    np.testing.assert_allclose(np.cov(codes.T), np.eye(6), atol=0.15)
    for ask in (lambda: half.encode(X), lambda: half.reconstruct(X)):
        with pytest.raises(ExplorerError, match="decoder alone"):
            ask()
    with pytest.raises(ExplorerError, match="needs the encoder"):
        novelty.NearestNeighbours(half)


def test_no_figures_and_no_files_of_what_is_not_there(
    encoder: Encoder, decoder: Decoder, tmp_path: pathlib.Path
) -> None:
    data = dataset("mnist-sample")
    halves = {
        "encoder": explorer.adopt("e", encoder=encoder, data=data, pixels=(-1, 1), path=tmp_path / "e.safetensors"),
        "decoder": explorer.adopt("d", decoder=decoder, data=data, pixels=(-1, 1), path=tmp_path / "d.safetensors"),
    }
    for name, half in halves.items():
        with pytest.raises(ExplorerError, match=f"{name} alone"):
            evaluation.evaluate(half, data, data.splits.test[:5], "test")
        made = onnx_files(half, X[:4])
        assert [*made.files] == [f"{name}.onnx"]
        assert "autoencoder.onnx" in made.left_out[0]


def test_rows_keep_their_units(tmp_path: pathlib.Path) -> None:
    rows = dataset("breast-cancer").x[:50].astype(np.float32)
    torch.manual_seed(0)
    encoder, decoder = nn.Linear(30, 3), nn.Linear(3, 30)
    one = explorer.adopt("e", encoder=encoder, data="breast-cancer", path=tmp_path / "e.safetensors")
    other = explorer.adopt("d", decoder=decoder, data="breast-cancer", path=tmp_path / "d.safetensors")
    with torch.no_grad():
        np.testing.assert_allclose(one.encode(rows), encoder(torch.from_numpy(rows)), rtol=1e-3, atol=1e-2)
        np.testing.assert_allclose(other.decode(np.eye(3)), decoder(torch.eye(3)), rtol=1e-3, atol=1e-3)


def test_neither_half_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(CheckpointError, match="neither"):
        explorer.adopt("n", data="mnist-sample", path=tmp_path / "n.safetensors")
    with pytest.raises(CheckpointError, match="code_size"):
        explorer.adopt("n", decoder=nn.Flatten(), data="mnist-sample", path=tmp_path / "n.safetensors")
    with pytest.raises(CheckpointError, match="makes items of shape"):
        explorer.adopt("n", decoder=nn.Linear(3, 7), data="mnist-sample", path=tmp_path / "n.safetensors")


@pytest.mark.slow
def test_the_command_brings_in_halves(tmp_path: pathlib.Path) -> None:
    source = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    export = ["export", "mnist-vae-2d", "--onnx", str(tmp_path)]
    assert CliRunner().invoke(app, export).exit_code == 0
    data = ["--data", "mnist-sample", "--pixels", "0,255"]
    for half in ("encoder", "decoder"):
        out = tmp_path / f"{half}.safetensors"
        given = ["import", str(tmp_path / f"{half}.onnx"), "--only", half, *data, "--name", half, "--out", str(out)]
        result = CliRunner().invoke(app, [*given, "--json"])
        assert result.exit_code == 0, result.output
        assert f"ONNX file {half}.onnx" in json.loads(result.stdout)["origin"]
    encoder = again(source, tmp_path / "encoder.safetensors")
    np.testing.assert_allclose(encoder.encode(X), source.encode(X), atol=1e-3)
    decoder = again(source, tmp_path / "decoder.safetensors")
    np.testing.assert_allclose(decoder.decode([[0.3, -1.2]]), source.decode([[0.3, -1.2]]), atol=1e-4)
    codes = ["encode", str(tmp_path / "encoder.safetensors"), "mnist-sample", "--out", str(tmp_path / "codes.csv")]
    assert CliRunner().invoke(app, codes).exit_code == 0
    refused = CliRunner().invoke(app, [*codes[:1], str(tmp_path / "decoder.safetensors"), *codes[2:]])
    assert refused.exit_code == 1
    assert "decoder alone" in refused.output
    file = str(tmp_path / "encoder.onnx")
    for wrong, words in (
        (["--only", "middle"], "no half"),
        (["--only", "encoder", "--held-out"], "--held-out says nothing"),
        (["--only", "encoder", "--decoder", "a:b"], "--decoder says nothing"),
    ):
        result = CliRunner().invoke(app, ["import", file, *data, "--name", "x", *wrong])
        assert result.exit_code == 1
        assert words in " ".join(result.output.split())
    assert onnx.load(file).graph.output[0].name == "mu"
