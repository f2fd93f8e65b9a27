"""The command that writes a model's report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.core import places
from explorer.data import dataset, open_dataset


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint) -> Path:
    """A working folder with the checkpoint vae."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    checkpoints.save(digits_vae, tmp_path / "checkpoints" / "vae.safetensors")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments])


def test_a_report_is_written_of_items_that_were_held_out(folder: Path) -> None:
    result = call("vae", "--data", "digits", "--out", "report.html", "--items", "40", "--json")
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["bytes"] == (folder / "report.html").stat().st_size
    assert (said["dataset"], said["split"], said["items"]) == ("digits", "test", 359)
    assert "Novelty" in said["parts"]
    again = call("vae", "--out", "report.html")
    assert again.exit_code == 1
    assert "There is a file report.html already" in again.stderr


def test_the_default_is_data_of_this_machine_and_the_map_can_be_said(folder: Path) -> None:
    result = call("vae", "--out", "r.html", "--items", "40", "--colour", "z2", "--map", "pca", "--split", "train")
    assert result.exit_code == 0, result.stderr
    assert "train, n = " in result.stdout
    assert "There is no histogram of novelty" in result.stdout
    page = (folder / "r.html").read_text()
    assert "Colour: dimension z2." in page
    assert "PCA of the 2-D codes" in page


def test_a_photo_denoiser_is_shown_on_photos_alone() -> None:
    photos = str(places.shipped("checkpoints") / "photo-denoiser-grey.safetensors")
    result = call(photos, "--data", "digits", "--out", "r.html")
    assert result.exit_code == 1
    assert "Leave --data out" in result.stderr


@pytest.mark.slow
def test_texts_and_dates_beside_rows_stand_with_the_rows_that_are_shown(
    folder: Path, table_autoencoder: Checkpoint
) -> None:
    """What no model takes is told of the shown rows alone, each its own, and stays text."""
    checkpoints.save(table_autoencoder, folder / "checkpoints" / "table.safetensors")
    rows = dataset("breast-cancer")
    lines = [",".join([*(f'"{name}"' for name in rows.feature_names), "remark", "seen"])]
    for i, values in enumerate(rows.x[:60].tolist()):
        lines.append(
            ",".join([*map(str, values), f"patient <i>{i}</i> was seen by doctor {i}", f"2026-02-{i % 28 + 1:02d}"])
        )
    (folder / "rows.csv").write_text("\n".join(lines))
    result = call("table", "--data", "rows.csv", "--out", "rows.html", "--split", "test")
    assert result.exit_code == 0, result.output
    page = (folder / "rows.html").read_text()
    shown = re.findall(r"patient &lt;i&gt;(\d+)&lt;/i&gt; was seen by doctor (\d+)", page)
    assert len(shown) == 6, "three rows and the three of the highest errors"
    assert all(one == other for one, other in shown)
    test = open_dataset("rows.csv", seed=table_autoencoder.card.recipe.data.seed).splits.test
    errors = table_autoencoder.reconstruction_errors(rows.x[test])
    assert [int(one) for one, _ in shown[3:]] == test[np.argsort(-errors, kind="stable")[:3]].tolist()
    assert "<i>" not in page
