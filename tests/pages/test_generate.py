"""The Generate page: where sliders start, attributes, traversals and samples."""

from __future__ import annotations

import base64
import pathlib
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, data, latent
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.evaluation import feature_classifier
from explorer.io import images
from explorer.latent import interpolation, realism, sampling
from explorer.latent.directions import AttributeProbe
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.generate import real_codes, sample_checks, sample_figures, starting_code, traversals
from explorer.ui.generate.code_state import text_of_code
from explorer.ui.shell import cache
from explorer.ui.shell.selection import link_text
from explorer.ui.shell.session import Context
from explorer.ui.shell.user_image import UserPicture
from explorer.ui.widgets.text import three_digits
from tests.models_at_random import random_checkpoint
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]
VIEWS = ("Sliders", "Attribute", "Traversals", "Interpolate", "Sample")


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
    shown = app.main.dataframe if model == "tiny-table" and view in ("Traversals", "Sample") else app.main.caption
    assert len(shown) > 0


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain", "tiny-table"])
@pytest.mark.parametrize("view", VIEWS)
def test_without_data_every_view_works_from_the_card(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, model: str, view: str
) -> None:
    app = open_page("generate", model=model, view=view, data="none")
    assert not app.exception
    assert not app.error
    assert "nearest real" not in captions(app).lower()
    if view == "Attribute":
        assert "two groups" in app.info[0].value


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


