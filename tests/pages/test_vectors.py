"""Vectors without a model: Latent space shows them, every other page says what it needs a model for."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from streamlit.testing.v1 import AppTest

from explorer import data
from explorer.browser.filters.message import Filtered
from explorer.checkpoints import Checkpoint
from explorer.core.row_samples import spread_positions
from explorer.ui.latent_space import filter_panel, map_page
from explorer.ui.map import map_clusters, planes, quantities
from explorer.ui.shell import selection, session
from explorer.ui.shell.frame import PAGES
from explorer.ui.shell.selection import SelectedRows
from explorer.ui.shell.vector_items import VectorItems
from explorer.views import colouring, map_contents
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]
N, SIZE = 120, 6


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(N, SIZE)).astype(np.float32)


@pytest.fixture
def embeddings(tmp_path: pathlib.Path, x: np.ndarray) -> pathlib.Path:
    np.savez(tmp_path / "given.npz", embeddings=x, labels=np.array(["ant", "bee"])[np.arange(N) % 2])
    return tmp_path / "given.npz"


def items(path: pathlib.Path, **choice: object) -> VectorItems:
    dataset = data.open_dataset(str(path))
    return VectorItems(dataset, np.arange(len(dataset)), f"all, n = {len(dataset)}", **choice)  # type: ignore[arg-type]


def opened(open_page: OpenPage, path: pathlib.Path, **query: str) -> AppTest:
    app = open_page("latent_space", model=session.NO_MODEL, **query)
    return app.sidebar.text_input(key="data_path").set_value(str(path)).run()


def test_the_map_of_vectors_is_their_pca(embeddings: pathlib.Path, x: np.ndarray) -> None:
    context = items(embeddings)
    shown = planes.plane(context)
    expected = PCA(2).fit_transform(x.astype(np.float64))
    np.testing.assert_allclose(np.abs(shown.points), np.abs(expected), atol=1e-4)
    assert shown.lift is None
    assert "decoded" not in shown.note


def test_novelty_by_neighbours_is_the_distance_of_scikit_learn(embeddings: pathlib.Path, x: np.ndarray) -> None:
    offered = quantities.quantities(items(embeddings))
    far = offered["Novelty by neighbours"].values(planes.plane(items(embeddings)))
    k = quantities.FAR_NEIGHBOURS
    expected = NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, k]
    np.testing.assert_allclose(far, expected, rtol=1e-5)
    assert not {"Reconstruction error", "KL"} & set(offered)


def test_of_very_many_vectors_each_is_compared_with_a_sample(
    embeddings: pathlib.Path, x: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantities, "MOST_COMPARED", 100)
    monkeypatch.setattr(quantities, "COMPARED", 40)
    novelty = quantities.quantities(items(embeddings))["Novelty by neighbours"]
    sample = x[spread_positions(N, 40)]
    distances = np.linalg.norm(x[:, None] - sample[None], axis=2)
    distances = np.where(distances == 0, np.inf, distances)  # itself
    expected = np.sort(distances, axis=1)[:, quantities.FAR_NEIGHBOURS - 1]
    np.testing.assert_allclose(novelty.values(planes.plane(items(embeddings))), expected, rtol=1e-5)
    assert "among 40 of them" in novelty.about


def test_the_map_calls_rows_by_their_numbers(embeddings: pathlib.Path) -> None:
    few = items(embeddings).thinned(10)
    points = map_contents.map_points(few, planes.plane(few), colouring.by_label(few))
    assert points.titles is None
    assert points.numbers is not None
    assert [f"row {number}" for number in points.numbers] == [few.dataset.item_names[row] for row in few.rows]
    described = map_contents.map_points(few, planes.plane(few), colouring.by_label(few), [f"ä{i}" for i in range(10)])
    assert described.numbers is None
    assert described.titles is not None
    assert described.titles.read()[:2] == [f"{few.dataset.item_names[row]}, ä{i}" for i, row in enumerate(few.rows[:2])]


def test_the_scale_of_distances_changes_the_codes(embeddings: pathlib.Path, x: np.ndarray) -> None:
    unit = items(embeddings, scale="unit length").codes()
    np.testing.assert_allclose(unit, x / np.linalg.norm(x, axis=1, keepdims=True), rtol=1e-5)


def test_vectors_alone_open_on_latent_space(
    open_page: OpenPage, tiny_models: dict[str, Checkpoint], embeddings: pathlib.Path
) -> None:
    app = opened(open_page, embeddings, colour="Novelty by neighbours")
    assert not app.exception
    said = words(app)
    assert "given.npz, all, n = 120." in said
    assert "6 numbers an item, as they are." in said
    assert "neighbours by vector" in said
    assert "Reconstruction" not in said
    keys = {button.key for button in app.button}
    assert not {"item_generate", "selection_generate", "selection_novelty"} & keys
    assert app.selectbox(key="colour").value == "Novelty by neighbours"


def test_a_sample_of_many_vectors_is_called_one(tmp_path: pathlib.Path) -> None:
    np.save(tmp_path / "many.npy", np.random.default_rng(0).normal(size=(9000, 3)).astype(np.float32))
    context = items(tmp_path / "many.npy").thinned(500)
    assert context.split == "a sample of 9,000, n = 500"
    assert len(context.codes()) == 500


def test_vectors_that_no_model_takes_are_offered_a_map_without_one(
    open_page: OpenPage, tiny_models: dict[str, Checkpoint], embeddings: pathlib.Path
) -> None:
    app = open_page("latent_space")
    app.sidebar.text_input(key="data_path").set_value(str(embeddings)).run()
    app.sidebar.button(key="show_vectors").click().run()
    assert app.session_state["model"] == session.NO_MODEL
    assert not app.exception
    assert "given.npz, all, n = 120." in words(app)


@pytest.mark.parametrize("page", [name for name in PAGES if name != "latent_space"])
def test_every_other_page_says_what_it_needs_a_model_for(
    open_page: OpenPage, tiny_models: dict[str, Checkpoint], page: str
) -> None:
    app = open_page(page, model=session.NO_MODEL)
    assert not app.exception
    assert not app.error
    if page not in ("home", "train"):  # which show another model, and train one
        assert "No model is chosen" in words(app)
        assert [button.key for button in app.main.button if button.key == "to_vectors"]


def test_without_any_data_the_page_asks_for_vectors(
    open_page: OpenPage, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "is_table", lambda name: False)
    app = open_page("latent_space", model=session.NO_MODEL)
    assert not app.exception
    assert "There are no vectors yet" in " ".join(error.value for error in app.main.error)


# --- Columns beside the items -----------------------------------------------------------------------------------------


@pytest.fixture
def titles_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest asks for the titles of data again outside the session, which alone knows the visitor's own."""
    monkeypatch.setattr(session, "dataset_title", lambda name: pathlib.PurePath(name).name)


