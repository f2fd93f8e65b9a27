"""What the drawer says of a selection, and what is taken away from it."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from explorer import data
from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.ui.latent_space import selection_drawer
from explorer.ui.shell import cache
from explorer.ui.shell.session import Context


@pytest.fixture
def flat(digits_vae: Checkpoint, digits: Dataset) -> Context:
    return Context(digits_vae, digits, *cache.rows_for(digits_vae, digits))


@pytest.fixture
def table(table_autoencoder: Checkpoint) -> Context:
    rows = data.dataset("breast-cancer")
    return Context(table_autoencoder, rows, *cache.rows_for(table_autoencoder, rows))


@pytest.mark.slow
def test_means_have_the_interval_of_their_mean(flat: Context) -> None:
    chosen = selection_drawer.selected(flat, flat.rows[:40])
    assert chosen.split == "test, selected, n = 40"
    by_name = {one.name: one for one in selection_drawer.compared(flat, chosen)}
    assert list(by_name) == ["error", "kl", "density"]
    for one in by_name.values():
        np.testing.assert_allclose(one.selected, one.shown[:40], rtol=1e-5)
    error = flat.errors()[:40].astype(np.float64)
    factor = np.exp(1.959964 * error.std(ddof=1) / np.sqrt(40) / error.mean())  # no error is below 0
    line = selection_drawer.statistics(flat, chosen)[0]
    assert line["selected"] == f"{error.mean():.3g} ({error.mean() / factor:.3g} to {error.mean() * factor:.3g})"
    density = by_name["density"].selected
    half = 1.959964 * density.std(ddof=1) / np.sqrt(40)
    line = selection_drawer.statistics(flat, chosen)[2]
    assert line["selected"] == f"{density.mean():.3g} ({density.mean() - half:.3g} to {density.mean() + half:.3g})"


def test_the_csv_reads_back(flat: Context) -> None:
    chosen = selection_drawer.selected(flat, flat.rows[[3, 9, 11]])
    lines = list(csv.DictReader(io.StringIO(selection_drawer.table_csv(flat, chosen).decode())))
    assert [int(line["row"]) for line in lines] == flat.rows[[3, 9, 11]].tolist()
    assert [line["item"] for line in lines] == [line["row"] for line in lines], "registered data have no other names"
    np.testing.assert_allclose([float(line["z2"]) for line in lines], chosen.codes()[:, 1], rtol=1e-6)
    np.testing.assert_allclose([float(line["error"]) for line in lines], chosen.errors(), rtol=1e-6)
    assert lines[0]["label"] == flat.dataset.label_names[flat.dataset.labels[flat.rows[3]]]
    assert set(lines[0]) == {"item", "row", "label", "error", "kl", "density", "z1", "z2"}


def test_a_table_takes_its_columns_along(table: Context) -> None:
    chosen = selection_drawer.selected(table, table.rows[:2])
    lines = list(csv.DictReader(io.StringIO(selection_drawer.table_csv(table, chosen).decode())))
    for i, name in enumerate(table.dataset.feature_names):
        np.testing.assert_allclose([float(line[name]) for line in lines], chosen.x()[:, i], rtol=1e-6)


def test_the_npz_reads_back_without_pickle(flat: Context) -> None:
    chosen = selection_drawer.selected(flat, flat.rows[:5])
    with np.load(io.BytesIO(selection_drawer.arrays_npz(flat, chosen)), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["x"], chosen.x())
        np.testing.assert_array_equal(arrays["rows"], flat.rows[:5])
        assert arrays["label_names"].tolist() == list(flat.dataset.label_names)
        assert {"codes", "labels", "error", "kl", "density"} <= set(arrays)


def test_pictures_are_named_by_row_and_label(flat: Context) -> None:
    chosen = selection_drawer.selected(flat, flat.rows[[0, 200]])
    with zipfile.ZipFile(io.BytesIO(selection_drawer.pictures_zip(chosen))) as archive:
        names = archive.namelist()
        labels = [flat.dataset.label_names[i] for i in flat.dataset.labels[chosen.rows]]
        width = len(str(chosen.rows[-1]))
        assert names == [f"row-{r:0{width}d}-{label}.png" for r, label in zip(chosen.rows, labels, strict=True)]
        picture = np.asarray(Image.open(io.BytesIO(archive.read(names[1]))))
    np.testing.assert_array_equal(picture, chosen.x()[1, 0])


def test_of_very_many_shown_items_some_are_enough_to_compare_with(
    flat: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection_drawer, "REFERENCE_ITEMS", 50)
    chosen = selection_drawer.selected(flat, flat.rows[:80])
    for one in selection_drawer.compared(flat, chosen):
        assert (len(one.selected), len(one.shown)) == (80, 50)
