"""All that a model makes of items, with what is known of them, as one file: CSV, NPZ, Parquet or AnnData."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.data.item_names import ITEM, beside, item_keys
from explorer.export.files import csv_bytes, npz_bytes
from explorer.export.score_files import parquet_bytes
from explorer.io.contract import as_columns
from explorer.io.tables.columns import Cells

FORMS = ("csv", "npz", "parquet", "h5ad")
"""In which items can be written; the last one where the package anndata is installed."""
ERROR = "reconstruction_error"
REBUILT = " (rebuilt)"
"""What follows the name of a column, or of a pixel, that the model has made."""


@dataclass(frozen=True, eq=False)
class MadeOfItems:
    """What a model makes of some rows of a dataset.

    Args:
        checkpoint: the model.
        dataset: that the rows are of.
        rows: (n,) which.
        split: what they are to the model ("test").
        codes: (n, D).
        errors: (n,) squared reconstruction errors.
        rebuilt: (n, *event) reconstructions; None: they are left out.
        places: (n, 2) on a map; None: there is none.
        more: numbers of each item under names of their own, such as a score.
    """

    checkpoint: VectorCheckpoint
    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str
    codes: Num[np.ndarray, "n d"]
    errors: Float[np.ndarray, " n"]
    rebuilt: Float[np.ndarray, "n *event"] | None = None
    places: Num[np.ndarray, "n 2"] | None = None
    more: Mapping[str, Num[np.ndarray, " n"]] = field(default_factory=dict)


def anndata_is_here() -> bool:
    """Whether AnnData files can be written."""
    return importlib.util.find_spec("anndata") is not None


def made_of_items(
    checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, with_rebuilt: bool = True
) -> MadeOfItems:
    """Codes, errors and, if wanted, reconstructions of rows of a dataset."""
    x = dataset.x[rows]
    rebuilt = checkpoint.reconstruct(x) if with_rebuilt else None
    errors = checkpoint.reconstruction_errors(x)
    return MadeOfItems(checkpoint, dataset, rows, split, checkpoint.encode(x), errors, rebuilt)


def form_of(path: str) -> str:
    """The form that a file's name asks for.

    Raises:
        ExplorerError: it ends in none of them.
    """
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    form = "parquet" if suffix == "pq" else suffix
    if form not in FORMS:
        raise ExplorerError(f"Cannot tell the format of {path}.", f"Give a name that ends in .{', .'.join(FORMS)}.")
    return form


def item_bytes(made: MadeOfItems, form: str) -> bytes:
    """The content of a file.

    CSV and Parquet have a column a number; NPZ has ``codes``, ``rebuilt`` and ``places`` as arrays; AnnData has the
    items in ``X``, reconstructions in a layer, codes and places in ``obsm`` and everything else in ``obs``.

    Args:
        form: one of ``FORMS``.

    Raises:
        ExplorerError: AnnData without the package anndata.
    """
    if form == "h5ad":
        return _anndata(made)
    known = known_of(made)
    if form == "npz":
        arrays = {"codes": made.codes, **_given(rebuilt=made.rebuilt, places=made.places)}
        named = {name: np.asarray(values) for name, values in known.items()}
        return npz_bytes(**{"split": np.array(made.split), **dict(beside(list(arrays), named)), **arrays})
    columns = {f"z{d + 1}": values for d, values in enumerate(made.codes.T)}
    if made.places is not None:
        columns |= {"map_x": made.places[:, 0], "map_y": made.places[:, 1]}
    if made.rebuilt is not None:
        columns |= {f"{name}{REBUILT}": values for name, values in _columns(made, made.rebuilt).items()}
    whole = {**dict(beside(list(columns), known)), **columns}
    return csv_bytes(whole) if form == "csv" else parquet_bytes(whole)


def known_of(made: MadeOfItems) -> dict[str, Sequence[object] | np.ndarray]:
    """What is known of each item: its name, label, error, and the columns of its table that were kept."""
    dataset, chosen = made.dataset, made.rows.tolist()
    own: dict[str, Sequence[object] | np.ndarray] = {ITEM: item_keys(dataset, made.rows), "row": made.rows}
    if dataset.labels is not None:
        names = dataset.label_names
        own["label"] = [names[k] if 0 <= k < len(names) else "" for k in np.asarray(dataset.labels)[made.rows].tolist()]
    own |= {ERROR: made.errors, **made.more}
    kept = {name: [cells[row] for row in chosen] for name, cells in dataset.kept.items()}
    return {**own, **dict(beside(list(own), kept))}


def _given(**arrays: np.ndarray | None) -> dict[str, np.ndarray]:
    return {name: values for name, values in arrays.items() if values is not None}


def value_names(made: MadeOfItems) -> list[str]:
    """What the values of an item are called: a table's columns, or the channel, row and column of a pixel."""
    if made.dataset.kind == "table":
        return list(made.dataset.feature_names) or [f"column {i + 1}" for i in range(made.dataset.event_shape[0])]
    return ["c{} y{} x{}".format(*place) for place in np.ndindex(made.dataset.event_shape)]


