"""The ONNX button of every page that has one: its file holds what the page shows, and a refusal is said in words."""

from __future__ import annotations

import io
import pathlib
import zipfile
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

import explorer
from explorer import checkpoints, novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.data.user_data import from_array
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.items import ItemsToScore
from explorer.novelty.thresholds import threshold_at
from explorer.ui.novelty.downloads import onnx_of
from explorer.ui.novelty.scored import score_items
from explorer.ui.widgets.onnx_button import OnnxDownload
from tests.pages.conftest import OpenPage, words

STATE = "_made"


def pressed(app: AppTest, key: str) -> OnnxDownload:
    """What a press of the button makes."""
    app = app.button(key=key).click().run()
    assert not app.exception
    assert not app.error
    _, made = app.session_state[f"{key}{STATE}"]
    assert any(f"Download ({', '.join(made.files)})" == button.label for button in app.main.get("download_button"))
    return made


def run_of(content: bytes) -> Callable[[dict[str, np.ndarray]], list[np.ndarray]]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "key", "query"),
    [
        ("latent_space", "latent_page_onnx", {}),
        ("generate", "sliders_page_onnx", {}),
        ("generate", "path_page_onnx", {"view": "Interpolate"}),
        ("denoise", "denoise_onnx", {"denoise_what": "Items of the model"}),
    ],
)
def test_a_model_leaves_every_page_that_shows_it(
    open_page: OpenPage,
    tiny_models: dict[str, VectorCheckpoint],
    digits: Dataset,
    page: str,
    key: str,
    query: dict[str, str],
) -> None:
    made = pressed(open_page(page, model="tiny-plain", data="digits", **query), key)
    with zipfile.ZipFile(io.BytesIO(made.content())) as archive:
        assert archive.namelist() == ["encoder.onnx", "decoder.onnx", "autoencoder.onnx"]
        [codes] = run_of(archive.read("encoder.onnx"))({"x": np.asarray(digits.x[:30], np.float32)})
    np.testing.assert_allclose(codes, tiny_models["tiny-plain"].encode(digits.x[:30]), atol=1e-4)
    assert "On 64 items onnxruntime differs" in made.words[0]


@pytest.mark.slow
def test_half_a_model_leaves_as_its_half(open_page: OpenPage, folder: pathlib.Path, digits: Dataset) -> None:
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
    decoder = nn.Sequential(nn.Linear(3, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8)))
    explorer.adopt("only-encoder", encoder=encoder, data="digits")
    explorer.adopt("only-decoder", decoder=decoder, data="digits")
    made = pressed(open_page("latent_space", model="only-encoder", data="digits"), "latent_onnx")
    [codes] = run_of(made.content())({"x": np.asarray(digits.x[:9], np.float32)})
    np.testing.assert_allclose(codes, encoder(torch.tensor(digits.x[:9]) / 255).detach(), atol=1e-4)
    assert "this model has no decoder" in made.words[1]
    made = pressed(open_page("generate", model="only-decoder"), "sliders_page_onnx")
    z = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    [x_hat] = run_of(made.content())({"z": z})
    np.testing.assert_allclose(x_hat / 255, decoder(torch.tensor(z)).detach(), atol=1e-4)


@pytest.mark.slow
def test_a_photo_denoiser_leaves_the_page(photo_page: AppTest) -> None:
    made = pressed(photo_page, "denoise_onnx")
    proto = onnx.load_model_from_string(made.content())
    assert [value.name for value in proto.graph.input] == ["x", "sigma"]


@pytest.fixture
def small_detector(digits_autoencoder: VectorCheckpoint, digits: Dataset) -> Detector:
    splits = novelty.normal_splits(digits_autoencoder, digits, ("0", "1"))
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    return of_checkpoint(digits_autoencoder, digits, parts, "nearest-neighbours", "digits", ("0", "1"))


def test_the_file_of_a_detector_has_the_threshold_of_the_page(small_detector: Detector, digits: Dataset) -> None:
    items = ItemsToScore(digits.x[:200], tuple(map(str, range(200))), ("",) * 200, {})
    scored = score_items(small_detector, items, None, "key", "some digits")
    drawn = float(np.quantile(scored.scores, 0.3))
    made = onnx_of(small_detector, threshold_at(small_detector.calibration, drawn), scored)
    score, alarm = run_of(made.content())({"x": np.asarray(digits.x[:200], np.float32)})
    np.testing.assert_allclose(score, scored.scores, rtol=1e-4)
    np.testing.assert_array_equal(alarm, scored.scores > drawn)
    assert alarm.sum() == 140
    assert "of those above and of the normal ones" in made.words[0]


@pytest.mark.slow
def test_novelty_offers_the_detector_of_the_model(
    open_page: OpenPage, folder: pathlib.Path, digits_autoencoder: VectorCheckpoint
) -> None:
    checkpoints.save(digits_autoencoder, folder / "digits.safetensors")
    app = open_page("novelty", model=digits_autoencoder.name, data="digits")
    made = pressed(app, "novelty_onnx")
    assert list(made.files) == ["detector.onnx"]
    assert "raises the same alarms" in made.words[0]


def _page(content: bytes) -> None:
    from explorer.novelty import detector as detectors
    from explorer.ui.novelty.downloads import detector_alone

    detector_alone(detectors.load(content, "mine"), "key")


def test_a_detector_that_cannot_leave_is_refused_in_words(digits: Dataset) -> None:
    content = fit_images(from_array(digits.x[:60], "some digits"), scorer="pca-maps", registered=False).to_bytes()
    app = AppTest.from_function(_page, args=(content,), default_timeout=60).run()
    app = app.button(key="novelty_onnx").click().run()
    assert not app.exception
    assert "place by place" in words(app)
    assert "local\\-error or knn" in words(app)


def _two_models() -> None:
    import streamlit as st

    from explorer.export import kinds
    from explorer.ui.widgets.onnx_button import OnnxDownload, onnx_button

    of = st.text_input("Of", "first", key="of")
    onnx_button(
        lambda: OnnxDownload({"a.onnx": of.encode()}, ()), of, "a", kinds.MODEL_ONNX, key="onnx", what="A file."
    )


def test_a_file_of_something_else_is_not_offered() -> None:
    app = AppTest.from_function(_two_models).run()
    assert not app.main.get("download_button"), "nothing is made before it is asked for"
    app = app.button(key="onnx").click().run()
    assert [button.label for button in app.main.get("download_button")] == ["Download (a.onnx)"]
    app = app.text_input(key="of").set_value("second").run()
    assert not app.main.get("download_button")
