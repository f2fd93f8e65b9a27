"""The sidebar says what each page uses, and models that belong together stand together."""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.novelty import table_fitting
from explorer.novelty.inputs import TableInput, open_upload
from explorer.ui.home import home_page
from explorer.ui.shell import session

OpenPage = Callable[..., AppTest]
UNUSED = "Not in use here"


def used(app: AppTest) -> str:
    """The lines under "This page uses", and what is said of the choice below them."""
    assert not app.exception
    [lines] = [e.value for e in app.sidebar.markdown if e.value.startswith("**This page uses**")]
    unused = [e.value for e in app.sidebar.caption if e.value.startswith(UNUSED)]
    return "\n".join([lines, *unused]).replace("\\", "")  # of what Markdown would read as its own


@pytest.mark.slow
@pytest.mark.parametrize("page", ["home", "latent_space", "generate", "compare", "learn"])
def test_a_page_that_shows_the_choice_names_it(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, page: str
) -> None:
    text = used(open_page(page, model="tiny-plain"))
    assert tiny_models["tiny-plain"].card.title in text
    assert "Digits 8x8" in text
    assert UNUSED not in text


def test_without_data_decoded_samples_are_no_dataset(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    text = used(open_page("latent_space", model="tiny-vae", data=session.NO_DATA))
    assert tiny_models["tiny-vae"].card.title in text
    assert "No dataset" in text


@pytest.mark.slow
def test_a_photo_names_the_photo_denoiser(open_page: OpenPage) -> None:
    app = open_page("denoise", model="mnist-vae-2d")
    text = used(app)
    assert "Photo denoiser · grey" in text
    assert "VAE" not in text
    assert "Photo: " in text
    assert f"{UNUSED}: the model and data chosen below" in text
    colour = used(app.selectbox(key="photo").set_value("astronaut").run())
    assert "Photo denoiser · colour" in colour


@pytest.mark.parametrize(
    ("example", "model", "data"),
    [
        ("brick", "Convolutional · brick without defects · 32-D", "Brick with drawn defects"),
        ("cells", "Undercomplete · breast cancer, benign only", "Breast cancer"),
    ],
)
def test_a_worked_example_names_its_own_model_and_data(
    open_page: OpenPage, example: str, model: str, data: str
) -> None:
    text = used(open_page("novelty", model="mnist-vae-2d", novelty_from=example))
    assert model in text
    assert data in text
    assert "MNIST" not in text
    assert f"{UNUSED}: the model and data chosen below" in text


def test_a_saved_detector_names_its_score_and_what_it_learnt(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 80))
    rows = "\n".join(f"{x:.4f},{y:.4f}" for x, y in zip(a, b, strict=True))
    table = open_upload("rows.csv", f"a,b\n{rows}\n".encode())
    assert isinstance(table, TableInput)
    content = table_fitting.fit_table(table, (), scorer="knn").to_bytes()
    app = open_page("novelty", model="tiny-plain", novelty_from="detector")
    assert tiny_models["tiny-plain"].card.title in used(app), "there is no detector yet"
    [uploader] = [u for u in app.main.get("file_uploader") if u.key == "novelty_detector"]
    text = used(uploader.set_value(("d.safetensors", content, "application/octet-stream")).run())
    assert tiny_models["tiny-plain"].card.title not in text
    assert "rows.csv" in text
    assert f"{UNUSED}: the model and data chosen below" in text


def test_models_are_sorted_by_data_family_and_size() -> None:
    cards = list(session.cards().values())
    assert len(cards) >= 10
    assert cards[0].data.title == checkpoints.load(session.FIRST_MODEL).card.data.title
    data = [title for title, _ in itertools.groupby(card.data.title for card in cards)]
    assert len(data) == len(set(data)), "models of the same data stand together"
    for _, of_data in itertools.groupby(cards, key=lambda card: card.data.title):
        members = list(of_data)
        families = [family for family, _ in itertools.groupby(card.recipe.model.family for card in members)]
        assert len(families) == len(set(families)), "and among them those of the same family"
        for _, of_family in itertools.groupby(members, key=lambda card: card.recipe.model.family):
            sizes = [card.recipe.model.latent_dim for card in of_family]
            assert sizes == sorted(sizes)


def test_like_models_are_those_of_the_same_data(open_page: OpenPage) -> None:
    card = checkpoints.load("fashion-vae-2d").card
    others = home_page.others_like(SimpleNamespace(card=card))  # type: ignore[arg-type]
    assert others
    assert {other.card.data.name for other in others} == {"fashion-mnist"}, "digits have the same shape"
    [models] = open_page("compare", model="fashion-vae-2d").main.multiselect
    assert {checkpoints.load(name).card.data.name for name in models.value} == {"fashion-mnist"}
    assert len(models.options) > len(models.value), "others of the shape can still be chosen"


def test_a_file_that_cannot_be_read_comes_last(folder: pathlib.Path) -> None:
    (folder / "a-broken.safetensors").write_bytes(b"no checkpoint")
    assert list(session.models())[-1] == "a-broken"
    assert "a-broken" not in session.cards()


@pytest.mark.slow
def test_links_of_the_first_version_still_open(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-plain", view="Interpolate", way="5,900,7")
    assert app.query_params["path"] == "5,900,7"
    assert "way" not in app.query_params
    app = open_page("generate", model="tiny-plain", view="Traversals", range="Where the codes lie")
    assert not app.exception
    assert app.main.selectbox(key="range").value == "Quantiles"
