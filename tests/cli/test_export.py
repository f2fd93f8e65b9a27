"""The command that writes a model as one HTML file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.core import places


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint) -> Path:
    """A working folder with the checkpoint vae."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    checkpoints.save(digits_vae, tmp_path / "checkpoints" / "vae.safetensors")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", "vae", "--no-scenes", "--items", "40", *arguments])


def answer(*arguments: str) -> Any:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_page_is_written_with_items_that_were_held_out(folder: Path) -> None:
    said = answer("--html", "a.html")
    assert said["written"] == "a.html"
    assert said["bytes"] == (folder / "a.html").stat().st_size
    assert (said["items"], said["split"]) == (40, "test")
    assert said["parts"][:2] == ["Map of the codes", "Sliders over the code"]
    assert "16 bits" in said["rounding"]


def test_what_is_shown_can_be_said(folder: Path) -> None:
    wanted = ("--data", "digits", "--split", "train", "--colour", "z2", "--map", "pca", "--path", "3,5")
    said = answer("--html", "a.html", *wanted)
    assert said["split"] == "train"
    page = (folder / "a.html").read_text()
    assert "Colour: dimension z2." in page
    assert "PCA of the 2-D codes" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--colour", "weight"], "no colour 'weight'. Use label, error, z1 to z2."),
        (["--map", "globe"], "no map 'globe'. Use one of: pca, tsne, umap, pair."),
        (["--path", "1;2"], "'1;2' are no rows"),
        (["--path", "1,2000"], "no row 2,000"),
        (["--data", "breast-cancer"], "do not fit"),
    ],
)
def test_what_cannot_be_shown_is_one_line(folder: Path, arguments: list[str], words: str) -> None:
    result = call("--html", "a.html", *arguments)
    assert result.exit_code == 1
    assert result.stderr.count("Error:") == 1
    assert words in result.stderr
    assert not (folder / "a.html").exists()


def test_a_file_is_not_written_over_unless_it_is_said(folder: Path) -> None:
    (folder / "a.html").write_text("mine")
    result = call("--html", "a.html")
    assert result.exit_code == 1
    assert "There is a file a.html already" in result.stderr
    assert (folder / "a.html").read_text() == "mine"
    assert call("--html", "a.html", "--overwrite").exit_code == 0
    assert (folder / "a.html").read_text().startswith("<!doctype html>")


def test_a_model_without_codes_is_refused_with_the_way_on(folder: Path) -> None:
    photos = str(places.shipped("checkpoints") / "photo-denoiser-grey.safetensors")
    result = CliRunner().invoke(app, ["export", photos, "--html", "a.html"])
    assert result.exit_code == 1
    assert "no code that stands for a whole item" in result.stderr
