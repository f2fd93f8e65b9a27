"""A conditional model in the app and on the command line: the label is chosen once, and all is of it."""

from __future__ import annotations

import csv
import json
import pathlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import explorer
from explorer import checkpoints, evaluation
from explorer.browser import pack
from explorer.browser.sliders.message import Sliders
from explorer.checkpoints import VectorCheckpoint
from explorer.cli import app as commands
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.shell.links import ITEMS
from explorer.views.exported import PageWishes, assembled, code_kinds, model_page, parts
from explorer.views.exported.rounded import live_packs
from explorer.views.items import thinned_items
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def conditional() -> VectorCheckpoint:
    values = {
        "name": "tiny-conditional",
        "data": {"dataset": "digits", "limit": 256},
        "model": {"family": "variational", "hidden": [16], "latent_dim": 2, "conditional": True},
        "training": {"epochs": 2, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    return checkpoints.with_codes(last.checkpoint)


@pytest.fixture
def file(conditional: VectorCheckpoint, folder: pathlib.Path) -> pathlib.Path:
    return checkpoints.save(conditional, folder / "tiny-conditional.safetensors")


def picture_of(app: AppTest, file: pathlib.Path) -> np.ndarray:
    """What the first program on the page decodes."""
    made: dict[str, np.ndarray] = {}
    exec(app.main.code[0].value.replace("'tiny-conditional'", repr(str(file))), made)  # noqa: S102 - what is tested
    return made["picture"]


def test_the_label_is_a_switch_and_the_code_stays(
    file: pathlib.Path, conditional: VectorCheckpoint, open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-conditional", label="3", z="0.5_-1")
    assert not app.exception
    assert "test, label 3, n = " in " ".join(caption.value for caption in app.sidebar.caption)
    np.testing.assert_allclose(picture_of(app, file), conditional.given("3").decode([[0.5, -1]])[0], atol=1e-6)
    app.sidebar.selectbox(key="label").set_value("7").run()
    np.testing.assert_allclose(picture_of(app, file), conditional.given("7").decode([[0.5, -1]])[0], atol=1e-6)
    assert app.query_params["label"] in ("7", ["7"])
    assert "conditional on the label" in " ".join(caption.value for caption in app.sidebar.caption)
    assert open_page("generate", model="tiny-conditional", label="x").sidebar.selectbox(key="label").value == "0"


@pytest.mark.parametrize("page", ["home", "latent_space", "denoise", "novelty", "compare", "learn", "train"])
def test_every_page_is_of_the_chosen_label(file: pathlib.Path, open_page: OpenPage, page: str) -> None:
    app = open_page(page, model="tiny-conditional", label="4")
    assert not app.exception
    assert not app.error
    if page == "compare":
        assert "tiny-conditional" in words(app) or app.main.multiselect


def test_the_python_of_a_page_is_of_the_items_of_the_label(
    file: pathlib.Path, conditional: VectorCheckpoint, open_page: OpenPage
) -> None:
    digits, one = dataset("digits"), conditional.given("4")
    of_label = digits.splits.test[np.asarray(digits.labels)[digits.splits.test] == 4]
    asked = {"model": "tiny-conditional", "label": "4", "data": "digits"}
    names = executed(open_page("latent_space", **asked).main.code[0].value)
    assert names["rows"].tolist() == of_label.tolist()
    np.testing.assert_allclose(names["z"], one.encode(digits.x[of_label]), atol=1e-5)
    names = executed(open_page("denoise", denoise_what=ITEMS, **asked).main.code[0].value)
    assert names["rows"].tolist() == of_label.tolist()
    names = executed(open_page("learn", **asked).main.code[0].value)
    assert len(names["x"]) == len(of_label)
    names = executed(open_page("home", **asked).main.code[0].value)
    assert {item.tobytes() for item in names["few"]} <= {item.tobytes() for item in digits.x[of_label]}
    names = executed(open_page("compare", **asked).main.code[0].value)
    rebuilt = one.reconstruct(digits.x[names["items"].shown])
    np.testing.assert_allclose(names["pictures"]["tiny-conditional"], rebuilt, atol=1e-5)
    asked["view"] = "Attribute"
    assert "have one label" in words(open_page("generate", **asked))


def executed(code: str) -> dict[str, Any]:
    """The names that a program of a page leaves."""
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - what is tested
    return names


def test_graphs_take_the_label_and_say_nothing_of_one_that_is_not_known(
    file: pathlib.Path, conditional: VectorCheckpoint, tmp_path: pathlib.Path
) -> None:
    """By onnxruntime alone, each label on its own: a graph that takes one for all gives ten equal pictures."""
    out = CliRunner().invoke(commands, ["export", str(file), "--onnx", str(tmp_path / "onnx")])
    assert out.exit_code == 0, out.output
    assert "under each of 10 labels" in out.output
    runs = {
        name: onnxruntime.InferenceSession((tmp_path / "onnx" / f"{name}.onnx").read_bytes())
        for name in ("encoder", "decoder", "autoencoder")
    }
    facts = runs["decoder"].get_modelmeta().custom_metadata_map
    numbers = json.loads(facts["labels"])
    assert list(numbers) == list(conditional.labels)
    x, z = dataset("digits").x[:3], np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)
    raw = 255 * conditional.tensor(x).numpy()
    for label, number in numbers.items():
        one, told = conditional.given(label), np.full(3, number, np.int64)
        mu, _ = runs["encoder"].run(None, {"x": raw, "label": told})
        np.testing.assert_allclose(mu, one.encode(x), atol=1e-4)
        (x_hat,) = runs["decoder"].run(None, {"z": z, "label": told})
        np.testing.assert_allclose(x_hat / 255, one.decode(z), atol=1e-5)
        _, errors = runs["autoencoder"].run(None, {"x": raw, "label": told})
        np.testing.assert_allclose(errors, one.reconstruction_errors(x), rtol=1e-4)
    (x_hat,) = runs["decoder"].run(None, {"z": z, "label": np.array([-1, 0, -9])})
    assert [bool(np.isnan(one).all()) for one in x_hat] == [True, False, True]
    # Given a label it is the ordinary model's file, which takes none.
    out = CliRunner().invoke(commands, ["export", str(file), "--given", "3", "--onnx", str(tmp_path / "three")])
    assert out.exit_code == 0, out.output
    alone = onnxruntime.InferenceSession((tmp_path / "three" / "decoder.onnx").read_bytes())
    assert [value.name for value in alone.get_inputs()] == ["z"]


def test_a_page_and_a_notebook_have_the_labels_at_their_sliders(conditional: VectorCheckpoint) -> None:
    digits = dataset("digits")
    one = conditional.given("3")
    items = thinned_items(one, digits, *evaluation.rows_for(one, digits), 40)
    packs = live_packs(one, conditional=conditional)
    part = parts.slider_part(items, packs, parts.compared_with(items), PageWishes(), conditional)
    assert isinstance(part.message, Sliders)
    assert part.message.labels is not None
    offered = [part.message.labels.names[place] for place in part.message.labels.offered]
    assert (offered, part.message.labels.at) == (list(conditional.labels), 3)
    assert pack.input_shape(part.message.decoder.pack or b"") == (2 + 10,)
    alone = code_kinds.with_one_label(part, packs).message
    assert isinstance(alone, Sliders)
    assert (alone.labels, pack.input_shape(alone.decoder.pack or b"")) == (None, (2,))
    # A page with little room does without the second decoder, and says so.
    page = model_page(items, PageWishes(scenes=False), conditional)
    assert "another label" not in " ".join(page.left_out)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembled, "MAX_BYTES", len(page.html) - 1000)
        assert "another label" in " ".join(model_page(items, PageWishes(scenes=False), conditional).left_out)
    view = explorer.show(conditional, "digits", label="3").sliders()
    assert view.label == "3"
    view.reports = {"label": {"label": "7"}}
    assert view.label == "7"
    view.reports = {"label": {"label": "none of them"}}
    assert view.label == "3"


def test_commands_tell_items_their_labels_or_are_given_one(
    file: pathlib.Path, conditional: VectorCheckpoint, tmp_path: pathlib.Path
) -> None:
    digits, run = dataset("digits"), CliRunner()
    rows, out = digits.splits.test, tmp_path / "z.csv"
    for flags, wanted in (
        ([], conditional.encode(digits.x[rows], conditional.labels_of(digits, rows))),
        (["--given", "5"], conditional.given("5").encode(digits.x[rows])),
    ):
        assert run.invoke(commands, ["encode", str(file), "digits", "--out", str(out), *flags]).exit_code == 0
        written = [[float(row["z1"]), float(row["z2"])] for row in csv.DictReader(out.open())]
        np.testing.assert_allclose(written, wanted, atol=1e-5)
    picture = tmp_path / "sevens.png"
    assert run.invoke(commands, ["sample", str(file), "--label", "7", "--out", str(picture)]).exit_code == 0
    assert picture.exists()
    unsaid = run.invoke(commands, ["sample", str(file), "--out", str(picture)])
    assert unsaid.exit_code
    card = tmp_path / "README.md"
    assert run.invoke(commands, ["export", str(file), "--card", str(card)]).exit_code == 0
    made: dict[str, object] = {"x": digits.x[:2]}
    program = card.read_text().split("```python\n")[1].split("```")[0]
    exec(program.replace("tiny-conditional.safetensors", str(file)), made)  # noqa: S102 - it has to work as it stands
    np.testing.assert_allclose(made["z"], conditional.given("0").encode(digits.x[:2]), atol=1e-6)
    # The way on that the error names: the model for one label as a file that every command takes.
    one = tmp_path / "one.safetensors"
    assert re.search(r"explorer give tiny-conditional 0 --out one\.safetensors", unsaid.output)
    assert run.invoke(commands, ["give", str(file), "0", "--out", str(one)]).exit_code == 0
    assert run.invoke(commands, ["sample", str(one), "--out", str(picture)]).exit_code == 0
