"""The Learn page for every family, for a table, and where it cannot show anything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.evaluation.activations import loss_terms
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.learn import route, walkthrough
from explorer.views.gallery import GALLERY
from explorer.views.inside_contents import loss_in_words

OpenPage = Callable[..., AppTest]
KINDS = {
    "stacked": {"model": {"family": "stacked", "hidden": [24, 12], "latent_dim": 6}},
    "convolutional": {"model": {"family": "convolutional", "channels": [10], "latent_dim": 6}},
    "denoising": {
        "model": {"family": "undercomplete", "hidden": [32], "latent_dim": 8},
        "corruption": {"kind": "masking", "fraction": 0.4},
    },
}


@pytest.fixture(scope="module")
def all_kinds(
    tmp_path_factory: pytest.TempPathFactory,
    digits: Dataset,
    digits_autoencoder: Checkpoint,
    digits_vae: Checkpoint,
    table_autoencoder: Checkpoint,
) -> Path:
    """A folder with one small checkpoint of each of the five kinds, and one of a table."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, checkpoint in {
        "undercomplete": digits_autoencoder,
        "variational": digits_vae,
        "table": table_autoencoder,
    }.items():
        checkpoints.save(checkpoint, folder / f"{name}.safetensors")
    for name, values in KINDS.items():
        recipe = Recipe.parse(
            {"name": name, "data": {"dataset": "digits"}, "training": {"epochs": 2, "device": "cpu"}, **values}
        )
        *_, last = train(recipe, digits)
        checkpoints.save(last.checkpoint, folder / f"{name}.safetensors")
    return folder


@pytest.fixture
def page(all_kinds: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens the page on a checkpoint of ``all_kinds``."""
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(all_kinds))

    def page(model: str, **query: str) -> AppTest:
        app = open_page("learn", model=model, **query)
        assert not app.exception
        assert not app.error
        return app

    return page


def _sent(app: AppTest) -> str:
    """What the browser gets for its components, as text."""
    sent = [each.proto.SerializeToString() for each in app.main.get("bidi_component")]
    return b"".join(sent).decode("utf-8", "replace")


@pytest.mark.parametrize("model", ["undercomplete", "variational", *KINDS, "table"])
def test_a_checkpoint_is_drawn_with_its_item_and_its_loss(page: Callable[..., AppTest], model: str) -> None:
    app = page(model)
    names = [json.loads(name) for name in re.findall(r'"name": ?("[^"]*")', _sent(app))]
    assert ("x̃" if model == "denoising" else "x") in names
    assert "x̂" in names
    assert ("μ" in names) == (model == "variational")
    assert not app.main.info


@pytest.mark.slow
def test_the_numbers_are_the_loss_of_each_item(
    page: Callable[..., AppTest], digits: Dataset, digits_vae: Checkpoint
) -> None:
    app = page("variational")
    sent = _sent(app)
    rows = [int(row.replace(",", "")) for row in re.findall(r'"row ([\d,]+), class', sent)]
    assert len(rows) == walkthrough.ITEMS
    for row in rows:
        assert loss_in_words(loss_terms(digits_vae, digits.x[[row]])) in sent


def test_the_loss_brings_its_chart_only_once_it_is_opened(page: Callable[..., AppTest]) -> None:
    app = page("variational")
    assert not app.main.get("plotly_chart"), "Plotly's 4.7 MB hold up the first scene by a second"
    assert not app.main.latex
    app = page("variational", loss="true")
    assert len(app.main.get("plotly_chart")) == 1
    assert any("KL" in formula.value for formula in app.main.latex)


@pytest.mark.slow
def test_the_route_leads_from_scene_to_scene(page: Callable[..., AppTest]) -> None:
    app = page("undercomplete")
    assert app.button_group("scene").value == "undercomplete"
    names = list(route.stops())
    for name in names[1:]:
        next(button for button in app.main.button if button.label.startswith("Next: ")).click().run()
        assert not app.exception
        assert app.button_group("scene").value == name
        assert "".join(app.query_params["scene"]) == name  # a list only where the address has it
        assert "".join(app.query_params["seen"]).split(".") == names[: names.index(name)]
    assert not [button for button in app.main.button if button.label.startswith("Next: ")]
    again = page("undercomplete", scene="ordered", seen="undercomplete.nothing", gallery="Priors")
    formulas = "".join(formula.value for formula in again.main.latex)
    assert all(entry.formula in formulas for entry in GALLERY["Priors"]()), "drawn below the story, as the link says"
    ticked = [option.content for option in again.button_group("scene").proto.options if "check" in option.content_icon]
    assert [title.split()[1] for title in ticked] == ["Undercomplete"]


def test_with_a_table_at_hand_a_scene_says_why_it_shows_pictures(page: Callable[..., AppTest]) -> None:
    for name, scene in route.stops().items():
        assert scene.for_tables.startswith("It shows pictures" if scene.matches else "Each point is a row"), name
    captions = [caption.value for caption in page("table", scene="features").main.caption]
    assert any(route.stops()["features"].for_tables in caption for caption in captions)
    captions = [caption.value for caption in page("variational", scene="features").main.caption]
    assert not any("It shows pictures" in caption for caption in captions)


def test_a_kind_that_is_not_available_names_a_recipe(
    tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints.library, "folders", lambda: [tmp_path])
    checkpoints.save(digits_vae, tmp_path / "only.safetensors")
    for scene, is_missing in (("variational", False), ("stacked", True)):
        app = open_page("learn", model="only", scene=scene)
        assert not app.exception
        assert any("There is no such checkpoint" in info.value for info in app.main.info) == is_missing


def test_without_a_checkpoint_the_page_says_what_to_do(
    tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints.library, "folders", lambda: [tmp_path])
    app = open_page("learn")
    assert not app.exception
    assert "There is no checkpoint yet" in app.error[0].value
