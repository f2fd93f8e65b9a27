"""Pages with a photo denoiser chosen, which has no code that stands for a picture."""

from __future__ import annotations

import pathlib

import pytest

from explorer import checkpoints, runs
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.shell.frame import PAGES
from tests.pages.conftest import OpenPage, words

RECIPE = Recipe.parse(
    {
        "name": "tiny-photo",
        "data": {"dataset": "digits", "limit": 32},
        "model": {"family": "photo", "widths": [4], "latent_dim": 4, "blocks": 1},
        "training": {"epochs": 2, "device": "cpu"},
    }
)


@pytest.fixture
def photo_model(folder: pathlib.Path) -> str:
    *_, last = train(RECIPE, dataset("digits"))
    checkpoints.save(last.checkpoint, folder / "tiny-photo.safetensors")
    return "tiny-photo"


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("home", "train", "denoise")])
def test_a_page_about_codes_says_why_it_is_empty_and_offers_another_model(
    open_page: OpenPage, page: str, photo_model: str
) -> None:
    app = open_page(page, model=photo_model)
    assert not app.exception
    assert not app.error
    assert "denoises photos of any size" in app.main.info[0].value
    next(button for button in app.button if button.label.startswith("Show")).click().run()
    assert not app.exception
    assert app.selectbox(key="model").value == "mnist-vae-2d"
    assert not app.main.info


@pytest.mark.slow
def test_home_shows_what_it_does_and_learn_that_it_is_not_used(open_page: OpenPage, photo_model: str) -> None:
    app = open_page("home", model=photo_model)
    assert not app.exception
    assert not app.main.info
    assert app.metric[0].label.startswith("PSNR")
    app = open_page("learn", model=photo_model)
    assert "one model of each kind" in app.sidebar.markdown[0].value
    assert "Not in use here: the model" in " ".join(caption.value for caption in app.sidebar.caption)


def test_the_sidebar_says_what_it_takes(open_page: OpenPage, photo_model: str) -> None:
    app = open_page("train", model=photo_model)
    assert not app.exception
    assert not app.error
    said = " ".join(caption.value for caption in app.sidebar.caption)
    assert "photos of any size" in said
    assert "PSNR at noise level 25" in said
    assert "-D" not in said


@pytest.mark.slow
def test_a_run_shows_its_pictures_and_no_map_of_codes(
    open_page: OpenPage, photo_model: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    for _ in runs.drain(RECIPE, runs.new_folder(RECIPE).resolve()):
        pass
    app = open_page("train", model=photo_model)
    assert not app.exception
    assert not app.error
    said = words(app)
    assert "Codes of" not in said
    table = next(frame.value for frame in app.dataframe if "best validation" in frame.value)
    assert table["best validation"].str.contains("grey levels of 255").all()
