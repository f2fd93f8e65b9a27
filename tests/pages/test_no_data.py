"""A checkpoint without data: items are decoded samples, never called real, and pages that need real ones say so."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.latent import sampling
from explorer.ui.shell import decoded_samples, session
from explorer.ui.shell.frame import PAGES
from explorer.ui.shell.links import DENOISE_WHAT, ITEMS
from explorer.ui.shell.session import Context
from explorer.views import items
from tests.pages.conftest import words
from tests.unusual_models import MODELS, trained

OpenPage = Callable[..., AppTest]
PRETENDS = ("real image", "real row", "real item", "real code", "validation items", "other data")
"""Words that would call a made item real, or judge it as if it were."""


@pytest.fixture(scope="module")
def unusual_models() -> dict[str, Checkpoint]:
    return {name: trained(name) for name in MODELS}


@pytest.fixture
def unusual_folder(unusual_models: dict[str, Checkpoint], folder: pathlib.Path) -> None:
    for name, checkpoint in unusual_models.items():
        checkpoints.save(checkpoint, folder / f"{name}.safetensors")


def upload(app: AppTest, checkpoint: Checkpoint, path: pathlib.Path) -> AppTest:
    """Open a checkpoint's file in the sidebar, as a visitor does."""
    checkpoints.save(checkpoint, path)
    uploader = app.sidebar.file_uploader(key="checkpoint_upload")
    return uploader.set_value((path.name, path.read_bytes(), "application/octet-stream")).run()


def outside_explanation(app: AppTest) -> str:
    """What a page says of its items, in small letters: all but how it works in general."""
    general = [m.value for e in app.main.expander if e.label == "How this works" for m in e.markdown]
    return words(app).replace(general[-1] if general else "", "").lower()


@pytest.mark.parametrize("model", MODELS)
def test_decoded_samples_are_decoded_from_the_prior_or_the_cards_statistics(
    unusual_models: dict[str, Checkpoint], model: str
) -> None:
    checkpoint = unusual_models[model]
    samples, codes = decoded_samples.decoded_samples(checkpoint)
    assert samples.event_shape == checkpoint.event_shape
    assert (samples.labels, len(samples.train), len(samples.validation)) == (None, 0, 0)
    expected = checkpoint.decode(codes)
    if samples.kind == "image":
        np.testing.assert_allclose(samples.x / 255, expected, atol=0.5 / 255 + 1e-6)
    else:
        np.testing.assert_array_equal(samples.x, expected)
    # Of the prior, or of the codes on the card: within four standard errors of the mean.
    if checkpoint.is_variational:
        mean, std = np.zeros(checkpoint.latent_dim), np.ones(checkpoint.latent_dim)
    else:
        assert checkpoint.card.latent is not None
        mean, std = np.asarray(checkpoint.card.latent.mean), np.asarray(checkpoint.card.latent.std)
    assert (np.abs(codes.mean(0) - mean) < 4 * std / np.sqrt(len(codes))).all()


def test_decoded_samples_have_codes_but_no_errors(unusual_models: dict[str, Checkpoint]) -> None:
    samples, codes = decoded_samples.decoded_samples(unusual_models["odd-plain"])
    context = Context(unusual_models["odd-plain"], samples, np.arange(len(codes)), "all", codes)
    few = context.thinned(20)
    assert (len(few.rows), few.split) == (20, "decoded samples, n = 20")
    np.testing.assert_array_equal(few.codes(), codes[few.rows])
    assert not few.is_real
    with pytest.raises(ExplorerError, match="real items"):
        few.errors()
    assert dataclasses.replace(context, drawn=None).is_real