@pytest.fixture
def projector_pair(tmp_path: pathlib.Path, x: np.ndarray) -> pathlib.Path:
    """Vectors and columns beside them as TensorFlow's Embedding Projector has them."""
    (tmp_path / "vectors.tsv").write_text("\n".join("\t".join(f"{v:.5f}" for v in row) for row in x))
    lines = [f"word number {i}\t{'ab'[i % 2] if i % 10 else ''}\t{i * 1.25}" for i in range(N)]
    (tmp_path / "metadata.tsv").write_text("\n".join(["word\tkind\tage", *lines]))
    return tmp_path / "vectors.tsv"


def test_columns_beside_vectors_colour_describe_and_are_searched(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], projector_pair: pathlib.Path
) -> None:
    app = opened(open_page, projector_pair, find="age: > 140")
    assert not app.exception
    beside = " ".join(caption.value for caption in app.sidebar.caption).replace("\\", "")
    assert "word (text), kind (category), age (number)" in beside
    assert "7 found" in words(app)
    assert app.selectbox(key="colour").options[:2] == ["kind", "age"]
    app.selectbox(key="colour").set_value("age")
    app.selectbox(key="colour_scale").set_value("linear").run()
    assert not app.exception
    assert "Colour: age. Linear from 0 to 149." in words(app)


def test_what_a_column_holds_can_be_said(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], projector_pair: pathlib.Path
) -> None:
    (projector_pair.parent / "metadata.tsv").write_text(
        "\n".join(["grade\tage", *(f"{i % 5}\t{i * 1.25}" for i in range(N))])
    )
    app = opened(open_page, projector_pair)
    beside = lambda: " ".join(caption.value for caption in app.sidebar.caption).replace("\\", "")  # noqa: E731
    assert "grade: whole numbers of at most 12 different values, taken for categories." in beside()
    (kind,) = [box for box in app.sidebar.selectbox if box.label == "It holds"]
    assert kind.value == "category"
    kind.set_value("number").run()
    assert not app.exception
    assert "grade (number)" in beside()
    assert "taken for categories" not in beside()
    app.selectbox(key="colour").set_value("grade")
    app.selectbox(key="colour_scale").set_value("linear").run()
    assert "Colour: grade. Linear from 0 to 4." in words(app)
    (kind,) = [box for box in app.sidebar.selectbox if box.label == "It holds"]
    kind.set_value("left out").run()
    assert "grade: left out, as asked." in beside()
    assert "grade" not in app.selectbox(key="colour").options


def test_columns_that_changed_on_disk_are_read_again(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], projector_pair: pathlib.Path
) -> None:
    app = opened(open_page, projector_pair)
    assert "age" in app.selectbox(key="colour").options
    path = projector_pair.parent / "metadata.tsv"
    path.write_text(path.read_text().replace("age", "days"))
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 10**9))
    app.run()
    assert not app.exception
    assert {"days"} == {"age", "days"} & set(app.selectbox(key="colour").options)


