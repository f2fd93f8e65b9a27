"""`score --maps`: files, boxes and figures, held against one another and against the masks that were drawn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from explorer.cli import app
from explorer.novelty import threshold_for
from explorer.novelty.detector import load
from tests.data.test_folder_layouts import bottle, write


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of parts and a detector of them."""
    folder = tmp_path_factory.mktemp("maps")
    parts = bottle(folder / "bottle", 20, 24)
    fitted = run("detector", "fit", parts, "--out", folder / "d.safetensors", "--scorer", "pca-maps")
    assert fitted.exit_code == 0, fitted.stderr
    return parts, folder / "d.safetensors"


@pytest.fixture(scope="module")
def scored(given: tuple[Path, Path]) -> tuple[Path, list[dict[str, str]], dict[str, Any]]:
    """The folder of the maps, the rows of the CSV and the answer."""
    parts, detector = given
    maps, out = parts.parent / "maps", parts.parent / "s.csv"
    result = run("score", detector, parts, "--out", out, "--maps", maps, "--pixel-false-alarm-rate", "0.2", "--json")
    assert result.exit_code == 0, result.stderr
    with out.open() as file:
        return maps, list(csv.DictReader(file)), json.loads(result.stdout)


def test_every_image_has_its_three_files_on_one_scale(scored: tuple[Path, list[dict[str, str]], Any]) -> None:
    maps, rows, answer = scored
    stems = [row["item"].removesuffix(".png") for row in rows]
    assert len(stems) == answer["maps"]["written"] == 11
    assert "test/scratch/000" in stems
    files = {path.relative_to(maps).as_posix() for path in maps.rglob("*") if path.is_file()}
    kinds = {"heat": "png", "overlay": "png", "numbers": "npz"}
    assert files == {f"{kind}/{stem}.{ending}" for kind, ending in kinds.items() for stem in stems}
    black, white = answer["maps"]["black"], answer["maps"]["white"]
    lowest, highest = [], []
    for stem in stems:
        own = np.load(maps / f"numbers/{stem}.npz", allow_pickle=False)["map"]
        with Image.open(maps / f"heat/{stem}.png") as heat, Image.open(maps / f"overlay/{stem}.png") as over:
            assert (heat.mode, heat.size) == ("I;16", (24, 20))
            assert (over.mode, over.size) == ("RGB", (24, 20))
            back = black + np.asarray(heat) / 65535 * (white - black)
        np.testing.assert_allclose(back, own, atol=(white - black) / 65535)
        lowest.append(own.min())
        highest.append(own.max())
    assert (min(lowest), max(highest)) == (pytest.approx(black), pytest.approx(white))


def test_boxes_hold_the_defects_and_just_what_is_above_the_threshold(
    given: tuple[Path, Path], scored: tuple[Path, list[dict[str, str]], Any]
) -> None:
    maps, rows, answer = scored
    value = answer["pixel_threshold"]["threshold"]
    assert answer["pixel_threshold"]["false_alarm_rate"]["asked"] == 0.2
    peaks = load(given[1]).map_peaks
    assert peaks is not None
    assert value == threshold_for(peaks, 0.2).value
    for row in rows:
        numbers = np.load(maps / f"numbers/{row['item'].removesuffix('.png')}.npz", allow_pickle=False)
        above = numbers["map"] > value
        boxes = [[int(n) for n in box.split(",")] for box in row["boxes"].split("; ") if box]
        assert boxes == numbers["boxes"].tolist()
        assert sum(int(area) for area in row["areas"].split("; ") if area) == above.sum() == numbers["areas"].sum()
        inside = np.zeros_like(above)
        for top, left, height, width in boxes:
            inside[top : top + height, left : left + width] = True
        assert not (above & ~inside).any()
        peak = np.unravel_index(int(numbers["map"].argmax()), above.shape)
        assert (int(row["peak_row"]), int(row["peak_column"])) == peak
        if "scratch" in row["item"]:
            i = int(row["item"][-7:-4])
            on = np.zeros_like(above)
            on[4:10, 6 : 8 + i] = True
            assert (above & on).any()
            assert on[peak] or on[max(0, peak[0] - 2) : peak[0] + 3, max(0, peak[1] - 2) : peak[1] + 3].any()
    touched = answer["pixels"]["touched"]
    assert [(one["size"], one["smallest"], one["largest"], one["regions"]) for one in touched] == [
        ("small", 12, 18, 2), ("medium", 24, 30, 2), ("large", 36, 36, 1),
    ]  # fmt: skip
    assert [one["touched"] for one in touched] == [2, 2, 1]


@pytest.mark.slow
def test_words_say_the_scale_the_promise_and_what_was_touched(given: tuple[Path, Path]) -> None:
    parts, detector = given
    result = run("score", detector, parts, "--out", parts.parent / "t.csv", "--maps", parts.parent / "m2")
    assert "11 maps in " in result.stdout
    assert "of all: 0 is " in result.stdout
    assert "(top,left,height,width in images of 20x24 pixels" in result.stdout
    assert "Masked regions with a pixel above the pixel threshold: 5 of 5; small 2 of 2 (12 to 18" in result.stdout
    assert "6 normal images cannot promise that 1.00% of them" in result.stderr


def test_what_cannot_have_maps_is_refused(given: tuple[Path, Path], tmp_path: Path) -> None:
    parts, detector = given
    arguments = ["--out", tmp_path / "s.csv", "--maps"]
    inside = run("score", detector, parts, *arguments, parts / "maps")
    assert inside.exit_code == 1
    assert "would lie among the images" in inside.stderr
    (tmp_path / "file").write_text("")
    assert "is a file" in run("score", detector, parts, *arguments, tmp_path / "file").stderr
    assert "needs a detector" in run("score", "mnist-vae-2d", parts, *arguments, tmp_path / "m").stderr
    table = tmp_path / "t.csv"
    table.write_text("a,b\n" + "".join(f"{i},{i * i % 7}\n" for i in range(40)))
    run("detector", "fit", table, "--out", tmp_path / "d.safetensors", "--scorer", "pca")
    refused = run("score", tmp_path / "d.safetensors", table, *arguments, tmp_path / "m")
    assert "rows of a table, which have no maps" in refused.stderr
    fitted = run("detector", "fit", parts, "--out", tmp_path / "knn.safetensors", "--scorer", "knn")
    assert fitted.exit_code == 0, fitted.stderr
    no_maps = run("score", tmp_path / "knn.safetensors", parts, *arguments, tmp_path / "m")
    assert no_maps.exit_code == 1
    assert "--scorer combined-maps" in no_maps.stderr
    assert not (tmp_path / "m").exists()


def test_names_of_other_formats_are_kept_apart(given: tuple[Path, Path], tmp_path: Path) -> None:
    pixels = np.full((20, 24), 120, np.uint8)
    for name in ("a.png", "a.bmp", "below/a.png"):
        write(tmp_path / "in" / name, pixels)
    result = run(
        "score", given[1], tmp_path / "in", "--out", tmp_path / "s.csv", "--maps", tmp_path / "out", "--layout", "none"
    )
    assert result.exit_code == 0, result.stderr
    heat = {path.relative_to(tmp_path / "out/heat").as_posix() for path in (tmp_path / "out/heat").rglob("*.png")}
    assert heat == {"a.png", "a.bmp.png", "below/a.png"}
