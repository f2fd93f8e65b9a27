"""Figures that are drawn without a browser: places against the values, and every kind of figure of the command."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.cli.figure_kinds import FIGURES
from explorer.core.errors import ExplorerError
from explorer.data import dataset
from explorer.export import drawn, figures, painted, picture_figures
from explorer.export.figures import figure_json

EVIL = "<img src=x>&\"'"


def test_bars_have_the_height_of_their_counts_and_a_line_stands_at_the_threshold() -> None:
    scores = np.repeat([0.5, 1.5, 3.5], [10, 5, 1])
    marks, _, _ = drawn.marks_of(figure_json(figures.class_histograms({"a": scores}, ["a"], threshold=2.0, bins=4)))
    heights = [mark.points[1][1] - mark.points[0][1] for mark in marks if mark.kind == "bar"]
    np.testing.assert_allclose(np.array(heights) / heights[0], [1, 0.5, 0.1], atol=1e-6)
    assert {mark.colour for mark in marks if mark.kind == "bar"} == {"#ed6d03"}
    (line,) = [mark for mark in marks if mark.kind == "line" and mark.size == 2]
    assert line.points[0][0] == line.points[1][0]
    assert "threshold 2" in [mark.text for mark in marks]


def test_a_logarithmic_axis_has_equal_steps_for_equal_factors() -> None:
    figure = figures.loss_curves(
        [{"train": {"total": v}, "validation": {"total": v}} for v in (100, 10, 1)], log_y=True
    )
    marks, _, _ = drawn.marks_of(figure_json(figure))
    solid, dashed = [mark for mark in marks if mark.kind == "line" and len(mark.points) == 3]
    first, second, third = (point[1] for point in solid.points)
    assert second - first == pytest.approx(third - second)
    assert first < third, "what is larger stands higher"
    assert (solid.dash, dashed.dash) == ((), (8, 5))


def test_any_name_stays_text() -> None:
    text = drawn.svg(figure_json(figures.scatter2d(np.eye(2), np.array([0, 1]), [EVIL, "b"])))
    whole = ElementTree.fromstring(text)  # noqa: S314 - our own file
    words = [element.text for element in whole.iter("{http://www.w3.org/2000/svg}text")]
    assert EVIL in words


def test_a_strip_shows_each_decoded_picture_at_its_place() -> None:
    pictures = np.arange(6, dtype=np.uint8).reshape(2, 3, 1, 1, 1) * np.full((1, 1, 1, 4, 4), 40, np.uint8)
    text = figure_json(picture_figures.traversal_strips(pictures, ["z1: -1 to 1", EVIL]))
    marks, width, height = drawn.marks_of(text)
    [sheet] = [mark for mark in marks if mark.kind == "picture"]
    image = np.asarray(Image.open(io.BytesIO(drawn.png(text))).convert("L"), int)
    assert image.shape == (round(2 * height), round(2 * width))
    (left, top), (right, bottom) = sheet.points
    for row, step in np.ndindex(2, 3):
        x, y = left + (step + 0.4) / 3 * (right - left), top + (row + 0.4) / 2 * (bottom - top)
        assert image[round(2 * y), round(2 * x)] == pictures[row, step, 0, 0, 0]
    assert EVIL in [mark.text for mark in marks]
    assert "<image" in drawn.svg(text)


def test_a_heat_map_has_the_largest_error_where_it_is_and_a_scale() -> None:
    errors = np.zeros((3, 6))
    errors[0, 5] = 2.5
    text = figure_json(picture_figures.error_map(errors, "squared"))
    marks, _, _ = drawn.marks_of(text)
    heat, scale = [mark for mark in marks if mark.kind == "picture"]
    image = np.asarray(Image.open(io.BytesIO(drawn.png(text))), int)
    (left, top), (right, bottom) = heat.points
    assert (right - left) / (bottom - top) == pytest.approx(2), "pixels are squares"
    bright = image[round(2 * top) + 4, round(2 * right) - 4]
    np.testing.assert_array_equal(bright, [0xFD, 0xE7, 0x25])
    np.testing.assert_array_equal(image[round(2 * bottom) - 4, round(2 * left) + 4], [0x44, 0x01, 0x54])
    assert scale.points[0][0] > right
    assert {"0", "1.25", "2.5"} <= {mark.text for mark in marks}


def test_columns_stand_by_their_error_the_largest_first() -> None:
    made = picture_figures.column_errors(np.array([1.0, 3.0, 2.0]), ["a", "b", "c"], "variances")
    marks, _, _ = drawn.marks_of(figure_json(made))
    dots = [mark.points[0] for mark in marks if mark.kind == "dot"]
    assert [x for x, _ in dots] == sorted((x for x, _ in dots), reverse=True)
    assert [y for _, y in dots] == sorted(y for _, y in dots)
    assert [mark.text for mark in marks if mark.text in "abc" and mark.text] == ["b", "c", "a"]


@pytest.mark.slow
def test_an_error_map_is_the_mean_over_the_items(digits_vae: Checkpoint, tmp_path: Path) -> None:
    model = str(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    out = tmp_path / "a.json"
    assert CliRunner().invoke(app, ["figure", model, "error-map", "--data", "digits", "--out", str(out)]).exit_code == 0
    x = dataset("digits").test.x / 255.0
    expected = np.mean((x - digits_vae.reconstruct(x.astype(np.float32))) ** 2, axis=0)[0]
    np.testing.assert_allclose(json.loads(out.read_text())["data"][0]["z"], expected, rtol=1e-4, atol=1e-7)


def test_what_is_not_drawn_is_said() -> None:
    with pytest.raises(ExplorerError, match="pie is not drawn"):
        drawn.marks_of('{"data": [{"type": "pie"}], "layout": {}}')


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(FIGURES))
def test_the_command_draws_each_figure(kind: str, digits_vae: Checkpoint, tmp_path: Path) -> None:
    model = str(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    for form in ("svg", "png", "json"):
        out = tmp_path / f"a.{form}"
        result = CliRunner().invoke(app, ["figure", model, kind, "--out", str(out)])
        assert result.exit_code == 0, result.output
        if form == "png":
            pixels = np.asarray(Image.open(io.BytesIO(out.read_bytes())))
            assert 0.001 < (pixels.min(2) < 200).mean() < (0.9 if kind in ("sliders", "error-map") else 0.5)
    again = CliRunner().invoke(app, ["figure", model, kind, "--out", str(out)])
    assert (again.exit_code, "already" in again.output) == (1, True)


def test_a_figure_of_the_card_takes_no_data(digits_vae: Checkpoint, tmp_path: Path) -> None:
    model = str(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    for more, words in (
        (["--data", "digits", "--out", "a.svg"], "of the model alone"),
        (["--out", "a.pdf"], "Cannot tell"),
    ):
        result = CliRunner().invoke(app, ["figure", model, "training", *more])
        assert result.exit_code == 1
        assert words in result.output


def test_strokes_go_on_over_the_corners_of_a_dashed_line() -> None:
    line = [(float(x), 0.0) for x in range(27)]  # corners every pixel, and dashes of 8 with gaps of 5
    seen = [x for piece in painted._strokes(line, (8, 5)) for x in np.arange(piece[0][0] + 0.5, piece[1][0])]
    assert seen == [x + 0.5 for x in range(26) if x % 13 < 8]