def test_a_table_of_columns_can_be_given_and_is_refused_where_it_is_of_other_items(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], embeddings: pathlib.Path
) -> None:
    app = opened(open_page, embeddings)
    (uploader,) = [one for one in app.sidebar.file_uploader if one.label.startswith("Columns for given.npz")]
    uploader.set_value(("ages.csv", b"age\n" + b"\n".join(b"%d.5" % i for i in range(N)), "text/csv")).run()
    assert not app.exception
    assert "age" in app.selectbox(key="colour").options
    (uploader,) = [one for one in app.sidebar.file_uploader if one.label.startswith("Columns for given.npz")]
    uploader.set_value(("ages.csv", b"age\n1.5\n2.5\n3.5", "text/csv")).run()
    assert "3 rows beside 120 items" in " ".join(warning.value for warning in app.sidebar.warning)


def test_a_selection_is_compared_with_the_rest_column_by_column(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], projector_pair: pathlib.Path
) -> None:
    dataset = data.open_dataset(str(projector_pair))
    app = opened(open_page, projector_pair)
    app.session_state["kept_selected"] = SelectedRows(np.arange(30), dataset.fingerprint)
    app.run()
    assert not app.exception
    assert "30 selected against 90 others" in words(app)
    assert "Benjamini and Hochberg" in words(app)
    (table,) = [frame.value for frame in app.dataframe if "q" in frame.value.columns]
    first = table.iloc[0]
    assert (first["column"], first["value"], first["effect"]) == ("age", "median", "0 % higher")
    assert {"a", "b", "missing"} <= set(table["value"])
    (near,) = [frame.value for frame in app.dataframe if "distance" in frame.value.columns]
    numbers = [int(name.split()[-1]) for name in near["word"]]
    assert near["age"].tolist() == [f"{number * 1.25:g}" for number in numbers], "each its own"
    assert near["distance"].is_monotonic_increasing


def test_what_is_brushed_becomes_the_selection(embeddings: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = items(embeddings)
    choice = Filtered(n=N, bits="05" + "00" * (N // 8 - 1), stamp=7).among(N)
    monkeypatch.setattr(filter_panel, "last_choice", lambda n: choice)
    map_page._take_choices(context)
    assert selection.current(context).tolist() == [0, 2]
    assert Filtered(n=N, bits="05", stamp=7).among(N) is None


def test_clusters_are_a_column_with_names_and_stability(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], tmp_path: pathlib.Path
) -> None:
    kinds = np.arange(N) % 3 == 0
    x = np.random.default_rng(0).normal(size=(N, 4)) + 9 * kinds[:, None]
    np.savez(tmp_path / "two.npz", embeddings=x, kind=np.array(["cat", "dog"])[kinds.astype(int)])
    app = opened(open_page, tmp_path / "two.npz", clusters="5 % of the items")
    assert not app.exception
    (table,) = [frame.value for frame in app.dataframe if "stability" in frame.value.columns]
    assert table["has more of"].tolist() == ["kind = cat", "kind = dog"]
    assert table["items"].sum() > 0.9 * N
    assert (table["stability"] > 0.75).all()
    app.selectbox(key="colour").set_value("Cluster").run()
    assert not app.exception
    assert "Colour: Cluster." in words(app)


def test_clusters_are_of_the_places_on_the_map_where_that_is_asked(
    open_page: OpenPage, titles_anywhere: None, tiny_models: dict[str, Checkpoint], tmp_path: pathlib.Path
) -> None:
    # Two groups along the third direction of variance, which no PCA of two dimensions shows.
    kinds = np.arange(N) % 2 == 0
    x = np.random.default_rng(0).uniform(-1, 1, size=(N, 3)) * [60, 50, 1] + 25 * kinds[:, None] * [0, 0, 1]
    np.savez(tmp_path / "hidden.npz", embeddings=x)
    app = opened(open_page, tmp_path / "hidden.npz", clusters="5 % of the items", clusters_of=map_clusters.OF_MAP)
    assert not app.exception
    assert "HDBSCAN of the places on the map" in words(app)
    labels = map_clusters.find_clusters(planes.plane(items(tmp_path / "hidden.npz")).points, round(0.05 * N)).labels
    tables = [frame.value for frame in app.dataframe if "stability" in frame.value.columns]
    sizes = tables[0]["items"].tolist() if tables else []
    assert sizes == np.bincount(labels[labels >= 0]).tolist()
    app.selectbox(key="clusters_of").set_value(map_clusters.OF_CODES).run()
    assert not app.exception
    assert "HDBSCAN of the 3-D vectors, not of the map" in words(app)
