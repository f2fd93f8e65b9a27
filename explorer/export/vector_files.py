"""Vectors on a map, with the columns beside them and the trust of the map, as one file: CSV, NPZ or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int, Num

from explorer.core.errors import ExplorerError
from explorer.core.intervals import Rate
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.data.beside import ItemColumn
from explorer.data.item_names import ITEM, beside, item_keys
from explorer.data.vectors import VectorScale, scaling_of, vectors_of
from explorer.evaluation.groups import group_words
from explorer.export.files import csv_bytes, npz_bytes
from explorer.export.score_files import parquet_bytes
from explorer.latent import embedding_quality
from explorer.latent.clusters import Clusters, find_clusters
from explorer.latent.projection import PCA, REGISTRY, IterativeProjector, Progress, Projector, laid_out_in_words

FORMS = ("csv", "npz", "parquet")
PAGE = "html"
MIN_ITEMS = 4
CLUSTER = "cluster"


@dataclass(frozen=True, eq=False)
class PlacedVectors:
    """Items of a dataset with the place of each item's vector on a map.

    Args:
        dataset: with vectors.
        rows: (n,) which of its items.
        vectors: (n, D) as distances are measured between them.
        places: (n, 2).
        about: what near and far mean on the map.
        projector: that laid them out.
    """

    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    vectors: Float[np.ndarray, "n d"]
    places: Float[np.ndarray, "n 2"]
    about: str
    projector: Projector


@dataclass(frozen=True)
class MapTrust:
    """How far a map can be trusted at one size of neighbourhood; all in [0, 1], 1 is best.

    Args:
        k: neighbours.
        n: items that the first two were measured on.
        trustworthiness: whether neighbours on the map are neighbours by vector.
        continuity: whether neighbours by vector are neighbours on the map.
        label_by_vector, label_on_map: how often the k nearest others vote for an item's own label; None without labels.
    """

    k: int
    n: int
    trustworthiness: float
    continuity: float
    label_by_vector: Rate | None = None
    label_on_map: Rate | None = None


def place_vectors(
    dataset: Dataset, method: str, scale: VectorScale, at_most: int | None, seed: int, progress: Progress | None = None
) -> PlacedVectors:
    """Lay the vectors of a dataset out as Latent space does.

    Args:
        method: a name in ``latent.projection.REGISTRY``.
        scale: what distances are measured in; its statistics are those of all items.
        at_most: so many items, spread over all; None: all.
        seed: of t-SNE and UMAP.
        progress: told the share that is done.

    Raises:
        ExplorerError: there are no vectors, too few items, or numbers that are not finite.
    """
    vectors = vectors_of(dataset)
    rows = spread_sample(np.arange(len(dataset)), len(dataset) if at_most is None else at_most)
    if len(rows) < MIN_ITEMS:
        raise ExplorerError(f"A map needs {MIN_ITEMS} items or more; here are {len(rows)}.", "Choose other data.")
    codes = scaling_of(vectors, scale)(vectors.rows(rows))
    if not np.isfinite(codes).all():
        raise ExplorerError("Some vectors are not finite numbers.", "Leave such items out of the file.")
    projector = REGISTRY[method](seed=seed)
    places = projector.fit_transform(codes, progress)
    shown = f" It holds {100 * projector.explained_:.3g} % of the variance." if isinstance(projector, PCA) else ""
    if isinstance(projector, IterativeProjector) and (sampled := laid_out_in_words(len(rows))):
        shown = f" {sampled}"
    return PlacedVectors(dataset, rows, codes, places, f"{projector.title}: {projector.summary}{shown}", projector)


@dataclass(frozen=True, eq=False)
class NamedClusters:
    """Clusters of placed items, and what each has more of than all others.

    Args:
        clusters: of the items.
        names: (K,) of the clusters, such as "kind = cat"; empty for nothing that tells one.
        of: what they were looked for in: "vectors", "places on the map".
    """

    clusters: Clusters
    names: tuple[str, ...]
    of: str

    def column(self) -> ItemColumn:
        """The clusters as a column (n,) of the placed items; what is in none is one, too."""
        called = [f"{k}: {name}" if name else str(k) for k, name in enumerate(self.names, 1)]
        names = (*called, "in none")
        return ItemColumn(CLUSTER, "category", self.clusters.labels % len(names), names)


def named_clusters(
    placed: PlacedVectors, columns: Sequence[ItemColumn], min_size: int, on_map: bool = False
) -> NamedClusters:
    """Clusters of vectors, or of their places, with names by the columns beside and the labels.

    Args:
        columns: each of all items of the dataset.
        min_size: items of the smallest.
        on_map: of the places, not of the vectors.

    Raises:
        ExplorerError: as ``find_clusters``.
    """
    clusters = find_clusters(placed.places if on_map else placed.vectors, min_size)
    known = {column.name: column.of(placed.rows) for column in columns}
    if placed.dataset.labels is not None and "label" not in known:
        labels = np.asarray(placed.dataset.labels)[placed.rows]
        known["label"] = ItemColumn("label", "category", labels, placed.dataset.label_names)
    return NamedClusters(
        clusters, tuple(group_words(clusters.labels, known)), "places on the map" if on_map else "vectors"
    )


def trust_of(placed: PlacedVectors, k: int) -> MapTrust:
    """The trust of a map at neighbourhoods of ``k``.

    Raises:
        ExplorerError: too few items.
    """
    curves = embedding_quality.curves(placed.vectors, placed.places, (k,))
    by_vector = on_map = None
    labels = placed.dataset.labels
    if labels is not None and len(np.unique(labels := np.asarray(labels)[placed.rows])) > 1:
        by_vector = embedding_quality.knn_accuracy(placed.vectors, labels, k)
        on_map = embedding_quality.knn_accuracy(placed.places, labels, k)
    trusted, continuous = float(curves.trustworthiness[0]), float(curves.continuity[0])
    return MapTrust(k, curves.n, trusted, continuous, by_vector, on_map)


def vector_form(path: str) -> str:
    """The form that a file's name asks for, ``PAGE`` for a page; ``-`` is CSV.

    Raises:
        ExplorerError: it ends in none of them.
    """
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    form = {"pq": "parquet", "": "csv" if path == "-" else ""}.get(suffix, suffix)
    if form not in (*FORMS, PAGE):
        known = ", .".join((*FORMS, PAGE))
        raise ExplorerError(f"Cannot tell the format of {path}.", f"Give a name that ends in .{known}.")
    return form


def placed_bytes(placed: PlacedVectors, columns: Sequence[ItemColumn], named: NamedClusters | None, form: str) -> bytes:
    """A row an item: what it is called, its label, its place, cluster (0: none), the columns beside.

    Clusters count from 1, with the name and the stability of each.

    Numbers keep every digit; dates, categories and text are as people read them, empty where missing.

    Args:
        columns: each of all items of the dataset.
        named: clusters of the placed items; None: without.
        form: one of ``FORMS``.
    """
    dataset, rows = placed.dataset, placed.rows
    own: dict[str, Sequence[object] | np.ndarray] = {ITEM: item_keys(dataset, rows), "row": rows}
    if dataset.labels is not None:
        names = dataset.label_names
        own["label"] = [names[i] if 0 <= i < len(names) else "" for i in np.asarray(dataset.labels)[rows].tolist()]
    own |= {"map_x": placed.places[:, 0], "map_y": placed.places[:, 1]}
    if named is not None:
        labels, stability = named.clusters.labels, named.clusters.stability
        own[CLUSTER] = labels + 1
        own[f"{CLUSTER}_name"] = [named.names[k] if k >= 0 else "" for k in labels.tolist()]
        of_each = np.append(stability, np.nan)[labels]
        own[f"{CLUSTER}_stability"] = of_each if form != "csv" else ["" if np.isnan(v) else v for v in of_each.tolist()]
    known = {column.name: _cells(column, rows, form) for column in columns}
    whole = {**own, **dict(beside(list(own), known))}
    if form == "npz":
        return npz_bytes(**{name: np.asarray(values) for name, values in whole.items()})
    return csv_bytes(whole) if form == "csv" else parquet_bytes({name: _typed(v) for name, v in whole.items()})


def _cells(column: ItemColumn, rows: Num[np.ndarray, " m"], form: str) -> Sequence[object] | np.ndarray:
    if column.kind != "number":
        return column.written(rows)
    values = column.values[rows]
    return values if form != "csv" else ["" if np.isnan(value) else value for value in values.tolist()]


def _typed(values: Sequence[object] | np.ndarray) -> pa.Array:
    """A column as Arrow has it, whatever it is called: text without a value is null, and so is NaN."""
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=True)
    return pa.array([str(cell).encode(errors="backslashreplace").decode() or None for cell in values], pa.string())
