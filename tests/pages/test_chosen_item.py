"""One item in the link, by its row in the data: every page takes it, or says why it shows another."""

from __future__ import annotations

import re

import numpy as np
import pytest

from explorer import data
from explorer.browser.scenes import SCENES
from explorer.browser.scenes.scene import Material
from explorer.checkpoints import Checkpoint
from tests.pages.conftest import OpenPage, words

QUERIES = {
    "latent_space": {"items": "500"},
    "generate": {"start": "A real image"},
    "denoise": {"denoise_what": "Items of the model"},
    "novelty": {"novelty_normal": "digits", "novelty_novel": "(none known)"},
    "compare": {},
}


def field(app: object) -> str:
    """What the field of the chosen item says."""
    return str(app.main.text_input(key="item.field").value)  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("page", QUERIES)
def test_a_link_brings_the_same_item_to_each_page(
    open_page: OpenPage, tiny_models: dict[str, Checkpoint], page: str
) -> None:
    digits = data.dataset("digits")
    row = int(digits.splits.test[7])
    app = open_page(page, model="tiny-plain", data="digits", item=str(row), **QUERIES[page])
    assert not app.exception
    if page == "compare":
        first = re.search(r"row [\d,]+", "".join(each.proto.body for each in app.main.get("html")))
        assert first is not None
        assert first[0] == f"row {row:,}"
    else:
        assert field(app).endswith(f"row {row:,}")
    # A row that the model learnt from is shown where that is no harm, and otherwise it is said.
    learnt = int(digits.splits.train[3])
    app = open_page(page, model="tiny-plain", data="digits", item=str(learnt), **QUERIES[page])
    assert not app.exception
    said = {
        "latent_space": "is not among the items of the map",
        "generate": "",
        "denoise": "is no test item",
        "novelty": "It is none of the items counted here",
        "compare": "is not shown: it is no test item",
    }[page]
    assert said in words(app)
    if page == "generate":
        assert app.query_params["item"] == str(learnt)


def test_a_way_out_of_a_scene_names_the_item_by_its_row(digits_autoencoder: Checkpoint) -> None:
    material = Material(digits_autoencoder, data.dataset("digits"), np.arange(5, 50), "test, n = 45")  # type: ignore[arg-type]
    for scene in SCENES:
        for lead in scene.leads:
            address = lead.address(material, 17)
            # Train makes a new model, which has seen no item yet.
            assert address.get("item") == (None if lead.page == "train" else "17"), (scene.name, lead)
            assert "item" not in lead.address(material, 10**6)
