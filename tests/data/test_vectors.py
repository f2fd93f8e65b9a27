"""Items' own numbers as vectors: which columns they are, and what distances between them are measured in."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_distances
from sklearn.preprocessing import StandardScaler

from explorer import data
from explorer.core.errors import DataError
from explorer.data import Dataset, ImportOptions
from explorer.data.vectors import are_vectors, scaling_of, uneven_columns, vectors_of
from explorer.io.tables.asked import RolesAsked


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(0).normal(3, 2, (40, 5)).astype(np.float32)


def saved(folder: pathlib.Path, **arrays: np.ndarray) -> Dataset:
    np.savez(folder / "given.npz", **arrays)
    return data.open_dataset(str(folder / "given.npz"))


@pytest.fixture
def pets(tmp_path: pathlib.Path, x: np.ndarray) -> pathlib.Path:
    """Two numbers and a category a row."""
    lines = [f"{a:.4f},{b:.4f},{'cat' if i % 3 else 'dog'}" for i, (a, b) in enumerate(x[:, :2])]
    (tmp_path / "pets.csv").write_text("\n".join(["width,height,coat", *lines]))
    return tmp_path / "pets.csv"


@pytest.mark.parametrize("key", ["embeddings", "codes", "vectors", "latents", "z", "x"])
def test_vectors_of_a_file_are_found_by_their_name(tmp_path: pathlib.Path, x: np.ndarray, key: str) -> None:
    dataset = saved(tmp_path, **{key: x, "labels": np.arange(40) % 2, "places": x[:, :2]})
    np.testing.assert_array_equal(vectors_of(dataset).rows(slice(None)), x)
    assert dataset.labels is not None


def test_pictures_keep_the_vectors_that_stand_beside_them(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    dataset = saved(tmp_path, images=pictures, embeddings=x)
    assert dataset.kind == "image"
    assert are_vectors(dataset)
    np.testing.assert_array_equal(vectors_of(dataset).rows(np.array([3, 7])), x[[3, 7]])
    assert not any("embeddings" in name for name, _ in dataset.report.left_out if dataset.report)
    others = saved(tmp_path, images=pictures, embeddings=x + 1)
    assert others.fingerprint != dataset.fingerprint


def test_vectors_of_train_and_test_are_joined_as_their_pictures_are(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    parts = {"x_train": pictures[:30], "x_test": pictures[30:]}
    dataset = saved(tmp_path, **parts, embeddings_train=x[:30], embeddings_test=x[30:])
    np.testing.assert_array_equal(vectors_of(dataset).rows(slice(None)), x)
    # Of half the items there are no vectors: the items stay those of both parts.
    assert saved(tmp_path, **parts, embeddings=x[:30]).vectors is None


def test_pictures_alone_are_no_vectors(tmp_path: pathlib.Path) -> None:
    dataset = saved(tmp_path, images=np.random.default_rng(0).integers(0, 256, (9, 8, 8), dtype=np.uint8))
    assert not are_vectors(dataset)
    with pytest.raises(DataError, match="no vectors"):
        vectors_of(dataset)


def test_a_category_is_part_of_the_vectors_only_where_it_was_said(pets: pathlib.Path) -> None:
    vectors = vectors_of(data.open_dataset(str(pets)))
    assert (vectors.names, vectors.beside) == (("width", "height"), ("coat",))
    asked = ImportOptions(roles=RolesAsked(categories=("coat",)))
    chosen = vectors_of(data.open_dataset(str(pets), options=asked))
    assert len(chosen.names) > 2
    assert chosen.beside == ()
    assert chosen.rows(slice(None)).shape == (40, len(chosen.names))


def test_standardised_vectors_are_those_of_scikit_learn(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    large = x + np.array([0, 1e6, 0, 0, 0], np.float32)  # squares of such numbers lose small spreads
    vectors = vectors_of(saved(tmp_path, embeddings=large))
    scaled = scaling_of(vectors, "standardised")(vectors.rows(slice(None)))
    np.testing.assert_allclose(scaled, StandardScaler().fit_transform(large.astype(np.float64)), atol=1e-4)


def test_distances_at_unit_length_rank_as_cosines_do(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    x[7] = 0
    vectors = vectors_of(saved(tmp_path, embeddings=x))
    unit = scaling_of(vectors, "unit length")(vectors.rows(slice(None)))
    assert not unit[7].any()
    others = np.delete(unit, 7, axis=0)
    squared = np.square(others[:, None] - others[None]).sum(-1)
    np.testing.assert_allclose(squared, 2 * cosine_distances(np.delete(x, 7, axis=0)), atol=1e-5)


def test_vectors_as_they_are_stay_so(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    vectors = vectors_of(saved(tmp_path, embeddings=x))
    np.testing.assert_array_equal(scaling_of(vectors, "as they are")(vectors.rows(slice(None))), x)


def test_a_column_that_decides_alone_is_named(tmp_path: pathlib.Path, x: np.ndarray) -> None:
    assert uneven_columns(vectors_of(saved(tmp_path, embeddings=x))) is None
    uneven = uneven_columns(vectors_of(saved(tmp_path, embeddings=x * np.array([1, 1, 1, 200, 1], np.float32))))
    assert uneven is not None
    assert uneven[0] == "column 4"
    assert uneven[1] == pytest.approx(200, rel=0.5)
