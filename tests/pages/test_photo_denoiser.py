"""Pages with a photo denoiser chosen, which has no code that stands for a picture."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.frame import PAGES

OpenPage = Callable[..., AppTest]


@pytest.fixture
def photo_model(folder: pathlib.Path) -> str:
    values = {
        "name": "tiny-photo",
        "data": {"dataset": "digits", "limit": 32},
        "model": {"family": "photo", "widths": [4], "latent_dim": 4, "blocks": 1},
        "training": {"epochs": 1},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    checkpoints.save(last.checkpoint, folder / "tiny-photo.safetensors")
    return "tiny-photo"


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("train", "denoise")])
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


def test_the_sidebar_says_what_it_takes(open_page: OpenPage, photo_model: str) -> None:
    app = open_page("train", model=photo_model)
    assert not app.exception
    assert not app.error
    said = " ".join(caption.value for caption in app.sidebar.caption)
    assert "photos of any size" in said
    assert "PSNR at noise level 25" in said
    assert "-D" not in said
