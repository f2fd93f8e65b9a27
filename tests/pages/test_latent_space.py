"""The Latent space page: planes and their way back, colours, the inspector, and the visitor's own image."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pytest
from sklearn import decomposition
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data, images
from explorer.checkpoints import Checkpoint
from explorer.errors import ExplorerError
from explorer.palette import NORMAL, NOVEL, UNLABELLED
from explorer.ui import cache, latent_view
from explorer.ui.session import Current

OpenPage = Callable[..., AppTest]


def looking_at(checkpoint: Checkpoint, name: str) -> Current:
    """A visitor's choice, without a visitor."""
    dataset = data.dataset(name)
    return Current(checkpoint, dataset, *cache.rows_for(checkpoint, dataset))


@pytest.fixture
def plain(digits_autoencoder: Checkpoint) -> Current:
    return looking_at(digits_autoencoder, "digits")


@pytest.fixture
def flat(digits_vae: Checkpoint) -> Current:
    return looking_at(digits_vae, "digits")


def captions(app: AppTest) -> str:
    return "\n".join(c.value for c in app.main.caption)


def pictures(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.main.get("html"))


# --- Planes ---------------------------------------------------------------------------------------------------------


def test_a_two_dimensional_code_is_its_own_map(flat: Current) -> None:
    shown = latent_view.plane(flat)
    np.testing.assert_allclose(shown.points, flat.codes(), rtol=1e-6)
    assert shown.lift is not None
    np.testing.assert_allclose(shown.lift.codes(shown.points), flat.codes(), rtol=1e-5)


def test_the_way_back_from_pca_is_that_of_scikit_learn(plain: Current) -> None:
    shown = latent_view.plane(plain)
    oracle = decomposition.PCA(2, svd_solver="full").fit(plain.codes().astype(np.float64))
    assert shown.lift is not None
    np.testing.assert_allclose(shown.lift.codes(shown.points), oracle.inverse_transform(shown.points), rtol=1e-6)


def test_a_raw_pair_is_decoded_with_the_others_at_their_medians(plain: Current) -> None:
    shown = latent_view.plane(plain, "pair", (3, 1))
    assert shown.axes == ("z4", "z2")
    assert shown.lift is not None
    code = shown.lift.codes(np.array([[7.0, -8.0]]))[0]
    medians = np.median(plain.codes(), axis=0)
    np.testing.assert_allclose(code, [medians[0], -8, medians[2], 7], rtol=1e-6)


def test_no_picture_is_promised_where_there_is_no_way_back(plain: Current) -> None:
    few = plain.thinned(40)
    shown = latent_view.plane(few, "tsne")
    assert shown.points.shape == (40, 2)
    assert shown.lift is None
    assert latent_view.plane_pack(few, shown) is None


def test_what_cannot_be_laid_flat_says_why(plain: Current, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExplorerError, match="needs 4 items"):
        latent_view.plane(dataclasses.replace(plain, rows=plain.rows[:3]))
    monkeypatch.setattr(Current, "codes", lambda self: np.full((len(self.rows), 4), np.nan))
    with pytest.raises(ExplorerError, match="not finite"):
        latent_view.plane(plain)


