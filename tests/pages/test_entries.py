"""Generate and Compare with a vector-quantised model: entries, the link, samples of its prior, bytes of its codes."""

from __future__ import annotations

import math
import pathlib
import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quantised() -> VectorCheckpoint:
    values = {
        "name": "tiny-quantised",
        "data": {"dataset": "digits", "limit": 256},
        "model": {"family": "quantised", "channels": [4], "latent_dim": 3, "entries": 6, "prior_epochs": 1},
        "training": {"epochs": 2, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    return last.checkpoint


@pytest.fixture
def saved(quantised: VectorCheckpoint, folder: pathlib.Path) -> VectorCheckpoint:
    checkpoints.save(quantised, folder / "tiny-quantised.safetensors")
    return quantised


def shown(app: AppTest) -> np.ndarray:
    """The numbers in "Copy as Python"."""
    text = re.search(r"torch\.tensor\(\[(\[\[.*?\]\])\]\)", app.main.code[0].value)
    assert text is not None
    return np.array([[int(n) for n in row.split(",")] for row in re.findall(r"\[([\d, ]+)\]", text[1])])


def test_a_code_is_shown_as_its_entries_and_the_link_restores_them(
    saved: VectorCheckpoint, open_page: OpenPage, tmp_path: pathlib.Path
) -> None:
    app = open_page("generate", model="tiny-quantised", start="item", item="5")
    assert not app.exception
    assert not app.error
    assert app.main.segmented_control(key="view").value == "Entries"
    app.main.selectbox(key="start").set_value("item").run()
    own = saved.model.indices(saved.tensor(dataset("digits").x[5:6]))[0]
    assert shown(app).tolist() == own.tolist()
    assert f"{16 * math.log2(6):.4g} bits" in words(app)
    # The program on the page gives the picture of these entries.
    program = app.main.code[0].value.replace("'tiny-quantised'", repr(str(tmp_path / "tiny-quantised.safetensors")))
    made: dict[str, np.ndarray] = {}
    exec(program, made)  # noqa: S102 - that it does what the page did is what is tested
    np.testing.assert_allclose(made["picture"], saved.reconstruct(dataset("digits").x[5:6])[0], atol=1e-6)
    linked = "_".join(str(1 + i % 6) for i in range(16))
    assert shown(open_page("generate", model="tiny-quantised", entries=linked)).flatten().tolist() == [
        i % 6 for i in range(16)
    ]
    assert not open_page("generate", model="tiny-quantised", entries="7_" * 15 + "7").exception


def test_other_views_say_that_they_leave_the_entries_and_samples_come_from_the_prior(
    saved: VectorCheckpoint, open_page: OpenPage
) -> None:
    app = open_page("generate", model="tiny-quantised", view="Sliders")
    assert not app.exception
    assert "grid of entries" in words(app)
    app = open_page("generate", model="tiny-quantised", view="Sample")
    assert not app.exception
    assert "From the prior over its grid of entries" in words(app)
    assert "sample_prior" in app.main.code[0].value


def test_codes_of_whole_numbers_are_compared_by_their_bits(saved: VectorCheckpoint, open_page: OpenPage) -> None:
    app = open_page("compare", model="tiny-quantised", data="digits", show="Numbers")
    assert not app.exception
    table = app.main.dataframe[0].value
    bits = 16 * math.log2(6)
    row = table[table["Model"] == saved.card.title].iloc[0]
    assert row["Bytes per code"] == row["At 1 byte a value"] == math.ceil(bits / 8)
    assert row["Error"] == row["Error, 1 byte a value"]


def test_the_map_and_novelty_take_it(saved: VectorCheckpoint, open_page: OpenPage) -> None:
    for page in ("latent_space", "novelty"):
        app = open_page(page, model="tiny-quantised")
        assert not app.exception, page
        assert not app.error, page
