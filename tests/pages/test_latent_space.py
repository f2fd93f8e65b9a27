"""The Latent space page: colours, the inspector, search, selection, slow maps, trust, and the visitor's own image."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from pyarrow import parquet
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.palette import NORMAL, NOVEL, UNLABELLED
from explorer.ui.latent_space import map_downloads, map_layers
from explorer.ui.map import planes
from explorer.ui.shell import cache, selection, user_image
from explorer.ui.shell.session import Context
from explorer.views import colouring
from explorer.views.exported import PageWishes, ShownMap, parts
from explorer.views.exported.rounded import live_packs

OpenPage = Callable[..., AppTest]


def looking_at(checkpoint: Checkpoint, name: str) -> Context:
    """A visitor's choice, without a visitor."""
    dataset = data.dataset(name)
    return Context(checkpoint, dataset, *cache.rows_for(checkpoint, dataset))


@pytest.fixture
def plain(digits_autoencoder: Checkpoint) -> Context:
    return looking_at(digits_autoencoder, "digits")


@pytest.fixture
def flat(digits_vae: Checkpoint) -> Context:
    return looking_at(digits_vae, "digits")


def words(app: AppTest) -> str:
    return "\n".join(m.value for m in app.main.markdown)


def linked(app: AppTest, parameter: str) -> str:
    """What stands in the link."""
    value = app.query_params[parameter]
    return value if isinstance(value, str) else value[0]


def captions(app: AppTest) -> str:
    return "\n".join(c.value for c in app.main.caption)


def pictures(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.main.get("html"))


# --- Colours --------------------------------------------------------------------------------------------------------


def test_values_are_coloured_in_even_steps_from_low_to_high() -> None:
    values = np.random.default_rng(0).permutation(np.arange(800.0))
    colours = colouring.by_value(values)
    assert colours.groups is not None
    assert (np.diff(colours.groups[np.argsort(values)]) >= 0).all()
    assert np.ptp(np.bincount(colours.groups)) <= 1
    assert len(colours.names) == len(np.bincount(colours.groups)) == 8
    assert colours.names[0].startswith("0 to")


def test_one_value_has_one_colour() -> None:
    assert colouring.by_value(np.ones(5)).groups is None


def test_normal_is_blue_and_novel_is_orange(table_autoencoder: Checkpoint) -> None:
    recipe = table_autoencoder.card.recipe
    only = recipe.model_copy(update={"data": recipe.data.model_copy(update={"classes": ("benign",)})})
    card = table_autoencoder.card.model_copy(update={"recipe": only})
    colours = colouring.by_label(looking_at(VectorCheckpoint(table_autoencoder.model, card), "breast-cancer"))
    assert dict(zip(colours.names, colours.palette, strict=True)) == {"malignant": NOVEL, "benign": NORMAL}


def test_items_without_a_label_are_grey(plain: Context) -> None:
    labels = np.asarray(plain.dataset.labels).copy()
    labels[plain.rows[0]] = -1
    colours = colouring.by_label(dataclasses.replace(plain, dataset=dataclasses.replace(plain.dataset, labels=labels)))
    assert colours.groups is not None
    assert colours.names[colours.groups[0]] == "not labelled"
    assert colours.palette[colours.groups[0]] == UNLABELLED


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain", "tiny-table"])
def test_a_map_and_an_inspected_item_at_once(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, model: str
) -> None:
    app = open_page("latent_space", model=model)
    assert not app.exception
    assert not app.error
    assert re.search(r"trustworthiness.*k = 10 \(test, n = \d+\)", captions(app))
    assert "of the validation items" in captions(app)


