"""What is shipped: each recipe has its checkpoint, which loads and beats PCA of the same size on held-out data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data as pictures

from explorer import checkpoints, data, denoising, evaluation
from explorer.browser.pack import can_run_live
from explorer.core import metrics
from explorer.recipe import Recipe
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "checkpoints").glob("*.safetensors"))
LEARN = sorted((ROOT / "checkpoints" / "learn").glob("*.safetensors"))
"""What Learn's scenes show: found by name, in no list."""
WITH_CODES = [path for path in (*SHIPPED, *LEARN) if checkpoints.load_card(path).code_size]
PHOTO_DENOISERS = [path for path in SHIPPED if path not in WITH_CODES]
RECIPES = sorted((ROOT / "recipes").glob("*.toml"))
MAX_TOTAL_BYTES = 40 << 20
MAX_PHOTO_BYTES = 10_000_000
MAX_LEARN_BYTES = 4_000_000
NAMES = {
    "mnist-undercomplete-2d",
    "mnist-undercomplete-32d",
    "mnist-ordered-32d",
    "mnist-stacked-30d",
    "mnist-convolutional-16d",
    "mnist-denoising-32d",
    "mnist-eight-digits-32d",
    "mnist-vae-2d",
    "mnist-conv-vae-16d",
    "fashion-vae-2d",
    "fashion-conv-vae-16d",
    "breast-cancer-undercomplete",
    "brick-convolutional-32d",
    "photo-denoiser-colour",
    "photo-denoiser-grey",
}


def held_out(checkpoint: checkpoints.Checkpoint) -> tuple[data.Dataset, np.ndarray]:
    """Bundled rows that the checkpoint was neither trained nor chosen on."""
    name = checkpoint.card.data.name
    source = next((s for s in data.DATASETS.values() if s.offline and name in (s.name, *s.held_out_for)), None)
    assert source is not None
    dataset = source.load()
    rows, split = evaluation.rows_for(checkpoint, dataset)
    assert split in ("test", "held out")
    if checkpoint.card.recipe.data.classes:
        rows = evaluation.training_rows(dataset, checkpoint.card.recipe.data.classes, "test")
    return dataset, rows


def test_everything_shipped_was_looked_at_and_nothing_is_wrong_with_it() -> None:
    cards = [checkpoints.load_card(path) for path in (*SHIPPED, *LEARN)]
    assert all(card.findings is not None and not card.wrongs for card in cards)
    # A look at the curves sees it alone, too: 37 validation items, and the loss rises from epoch 55 of 205 on.
    told = checkpoints.load_card("breast-cancer-undercomplete").findings
    assert {finding.name for finding in told or ()} == {"validation too small", "overfit"}


def test_every_recipe_has_its_checkpoint_and_no_other_is_shipped() -> None:
    assert {path.stem for path in SHIPPED} == {path.stem for path in RECIPES} == NAMES
    assert {path.stem for path in LEARN} == {path.stem for path in (ROOT / "recipes" / "learn").glob("*.toml")}


def test_what_learn_shows_is_found_by_name_and_in_no_list() -> None:
    assert LEARN
    for path in LEARN:
        assert checkpoints.find(path.stem) == path
        assert path.stem not in checkpoints.available()
        assert path.stem not in dict(checkpoints.iter_cards())


def test_a_checkpoint_of_ones_own_hides_one_of_learn_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / LEARN[0].name
    mine.write_bytes(LEARN[-1].read_bytes())
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    assert checkpoints.find(LEARN[0].stem) == mine


def test_the_checkpoints_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED) <= MAX_TOTAL_BYTES
    assert sum(path.stat().st_size for path in PHOTO_DENOISERS) <= MAX_PHOTO_BYTES
    assert sum(path.stat().st_size for path in LEARN) <= MAX_LEARN_BYTES


