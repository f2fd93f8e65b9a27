"""All that a model makes of items as a file, read again by the libraries that own the formats."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from pyarrow import parquet
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.cli import app
from explorer.core.errors import ExplorerError
from explorer.data import Dataset, dataset
from explorer.export.item_files import MadeOfItems, form_of, item_bytes, made_of_items

ROWS = np.array([900, 3, 41, 1796])


@pytest.fixture(scope="module")
def pictures(digits_vae: VectorCheckpoint, digits: Dataset) -> MadeOfItems:
    made = made_of_items(digits_vae, digits, ROWS, "all")
    return replace(made, places=made.codes[:, ::-1], more={"score": np.arange(4.0)})


@pytest.fixture(scope="module")
def table(table_autoencoder: Checkpoint) -> MadeOfItems:
    return made_of_items(checkpoints.with_codes(table_autoencoder), dataset("breast-cancer"), ROWS % 569, "all")


def by_torch(made: MadeOfItems) -> tuple[np.ndarray, np.ndarray]:
    """Codes and reconstructions."""
    x = torch.from_numpy(made.dataset.x[made.rows]).float() / (255 if made.dataset.kind == "image" else 1)
    with torch.no_grad():
        z = made.checkpoint.model.encode(x)
        return z.numpy(), made.checkpoint.model.decode(z).numpy()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_columns_hold_every_number_under_its_name(table: MadeOfItems, form: str) -> None:
    z, x_hat = by_torch(table)
    content = item_bytes(table, form)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        read = {name: [row[name] for row in rows] for name in rows[0]}
    else:
        read = parquet.read_table(io.BytesIO(content)).to_pydict()
    np.testing.assert_allclose(np.array([read[f"z{d}"] for d in (1, 2, 3)], float).T, z, rtol=1e-5)
    np.testing.assert_allclose(np.array(read["mean texture (rebuilt)"], float), x_hat[:, 1], rtol=1e-4)
    assert [int(row) for row in read["row"]] == table.rows.tolist()
    names = table.dataset.label_names
    assert list(read["label"]) == [names[k] for k in table.dataset.labels[table.rows]]  # type: ignore[index]
    errors = table.checkpoint.reconstruction_errors(table.dataset.x[table.rows])
    np.testing.assert_allclose(np.array(read["reconstruction_error"], float), errors, rtol=1e-5)


def test_an_npz_holds_arrays_of_their_own_shape(pictures: MadeOfItems) -> None:
    z, x_hat = by_torch(pictures)
    with np.load(io.BytesIO(item_bytes(pictures, "npz")), allow_pickle=False) as read:
        np.testing.assert_allclose(read["codes"], z, atol=1e-5)
        np.testing.assert_allclose(read["rebuilt"], x_hat, atol=1e-5)
        np.testing.assert_array_equal(read["places"], read["codes"][:, ::-1])
        np.testing.assert_array_equal(read["score"], [0, 1, 2, 3])
        np.testing.assert_array_equal(read["row"], ROWS)
        assert str(read["split"]) == "all"


def test_pixels_are_named_by_their_place(pictures: MadeOfItems) -> None:
    _, x_hat = by_torch(pictures)
    read = parquet.read_table(io.BytesIO(item_bytes(pictures, "parquet"))).to_pydict()
    np.testing.assert_allclose(read["c0 y5 x2 (rebuilt)"], x_hat[:, 0, 5, 2], atol=1e-5)
    assert read["map_x"] == read["z2"]
    without = parquet.read_table(io.BytesIO(item_bytes(replace(pictures, rebuilt=None), "parquet")))
    assert not [name for name in without.column_names if "rebuilt" in name]


def test_a_column_of_the_table_does_not_take_the_place_of_ours(table: MadeOfItems) -> None:
    cells = [f"<b>{i}" for i in range(569)]
    kept = replace(table, dataset=replace(table.dataset, kept={"z1": cells, "label": cells, "site": cells}))
    read = parquet.read_table(io.BytesIO(item_bytes(kept, "parquet"))).to_pydict()
    assert read["site"] == [cells[row] for row in kept.rows]
    assert isinstance(read["z1"][0], float)
    assert read["label"][0] in kept.dataset.label_names
    assert len([name for name in read if name.startswith(("z1", "label"))]) == 4


def test_anndata_reads_items_codes_and_reconstructions(
    pictures: MadeOfItems, table: MadeOfItems, tmp_path: Path
) -> None:
    anndata = import_module("anndata")
    for made in (pictures, table):
        (tmp_path / "items.h5ad").write_bytes(item_bytes(made, "h5ad"))
        read = anndata.read_h5ad(tmp_path / "items.h5ad")
        z, x_hat = by_torch(made)
        np.testing.assert_array_equal(read.X, made.dataset.x[made.rows].reshape(4, -1).astype(np.float32))
        np.testing.assert_allclose(read.obsm["X_code"], z, atol=1e-4)
        white = 255 if made.dataset.kind == "image" else 1
        np.testing.assert_allclose(read.layers["rebuilt"], white * x_hat.reshape(4, -1), rtol=1e-4, atol=1e-3)
        assert read.obs["row"].tolist() == made.rows.tolist()
        assert read.uns["split"] == "all"
    assert read.var_names[1] == "mean texture"


def test_without_the_package_the_word_says_what_to_do(table: MadeOfItems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(ExplorerError, match="not installed here") as error:
        item_bytes(table, "h5ad")
    assert 'pip install "autoencoder-explorer[anndata]"' in str(error.value)


def test_a_name_says_the_form() -> None:
    assert [form_of(name) for name in ("a.CSV", "b.pq", "c.h5ad")] == ["csv", "parquet", "h5ad"]
    with pytest.raises(ExplorerError, match="Cannot tell the format"):
        form_of("a.xlsx")


def test_the_command_writes_all_held_out_items_and_columns_that_are_kept(
    tmp_path: Path, digits_vae: Checkpoint
) -> None:
    saved = str(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    run, out = CliRunner(), tmp_path / "items.parquet"
    result = run.invoke(
        app, ["export", saved, "--data", "digits", "--table", str(out), "--no-rebuilt", "--items", "10"]
    )
    assert result.exit_code == 0, result.output
    read = parquet.read_table(out)
    assert read.num_rows == 359
    assert read.column_names == ["item", "row", "label", "reconstruction_error", "z1", "z2"]
    kept = run.invoke(app, ["export", saved, "--data", "digits", "--table", str(out), "--overwrite", "--keep", "x"])
    assert kept.exit_code == 1
    assert "not read from a table's file" in kept.stderr