@pytest.mark.slow
def test_a_seed_gives_one_draw(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    first, again, other = (
        code_shown(open_page("generate", model="tiny-vae", start="A random draw", seed=seed))
        for seed in ("3", "3", "4")
    )
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_sliders_do_not_wait_for_what_a_code_is_compared_with(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def takes_long(_: real_codes.RealCodes) -> None:
        raise ExplorerError("Still measuring.")

    monkeypatch.setattr(real_codes, "_measured", set)
    monkeypatch.setattr(real_codes.RealCodes, "measure", takes_long)
    app = open_page("generate", model="tiny-vae")
    assert app.exception, "the page has come to the measuring"
    names = [component.proto.component_name for component in app.main.get("bidi_component")]
    assert any(name.endswith("sliders") for name in names), names


def test_a_link_names_the_item_that_sliders_start_from(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    checkpoint, dataset = tiny_models["tiny-plain"], data.dataset("digits")
    row = int(dataset.splits.test[30])
    app = open_page("generate", model="tiny-plain", start="A real image", item=str(row))
    np.testing.assert_allclose(code_shown(app), checkpoint.encode(dataset.x[[row]])[0], atol=1e-3)
    context = Context(checkpoint, dataset, *cache.rows_for(checkpoint, dataset))
    place = int(np.flatnonzero(context.rows[context.samples(len(context.rows))] == row)[0])
    turned = app.session_state["item.page"]
    assert turned[1] == place // starting_code.CHOICES * starting_code.CHOICES, "the page of pictures that holds it"
    app.main.text_input(key="item.field").set_value(f"row {dataset.splits.test[7]}").run()
    assert not app.exception
    other = checkpoint.encode(dataset.x[dataset.splits.test[[7]]])[0]
    assert code_shown(app) == pytest.approx(other, abs=1e-3)


@pytest.mark.parametrize(
    ("model", "name", "word"), [("tiny-vae", "digits", "image"), ("tiny-table", "breast-cancer", "row")]
)
def test_a_link_may_name_an_item_that_is_not_among_those_shown(
    tiny_models: dict[str, Checkpoint],
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    name: str,
    word: str,
) -> None:
    monkeypatch.setattr(real_codes, "ITEMS", 20)
    dataset = data.dataset(name)
    app = open_page("generate", model=model, start=f"A real {word}", item=str(dataset.splits.train[0]))
    assert not app.exception
    np.testing.assert_allclose(
        code_shown(app), tiny_models[model].encode(dataset.x[dataset.splits.train[:1]])[0], atol=1e-3
    )


def test_my_image_is_a_start_and_its_code_stands_in_the_link(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, digits: Dataset
) -> None:
    app = open_page("generate", model="tiny-plain", start="My image")
    assert "Until there is an image" in captions(app)
    app.session_state["own_picture"] = UserPicture(digits.x[5].astype(np.uint8), "a picture")
    app.run()
    assert not app.exception
    assert "Until there is an image" not in captions(app)
    checkpoint = tiny_models["tiny-plain"]
    code = code_shown(app)
    assert not np.allclose(code, checkpoint.card.latent.mean, atol=0.01)
    assert app.query_params["z"].count("_") == 3


def test_a_table_row_is_chosen_by_its_number(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-table", start="A real row")
    dataset = data.dataset("breast-cancer")
    app.main.text_input(key="item.field").set_value(str(dataset.splits.test[5])).run()
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


@pytest.mark.slow
def test_512_dimensions_are_shown_and_linked(folder: pathlib.Path, open_page: OpenPage) -> None:
    checkpoint = random_checkpoint(folder, 512)
    code = np.random.default_rng(0).normal(size=512)
    app = open_page("generate", model=checkpoint.name, z=text_of_code(tuple(code)))
    assert not app.exception
    assert "of 512 are active" in captions(app)
    np.testing.assert_allclose(code_shown(app), code, rtol=2e-3)
    for view in ("Attribute", "Traversals", "Sample"):
        app.main.segmented_control(key="view").set_value(view).run()
        assert not app.exception
        assert not app.error


@pytest.mark.slow
def test_a_collapsed_model_gets_no_verdict_on_its_codes_and_samples(
    tiny_models: dict[str, Checkpoint], folder: pathlib.Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    densities: list[object] = []
    panel = real_codes.density_panel
    monkeypatch.setattr(real_codes, "density_panel", lambda *a, **k: densities.append(a[3]) or panel(*a, **k))
    collapsed = checkpoints.TrainingFinding(
        name="posterior collapse", title="Posterior collapse", severity="wrong", figures=(), meaning="Nothing is said.",
        advice="Lower beta.",
    )  # fmt: skip
    model = tiny_models["tiny-vae"]
    for findings in ((), (collapsed,)):
        card = model.card.model_copy(update={"findings": findings})
        checkpoints.save(checkpoints.checkpoint_of(model.model, card), folder / "tiny-vae.safetensors")
        app = open_page("generate", model="tiny-vae", view="Sample")
        assert not app.exception
        assert ("inside the data, " in captions(app)) is not bool(findings)
        assert ("No density check" in captions(app)) is bool(findings)
        assert not open_page("generate", model="tiny-vae").exception
        assert (densities[-1] is None) is bool(findings), "how likely a code is among the real ones"


# --- Attributes -----------------------------------------------------------------------------------------------------


def metric(app: AppTest, label: str) -> float:
    [shown] = [m for m in app.main.metric if m.label.startswith(label)]
    return float(shown.value.removesuffix(" %"))


def test_a_direction_between_labels_is_measured_on_codes_it_was_not_fitted_on(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-plain", view="Attribute", **{"from": "3", "to": "8"})
    checkpoint, dataset = tiny_models["tiny-plain"], data.dataset("digits")
    rows = dataset.splits.test
    codes = [checkpoint.encode(dataset.x[rows[dataset.labels[rows] == label]]) for label in (3, 8)]
    probe = AttributeProbe().fit(*codes)
    assert metric(app, "Probe accuracy") == pytest.approx(100 * probe.accuracy_.value, abs=0.1)
    middle = np.asarray(checkpoint.card.latent.mean)[None]
    assert metric(app, "Probability of 8") == pytest.approx(100 * probe.probability(middle)[0], abs=1)
    assert f"n = {probe.accuracy_.n}" in captions(app)
    assert "is seen again" in captions(app)


def test_groups_come_from_kept_selections(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    dataset = data.dataset("digits")
    rows = np.sort(dataset.splits.test)
    texts = {
        f"group_{name}": link_text(part, dataset.fingerprint) for name, part in (("a", rows[:60]), ("b", rows[60:90]))
    }
    app = open_page("generate", model="tiny-vae", view="Attribute", **texts)
    assert not app.exception
    assert (app.selectbox(key="from").value, app.selectbox(key="to").value) == ("group A", "group B")
    assert "n = 30 items" in captions(app), "15 of B were not fitted on, and as many of A"


def test_a_group_without_items_of_its_own_is_refused(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", view="Attribute", **{"from": "3", "to": "3"})
    assert not app.exception
    assert "these have 0 and" in app.info[0].value


def test_a_link_restores_the_amount_of_a_direction(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", view="Attribute", z="0.5_-1", amount="1.5")
    assert not app.exception
    assert app.query_params["amount"] == "1.5"
    app.main.selectbox(key="to").set_value("7").run()
    assert "amount" not in app.query_params, "it was of another direction"
    assert app.query_params["z"] == "0.5_-1"


# --- Traversals -----------------------------------------------------------------------------------------------------


def test_traversals_show_the_dimensions_that_the_link_names_around_the_code_of_the_sliders(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-plain", view="Traversals", dimensions="z3", steps="5", z="1_2_3_4")
    strips = [e.proto.body for e in app.main.get("html")]
    assert len(strips) == 1
    dimension = next(d for d in latent.dimension_order(tiny_models["tiny-plain"].card) if d.index == 2)
    assert f"**z3** · {three_digits(100 * dimension.share)} %" in captions(app)
    codes = interpolation.traversal(np.array([1.0, 2, 3, 4]), 2, dimension.low, dimension.high, 5)
    sheet = images.grid(tiny_models["tiny-plain"].decode(codes), columns=5, gap=1)
    assert base64.b64encode(images.png_bytes(sheet)).decode() in strips[0]
    app.main.multiselect(key="dimensions").set_value([]).run()
    assert "Choose a dimension" in app.info[0].value


def test_a_traversal_spans_quantiles_or_standard_deviations(tiny_models: dict[str, Checkpoint]) -> None:
    card = tiny_models["tiny-plain"].card
    context: Any = SimpleNamespace(card=card)
    dimension = latent.dimension_order(card)[0]
    around, known = np.arange(4.0), card.latent
    low, high = traversals.span(context, dimension, around, traversals.SIGMA, 2.0)
    assert (low + high) / 2 == dimension.index
    assert high - low == pytest.approx(4 * known.std[dimension.index])
    low, high = traversals.span(context, dimension, around, traversals.QUANTILE, 5.0)
    levels = [known.levels.index(0.05), known.levels.index(0.95)]
    assert [low, high] == pytest.approx([known.quantiles[i][dimension.index] for i in levels])


# --- Samples --------------------------------------------------------------------------------------------------------


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


def test_samples_are_checked_against_the_very_items_the_model_was_trained_on(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-plain", view="Sample")
    dataset = data.dataset("digits")
    text = "\n".join(m.value for m in app.main.markdown)
    assert f"train, n = {len(dataset.splits.train):,}" in text
    [count, share] = re.search(r"(\d+) of 200 samples \(\*\*([\d.]+) %", text).groups()
    assert float(share) == pytest.approx(100 * int(count) / 200, abs=0.06)
    checkpoint = tiny_models["tiny-plain"]
    context = Context(checkpoint, dataset, *cache.rows_for(checkpoint, dataset))
    known = sample_checks.known_items(context)
    assert known.is_training
    np.testing.assert_array_equal(np.sort(known.rows), np.sort(dataset.splits.train))
    assert not np.isin(known.rows, context.rows).any()


def test_without_its_training_items_the_check_says_what_it_compares_with(
    tiny_models: dict[str, Checkpoint], digits: Dataset
) -> None:
    checkpoint = tiny_models["tiny-plain"]
    foreign = checkpoint.card.data.model_copy(update={"fingerprint": "of other data", "name": "not here"})
    stranger = VectorCheckpoint(checkpoint.model, checkpoint.card.model_copy(update={"data": foreign}))
    known = sample_checks.known_items(Context(stranger, digits, np.arange(50), "other data, n = 50"))
    assert not known.is_training
    np.testing.assert_array_equal(known.rows, np.arange(50))


def test_sharpness_stands_beside_that_of_real_images(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", view="Sample")
    [table] = [d.value for d in app.main.dataframe if "of real ones" in d.value]
    assert next(iter(table["of real ones"])) == "100 %"
    dataset = data.dataset("digits")
    real = realism.sharpness(dataset.x[dataset.splits.test]).mean()
    assert next(iter(table["sharpness (95 % interval)"])).startswith(three_digits(float(real)))


def test_samples_are_measured_as_a_set_on_request(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("generate", model="tiny-vae", view="Sample")
    assert "explorer evaluate CHECKPOINT --generation" in captions(app), "no classifier of these data is shipped"
    monkeypatch.setattr(feature_classifier, "STEPS", 30)
    monkeypatch.setattr(sample_figures, "shipped_space", lambda dataset: dataset)
    app.run()
    assert not [d for d in app.main.dataframe if "precision in %" in d.value]
    app.toggle(key="measure_set").set_value(True).run()
    [table] = [d.value for d in app.main.dataframe if "precision in %" in d.value]
    samples = ["Samples", "Real training items", "A Gaussian of 50 principal components"]
    assert table["what"].tolist() == samples
    n = len(data.dataset("digits").splits.test)
    assert f"compared with {n} test items" in captions(app)


def test_a_chosen_row_of_samples_is_opened_in_the_sliders(tiny_models: dict[str, Checkpoint]) -> None:
    def script() -> None:
        import numpy as np
        import streamlit as st

        from explorer.ui.generate import code_state
        from explorer.ui.generate import samples as generate_samples
        from explorer.ui.shell import session
        from explorer.ui.shell.session import Context

        context = Context(session.checkpoint_of("tiny-table"), session.dataset_of("breast-cancer"), np.arange(9), "all")
        if "table_prior" not in st.session_state:
            st.session_state["table_prior"] = {"selection": {"rows": [2]}}
            generate_samples._open_row(context, "table_prior", np.arange(12.0).reshape(4, 3))
        st.write(str(code_state.given(context).tolist()), st.session_state["start"], st.session_state["view"])

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert app.markdown[0].value == "[6.0, 7.0, 8.0] given Sliders"


def test_a_view_that_does_not_exist_is_the_first(tiny_models: dict[str, Checkpoint], open_page: OpenPage) -> None:
    app = open_page("generate", model="tiny-vae", view="No such view", samples="7", temperature="hot")
    assert not app.exception
    assert app.main.segmented_control(key="view").value == "Sliders"


def test_a_decoder_too_large_to_run_live_says_so_and_is_still_shown(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, weak_browser: None
) -> None:
    app = open_page("generate", model="tiny-vae")
    assert not app.exception
    served, sliders, _ = app.main.get("bidi_component")
    assert b"smaller images to drag through it. The server decodes while you drag" in served.proto.bytes
    assert sliders.proto.component_name.endswith("sliders")


def test_without_a_checkpoint_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setattr(checkpoints.library, "folders", list)
    app = open_page("generate")
    assert not app.exception
    assert "There is no checkpoint yet" in app.error[0].value


@pytest.mark.slow
def test_a_learnt_prior_is_said_and_sampled(folder: pathlib.Path, open_page: OpenPage) -> None:
    model = {"family": "variational", "hidden": [16], "latent_dim": 2, "prior": "mixture", "prior_components": 3}
    digits = {"name": "mixed", "data": {"dataset": "digits", "limit": 256}, "model": model}
    *_, last = train(Recipe.parse(digits | {"training": {"epochs": 3, "device": "cpu"}}))
    checkpoints.save(last.checkpoint, folder / "mixed.safetensors")
    app = open_page("generate", model="mixed", view="Sample")
    assert not app.exception
    said = words(app)
    assert "From the prior, a mixture of 3 Gaussians that was learnt with the model" in said
    assert "From the prior N(0, I)" not in said
    assert "prior: Mixture of Gaussians" in "\n".join(c.value for c in app.sidebar.caption)
    assert any("sample_prior" in code.value for code in app.main.code)
    sheet = words(open_page("latent_space", model="mixed"))
    assert "quantiles of the training codes" in sheet
    assert "quantiles of the prior" not in sheet
