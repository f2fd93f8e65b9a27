"""A folder of made parts with the layout of MVTec AD, from `detector fit` to boxes, by the command line alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from explorer.cli import app
from explorer.data.parts import good_part, spoilt_part
from explorer.data.parts.kinds import KINDS
from explorer.novelty.scores import masked_patches
from tests.data.test_folder_layouts import write

SIDE = 136
"""Larger than what is looked at as a whole."""
N_TRAIN, N_GOOD, N_SPOILT = 20, 6, 6


def made_folder(folder: Path) -> Path:
    """Pieces of fabric; those that are spoilt are cut out around the defect."""
    kind, random = KINDS["fabric"], np.random.Generator(np.random.PCG64(5))
    for i in range(N_TRAIN + N_GOOD):
        part = "train" if i < N_TRAIN else "test"
        write(folder / f"{part}/good/{i:03d}.png", good_part(kind, random)[0, 30 : 30 + SIDE, 40 : 40 + SIDE])
    for i in range(N_SPOILT):
        picture, on = spoilt_part(kind, "scratch", "medium", random)
        top, left = (int(np.clip(np.median(axis) - SIDE // 2, 0, 256 - SIDE)) for axis in np.nonzero(on))
        cut = slice(top, top + SIDE), slice(left, left + SIDE)
        write(folder / f"test/scratch/{i:03d}.png", picture[0][cut])
        write(folder / f"ground_truth/scratch/{i:03d}_mask.png", np.where(on[cut], 255, 0).astype(np.uint8))
    return folder


@pytest.mark.slow
def test_parts_are_fitted_on_scored_and_their_defects_boxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked_patches, "FULL_STEPS", 80)  # enough for scratches
    monkeypatch.setattr(masked_patches, "LEAST_STEPS", 80)
    folder, detector, out = made_folder(tmp_path / "fabric"), tmp_path / "d", tmp_path / "s.csv"
    fitted = CliRunner().invoke(app, ["detector", "fit", str(folder), "--out", str(detector), "--json"])
    assert fitted.exit_code == 0, fitted.stderr
    said = json.loads(fitted.stdout)
    assert said["score"] == "combined-maps"
    assert said["fitted_on"] == said["calibrated_on"] == N_TRAIN
    assert said["normal"].endswith("labelled good")
    arguments = ["score", said["written"], str(folder), "--out", str(out), "--maps", str(tmp_path / "maps")]
    scored = CliRunner().invoke(app, [*arguments, "--pixel-false-alarm-rate", "0.1", "--json"])
    assert scored.exit_code == 0, scored.stderr
    answer = json.loads(scored.stdout)
    assert answer["items"] == N_GOOD + N_SPOILT
    assert answer["auroc"]["value"] >= 0.95
    assert answer["pixels"]["auroc"] > 0.95
    assert answer["pixels"]["regions"] == sum(one["touched"] for one in answer["pixels"]["touched"]) == N_SPOILT
    assert answer["pixel_threshold"]["false_alarm_rate"]["promised"] == pytest.approx(2 / 21)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["label"] == "scratch":
            # The first box is the one with the peak.
            top, left, height, width = (int(n) for n in row["boxes"].split("; ")[0].split(","))
            assert top <= int(row["peak_row"]) < top + height
            assert left <= int(row["peak_column"]) < left + width
            numbers = np.load(tmp_path / f"maps/numbers/{row['item'].removesuffix('.png')}.npz")
            assert numbers["map"].shape == (SIDE, SIDE)
            assert float(numbers["map"].max()) == pytest.approx(float(row["score"]), rel=1e-5)
