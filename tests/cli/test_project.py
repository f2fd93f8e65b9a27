"""Vectors laid out by the command line: places, trust, columns and clusters, as other libraries have them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import KNeighborsClassifier
from typer.testing import CliRunner

from explorer.cli import app
from explorer.export import vector_files

N, SIZE = 150, 6
KINDS = np.arange(N) % 3


@pytest.fixture
def x() -> np.ndarray:
    return (np.random.default_rng(0).normal(size=(N, SIZE)) + 8 * np.eye(3, SIZE)[KINDS]).astype(np.float32)


@pytest.fixture
def pair(tmp_path: Path, x: np.ndarray) -> Path:
    """Vectors with columns beside them, some named as columns of scores are."""
    (tmp_path / "vectors.tsv").write_text("\n".join("\t".join(f"{v:.9g}" for v in row) for row in x))
    lines = [f"{'abc'[KINDS[i]]}{i}\t{['ant', 'bee', 'cat'][KINDS[i]]}\t{i / 3 if i != 4 else ''}" for i in range(N)]
    (tmp_path / "metadata.tsv").write_text("\n".join(["reasons\tlabel\tage", *lines]))
    return tmp_path / "vectors.tsv"


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["project", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


def places(columns: dict[str, Any]) -> np.ndarray:
    return np.stack([np.asarray(columns["map_x"], float), np.asarray(columns["map_y"], float)], 1)


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open() as file:
        head, *rows = csv.reader(file)
    return dict(zip(head, map(list, zip(*rows, strict=True)), strict=True))


def test_places_and_trust_are_those_of_scikit_learn(pair: Path, x: np.ndarray, tmp_path: Path) -> None:
    answer = json.loads(run(pair, "--out", tmp_path / "o.csv", "--neighbours", 7, "--json"))
    given = places(read_csv(tmp_path / "o.csv"))
    np.testing.assert_allclose(np.abs(given), np.abs(PCA(2).fit_transform(x)), atol=1e-3)
    assert answer["trust"]["trustworthiness"] == pytest.approx(trustworthiness(x, given, n_neighbors=7), abs=1e-6)
    assert answer["trust"]["continuity"] == pytest.approx(trustworthiness(given, x, n_neighbors=7), abs=1e-6)


def test_columns_beside_go_along_by_type_and_name(pair: Path, tmp_path: Path) -> None:
    said = run(pair, "--out", tmp_path / "o.csv")
    assert "reasons (text), label (category), age (number)" in said
    columns = read_csv(tmp_path / "o.csv")
    assert columns["label"] == [["ant", "bee", "cat"][k] for k in KINDS]
    assert columns["reasons"] == [f"{'abc'[k]}{i}" for i, k in enumerate(KINDS)]
    assert [float(v or "nan") for v in columns["age"]] == pytest.approx(
        [i / 3 if i != 4 else np.nan for i in range(N)], nan_ok=True
    )
    run(pair, "--out", tmp_path / "o.parquet")
    table = parquet.read_table(tmp_path / "o.parquet")
    assert [str(table.schema.field(name).type) for name in ("reasons", "age")] == ["string", "double"]
    assert table["age"].to_pylist()[4] is None
    run(pair, "--out", tmp_path / "o.npz")
    with np.load(tmp_path / "o.npz") as file:
        assert np.isnan(file["age"][4])
        np.testing.assert_allclose(places(dict(file)), places(columns), rtol=1e-6)


def test_a_table_that_is_given_takes_the_place_of_the_one_beside(pair: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("\n".join(["height", *(str(i + 0.5) for i in range(N))]))
    run(pair, "--out", tmp_path / "o.csv", "--columns", tmp_path / "other.csv")
    columns = read_csv(tmp_path / "o.csv")
    assert columns["height"][3] == "3.5"
    assert "age" not in columns


def test_clusters_are_the_kinds_and_begin_at_one(pair: Path, tmp_path: Path) -> None:
    answer = json.loads(run(pair, "--out", tmp_path / "o.csv", "--clusters", 20, "--json"))
    clusters = np.array(read_csv(tmp_path / "o.csv")["cluster"], int)
    inside = clusters > 0
    assert adjusted_rand_score(KINDS[inside], clusters[inside]) == 1
    assert [one["items"] for one in answer["clusters"]] == np.bincount(clusters[inside])[1:].tolist()
    assert answer["in none"] == (~inside).sum()


def test_clusters_of_the_map_are_named_by_what_they_have_more_of(
    pair: Path, x: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[np.ndarray] = []
    find = vector_files.find_clusters
    monkeypatch.setattr(
        vector_files, "find_clusters", lambda codes, size: (looked_at.append(codes), find(codes, size))[1]
    )
    options = ("--clusters", 20, "--clusters-of", "map")
    answer = json.loads(run(pair, "--out", tmp_path / "o.csv", *options, "--json"))
    columns = read_csv(tmp_path / "o.csv")
    labels = np.array(columns["cluster"], int)
    expected = HDBSCAN(min_cluster_size=20, copy=True).fit(PCA(2).fit_transform(x)).labels_
    assert adjusted_rand_score(expected, labels) == 1
    assert answer["clusters_of"] == "places on the map"
    np.testing.assert_allclose(looked_at[0], places(columns), atol=1e-6)
    for k, one in enumerate(answer["clusters"], 1):
        kind = ["ant", "bee", "cat"][np.bincount(KINDS[labels == k]).argmax()]
        assert one["name"].startswith(f"label = {kind}")
        of_items = {(columns["cluster_name"][i], columns["cluster_stability"][i]) for i in np.flatnonzero(labels == k)}
        assert of_items == {(one["name"], str(one["stability"]))}
    assert "more than others" in run(pair, "--out", tmp_path / "p.csv", *options)


def test_what_clusters_are_of_needs_clusters(pair: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["project", str(pair), "--out", str(tmp_path / "o.csv"), "--clusters-of", "map"])
    assert result.exit_code != 0
    assert "--clusters-of says nothing" in result.output


def test_labels_vote_in_both_spaces(x: np.ndarray, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    noisy = x + random.normal(size=x.shape).astype(np.float32) * 4
    np.savez(tmp_path / "e.npz", embeddings=noisy, labels=KINDS)
    answer = json.loads(run(tmp_path / "e.npz", "--out", tmp_path / "o.csv", "--neighbours", 5, "--json"))
    right = [
        KNeighborsClassifier(5).fit(np.delete(noisy, i, 0), np.delete(KINDS, i)).predict(noisy[i : i + 1])[0]
        == KINDS[i]
        for i in range(N)
    ]
    assert answer["trust"]["label_by_vector"]["value"] == pytest.approx(np.mean(right))
    assert answer["trust"]["label_on_map"]["n"] == N


def test_a_sample_says_so_and_distances_are_those_asked_for(pair: Path, x: np.ndarray, tmp_path: Path) -> None:
    said = run(pair, "--out", tmp_path / "o.csv", "--items", 40, "--distances", "unit-length")
    assert f"a sample of 40 of {N}" in said
    assert "distances unit length" in said
    columns = read_csv(tmp_path / "o.csv")
    rows = np.array(columns["row"], int)
    assert columns["reasons"] == [f"{'abc'[KINDS[i]]}{i}" for i in rows.tolist()]
    unit = x[rows] / np.linalg.norm(x[rows], axis=1, keepdims=True)
    np.testing.assert_allclose(np.abs(places(columns)), np.abs(PCA(2).fit_transform(unit)), atol=1e-4)


def test_what_cannot_be_written_is_refused_before_anything_is_read(pair: Path, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("mine")
    for out, words in ((tmp_path / "o.csv", "There is a file"), (tmp_path / "o.png", "Cannot tell the format")):
        result = CliRunner().invoke(app, ["project", str(tmp_path / "not-there.tsv"), "--out", str(out)])
        assert result.exit_code == 1
        assert words in result.output
    assert (tmp_path / "o.csv").read_text() == "mine"


def test_what_a_column_holds_can_be_said(pair: Path, tmp_path: Path) -> None:
    run(pair, "--out", tmp_path / "o.csv", "--holds", "age=text", "--holds", "reasons=left-out")
    columns = read_csv(tmp_path / "o.csv")
    assert "reasons" not in columns
    said = run(pair, "--out", tmp_path / "p.csv", "--holds", "age=text")
    assert "age (text)" in said
    for wrong in ("age=colour", "age", "height=number"):
        result = CliRunner().invoke(app, ["project", str(pair), "--out", str(tmp_path / "q.csv"), "--holds", wrong])
        assert result.exit_code == 1
        assert "--holds" in result.output
