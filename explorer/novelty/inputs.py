"""What a detector is fitted on and what it scores: a table that is read in chunks, or images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int, Shaped

from explorer import data
from explorer.core.errors import DataError
from explorer.data.arrays import read_rows
from explorer.data.base import Dataset, ImportOptions, Progress
from explorer.data.tables import ArrayRows, Cells, CsvRows, TableRows, label_of, texts

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
ARRAY_SUFFIXES = (".npz", ".npy")


@dataclass(frozen=True, eq=False)
class TableInput:
    """A table with what is known of its labels.

    Args:
        name: of the file or dataset, for messages.
        rows: its rows.
        label_column: the column that holds the labels; None: there is none.
        labels: (N,) text, where the labels stand beside the columns; None: they do not.
        dataset: the registered dataset that it is, if it is one.
    """

    name: str
    rows: TableRows
    label_column: str | None = None
    labels: Shaped[np.ndarray, " n"] | None = None
    dataset: Dataset | None = None

    def chunks(self) -> Iterator[tuple[int, dict[str, Cells], np.ndarray | None]]:
        """The number of the first row, the cells of each column and (n,) labels or None, chunk by chunk."""
        start = 0
        for cells in self.rows.chunks():
            n = len(next(iter(cells.values())))
            labels = None if self.labels is None else self.labels[start : start + n]
            if self.label_column is not None:
                labels = texts(cells.pop(self.label_column))
            yield start, cells, labels
            start += n


def open_input(
    source: str,
    label_column: str | None = None,
    image_shape: tuple[int, int, int] | None = None,
    progress: Progress | None = None,
) -> TableInput | Dataset:
    """Open a dataset's name, a CSV, NPZ or NPY file, a folder or zip of images, or one image.

    Args:
        label_column: the column of a table that holds labels; None: one called label, class, target or y.
        image_shape: (C, H, W) that images of a folder or zip are decoded to; None: their most common size.
        progress: called while images are decoded.

    Raises:
        DataError: there is no such data, or it cannot be read.
    """
    path = Path(source).expanduser()
    suffix = path.suffix.lower()
    if source in data.DATASETS:
        dataset = data.dataset(source, progress=progress)
        return dataset if dataset.kind == "image" else of_dataset(dataset)
    if suffix in TABLE_SUFFIXES and path.is_file():
        return _table(path, source, label_column)
    if suffix in ARRAY_SUFFIXES and path.is_file():
        try:
            rows_and_labels = read_rows(path.read_bytes(), source)
        except OSError as error:
            raise DataError(f"{source} cannot be read: {error.strerror}.", "Check the path.") from error
        if rows_and_labels is not None:
            return TableInput(source, rows_and_labels[0], labels=rows_and_labels[1])
    return data.dataset(source, progress=progress, options=_options(image_shape))


def open_upload(
    name: str,
    content: bytes,
    label_column: str | None = None,
    image_shape: tuple[int, int, int] | None = None,
    progress: Progress | None = None,
) -> TableInput | Dataset:
    """Open an uploaded CSV, NPZ or NPY file, zip of images, or image in memory; nothing is written to disk.

    Args:
        name: of the file, for its kind and for errors.
        content: its bytes; they are not trusted.
        label_column, image_shape, progress: as in ``open_input``.

    Raises:
        DataError: it cannot be read.
    """
    suffix = Path(name).suffix.lower()
    if suffix in TABLE_SUFFIXES:
        return _table(content, name, label_column)
    rows_and_labels = read_rows(content, name) if suffix in ARRAY_SUFFIXES else None
    if rows_and_labels is not None:
        return TableInput(name, rows_and_labels[0], labels=rows_and_labels[1])
    opened = data.from_upload(name, content, progress=progress, options=_options(image_shape))
    return opened if opened.kind == "image" else of_dataset(opened)


def _table(source: Path | bytes, name: str, label_column: str | None) -> TableInput:
    rows = CsvRows(source, name)
    return TableInput(name, rows, label_of(rows, label_column))


def _options(image_shape: tuple[int, int, int] | None) -> ImportOptions | None:
    if image_shape is None:
        return None
    return ImportOptions(image_size=image_shape[1:], channels=3 if image_shape[0] == 3 else 1)


def of_dataset(dataset: Dataset) -> TableInput:
    """A dataset of table rows as an input."""
    labels = None if dataset.labels is None else np.array(dataset.label_names)[dataset.labels]
    rows = ArrayRows(dataset.x, dataset.feature_names, dataset.title)
    return TableInput(dataset.title, rows, labels=labels, dataset=dataset)


def gather(table: TableInput, wanted: Int[np.ndarray, " n"]) -> dict[str, Cells]:
    """The cells of chosen rows, column by column; the table is read through once.

    Args:
        wanted: (n,) sorted row numbers.
    """
    parts: dict[str, list[Sequence[str] | np.ndarray]] = {}
    for start, cells, _ in table.chunks():
        n = len(next(iter(cells.values())))
        low, high = np.searchsorted(wanted, [start, start + n])
        chosen = wanted[low:high] - start
        for column, values in cells.items():
            parts.setdefault(column, []).append(pick(values, chosen))
    return {column: _joined(pieces) for column, pieces in parts.items()}


def pick(values: Cells, rows: Int[np.ndarray, " n"]) -> Cells:
    """Some rows (n,) of a column's cells."""
    return values[rows] if isinstance(values, np.ndarray) else [values[i] for i in rows.tolist()]


def _joined(pieces: Sequence[Sequence[str] | np.ndarray]) -> Cells:
    if isinstance(pieces[0], np.ndarray):
        return np.concatenate([np.asarray(piece) for piece in pieces])
    return [str(cell) for piece in pieces for cell in piece]
