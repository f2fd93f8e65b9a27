"""Boxes and areas of the page and of the command line, for the same images and the same detector."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from explorer.cli import app
from explorer.io.images import png_bytes
from explorer.novelty import detector as detectors
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.inputs import open_upload
from explorer.novelty.items import read_items
from explorer.ui.novelty.downloads import file_of
from explorer.ui.novelty.native_maps import RATE
from explorer.ui.novelty.scored import score_items
from tests.novelty.test_combined_maps import SIZE, plates


@pytest.mark.parametrize("scorer", ["pca-maps", "registered-template"])
def test_page_and_command_line_give_the_same_boxes(scorer: str, tmp_path: Path) -> None:
    normal, spoilt = plates(30, 0), plates(8, 1)
    for i, image in enumerate(spoilt[:6]):
        image[0, 20 + 3 * i : 26 + 3 * i, 20 + 6 * i : 29 + 6 * i] = 255 - 20 * i
    with zipfile.ZipFile(tmp_path / "good.zip", "w") as archive:
        for i, image in enumerate(normal):
            archive.writestr(f"{i:02d}.png", png_bytes(image))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i, image in enumerate(spoilt):
            archive.writestr(f"part {i}.png", png_bytes(image))
    (tmp_path / "parts.zip").write_bytes(out.getvalue())

    opened = open_upload("good.zip", (tmp_path / "good.zip").read_bytes())
    fitted = fit_images(opened, scorer=scorer, registered=False)
    path = fitted.save(tmp_path / "d.safetensors")
    arguments = ["score", path, tmp_path / "parts.zip", "--out", tmp_path / "s.csv", "--maps", tmp_path / "maps"]
    done = CliRunner().invoke(app, [*map(str, arguments), "--pixel-false-alarm-rate", str(RATE)])
    assert done.exit_code == 0, done.stderr

    detector = detectors.load(path)
    given = read_items(detector, open_upload("parts.zip", out.getvalue(), like=detector.card.contract))
    scored = score_items(detector, given, None, "k", "Parts")
    every = np.arange(len(scored))
    page = file_of(scored, 0.0, every, "csv", False, False).decode()
    shown, written = (
        {row["item"]: row for row in csv.DictReader(io.StringIO(text))}
        for text in (page, (tmp_path / "s.csv").read_text())
    )
    assert set(shown) == set(written)
    assert len(written) == 8
    for name, row in written.items():
        for column in ("score", "boxes", "areas", "peak_row", "peak_column"):
            assert shown[name][column] == row[column], (name, column)
    with_boxes = [row for row in written.values() if row["boxes"]]
    assert len(with_boxes) >= 6, "the planted ones have boxes, so that there is something to compare"
    heights = [int(row["boxes"].split("; ")[0].split(",")[2]) for row in with_boxes]
    assert max(heights) < SIZE[0]