def test_a_map_without_loss_can_be_trusted_fully(plain: Current, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_plane = np.random.default_rng(0).normal(size=(len(plain.rows), 2)) @ np.eye(2, 4)
    monkeypatch.setattr(Current, "codes", lambda self: on_a_plane)
    lossless = dataclasses.replace(plain, rows=plain.rows[::-1].copy())  # another key than the true codes have
    trust = latent_view.plane_trust(lossless, latent_view.plane(lossless), 10)
    assert (trust.trustworthiness, trust.continuity, trust.n) == (1, 1, len(plain.rows))


# --- Colours --------------------------------------------------------------------------------------------------------


def test_values_are_coloured_in_even_steps_from_low_to_high() -> None:
    values = np.random.default_rng(0).permutation(np.arange(800.0))
    colours = latent_view.by_value(values)
    assert colours.groups is not None
    assert (np.diff(colours.groups[np.argsort(values)]) >= 0).all()
    assert np.ptp(np.bincount(colours.groups)) <= 1
    assert len(colours.names) == len(np.bincount(colours.groups)) == 8
    assert colours.names[0].startswith("0 to")


def test_one_value_has_one_colour() -> None:
    assert latent_view.by_value(np.ones(5)).groups is None


def test_normal_is_blue_and_novel_is_orange(table_autoencoder: Checkpoint) -> None:
    recipe = table_autoencoder.card.recipe
    only = recipe.model_copy(update={"data": recipe.data.model_copy(update={"classes": ("benign",)})})
    card = table_autoencoder.card.model_copy(update={"recipe": only})
    colours = latent_view.by_label(looking_at(Checkpoint(table_autoencoder.model, card), "breast-cancer"))
    assert dict(zip(colours.names, colours.palette, strict=True)) == {"malignant": NOVEL, "benign": NORMAL}


def test_items_without_a_label_are_grey(plain: Current) -> None:
    labels = np.asarray(plain.dataset.labels).copy()
    labels[plain.rows[0]] = -1
    colours = latent_view.by_label(
        dataclasses.replace(plain, dataset=dataclasses.replace(plain.dataset, labels=labels))
    )
    assert colours.groups is not None
    assert colours.names[colours.groups[0]] == "not labelled"
    assert colours.palette[colours.groups[0]] == UNLABELLED


def test_a_click_is_known_before_the_map_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"map": {"selected": {"points": "abc", "index": 7, "code": [1.0, 2.0]}}}
    monkeypatch.setattr(latent_view.st, "session_state", state)
    click = latent_view.last_click("map", 10)
    assert click is not None
    assert (click.index, click.code) == (7, (1.0, 2.0))
    assert latent_view.last_click("map", 7) is None, "it was on a map with more items"
    assert latent_view.last_click("other", 10) is None


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


def test_a_link_chooses_the_item_and_the_colour(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    dataset = data.dataset("digits")
    row = int(dataset.splits.test[5])
    app = open_page("latent_space", model="tiny-vae", item=str(row), colour="Reconstruction error")
    assert not app.exception
    assert f"row {row:,}, {dataset.label_names[dataset.labels[row]]}" in pictures(app)
    assert "Colour: reconstruction error (squared error an image)" in captions(app)
    error = tiny_models["tiny-vae"].reconstruction_errors(dataset.x[[row]])[0]
    assert f"Reconstruction error {error:.3g}" in captions(app)


def test_the_row_after_one_that_is_not_shown_is_taken(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    test = data.dataset("digits").splits.test
    gap = int(test[np.flatnonzero(np.diff(test) > 1)[0]])
    app = open_page("latent_space", model="tiny-vae", item=str(gap + 1))
    assert f"row {test[test > gap][0]:,}" in pictures(app)


def test_a_slow_map_is_laid_out_on_request(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("latent_space", model="tiny-plain", projection="t-SNE", items="500")
    assert "Until then, this is PCA" in app.info[0].value
    assert "PCA of the 4-D codes" in captions(app)
    app.button(key="lay_out").click().run()
    assert not app.exception
    assert not app.info
    assert "distances" in captions(app) or "gaps" in captions(app)
    assert "nothing is decoded under the pointer" in captions(app)


def test_my_image_is_placed_and_what_was_done_to_it_is_said(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("latent_space", model="tiny-vae")
    picture = images.png_bytes(np.linspace(0, 1, 40 * 20, dtype=np.float32).reshape(1, 40, 20))
    app.file_uploader(key="my_image").upload("mine.png", picture, "image/png").run()
    assert not app.exception
    assert "my image" in pictures(app)
    assert "middle cut out and resized from 20x40 to 8x8" in captions(app)


def test_a_file_that_is_no_image_is_said_beside_the_uploader(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("latent_space", model="tiny-vae")
    app.file_uploader(key="my_image").upload("notes.png", b"these are words", "image/png").run()
    assert not app.exception
    assert "not an image" in app.error[0].value
    assert "trustworthiness" in captions(app), "the rest of the page stays"


def test_without_a_checkpoint_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setattr(checkpoints, "available", dict)
    app = open_page("latent_space")
    assert not app.exception
    assert "There is no checkpoint yet" in app.error[0].value