def _columns(made: MadeOfItems, x: Float[np.ndarray, "n *event"]) -> dict[str, Cells]:
    return as_columns(x.reshape(len(x), -1), made.checkpoint.card.data.contract, value_names(made))


def _anndata(made: MadeOfItems) -> bytes:
    """An AnnData file: every item an observation, every value of an item a variable."""
    try:
        anndata: Any = importlib.import_module("anndata")
    except ImportError as error:
        raise ExplorerError(
            "AnnData files need the package anndata, which is not installed here.",
            'Install it: pip install "autoencoder-explorer[anndata]"; or take .npz, .parquet or .csv.',
        ) from error
    pandas: Any = importlib.import_module("pandas")
    known = known_of(made)
    # HDF5 keeps text in UTF-8; bytes of names of files that are no text are escaped.
    # As objects: the file format has no place for the text type of pandas 3.
    index = pandas.Index([str(i) for i in range(len(made.rows))], dtype=object)
    obs = {
        name: _texts(pandas, values, index, name == "label") if isinstance(values, list) else values
        for name, values in known.items()
    }
    frame = pandas.DataFrame(obs, index=index)
    x = made.dataset.x[made.rows].reshape(len(made.rows), -1)
    card = made.checkpoint.card
    whole = anndata.AnnData(
        X=np.asarray(x, np.float32),
        obs=frame,
        var=pandas.DataFrame(index=pandas.Index(_text(value_names(made)), dtype=object)),
        obsm={"X_code": made.codes, **({} if made.places is None else {"X_map": np.asarray(made.places)})},
        layers={} if made.rebuilt is None else {"rebuilt": _as_stored(made, made.rebuilt).reshape(x.shape)},
        uns={
            "checkpoint": card.name,
            "fingerprint": made.checkpoint.fingerprint,
            "dataset": made.dataset.name,
            "split": made.split,
            "read_as": "" if card.data.contract is None else card.data.contract.line,
        },
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.h5ad"
        whole.write_h5ad(path, compression="gzip")
        return path.read_bytes()


def _as_stored(made: MadeOfItems, rebuilt: Float[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
    """Reconstructions in the units of ``X``: pixels of 8 bits go from 0 to 255 there."""
    return rebuilt * np.float32(255) if made.dataset.x.dtype == np.uint8 else rebuilt


def _texts(pandas: Any, values: Sequence[object], index: Any, few: bool) -> Any:
    """A column of text: with categories where some stand more than once or it is said that they are few."""
    text = _text(values)
    series = pandas.Series(text, index, dtype=object)
    known = sorted({*text})
    if not few and len(known) == len(text):
        return series
    # By anndata itself, or by astype("category"), the categories would be of the text type of pandas 3.
    return series.astype(pandas.CategoricalDtype(pandas.Index(known, dtype=object)))


def _text(values: Sequence[object]) -> list[str]:
    return [str(value).encode(errors="backslashreplace").decode() for value in values]
