"""An encoder or a decoder alone on every page: what applies is shown, and of the rest it is said why not."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from streamlit.testing.v1 import AppTest
from torch import nn

import explorer
from explorer import checkpoints
from explorer.data import Dataset
from explorer.novelty import detector as detectors
from explorer.novelty import normal_splits
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.scores.registry import REGISTRY
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]
PAGES = ("home", "latent_space", "generate", "denoise", "novelty", "compare", "learn", "train")
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
    if page == "novelty":
        return
    assert "is an encoder alone" in words(app)
    if page == "train":
        assert "bring its decoder in with it" in words(app)
        return
    assert any(button.key == "to_half" for button in app.button)


@pytest.mark.slow
def test_novelty_by_the_codes_of_an_encoder_alone(open_page: OpenPage, halves: pathlib.Path, digits: Dataset) -> None:
    """Its scores are scikit-learn's distances to the nearest codes, and what needs a decoder is said, not offered."""
    classes = {"novelty_normal": "digits", "novelty_classes": ["0", "1"], "novelty_novel": "(other classes)"}
    app = open_page("novelty", model="only-encoder", data="digits", **classes)
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    offered = app.main.selectbox(key="novelty_score")
    assert offered.value == "nearest-neighbours"
    titles = {REGISTRY[name].title for name in ("nearest-neighbours", "nearest-directions", "latent-distance", "knn")}
    assert titles < set(offered.options)
    assert REGISTRY["reconstruction-error"].title not in offered.options
    assert REGISTRY["combined-mean"].title not in offered.options
    said = words(app)
    assert "they need a decoder" in said
    assert "was trained on is not known" in said
    assert "saw these novel classes in training" not in said

    encoder = checkpoints.with_codes(checkpoints.load("only-encoder"))
    splits = normal_splits(encoder, digits, ("0", "1"))
    codes = [encoder.encode(digits.x[rows]) for rows in (splits.fit, splits.test)]
    expected = NearestNeighbors(n_neighbors=5).fit(codes[0]).kneighbors(codes[1])[0].mean(1)
    detector = of_checkpoint(
        encoder, digits, Parts(splits.fit, np.empty(0, np.int64), splits.calibrate), "nearest-neighbours"
    )
    np.testing.assert_allclose(detector.score(digits.x[splits.test]), expected, rtol=1e-4, atol=1e-5)
    assert detector.reconstruct(digits.x[:2]) is None
    assert detector.maps(digits.x[:2]) is None
    opened = detectors.load(detector.to_bytes())
    np.testing.assert_array_equal(opened.score(digits.x[:50]), detector.score(digits.x[:50]))


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
