"""A conditional model in the app and on the command line: the label is chosen once, and all is of it."""

from __future__ import annotations

import csv
import pathlib
import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.cli import app as commands
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
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