@pytest.mark.parametrize("path", [*SHIPPED, *LEARN], ids=lambda p: p.stem)
def test_a_checkpoint_is_what_its_recipe_says(path: Path) -> None:
    card = checkpoints.load_card(path)
    folder = path.relative_to(ROOT / "checkpoints").parent
    assert card.recipe == Recipe.from_toml(ROOT / "recipes" / folder / f"{path.stem}.toml")
    assert card.finished in ("completed", "early stopping")
    if card.code_size is None:
        assert [m.name for m in card.metrics] == [f"PSNR at noise level {level}" for level in (15, 25, 50)]
        return
    assert card.metric("reconstruction error", "test") is not None
    assert card.latent is not None
    assert card.calibration
    assert (card.metric("ELBO", "test") is not None) == (card.recipe.model.family == "variational")


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_CODES, ids=lambda p: p.stem)
def test_a_checkpoint_beats_pca_on_held_out_items(path: Path) -> None:
    checkpoint = checkpoints.load(path)
    dataset, rows = held_out(checkpoint)
    if dataset.fingerprint == checkpoint.card.data.fingerprint:
        train = evaluation.training_rows(dataset, checkpoint.card.recipe.data.classes, "train")
        pca = evaluation.pca_error(dataset, train, rows, checkpoint.latent_dim, "test").value
    else:
        # Fitted on the very items it is judged on: no linear code of this size does better on them.
        x = dataset.tensor(rows).flatten(1).numpy()
        pca = float(np.mean(np.asarray(metrics.pca_baseline(x, x, checkpoint.latent_dim))))
    assert checkpoint.reconstruction_errors(dataset.x[rows]).mean() < pca


@pytest.mark.parametrize("path", WITH_CODES, ids=lambda p: p.stem)
def test_a_checkpoint_decodes_live(path: Path) -> None:
    checkpoint = checkpoints.load(path)
    assert can_run_live(checkpoint.model) is None
    decoded = checkpoint.decode(torch.zeros(2, checkpoint.latent_dim))
    assert decoded.shape == (2, *checkpoint.event_shape)
    assert np.isfinite(decoded).all()


@pytest.mark.slow
@pytest.mark.parametrize("level", [10, 25, 60])
@pytest.mark.parametrize("path", PHOTO_DENOISERS, ids=lambda p: p.stem)
def test_a_photo_denoiser_beats_every_classical_method_by_a_decibel(path: Path, level: int) -> None:
    """On a photo that it was not trained on, each classical method at its best strength for this very photo."""
    checkpoint = checkpoints.load(path)
    x = pictures.astronaut()[40:168, 150:310].transpose(2, 0, 1) / 255
    x = x if checkpoint.event_shape[0] == 3 else x.mean(0, keepdims=True)
    y = (x + level / 255 * np.random.default_rng(0).standard_normal(x.shape)).astype(np.float32)

    def psnr(x_hat: np.ndarray) -> float:
        return float(-10 * np.log10(np.square(x_hat - x).mean()))

    strengths = [factor * level / 255 for factor in denoising.classical.TUNING_FACTORS]
    classical = max(psnr(method.denoise(y, s)) for method in denoising.REGISTRY.values() for s in strengths)
    assert psnr(denoising.denoise_photo(checkpoint, y, level / 255)) > classical + 1


def test_the_card_s_figures_are_those_of_the_weights_on_disk(data_folder: Path) -> None:
    """Stored in half precision, the weights must still give the figures on their cards."""
    for path in (*SHIPPED, *LEARN):
        checkpoint = checkpoints.load(path)
        recipe = checkpoint.card.recipe
        dataset = recipe.data.open()
        rows = evaluation.training_rows(dataset, recipe.data.classes, "test")
        for metric in evaluation.evaluate(checkpoint, dataset, rows, "test"):
            said = checkpoint.card.metric(metric.name)
            assert said is not None
            assert metric.value == pytest.approx(said.value, rel=2e-3)
