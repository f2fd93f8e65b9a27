"""Every page with a model that was trained elsewhere: it opens, and claims no training of its own."""

from __future__ import annotations

import pathlib

import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer import checkpoints
from explorer.ui.shell.frame import PAGES
from tests.adoption.foreign import Decoder, Encoder, seeded
from tests.pages.conftest import OpenPage, words


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("foreign") / "foreign.safetensors"
    explorer.adopt(
        "foreign",
        encoder=seeded(Encoder(2)),
        decoder=seeded(Decoder(2), 1),
        data="mnist-sample",
        pixels=(-1, 1),
        path=path,
    )
    return path.read_bytes()


@pytest.fixture
def with_foreign(foreign: bytes, folder: pathlib.Path) -> None:
    (folder / "foreign.safetensors").write_bytes(foreign)


def opened(open_page: OpenPage, page: str) -> AppTest:
    app = open_page(page, model="foreign", data="mnist-sample")
    assert not app.exception
    assert not [e.value for e in app.error]
    return app


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_it(with_foreign: None, open_page: OpenPage, page: str) -> None:
    assert "0 items" not in words(opened(open_page, page))


@pytest.mark.slow
def test_the_sidebar_says_where_it_comes_from(with_foreign: None, open_page: OpenPage) -> None:
    app = opened(open_page, "latent_space")
    said = " ".join(m.value for m in (*app.sidebar.markdown, *app.sidebar.caption))
    assert "Where it was trained is not known" in said
    assert "given, n =" in said
    assert "trained elsewhere" in said
    assert "Training time" not in said
    assert "[training]" not in " ".join(c.value for c in app.sidebar.code)


def test_the_train_form_does_not_offer_what_it_cannot_show(with_foreign: None, open_page: OpenPage) -> None:
    app = opened(open_page, "train")
    families = next(s for s in app.selectbox if s.label == "Family")
    assert [option for option in families.options if "layers" in option.lower()] == []
    assert "This model" not in next(s for s in app.selectbox if s.label == "Start from a recipe").options


def test_a_card_without_an_origin_is_of_a_model_that_was_trained_here() -> None:
    card = checkpoints.load_card("mnist-vae-2d")
    assert card.origin == ""
    assert card.provenance.startswith("Trained on ")
