"""Every command on inputs that are legal and awkward: an answer or one clear line, never a traceback."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.cli import app

RNG = np.random.default_rng(0)
RECIPE = 'name="t"\n[model]\nfamily="undercomplete"\nhidden=[4]\nlatent_dim=2\n[training]\nepochs=1\ndevice="cpu"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_autoencoder: VectorCheckpoint) -> Path:
    """A working folder with a recipe and a checkpoint of 8x8 digits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    (tmp_path / "t.toml").write_text(RECIPE)
    checkpoints.save(digits_autoencoder, tmp_path / "models" / "m.safetensors")
    return tmp_path


def call(*arguments: str) -> Result:
    """Run a command; whatever is not an answer is one clear line."""
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        assert "Error: " in result.stderr
    return result


def table(name: str, rows: np.ndarray) -> str:
    np.savetxt(name, rows, delimiter=",", header="a,b,c"[: 2 * rows.shape[1] - 1], comments="", fmt="%g")
    return name


def pictures(name: str, n: int) -> None:
    Path(name).mkdir()
    for i in range(n):
        Image.fromarray(RNG.integers(0, 256, (8, 8), dtype=np.uint8)).save(Path(name, f"{i} ö.png"))


@pytest.mark.slow
def test_data_of_two_or_three_items_goes_through_every_command() -> None:
    pictures("two", 2)
    pictures("three pictures", 3)
    table("two.csv", RNG.normal(size=(2, 3)))
    for source, end in (("two", "png"), ("three pictures", "png"), ("two.csv", "csv")):
        assert call("train", "t.toml", "--set", f"data.dataset={source}", "--out", "t.safetensors").exit_code == 0
        for command in ("encode", "reconstruct", "score"):
            assert call(command, "t.safetensors", source, "--out", "o.npz").exit_code == 0
            with np.load("o.npz") as written:
                assert len(written["item"]) in (1, 2, 3), "never none: what there is where no test rows are left"
        call("evaluate", "t.safetensors")
        call("interpolate", "t.safetensors", "--from", "0", "--to", "0", "--out", f"o.{end}")
        assert "has no test items" in call("encode", "t.safetensors", "two", "--split", "test", "--out", "o.csv").stderr


@pytest.mark.slow
def test_items_that_are_all_the_same_and_one_pixel_pictures_fit_a_detector() -> None:
    np.savez("black.npz", x=np.zeros((20, 8, 8), np.uint8))
    np.savez("pixels.npz", x=RNG.integers(0, 256, (20, 1, 1), dtype=np.uint8))
    for source in ("black.npz", "pixels.npz"):
        assert call("detector", "fit", source, "--scorer", "pca", "--out", "d.safetensors").exit_code == 0
        assert call("score", "d.safetensors", source, "--out", "s.csv").exit_code == 0
        with Path("s.csv").open() as file:
            scores = [float(row["score"]) for row in csv.DictReader(file)]
        assert np.isfinite(scores).all()


def test_columns_of_nothing_finite_are_left_out_and_named() -> None:
    rows = RNG.normal(size=(40, 3))
    rows[:, 1], rows[:, 2] = np.inf, np.nan
    result = call("detector", "fit", table("inf.csv", rows), "--scorer", "pca", "--out", "d.safetensors")
    assert result.exit_code == 0
    assert "b is ignored: empty" in result.stderr
    assert "c is ignored: empty" in result.stderr


@pytest.mark.parametrize("command", ["encode", "reconstruct", "score"])
@pytest.mark.parametrize("out", ["file.txt/o.csv", "file.txt/o.npz", "/proc/nowhere/o.csv"])
def test_a_place_that_cannot_be_written_is_one_line(command: str, out: str) -> None:
    Path("file.txt").write_text("in the way")
    pictures("some", 3)
    result = call(command, "m", "some", "--out", out)
    assert result.exit_code == 1
    assert "Cannot write" in result.stderr


@pytest.mark.slow
def test_names_that_are_no_text_are_escaped_in_what_is_written(folder: Path) -> None:
    raw = os.fsencode(folder) + b"/caf\xe9"
    try:
        Path(os.fsdecode(raw)).mkdir()
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    for i in range(4):
        with open(raw + b"/b\xe9%d.png" % i, "wb") as file:  # noqa: PTH123 - pathlib has no bytes
            Image.fromarray(RNG.integers(0, 256, (8, 8), dtype=np.uint8)).save(file, "PNG")

    def run(*arguments: str | bytes) -> tuple[bytes, bytes, int]:
        done = subprocess.run([sys.executable, "-m", "explorer", *arguments], capture_output=True, check=False)
        assert b"Traceback" not in done.stderr
        return done.stdout, done.stderr, done.returncode

    assert run("encode", "m", raw, "--out", "z.csv")[2] == 0
    with Path("z.csv").open(encoding="utf-8") as file:
        assert [row["item"] for row in csv.DictReader(file)] == [rf"b\udce9{i}.png" for i in range(4)]
    printed, _, status = run("denoise", "m", raw + b"/b\xe90.png", "--out", raw, "--overwrite", "--json")
    assert status == 0
    assert os.fsencode(json.loads(printed)["written"]) == raw
    _, told, status = run("train", "t.toml", "--set", b"data.dataset=" + raw)
    assert status == 1
    assert b"bytes that are no text" in told
