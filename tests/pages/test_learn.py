"""The Learn page for every family, for a table, and where it cannot show anything."""

from __future__ import annotations

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
from explorer.ui.learn import route
from explorer.ui.learn.walkthrough import in_numbers

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


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.main.get("html"))


@pytest.mark.parametrize("model", ["undercomplete", "variational", *KINDS, "table"])
def test_a_checkpoint_is_drawn_with_its_item_and_its_loss(page: Callable[..., AppTest], model: str) -> None:
    app = page(model)
    drawn = _html(app)
    assert "ex-diagram" in drawn
    card = checkpoints.load_card(model)
    total = sum(int(n.replace(",", "")) for n in _weights(drawn))
    assert total == card.weights - _not_drawn(card)
    titles = [m.value for m in app.main.markdown]
    assert any(title.startswith("**Code z") for title in titles)
    assert any(title.startswith("**Reconstruction x̂") for title in titles)
    assert any(title.startswith("**Corrupted") for title in titles) == (model == "denoising")
    assert not app.main.info  # every kind of the story is at hand


def _weights(drawn: str) -> list[str]:
    import re

    return re.findall(r">([\d,]+) weights<", drawn)


def _not_drawn(card: checkpoints.Card) -> int:
    """The head of the log variance stands beside the chain from an item to its code."""
    if card.recipe.model.family != "variational":
        return 0
    return (card.recipe.model.hidden[-1] + 1) * card.recipe.model.latent_dim


@pytest.mark.slow
def test_the_numbers_are_the_loss_of_the_chosen_item(
    page: Callable[..., AppTest], digits: Dataset, digits_vae: Checkpoint
) -> None:
    app = page("variational")
    app.text_input("learn_item.field").set_value(f"row {digits.splits.test[4]}").run()
    shown = [m.value for m in app.main.latex if "underbrace" in m.value]
    row = int(digits.splits.test[4])
    assert digits.labels is not None
    label = digits.label_names[digits.labels[row]]
    assert f"row {row:,}, class {label} \\(test\\)" in [c.value for c in app.main.caption]
    assert in_numbers(loss_terms(digits_vae, digits.x[[row]])) in shown[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "key", "value"),
    [
        ("undercomplete", "learn_pca", 1),
    ],
)
def test_each_scene_can_be_dragged(page: Callable[..., AppTest], scene: str, key: str, value: float) -> None:
    app = page("undercomplete", scene=scene)
    before = _html(app)
    app.slider(key).set_value(value).run()
    assert not app.exception
    assert _html(app) != before


def test_the_route_leads_from_scene_to_scene(page: Callable[..., AppTest]) -> None:
    app = page("undercomplete")
    assert app.button_group("scene").value == "undercomplete"
    names = list(route.stops())
    for name in names[1:]:
        next(button for button in app.main.button if button.label.startswith("Next: ")).click().run()
        assert not app.exception
        assert app.button_group("scene").value == name
        assert "".join(app.query_params["scene"]) == name  # a list only where the address has it
    assert not [button for button in app.main.button if button.label.startswith("Next: ")]


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


@pytest.mark.slow
def test_an_item_beyond_the_last_in_a_link_is_the_first(
    all_kinds: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(all_kinds))
    app = open_page("learn", model="table", learn_item="99999")
    assert not app.exception
    assert app.text_input("learn_item.field").value.startswith("row ")