@pytest.mark.slow
def test_a_link_chooses_the_item_and_the_colour(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    dataset = data.dataset("digits")
    row = int(dataset.splits.test[5])
    app = open_page("latent_space", model="tiny-vae", item=str(row), colour="Reconstruction error")
    assert not app.exception
    assert f"row {row:,}, {dataset.label_names[dataset.labels[row]]}" in pictures(app)
    assert "Colour: reconstruction error (squared error per image)" in captions(app)
    error = tiny_models["tiny-vae"].reconstruction_errors(dataset.x[[row]])[0]
    assert f"Reconstruction error {error:.3g}" in captions(app)


@pytest.mark.slow
def test_the_row_after_one_that_is_not_shown_is_taken(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    test = data.dataset("digits").splits.test
    gap = int(test[np.flatnonzero(np.diff(test) > 1)[0]])
    app = open_page("latent_space", model="tiny-vae", item=str(gap + 1))
    assert f"row {test[test > gap][0]:,}" in pictures(app)


@pytest.mark.slow
def test_a_slow_map_is_laid_out_on_request_and_can_be_cancelled(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("latent_space", model="tiny-plain", projection="t-SNE", items="500", map_seed="41")
    assert "Until then, this is PCA" in app.info[0].value
    assert "PCA of the 4-D codes" in captions(app)
    app.button(key="lay_out").click().run()
    assert not app.exception
    (layout,) = [one for one in planes.layouts()._known.values() if one.seed == 41]
    if layout.status == "running":
        app.button(key="cancel_tsne").click().run()
        assert layout.status == "cancelled"
        assert "Until then, this is PCA" in app.info[0].value
        app.button(key="lay_out").click().run()
    (layout,) = [one for one in planes.layouts()._known.values() if one.seed == 41]
    layout.wait(200)
    app.run()
    assert not app.exception
    assert not app.info
    assert "the size of groups and the gaps between them mean little" in captions(app)
    assert "the mean of the codes of the nearest items" in captions(app)


@pytest.mark.slow
def test_a_search_rings_lists_and_selects(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    dataset = data.dataset("digits")
    sevens = np.intersect1d(np.flatnonzero(dataset.labels == 7), dataset.splits.test)
    app = open_page("latent_space", model="tiny-vae", find="7, zebra")
    assert f"**{len(sevens)} found**" in words(app)
    assert any("zebra" in warning.value for warning in app.warning)
    app.button(key="select_found").click().run()
    assert not app.exception
    assert f"Selection: {len(sevens)} images" in [h.value for h in app.main.subheader]
    rows = selection.rows_of(linked(app, "selected"), dataset.fingerprint)
    np.testing.assert_array_equal(rows, sevens)


@pytest.mark.slow
def test_a_link_brings_its_selection_which_becomes_a_group_and_is_cleared(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    dataset = data.dataset("digits")
    rows = dataset.splits.test[[2, 30, 31]]
    app = open_page("latent_space", model="tiny-vae", selected=selection.link_text(rows, dataset.fingerprint))
    assert not app.exception
    assert "Selection: 3 images" in [h.value for h in app.main.subheader]
    assert "are on the map." not in captions(app), "all of them are"
    means = [frame.value for frame in app.main.dataframe if "selected" in frame.value and "shown" in frame.value]
    assert list(means[0].iloc[:, 0])[:2] == ["Error", "KL"]
    app.button(key="keep_A").click().run()
    assert "group A: 3 items" in captions(app)
    app.button(key="selection_clear").click().run()
    assert "Nothing is selected" in captions(app)
    assert "selected" not in app.query_params
    np.testing.assert_array_equal(selection.rows_of(linked(app, "group_a"), dataset.fingerprint), rows)


def test_a_damaged_selection_in_a_link_is_no_selection(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page(
        "latent_space", model="tiny-vae", selected="nonsense.%%%", colour="Nothing there", layers="Nor this"
    )
    assert not app.exception
    assert not app.error
    assert "Nothing is selected" in captions(app)


@pytest.mark.parametrize("colour", ["KL", "Log density", "True neighbours", "Dimension z2", "Brightness"])
def test_every_colour_says_what_it_is(tiny_models: dict[str, Checkpoint], open_page: OpenPage, colour: str) -> None:
    app = open_page("latent_space", model="tiny-vae", colour=colour)
    assert not app.exception
    assert f"Colour: {colour.lower()}" in captions(app)


def test_layers_are_drawn_and_explained(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("latent_space", model="tiny-vae")
    app.button_group(key="layers").set_value([map_layers.UNDER, map_layers.DENSITY, map_layers.DECODER]).run()
    assert not app.exception
    text = captions(app)
    assert "the decoded centre of each cell" in text
    assert "hold 25, 50, 75 and 95 %" in text
    assert "nats per pixel" in text


def test_the_trust_panel_is_there_when_it_is_opened(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    closed = open_page("latent_space", model="tiny-plain")
    assert not closed.main.get("plotly_chart")
    app = open_page("latent_space", model="tiny-plain", trust="true")
    assert not app.exception
    assert len(app.main.get("plotly_chart")) == 1
    assert "vote for an item's own label (test, n = " in captions(app)


def test_two_checkpoints_are_shown_on_the_same_items(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    title = tiny_models["tiny-plain"].card.title
    app = open_page("latent_space", model="tiny-vae", compare=title)
    assert not app.exception
    assert "The code has two dimensions" in captions(app)
    assert "PCA of the 4-D codes" in captions(app)
    assert captions(app).count("(trustworthiness)") == 2


def test_the_python_of_a_pair_names_its_dimensions(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("latent_space", model="tiny-plain", projection="Two dimensions", across="z3", up="z1")
    assert not app.exception
    assert any("REGISTRY['pair'](i=2, j=0)" in code.value for code in app.main.code)


@pytest.mark.slow
def test_my_image_is_ringed_with_its_neighbours_beside_the_map(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("latent_space", model="tiny-vae", inspect="My image")
    assert not app.exception
    app.session_state["own_picture"] = user_image.UserPicture(
        np.linspace(0, 1, 40 * 20, dtype=np.float32).reshape(1, 40, 20), "mine.png"
    )
    app.run()
    assert not app.exception
    assert "1 and 2 standard deviations of that posterior" in captions(app)
    assert "Nearest real images" in captions(app)
    assert {"mine_denoise", "mine_generate", "mine_novelty"} <= {button.key for button in app.main.button}


def test_rows_of_a_table_are_brought_through_the_sidebar(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("latent_space", model="tiny-table", inspect="My image")
    assert not app.exception
    assert "add a CSV" in captions(app)


def test_without_a_checkpoint_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setattr(checkpoints.library, "folders", list)
    app = open_page("latent_space")
    assert not app.exception
    assert "No checkpoint yet: train one on the Train page" in app.sidebar.info[0].value
    assert "numbers an item" in captions(app)  # a table's own, which take no model


def test_all_that_is_made_of_the_items_leaves_in_a_chosen_form(plain: Context) -> None:
    shown = planes.plane(plain)
    read = parquet.read_table(io.BytesIO(map_downloads.items_of(plain, shown, "parquet", False)))
    np.testing.assert_allclose(np.stack([read["map_x"], read["map_y"]], 1), shown.points)
    assert read["row"].to_pylist() == plain.rows.tolist()
    message = parts.map_part(plain, live_packs(plain.checkpoint), PageWishes()).message
    assert isinstance(message, parts.LatentMap)
    report = map_downloads.report_of(plain, ShownMap(message, shown))
    assert f"{plain.dataset.title}, {plain.split}".encode() in report
