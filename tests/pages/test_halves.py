"""An encoder or a decoder alone on every page: what applies is shown, and of the rest it is said why not."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

import explorer
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]
PAGES = ("home", "latent_space", "generate", "denoise", "novelty", "compare", "learn")
ASKED = {"denoise": {"denoise_what": "Items of the model"}}
"""A photo needs no model of the visitor's."""


@pytest.fixture
def halves(folder: pathlib.Path) -> pathlib.Path:
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 3))
    decoder = nn.Sequential(nn.Linear(3, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8)))
    explorer.adopt("only-encoder", encoder=encoder, data="digits")
    explorer.adopt("only-decoder", decoder=decoder, data="digits")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_an_encoder_alone(open_page: OpenPage, halves: pathlib.Path, page: str) -> None:
    app = open_page(page, model="only-encoder", **ASKED.get(page, {}))
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    if page == "latent_space":
        assert "an encoder alone puts it" in words(app)
        assert any("Novelty" in option for option in app.selectbox(key="colour").options)
        return
    assert "is an encoder alone" in words(app)
    assert any(button.key == "to_half" for button in app.button)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_decoder_alone(open_page: OpenPage, halves: pathlib.Path, page: str) -> None:
    app = open_page(page, model="only-decoder", **ASKED.get(page, {}))
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert app.sidebar.selectbox(key="data").options == ["No dataset"]
    assert "which is assumed" in " ".join(caption.value for caption in app.sidebar.caption)
    if page not in ("latent_space", "generate"):
        assert "is a decoder alone" in words(app)


@pytest.mark.slow
@pytest.mark.parametrize("view", ["Sliders", "Attribute", "Traversals", "Interpolate", "Sample"])
def test_views_of_a_decoder_alone(open_page: OpenPage, halves: pathlib.Path, view: str) -> None:
    app = open_page("generate", model="only-decoder", view=view)
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert "training codes" not in words(app).split("The decoder turns any code")[0]
