"""The Compare page: images and tables side by side, nothing chosen, and data that has nothing to compare on."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.evaluation import comparison
from explorer.ui.compare import compare_page as view
from explorer.ui.widgets.tables import csv_bytes
from tests.pages.conftest import OpenPage, words


def _save(checkpoint: Checkpoint, folder: Path, **card: object) -> None:
    changed = replace(checkpoint, card=checkpoint.card.model_copy(update=card))
    checkpoints.save(changed, folder / f"{checkpoint.name}.safetensors")


@pytest.mark.slow
def test_models_and_pca_are_ranked_by_error_among_those_of_their_size(
    open_page: OpenPage, folder, digits_autoencoder, digits_vae
):
    _save(digits_autoencoder, folder)
    _save(digits_vae, folder)
    app = open_page("compare", model="tiny-undercomplete", data="digits", show="Numbers")
    assert not app.exception
    table = app.main.dataframe[0].value
    assert set(table["Model"]) == {"tiny-undercomplete", "tiny-variational", "PCA, 2-D", "PCA, 4-D"}
    errors = [float(text.split()[0]) for text in table["Error"]]
    ranked = list(zip(table["Bytes per code"], errors, strict=True))
    assert ranked == sorted(ranked), "a wider code loses less: only models of one size are compared"
    assert dict(zip(table["Model"], table["Bytes per code"], strict=True))["PCA, 4-D"] == 16
    assert "test, n = " in words(app)
    assert len(app.main.get("plotly_chart")) == 1, "bytes against errors"
    names: dict = {}
    exec(app.main.code[0].value, names)  # noqa: S102 - that it does what the page did is what is tested
    assert sorted(names["errors"].values()) == pytest.approx(sorted(errors), rel=0.005)


def test_pictures_are_grouped_by_the_size_of_the_code_and_two_models_have_a_map_each(
    open_page: OpenPage, folder, digits_autoencoder, digits_vae
):
    _save(digits_autoencoder, folder)
    _save(digits_vae, folder)
    app = open_page("compare", model="tiny-undercomplete", data="digits")
    assert not app.exception
    groups = [text for text in words(app).splitlines() if "a code, " in text]
    assert [text.strip("* ").split(",")[0] for text in groups] == ["2 values a code", "4 values a code"]
    assert f"JPEG at qualities 1 to 95, of {view.JPEG_ITEMS} of them" in words(app), "fewer than what is compared"
    app = open_page("compare", model="tiny-undercomplete", data="digits", show="Codes of the items")
    assert not app.exception
    assert len(app.main.get("plotly_chart")) == 3, "bytes against errors, and two maps"


def test_none_chosen_says_what_to_do(open_page: OpenPage, folder, digits_vae):
    _save(digits_vae, folder)
    app = open_page("compare", model="tiny-variational", data="digits")
    app.main.multiselect[0].set_value([]).run()
    assert not app.exception
    assert "Choose at least one model" in words(app)
    assert not app.main.dataframe


def test_tables_are_compared_by_column(open_page: OpenPage, folder, table_autoencoder):
    _save(table_autoencoder, folder)
    app = open_page("compare", model="tiny-undercomplete", data="breast-cancer", show="Errors by column")
    assert not app.exception
    columns = app.main.dataframe[0].value
    assert set(columns["column"]) == set(table_autoencoder.card.data.feature_names)
    best = columns.columns[1]
    assert list(columns[best]) == sorted(columns[best], reverse=True), "the hardest column first"


def test_a_title_from_a_strangers_file_is_shown_as_it_is_written(open_page: OpenPage, folder, digits_vae):
    recipe = digits_vae.card.recipe.model_copy(update={"title": "![x](http://example.org/x.png) **bold**"})
    _save(digits_vae, folder, recipe=recipe)
    app = open_page("compare", model="tiny-variational", data="digits")
    assert not app.exception
    assert r"\!\[x\]\(http\:" in words(app)


def test_the_csv_has_every_digit(digits, digits_vae):
    items = comparison.choose_items(digits, limit=40)
    entry = comparison.measure(digits_vae, items)
    (row,) = csv.DictReader(io.StringIO(csv_bytes(view.csv_rows([entry])).decode()))
    assert float(row["error"]) == entry.error.value
    assert float(row["error_8bit"]) == entry.error_8bit.value
    assert (row["name"], row["split"], row["n"]) == ("tiny-variational", "test", "40")


def test_no_rows_are_a_csv_without_rows():
    assert csv_bytes([]) == b"\n"
