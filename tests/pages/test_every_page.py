"""The contract over pages: each shows something for every checkpoint that is shipped, and survives a broken one."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
import torch
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import Card
from explorer.ui.shell.frame import PAGES
from tests.conftest import ROOT

OpenPage = Callable[..., AppTest]
SHIPPED = sorted(path.stem for path in (ROOT / "checkpoints").glob("*.safetensors"))


def own_folder() -> pathlib.Path:
    """Where checkpoints of the tests go; the shipped ones are found beside it."""
    return checkpoints.folders()[0]


def test_every_page_has_its_file_and_its_place_in_the_navigation() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(PAGES)


def kind(page: str, card: Card) -> tuple[object, ...]:
    """What decides by which branches a page draws a checkpoint; two of one kind differ in numbers alone."""
    model, trained = card.recipe.model, (card.recipe.corruption is not None, card.recipe.data.classes != ())
    # Denoise and Novelty also look at what the model was trained to remove, and on which classes.
    own = trained if page in ("denoise", "novelty") else ()
    return model.family, card.data.event_shape, min(model.latent_dim, 3), *own


def pairs() -> list[tuple[str, str]]:
    """Page and checkpoint: Home, which comes first, with each; the other pages with one of each kind."""
    cards = {model: checkpoints.load_card(ROOT / "checkpoints" / f"{model}.safetensors") for model in SHIPPED}
    chosen: dict[tuple[object, ...], tuple[str, str]] = {}
    for page in PAGES:
        for model, card in cards.items():
            same = (page, model) if page == "home" else (page, *kind(page, card))
            chosen.setdefault(same, (page, model))
    return list(chosen.values())


@pytest.mark.slow
@pytest.mark.parametrize(("page", "model"), pairs())
def test_a_page_shows_every_shipped_checkpoint(open_page: OpenPage, page: str, model: str) -> None:
    app = open_page(page, model=model)
    assert not app.exception
    assert not app.error
    assert app.title
    assert app.selectbox(key="model").value == model
    assert app.caption


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_a_checkpoint_that_is_gone_shows_another_and_says_so(open_page: OpenPage, page: str) -> None:
    app = open_page(page, model="no-such-model")
    assert not app.exception
    assert any("no-such-model" in warning.value for warning in app.warning)


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_checkpoint_is_one_line_of_error(open_page: OpenPage, page: str) -> None:
    broken = own_folder() / "broken.safetensors"
    torch.save({"weights": torch.zeros(3)}, broken)
    try:
        app = open_page(page, model="broken")
    finally:
        broken.unlink()
    assert not app.exception
    assert [error for error in app.error if "pickle" in error.value]
