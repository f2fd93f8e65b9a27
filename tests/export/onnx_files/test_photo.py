"""Photo denoisers as ONNX files: photos of any size, levels in grey levels, the checkpoint's own results."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import numpy as np
import onnx
import pytest
from PIL import Image
from typer.testing import CliRunner

from explorer import checkpoints, denoising
from explorer.cli.app import app
from explorer.core import places
from explorer.core.errors import ExplorerError
from explorer.export.onnx_files import photo_denoiser_files
from explorer.export.onnx_files.writing import OnnxRun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    out = tmp_path_factory.mktemp("denoiser")
    result = CliRunner().invoke(app, ["export", "photo-denoiser-colour", "--onnx", str(out)])
    assert result.exit_code == 0, result.output
    return out


def noisy(height: int, width: int) -> np.ndarray:
    random = np.random.default_rng(0)
    ramp = np.linspace(40, 200, width)[None, None] + np.linspace(-30, 30, height)[None, :, None]
    shade = np.array([1.0, 0.9, 0.7])[:, None, None]
    return (shade * ramp + random.normal(0, 25, (3, height, width))).astype(np.float32)


@pytest.mark.parametrize("size", [(96, 128), (65, 41), (8, 9)])
def test_photos_of_any_size(folder: pathlib.Path, size: tuple[int, int]) -> None:
    run, checkpoint = OnnxRun((folder / "denoiser.onnx").read_bytes()), checkpoints.load("photo-denoiser-colour")
    y = noisy(*size)
    clean = run({"x": np.stack([y, y[:, ::-1]]), "sigma": np.array([25.0, 10.0], np.float32)})["x_hat"]
    ours = [
        denoising.denoise_photo(checkpoint, photo / 255, level / 255) for photo, level in ((y, 25), (y[:, ::-1], 10))
    ]
    np.testing.assert_allclose(clean / 255, np.stack(ours), atol=1e-5)


def test_noise_goes_and_the_unit_is_said(folder: pathlib.Path) -> None:
    content = (folder / "denoiser.onnx").read_bytes()
    told = {prop.key: prop.value for prop in onnx.load_model_from_string(content).metadata_props}
    assert "black is 0, white 255" in told["meaning.x"]
    assert told["meaning.sigma"].endswith("trained from 0 to 75")
    y = noisy(96, 96)
    clean = OnnxRun(content)({"x": y[None], "sigma": np.array([25.0], np.float32)})["x_hat"][0]
    rough, smooth = (np.diff(photo[:, 16:-16, 16:-16], axis=1).std() for photo in (y, clean))
    assert smooth < 0.2 * rough


def test_the_example_of_the_docs(folder: pathlib.Path) -> None:
    text = (places.shipped("docs") / "onnx.md").read_text(encoding="utf-8")
    (folder / "clean.py").write_text(text.split("```python\n")[1].split("```")[0])
    pixels = noisy(50, 60).transpose(1, 2, 0).round().clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "noisy.png")
    command = [sys.executable, "-I", "clean.py", "noisy.png", "25", "clean.png"]
    subprocess.run(command, cwd=folder, check=True)
    written = np.asarray(Image.open(folder / "clean.png"), np.float32)
    checkpoint = checkpoints.load("photo-denoiser-colour")
    ours = denoising.denoise_photo(checkpoint, pixels.transpose(2, 0, 1), 25 / 255)
    assert np.abs(written - 255 * ours.clip(0, 1).transpose(1, 2, 0)).max() <= 0.51


def test_other_models_are_refused() -> None:
    with pytest.raises(ExplorerError, match="no photo denoiser"):
        photo_denoiser_files(checkpoints.load("mnist-vae-2d"))
    result = CliRunner().invoke(app, ["export", "photo-denoiser-grey", "--onnx", "x", "--data", "mnist-sample"])
    assert result.exit_code == 1
    assert "photos of its own" in result.output
