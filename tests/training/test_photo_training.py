"""Training the photo denoiser on crops: resumable to the bit, measured by PSNR, started from other weights."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skimage import data as pictures

from explorer import checkpoints, runs
from explorer.checkpoints.files import write_tensors
from explorer.core.errors import TrainingError
from explorer.data import Dataset, fingerprint
from explorer.data.splits import split_rows
from explorer.recipe import Recipe
from explorer.runs.folder import STATE_KEY
from explorer.training import train
from explorer.training.events import EpochFinished, Finished, State

SMALL = {"family": "photo", "widths": [8, 8], "latent_dim": 8, "blocks": 1}


def photos(channels: int = 1) -> Dataset:
    """Real texture, so that there is something to learn: tiles of a public-domain photo."""
    photo = pictures.astronaut()[..., :channels].transpose(2, 0, 1)
    x = np.stack(
        [photo[:, top : top + 48, left : left + 64] for top in range(0, 384, 48) for left in range(0, 448, 64)]
    )
    splits = split_rows(len(x), 0)
    return Dataset("photos", "Photos", x, None, (), splits, "public domain", "NASA", fingerprint(x, None))


def recipe(data: dict[str, Any] | None = None, **training: Any) -> Recipe:
    part = {"crop": 24, "augment": True, "crops_per_item": 2, **(data or {})}
    values = {"epochs": 2, "batch_size": 16, "learning_rate": 3e-3, "device": "cpu", "clip_norm": 50, **training}
    return Recipe.parse({"name": "tiny", "data": {"dataset": "photos", **part}, "model": SMALL, "training": values})


def finished(*arguments: Any, **keywords: Any) -> Finished:
    *_, event = train(*arguments, **keywords)
    assert isinstance(event, Finished)
    return event


def through_file(state: State, folder: Path) -> State:
    metadata = {STATE_KEY: json.dumps(state.values)}
    write_tensors(folder / "state.safetensors", state.tensors, metadata)
    return runs.read_state(folder)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_resumed_run_ends_with_the_same_weights(precision: str, tmp_path: Path) -> None:
    data, wanted = photos(), recipe(precision=precision)
    whole = finished(wanted, data).checkpoint.model.state_dict()
    for at in (3, 8, 9):
        event = next(islice(train(wanted, data), at, None))
        rest = finished(wanted, data, resume=through_file(event.snapshot(), tmp_path))
        resumed = rest.checkpoint.model.state_dict()
        assert [key for key in whole if not torch.equal(whole[key], resumed[key])] == []


def test_every_epoch_cuts_other_crops() -> None:
    run = train(recipe(data={"crops_per_item": 3}, epochs=1), photos())
    started = next(run)
    n = len(photos().splits.train)
    assert started.steps_per_epoch == -(-3 * n // 16)
    losses = [event.terms["total"] for event in islice(run, started.steps_per_epoch)]
    assert len(set(losses)) == len(losses)


@pytest.mark.slow
def test_it_learns_to_remove_noise_and_says_how_much() -> None:
    data = photos()
    result = finished(recipe(epochs=12), data)
    card = result.checkpoint.card
    noisy = {level: 20 * np.log10(255 / level) for level in (15, 25, 50)}
    for level, before in noisy.items():
        figure = card.metric(f"PSNR at noise level {level}")
        assert figure.n == len(data.splits.test)
        assert figure.value > before + 2
    assert card.latent is None
    assert card.calibration == ()


def test_previews_are_crops_with_noise_and_without() -> None:
    preview = next(e for e in train(recipe(), photos()) if isinstance(e, EpochFinished)).preview
    assert preview.x.shape == preview.x_noisy.shape == preview.x_hat.shape == (6, 1, 24, 24)
    assert np.std(preview.x_noisy - preview.x) == pytest.approx(25 / 255, rel=0.1)
    assert preview.z.shape == (6, 0)


@pytest.mark.slow
def test_training_starts_from_the_weights_of_a_checkpoint(tmp_path: Path) -> None:
    grey = finished(recipe(), photos()).checkpoint
    path = checkpoints.save(grey, tmp_path / "grey.safetensors")
    still = {"epochs": 1, "learning_rate": 1e-12, "start_from": str(path)}
    same = finished(recipe(**still), photos()).checkpoint
    y = np.random.default_rng(0).random((2, 1, 48, 64), dtype=np.float32)
    np.testing.assert_allclose(same.reconstruct(y), grey.reconstruct(y), atol=1e-5)
    colour = finished(recipe(**still), photos(3)).checkpoint
    assert colour.event_shape == (3, 48, 64)
    of_grey = colour.reconstruct(np.repeat(y, 3, 1)).mean(1, keepdims=True)
    np.testing.assert_allclose(of_grey, grey.reconstruct(y), atol=1e-4)


def test_weights_that_do_not_fit_are_an_error(tmp_path: Path) -> None:
    grey = finished(recipe(epochs=1), photos()).checkpoint
    path = checkpoints.save(grey, tmp_path / "grey.safetensors")
    wider = recipe(start_from=str(path)).with_settings(["model.latent_dim=12"])
    with pytest.raises(TrainingError, match="do not fit"):
        next(train(wider, photos()))


def test_crops_must_fit_and_tables_have_none() -> None:
    with pytest.raises(TrainingError, match="do not fit"):
        next(train(recipe(data={"crop": 49}), photos()))
    table = Recipe.parse({"data": {"dataset": "wine", "augment": True}, "model": {"family": "undercomplete"}})
    with pytest.raises(TrainingError, match="table"):
        next(train(table))


def test_a_folder_of_photos_is_cut_and_not_scaled(tmp_path: Path) -> None:
    from PIL import Image

    for i, item in enumerate(photos(3).x[:6]):
        Image.fromarray(np.tile(item.transpose(1, 2, 0), (2, 2, 1))).save(tmp_path / f"{i}.png")
    of_folder = recipe(data={"dataset": str(tmp_path), "tile": 48, "exclude": ["5"]}, epochs=1)
    card = finished(of_folder).checkpoint.card
    assert card.data.event_shape == (3, 48, 48)
    assert "of 5 files" in card.data.splits


@pytest.mark.slow
def test_a_run_that_is_kept_early_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    folder = tmp_path / "photos"
    folder.mkdir()
    for i, item in enumerate(photos(3).x[:8]):
        Image.fromarray(np.tile(item.transpose(1, 2, 0), (2, 2, 1))).save(folder / f"{i}.png")
    of_folder = recipe(data={"dataset": str(folder), "tile": 48}, epochs=3)
    run = runs.Run(tmp_path / "run")
    epochs = (event for event in runs.drain(of_folder, run.folder) if isinstance(event, EpochFinished))
    best = next(epochs).best()
    checkpoints.save(best, run.folder / "best.safetensors")
    epochs.close()
    kept = checkpoints.load(run.keep("kept", replace=True))
    assert best.card.metrics == ()
    assert [m.split for m in kept.card.metrics] == ["test"] * 3
