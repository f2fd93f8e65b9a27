"""AnnData files as vectors with what stands beside them; where anndata is not installed, a word on how to get it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer import data
from explorer.core.errors import DataError
from explorer.data import annotated
from explorer.data.beside import ItemColumn, read_columns
from explorer.data.importing import ImportOptions

N = 40
RNG = np.random.default_rng(0)
PCA, PLACES = RNG.normal(size=(N, 5)).astype(np.float32), RNG.normal(size=(N, 2))


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """Forty cells of seven genes, with two embeddings and columns of every kind."""
    anndata: Any = import_module("anndata")
    pandas: Any = import_module("pandas")

    def texts(values: Iterable[str]) -> Any:
        # Of objects: anndata below 0.13 writes no text of the type that pandas 3 takes for granted.
        return pandas.Index([*values], dtype=object)

    days = [f"2024-02-{1 + i % 28:02d}" for i in range(N)]
    obs = pandas.DataFrame(
        {
            "kind": pandas.Categorical(["b", "a", None, "b"] * 10, texts("ab")),
            "age": [float("nan"), *np.arange(N - 1) / 2],
            "is_old": [True, False] * (N // 2),
            "seen": pandas.Categorical(days, texts(sorted({*days}))),
            "remark": texts(f"remark {i}" for i in range(N)),
        },
    ).set_index(texts(f"cell-{i}" for i in range(N)))
    adata = anndata.AnnData(X=np.arange(N * 7, dtype=np.float32).reshape(N, 7) % 11, obs=obs)
    adata.var_names = texts(f"gene {i}" for i in range(7))
    adata.obsm["X_umap"], adata.obsm["X_pca"] = PLACES, PCA
    adata.write_h5ad(tmp_path / "cells.h5ad")
    return tmp_path / "cells.h5ad"


def columns(path: Path, **options: Any) -> dict[str, ItemColumn]:
    asked = ImportOptions(**options)
    dataset = data.open_dataset(str(path), options=asked)
    return {one.name: one for one in read_columns(path, path.name, dataset, asked).columns}


def test_an_embedding_is_taken_before_a_map_and_obs_stands_beside(cells: Path) -> None:
    dataset = data.open_dataset(str(cells))
    np.testing.assert_array_equal(dataset.x, PCA)
    assert dataset.report is not None
    [finding] = [one for one in dataset.contract.findings if "X_pca" in one.reason]
    assert "--array X_umap" in finding.flag
    assert dataset.feature_names == tuple(f"X_pca {i}" for i in range(1, 6))
    assert dataset.item_names[3] == "cell-3"
    assert dataset.labels is None
    known = columns(cells)
    assert {name: one.kind for name, one in known.items()} == {
        "kind": "category", "age": "number", "is_old": "category", "seen": "date", "remark": "text",
        "X_umap 1": "number", "X_umap 2": "number",
    }  # fmt: skip
    assert known["kind"].written(np.arange(4)) == ["b", "a", "", "b"]
    assert known["age"].missing.sum() == 1
    assert known["seen"].written(np.array([1])) == ["2024-02-02"]
    np.testing.assert_allclose(known["X_umap 2"].values, PLACES[:, 1])
    uploaded = data.from_upload("cells.h5ad", cells.read_bytes())
    assert uploaded.fingerprint == dataset.fingerprint


def test_another_array_is_taken_where_somebody_says_so(cells: Path) -> None:
    assert annotated.array_names(cells, "cells.h5ad") == ["X_pca", "X_umap", "X"]
    genes = data.open_dataset(str(cells), options=ImportOptions(array="X"))
    assert genes.feature_names == tuple(f"gene {i}" for i in range(7))
    np.testing.assert_array_equal(genes.x, np.arange(N * 7).reshape(N, 7) % 11)
    with pytest.raises(DataError, match=r"no array 'X_tsne'.*") as error:
        data.open_dataset(str(cells), options=ImportOptions(array="X_tsne"))
    assert "X_pca, X_umap, X" in str(error.value)


def test_cells_without_finite_numbers_are_left_out_everywhere(cells: Path) -> None:
    h5py: Any = import_module("h5py")
    with h5py.File(cells, "a") as file:
        file["obsm/X_pca"][2, 1] = np.nan
    dataset = data.open_dataset(str(cells))
    remarks = columns(cells)["remark"]
    assert len(dataset) == len(remarks.values) == N - 1
    assert [f"cell-{text.removeprefix('remark ')}" for text in remarks.values.tolist()] == list(dataset.item_names)


def test_sparse_genes_are_no_vectors(cells: Path) -> None:
    h5py: Any = import_module("h5py")
    sparse: Any = import_module("scipy.sparse")
    with h5py.File(cells, "a") as file:
        x = sparse.csr_matrix(file["X"][:])
        del file["X"]
        import_module("anndata.io").write_elem(file, "X", x)
    assert annotated.array_names(cells, cells.name) == ["X_pca", "X_umap"]
    with h5py.File(cells, "a") as file:
        del file["obsm/X_pca"], file["obsm/X_umap"]
    with pytest.raises(DataError, match="no embedding in obsm"):
        data.open_dataset(str(cells))


def test_what_points_to_another_file_is_refused(cells: Path) -> None:
    h5py: Any = import_module("h5py")
    with h5py.File(cells, "a") as file:
        file["obsm"]["X_secret"] = h5py.ExternalLink("/etc/other.h5", "/x")
    with pytest.raises(DataError, match="X_secret points to another place"):
        data.open_dataset(str(cells))


def test_damaged_files_are_refused(cells: Path) -> None:
    content = cells.read_bytes()
    for damaged in (b"\x89HDF\r\n\x1a\n" + bytes(64), content[: len(content) // 2], b"row,a\n1,2\n"):
        with pytest.raises(DataError, match=r"cells\.h5ad"):
            data.from_upload("cells.h5ad", damaged)


def test_without_the_package_there_is_a_word_on_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anndata.io", None)
    with pytest.raises(DataError, match="which is not installed here") as error:
        data.from_upload("cells.h5ad", b"")
    assert 'pip install "autoencoder-explorer[anndata]"' in str(error.value)


def spoilt(cells: Path, change: str) -> None:
    """Change one thing of the file."""
    h5py: Any = import_module("h5py")
    with h5py.File(cells, "r+") as file:
        if change == "rows":
            attributes = dict(file["obsm/X_pca"].attrs)
            del file["obsm/X_pca"]
            file["obsm/X_pca"] = PCA[:3]
            file["obsm/X_pca"].attrs.update(attributes)
        elif change == "bytes":
            file["obsm/X_pca"].attrs["encoding-type"] = b"\xe9rray"
        else:
            file[change].attrs["encoding-type"] = "of a later version"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("obs", "of a later version.*Update anndata here, or write it again"),
        ("obs/kind", "of a later version.*Update anndata"),
        ("obsm/X_pca", "of a later version.*Update anndata"),
        ("bytes", "rray"),
        ("rows", "X_pca has 3 rows and obs has 40. Write it again"),
    ],
)
def test_a_foreign_or_spoilt_file_is_refused_with_a_way_on(cells: Path, change: str, words: str) -> None:
    spoilt(cells, change)
    for source in (cells, cells.read_bytes()):
        with pytest.raises(DataError, match=words) as refused:
            annotated.read_h5ad(source, cells.name)
        str(refused.value).encode()  # a page could not send what is no text


def test_a_fault_of_our_own_is_not_called_one_of_the_file(cells: Path) -> None:
    with pytest.raises(AssertionError), annotated.opened_annotated(cells, cells.name):
        raise AssertionError
