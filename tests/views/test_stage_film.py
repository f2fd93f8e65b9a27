"""A film of a training, and the frames that a checkpoint carries, against NumPy and what the run's own log holds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from explorer import checkpoints, runs
from explorer.cli import app
from explorer.core.palette import class_colour
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.runs.kept_frames import CODES, EPOCHS, kept_frames, place_of, why_none
from explorer.views import stage_film
from explorer.views.training_stage import stage_of_kept, stage_of_run
from tests.conftest import ROOT

RECIPE = {
    "name": "filmed",
    "data": {"dataset": "digits"},
    "model": {"family": "undercomplete", "hidden": [16], "latent_dim": 5},
    "training": {"epochs": 30, "device": "cpu"},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("filmed") / "run"
    for _ in runs.drain(Recipe.parse(RECIPE), folder):
        pass
    return Run(folder)


def test_a_film_shows_each_kept_epoch_as_the_stage_does(run: Run) -> None:
    message = stage_of_run(run, [str(digit) for digit in range(10)])
    frames = stage_film.stage_film(message, 1.0)
    assert frames.shape == (20, 3, stage_film.HEIGHT, stage_film.WIDTH)
    x, y, side = stage_film._cells(message)[3]
    left, top, wide = round(x + side + 3), round(y), int(side)
    for picture, frame in ((frames[0], message.frames[0]), (frames[-1], message.frames[-1])):
        shown = picture[0, top : top + wide, left : left + wide]
        made = np.asarray(frame.made)[3, 0]
        middles = ((np.arange(8) + 0.5) * side / 8).astype(int)
        assert np.abs(shown[np.ix_(middles, middles)].astype(int) - made).max() <= 1
    assert (frames[0] != frames[-1]).any()
    blue = np.array([int(class_colour(0)[i : i + 2], 16) for i in (1, 3, 5)])
    on_map = frames[-1][:, stage_film.MAP[1] : stage_film.MAP[3], stage_film.MAP[0] : stage_film.MAP[2]]
    assert (on_map == blue[:, None, None]).all(0).any(), "class 0 has its colour on the map"


def test_points_of_a_film_are_a_share_of_the_way(run: Run) -> None:
    frames = stage_of_run(run, ()).frames
    placed, places = stage_film.places_at(frames, 4.25)
    assert placed.tolist() == frames[5].placed.tolist()
    assert places == pytest.approx(0.75 * frames[4].places + 0.25 * frames[5].places)


def test_a_kept_checkpoint_takes_a_smaller_log_along(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    path = run.keep("kept")
    card = checkpoints.load_card(path)
    kept = kept_frames(path, card)
    assert kept is not None
    assert (kept.told, kept.epochs, kept.code_size, len(kept.history)) == ("", 30, 5, 30)
    assert {1.0, 30.0} <= set(kept.frames) <= set(run.frames())
    assert len(kept.frames) <= EPOCHS
    whole, small = run.frames()[30.0], kept.frames[30.0]
    assert small.z.shape == (min(CODES, len(whole.z)), 3)
    # Principal components of the items that are there: all distances between them, less what lies in no plane of three.
    assert np.abs(small.x_hat - whole.x_hat).max() < 0.01
    values = np.linalg.svd(small.z - small.z.mean(0), compute_uv=False)
    assert np.linalg.svd(whole.z - whole.z.mean(0), compute_uv=False)[:3] == pytest.approx(values, rel=0.02)
    note = stage_of_kept(kept, "kept", card.data.label_names).note
    assert note.startswith("Codes of 5 numbers")
    assert place_of(path).stat().st_size < (run.folder / "frames.bin").stat().st_size
    other = card.model_copy(update={"training_seconds": card.training_seconds + 1})
    assert kept_frames(path, other) is None, "of another training of that name"
    out = tmp_path / "film.gif"
    result = CliRunner().invoke(app, ["film", "kept", "--out", str(out), "--seconds", "0.5"])
    assert result.exit_code == 0, result.output
    film = Image.open(io.BytesIO(out.read_bytes()))
    assert (getattr(film, "n_frames", 1), film.size) == (10, (stage_film.WIDTH, stage_film.HEIGHT))
    place_of(path).unlink()
    result = CliRunner().invoke(app, ["film", "kept", "--out", str(tmp_path / "again.gif")])
    assert result.exit_code == 1
    assert "carries no pictures" in result.output
    assert "Its recipe, trained again" in " ".join(result.output.split())


def test_frames_that_ship_are_small_and_say_of_what_they_are() -> None:
    whole = 0
    for path in sorted((ROOT / "checkpoints").glob("*.safetensors")):
        kept = kept_frames(path, checkpoints.load_card(path))
        if kept is not None and place_of(path).is_file():
            whole += place_of(path).stat().st_size
            assert len(kept.frames) > 1, path.stem
            assert not kept.told or kept.told.startswith("Pictures and curve are of another run")
        else:
            card = checkpoints.load_card(path)
            assert ("no map that could form" in why_none(path, card)) == (card.code_size is None)
    assert whole < 2_000_000
