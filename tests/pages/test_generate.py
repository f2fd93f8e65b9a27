"""The Generate page: where sliders start, and samples."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data, sampling
from explorer.checkpoints import Checkpoint
from explorer.ui import decoders

OpenPage = Callable[..., AppTest]
VIEWS = ("Sliders", "Traversals", "Interpolate", "Sample")


def captions(app: AppTest) -> str:
    return "\n".join(c.value for c in app.main.caption)


def code_shown(app: AppTest) -> np.ndarray:
    """The code in "Copy as Python"."""
    text = re.search(r"model\.decode\(\[\[([^\]]*)\]\]\)", app.main.code[0].value)
    assert text is not None
    return np.array([float(v) for v in text[1].split(",")])


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain", "tiny-table"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_every_kind_of_model(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, model: str, view: str
) -> None:
    app = open_page("generate", model=model, view=view)
    assert not app.exception
    assert not app.error
    assert app.main.segmented_control(key="view").value == view
    shown = app.main.dataframe if model == "tiny-table" and view != "Sliders" else app.main.caption
    assert len(shown) > 0


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain"])
def test_sliders_start_in_the_middle(tiny_models: dict[str, Checkpoint], open_page: OpenPage, model: str) -> None:
    app = open_page("generate", model=model)
    card = tiny_models[model].card
    middle = np.zeros(2) if model == "tiny-vae" else np.asarray(card.latent.mean)
    np.testing.assert_allclose(code_shown(app), middle, atol=1e-3)


def test_sliders_that_start_from_an_item_are_nearest_to_it(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-plain", start="A real image")
    checkpoint, dataset = tiny_models["tiny-plain"], data.dataset("digits")
    row = dataset.splits.test[:1]
    np.testing.assert_allclose(code_shown(app), checkpoint.encode(dataset.x[row])[0], atol=1e-3)
    html = "".join(e.proto.body for e in app.main.get("html"))
    assert f"{dataset.label_names[dataset.labels[row[0]]]}\n0<" in html, "the item itself is the nearest, at distance 0"


def test_a_seed_gives_one_draw(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    first, again, other = (
        code_shown(open_page("generate", model="tiny-vae", start="A random draw", seed=seed))
        for seed in ("3", "3", "4")
    )
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_a_link_names_the_item_that_sliders_start_from(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    checkpoint, dataset = tiny_models["tiny-plain"], data.dataset("digits")
    row = int(dataset.splits.test[30])
    app = open_page("generate", model="tiny-plain", start="A real image", item=str(row))
    np.testing.assert_allclose(code_shown(app), checkpoint.encode(dataset.x[[row]])[0], atol=1e-3)
    assert app.main.number_input[0].value == 2, "the page of pictures that holds it"
    app.main.selectbox(key="item_label").set_value(7).run()
    assert not app.exception
    assert code_shown(app) == pytest.approx(checkpoint.encode(dataset.x[[row]])[0], abs=1e-3)


def test_a_table_row_is_chosen_by_its_number(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-table", start="A real row")
    [rows] = [box for box in app.main.selectbox if box.label == "Row"]
    rows.set_value(5).run()
    dataset = data.dataset("breast-cancer")
    code = tiny_models["tiny-table"].encode(dataset.x[dataset.splits.test[[5]]])[0]
    np.testing.assert_allclose(code_shown(app), code, atol=1e-3)
    assert app.query_params["item"] == str(dataset.splits.test[5])


def test_a_link_restores_the_code(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", z="0.5_-1.25")
    np.testing.assert_allclose(code_shown(app), [0.5, -1.25])
    assert app.query_params["z"] == "0.5_-1.25"
    spoilt = open_page("generate", model="tiny-vae", z="0.5_1_2")
    np.testing.assert_allclose(code_shown(spoilt), [0, 0])
    assert "z" not in spoilt.query_params


def test_without_spread_a_mixture_gives_its_means() -> None:
    codes = np.random.default_rng(0).normal(size=(200, 3))
    mixture = sampling.density(codes)
    drawn = mixture.sample(50, temperature=0)
    assert np.isin(drawn, mixture.mixture_.means_.astype(np.float32)).all()
    wide, narrow = (np.std(mixture.sample(4000, temperature=t), axis=0) for t in (2.0, 1.0))
    assert (wide > narrow).all()


def test_the_plain_model_is_sampled_from_a_mixture_and_from_what_it_was_not_trained_for(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-plain", view="Sample")
    titles = [m.value for m in app.main.markdown]
    assert any("mixture fitted" in t for t in titles)
    assert any("N(0, I), as if" in t for t in titles)
    mixture, normal = (float(d) for d in re.findall(r"nearest real code: ([\d.]+)", captions(app)))
    assert mixture < normal, "draws from the mixture lie nearer to real codes"


def test_a_view_that_does_not_exist_is_the_first(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", view="No such view", samples="7", temperature="hot")
    assert not app.exception
    assert app.main.segmented_control(key="view").value == "Sliders"


def test_a_decoder_too_large_to_run_live_says_so_and_is_still_shown(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoders, "can_run_live", lambda model: "This decoder is too large.")
    app = open_page("generate", model="tiny-vae")
    assert not app.exception
    served, sliders = app.main.get("bidi_component")
    assert b"too large. The server decodes while you drag" in served.proto.bytes
    assert sliders.proto.component_name.endswith("sliders")


def test_without_a_checkpoint_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setattr(checkpoints, "available", dict)
    app = open_page("generate")
    assert not app.exception
    assert "There is no checkpoint yet" in app.error[0].value
