"""A folder of good parts, defects and masks on the command line: the first are fitted on, the others scored."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from explorer.cli import app
from tests.data.test_folder_layouts import bottle, write, zipped

RECIPE = """
[data]
dataset = "x"
[model]
family = "undercomplete"
hidden = []
latent_dim = 2
[training]
epochs = 30
batch_size = 8
learning_rate = 0.02
"""


def answer(*arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_good_parts_are_fitted_on_and_masks_measured_with(tmp_path: Path, packed: bool) -> None:
    folder = bottle(tmp_path / "bottle")
    given = str(zipped(folder, tmp_path / "b.zip") if packed else folder)
    (tmp_path / "r.toml").write_text(RECIPE)
    detector, out = str(tmp_path / "d.safetensors"), tmp_path / "s.csv"
    said = answer(
        "detector", "fit", given, "--out", detector, "--scorer", "local-error", "--recipe", str(tmp_path / "r.toml")
    )
    assert said["fitted_on"] + said["calibrated_on"] == 30
    assert said["normal"].startswith("30 of 41 images")
    assert "labelled good" in said["normal"]
    result = answer("score", detector, given, "--out", str(out))
    assert result["items"] == 11
    assert "MVTec layout: 30 good parts to fit, 11 test parts in 2 classes, 5 masks" in result["contract"]["line"]
    assert (result["auroc"]["normal"], result["auroc"]["novel"]) == (6, 5)
    assert result["auroc"]["value"] == 1.0
    assert (result["pixels"]["images"], result["pixels"]["regions"]) == (11, 5)
    assert 0.8 < result["pixels"]["auroc"] <= 1
    assert 0.5 < result["pixels"]["pro"] <= 1
    assert result["promise"]["items"] == 6, "the defects are no false alarms"
    with out.open() as file:
        assert {"test/" in row["item"] for row in csv.DictReader(file)} == {True}
    everything = answer("score", detector, given, "--out", str(out), "--split", "all")
    assert everything["items"] == 41
    words = CliRunner().invoke(app, ["score", detector, given, "--out", str(out)])
    assert "Pixels: AUROC " in words.stdout


@pytest.mark.parametrize("shape", [(6,), (1, 8, 8)])
def test_an_npz_is_fitted_on_its_train_and_scored_on_its_test_part(tmp_path: Path, shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(0)
    path, detector = str(tmp_path / "d.npz"), str(tmp_path / "d.safetensors")
    train, test = random.integers(0, 200, (60, *shape)), random.integers(0, 255, (25, *shape))
    np.savez(path, x_train=train.astype(np.uint8), x_test=test.astype(np.uint8))
    said = answer("detector", "fit", path, "--out", detector, "--scorer", "pca")
    of_rows = said["fitted_on"] == said["calibrated_on"] == 60  # every row of a table teaches, and sets the threshold
    of_images = said["fitted_on"] + said["calibrated_on"] == 60
    assert of_rows if len(shape) == 1 else of_images
    assert answer("score", detector, path, "--out", str(tmp_path / "s.csv"))["items"] == 25


def test_a_layout_can_be_said(tmp_path: Path) -> None:
    folder = str(bottle(tmp_path / "bottle"))
    shown = answer("data", "show", folder)
    assert shown["layout"] == "mvtec"
    said = answer("data", "show", folder, "--layout", "none")
    assert said["layout"] == "none"
    assert said["items"] == 46
    refused = CliRunner().invoke(app, ["data", "show", folder, "--layout", "nothing"])
    assert refused.exit_code == 1
    assert "--layout: 'nothing' cannot be used" in refused.stderr


def test_defects_among_the_good_ones_are_not_learnt_without_a_word(tmp_path: Path) -> None:
    for i in range(30):
        write(tmp_path / f"parts/{'defect' if i < 5 else 'good'}/{i}.png", np.full((8, 8), 255 - i, np.uint8))
    arguments = ["detector", "fit", str(tmp_path / "parts"), "--out", str(tmp_path / "d"), "--scorer", "knn"]
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert "say that not every item is normal: 'good' (25), 'defect' (5)" in refused.stderr
    assert "--normal good" in refused.stderr
    said = answer(*arguments, "--normal", "good")
    assert said["normal"] == "25 of 30 images of parts labelled good"


def test_too_few_good_parts_are_counted_by_the_layout(tmp_path: Path) -> None:
    folder = bottle(tmp_path / "bottle", n=6)
    refused = CliRunner().invoke(app, ["detector", "fit", str(folder), "--out", str(tmp_path / "d")])
    assert refused.exit_code == 1
    assert "MVTec layout: 6 good parts to fit, 11 test parts in 2 classes, 5 masks" in refused.stderr


@pytest.mark.slow
def test_what_can_be_read_in_two_ways_is_asked_and_each_answer_works(tmp_path: Path) -> None:
    for part in ("train", "test", "extra"):
        for i in range(30):
            write(tmp_path / f"set/{part}/{i}.png", np.full((8, 8), 255 - i, np.uint8))
    arguments = ["detector", "fit", str(tmp_path / "set"), "--out", str(tmp_path / "d"), "--scorer", "knn"]
    asked = CliRunner().invoke(app, arguments)
    assert asked.exit_code == 2
    assert "Say which it is: --layout splits or none." in asked.stderr
    splits = answer(*arguments, "--layout", "splits")
    assert splits["fitted_on"] + splits["calibrated_on"] == 30
    labels = answer(*arguments, "--layout", "none")
    assert labels["fitted_on"] + labels["calibrated_on"] == 90