def test_large_pictures_are_fewer(unusual_models: dict[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "MAX_VALUES", 60 * 400)
    card = unusual_models["odd-images"].card.model_copy(update={"created": "another time"})
    samples, _ = decoded_samples.decoded_samples(VectorCheckpoint(unusual_models["odd-images"].model, card))
    assert len(samples) == 60


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", MODELS)
def test_every_page_opens_without_data(unusual_folder: None, open_page: OpenPage, page: str, model: str) -> None:
    # Denoise opens with a photo, which needs no data: here it is asked for the model's own items.
    app = open_page(page, model=model, **({DENOISE_WHAT: ITEMS} if page == "denoise" else {}))
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="data").value == session.NO_DATA
    assert "None of them is real" in "".join(c.value for c in app.sidebar.caption)
    said = outside_explanation(app)
    if page in ("denoise", "novelty", "compare", "learn"):
        assert "add your data in the sidebar" in said
    if page in ("latent_space", "generate"):
        assert app.main.get("bidi_component"), "the live picture is there"
    if page in ("latent_space", "generate"):
        shown = said + "".join(e.proto.body for e in app.main.get("html")).lower()
        sent = b"".join(component.proto.bytes for component in app.main.get("bidi_component"))
        assert "decoded samples" in shown or b"decoded samples" in sent
        assert b'"item_kind":"real"' not in sent
        assert [word for word in PRETENDS if word in shown] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", ["latent_space", "generate"])
@pytest.mark.parametrize("model", ["odd-images", "odd-table"])
def test_an_uploaded_checkpoint_of_a_shape_that_no_dataset_has(
    unusual_models: dict[str, Checkpoint], open_page: OpenPage, tmp_path: pathlib.Path, page: str, model: str
) -> None:
    app = upload(open_page(page), unusual_models[model], tmp_path / f"{model}.safetensors")
    assert not app.exception
    assert not app.error
    assert (app.selectbox(key="model").value, app.selectbox(key="data").value) == (model, session.NO_DATA)
    shape = " x ".join(map(str, MODELS[model][0]))
    assert f"No dataset here has items of {shape}." in "".join(c.value for c in app.sidebar.caption)
    assert app.main.get("bidi_component")


@pytest.mark.parametrize("view", ["Sliders", "Traversals", "Interpolate", "Sample"])
@pytest.mark.parametrize("model", MODELS)
def test_every_view_of_generate_without_data(unusual_folder: None, open_page: OpenPage, view: str, model: str) -> None:
    app = open_page("generate", model=model, view=view)
    assert not app.exception
    assert not app.error
    assert [word for word in PRETENDS if word in outside_explanation(app)] == []


@pytest.mark.slow
def test_data_can_be_left_out_and_chosen_again(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("latent_space", model="tiny-vae")
    assert "trustworthiness" in words(app)
    app.selectbox(key="data").set_value(session.NO_DATA).run()
    assert not app.exception
    assert not app.error
    assert app.query_params["data"] == session.NO_DATA
    assert "decoded samples" in words(app)
    assert "error" not in app.selectbox(key="colour").options
    app = open_page("novelty", model="tiny-vae", data=session.NO_DATA)
    [button] = [b for b in app.button if b.label.startswith("Show ")]
    shown = button.click().run()
    assert not shown.exception
    assert shown.selectbox(key="data").value == "digits"


def test_a_plain_checkpoint_without_statistics_says_why_nothing_can_be_made(
    unusual_models: dict[str, Checkpoint], folder: pathlib.Path, open_page: OpenPage
) -> None:
    bare = unusual_models["odd-plain"].card.model_copy(update={"latent": None, "created": "before it had finished"})
    checkpoints.save(VectorCheckpoint(unusual_models["odd-plain"].model, bare), folder / "odd-plain.safetensors")
    app = open_page("latent_space", model="odd-plain")
    assert not app.exception
    assert any("without statistics of its codes" in error.value for error in app.error)


def test_codes_of_the_card_are_those_of_its_sampler(unusual_models: dict[str, Checkpoint]) -> None:
    _, codes = decoded_samples.decoded_samples(unusual_models["odd-table"])
    np.testing.assert_array_equal(codes, sampling.sample_codes(unusual_models["odd-table"], len(codes))[0])
