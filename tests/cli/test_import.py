"""``explorer import``: ONNX files on the command line."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.cli.app import app
from tests.adoption.foreign import Decoder, Encoder, seeded
from tests.adoption.test_onnx import Function, exported

RUNNER = CliRunner()


class Whole(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x)[0])  # type: ignore[no-any-return]  # a module's call has no type


@pytest.fixture
def files(tmp_path: pathlib.Path) -> pathlib.Path:
    # As PyTorch's newer exporter writes it: the weights in a file beside it.
    in_two = onnx.load_model_from_string(exported(Whole(), (1, 28, 28)))
    onnx.save_model(in_two, str(tmp_path / "whole.onnx"), save_as_external_data=True, location="whole.onnx.data")
    (tmp_path / "encoder.onnx").write_bytes(exported(Function(lambda x, e: e(x)[0], Encoder()), (1, 28, 28)))
    (tmp_path / "decoder.onnx").write_bytes(exported(Decoder(), (6,)))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = RUNNER.invoke(app, ["import", *arguments])
    return result.exit_code, result.output


@pytest.mark.slow
def test_a_whole_model_in_one_file(files: pathlib.Path) -> None:
    out = files / "out.safetensors"
    code, said = run(str(files / "whole.onnx"), "--data", "mnist-sample", "--pixels=-1,1", "--out", str(out))
    assert code == 0, said
    assert "shortest vector" in said
    assert "given, n = 1,000" in said
    checkpoint = checkpoints.with_codes(checkpoints.load(out))
    whole = seeded(Whole())
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        np.testing.assert_allclose(checkpoint.reconstruct(x), (whole(2 * x - 1) + 1) / 2, atol=1e-4)
    assert str(files) not in checkpoint.card.origin, "a path of somebody's machine"


@pytest.mark.slow
def test_encoder_and_decoder_in_two_files(files: pathlib.Path) -> None:
    out = files / "out.safetensors"
    arguments = (str(files / "encoder.onnx"), "--decoder", str(files / "decoder.onnx"), "--data", "mnist-sample")
    code, said = run(*arguments, "--pixels=-1,1", "--out", str(out), "--json")
    assert code == 0, said
    assert json.loads(said)["recipe"]["model"]["latent_dim"] == 6
    code, said = run(*arguments, "--out", str(out))
    assert code == 1
    assert "already" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("whole.onnx", "--encoder", "x"), "Write them as INPUT:CODE"),
        (("whole.onnx", "--encoder", "x:y"), "decoder is missing"),
        (("whole.onnx", "--pixels", "dark"), "Write what black and white are"),
        (("whole.onnx", "--pixels", "1,1"), "the same number"),
        (("nothing.onnx",), "nothing.onnx"),
    ],
)
def test_what_is_missing_is_said(files: pathlib.Path, arguments: tuple[str, ...], said: str) -> None:
    first, *rest = arguments
    out = ("--data", "mnist-sample", "--out", str(files / "o.safetensors"))
    code, output = run(str(files / first), *rest, *out)
    assert code == 1
    assert said in " ".join(output.split())
