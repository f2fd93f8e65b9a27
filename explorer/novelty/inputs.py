"""What a detector is fitted on and what it scores: a table that is read in chunks, or images."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int, Shaped

from explorer import data
from explorer.core.errors import DataError
from explorer.data.arrays import read_rows
from explorer.data.base import Dataset, Progress
from explorer.data.cells import as_written, pick, texts
from explorer.data.file_kinds import ARRAY_SUFFIXES, known_as
from explorer.data.importing import ImportOptions
from explorer.data.item_names import identifying, row_names
from explorer.data.memory_rows import ArrayRows
from explorer.data.splits import Splits
from explorer.data.table_rows import TableRows, open_rows
from explorer.io.contract import Contract
from explorer.io.images.asked import ImagesAsked
from explorer.io.images.contract import ImageContract
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.columns import Cells
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES
from explorer.novelty.windows import Windows

MAX_UPLOAD_BYTES = 1 << 30
"""Of images that are kept in memory."""


@dataclass(frozen=True, eq=False)
class TablePart:
    """Some rows of a table.

    Args:
        start: how many rows come before them.
        rows: (n,) number of each row in its file, from 1; of registered data from 0.
        cells: of each column but that of the labels, (n,), unless that is an input too.
        labels: (n,) text, or None where there are none.
    """

    start: int
    rows: Int[np.ndarray, " n"]
    cells: dict[str, Cells]
    labels: Shaped[np.ndarray, " n"] | None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class TableInput:
    """A table with what is known of its labels.

    Args:
        name: of the file or dataset, for messages.
        rows: its rows.
        label_column: the column that holds the labels; None: there is none.
        labels: (N,) text, where the labels stand beside the columns; None: they do not.
        dataset: the registered dataset that it is, if it is one.
        splits: that the data itself names; None: it names none.
        as_text, as_numbers: columns that are read so whatever they look like here, since a detector learnt them so.
        mixed: columns of numbers with some text, as a detector learnt them: their numbers come written plainly.
        label_is_asked: whether the user named it.
        label_is_input: whether a detector learnt from the column of labels too, so that it stays among the cells.
        windows: how rows that follow one another were cut into windows, each a row here; None: they were not.
        remarks: what is to be said of that, a sentence each without its end.
    """

    name: str
    rows: TableRows
    label_column: str | None = None
    labels: Shaped[np.ndarray, " n"] | None = None
    dataset: Dataset | None = None
    splits: Splits | None = None
    as_text: Collection[str] = ()
    mixed: Collection[str] = ()
    as_numbers: Collection[str] = ()
    label_is_asked: bool = False
    label_is_input: bool = False
    windows: Windows | None = None
    remarks: tuple[str, ...] = ()

    @property
    def contract(self) -> TableContract:
        """How it is read, and what each column is for."""
        return self.rows.contract

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns to learn from."""
        if self.windows is not None:
            return self.windows.names
        return tuple(name for name in self.contract.inputs if name != self.label_column)

    def keys(self, rows: Int[np.ndarray, " n"]) -> list[str]:
        """(n,) what items are called in files: the number of a row, or those of a window's first and last."""
        if self.windows is None:
            return [str(row) for row in rows]
        return [f"{row}-{row + self.windows.length - 1}" for row in rows.tolist()]

    def names(self, rows: Int[np.ndarray, " n"], cells: Mapping[str, Cells]) -> tuple[str, ...]:
        """(n,) what items are called where people read it; see ``row_names``.

        Args:
            cells: of the columns of these rows.
        """
        if self.windows is None:
            return row_names(rows, identifying(cells, self.contract))
        return tuple(f"rows {key.replace('-', ' to ')}" for key in self.keys(rows))

    def parts(self) -> Iterator[TablePart]:
        """The rows, chunk by chunk."""
        start = 0
        as_text = self.as_text if self.label_column is None else (*self.as_text, self.label_column)
        mixed = kept_numbers(self.rows, self.mixed)
        for chunk, values in zip(self.rows.chunks(as_text=as_text, as_numbers=self.as_numbers), mixed, strict=False):
            cells, n = dict(chunk.cells), len(chunk)
            for column in self.mixed:
                cells[column] = _plainly(as_written(cells[column]), values[column])
            labels = None if self.labels is None else self.labels[start : start + n]
            if self.label_column is not None:
                labels = texts(cells[self.label_column] if self.label_is_input else cells.pop(self.label_column))
            yield TablePart(start, chunk.rows, cells, labels)
            start += n


def kept_numbers(rows: TableRows, columns: Collection[str]) -> Iterator[dict[str, Cells]]:
    """Columns as numbers, chunk by chunk; endless where there is no column."""
    if not columns:
        yield from itertools.repeat({})
    for chunk in rows.chunks(as_numbers=columns, only=columns):
        yield chunk.cells


def _plainly(cells: list[str], values: Cells) -> list[str]:
    """Cells with their numbers, which may have a decimal comma and signs between thousands, as Python writes them."""
    return [
        cell if value != value else repr(value) for cell, value in zip(cells, np.asarray(values).tolist(), strict=True)
    ]


def kept_parts(table: TableInput, columns: Sequence[str]) -> Iterator[dict[str, list[str]]]:
    """Columns as they are written, for the rows of each of ``table.parts()``; endless where no column is asked for."""
    if not columns:
        yield from itertools.repeat({})
    for chunk in table.rows.chunks(as_text=columns, only=columns):
        yield {column: as_written(chunk.cells[column]) for column in columns}


def typed_parts(table: TableInput, columns: Sequence[str]) -> Iterator[dict[str, pa.Array]]:
    """As ``kept_parts``, with types."""
    if not columns:
        yield from itertools.repeat({})
    yield from table.rows.arrays(columns)


def open_input(
    source: str,
    images: ImagesAsked | None = None,
    progress: Progress | None = None,
    dialect: Asked | None = None,
    roles: RolesAsked | None = None,
    like: Contract | None = None,
    called: str = "",
    max_side: int = ImportOptions.max_side,
) -> TableInput | Dataset:
    """Open a dataset's name, a table, NPZ or NPY file, a folder or zip of images, or one image.

    Args:
        images: what is known of images; None: all is found.
        progress: called while images are decoded.
        dialect, roles: what is known of how a table is written, and of its columns.
        like: how the data was read that a detector learnt from: what this cannot tell is as there, images are read so.
        called: what messages and cards call it; empty: its path.
        max_side: limit of the size that images get where nothing says it, in pixels.

    Raises:
        DataError: there is no such data, or it cannot be read.
    """
    path = Path(source).expanduser()
    lowered, name = path.name.lower(), called or source
    if path.is_file():
        lowered = known_as(path.name, path).lower()
    if source in data.DATASETS:
        dataset = data.dataset(source, progress=progress)
        return dataset if dataset.kind == "image" else of_dataset(dataset)
    if lowered.endswith(TABLE_SUFFIXES) and path.is_file():
        return _table(path, name, dialect, roles, like)
    if lowered.endswith(ARRAY_SUFFIXES) and path.is_file() and not _is_image(images, like):
        try:
            arrays = _array(path, known_as(name, path), roles, like, dialect)
        except OSError as error:
            raise DataError(f"{name} cannot be read: {error.strerror}.", "Check the path.") from error
        if arrays is not None:
            return arrays
    options = replace(_options(images, like), called=called, max_side=max_side)
    return data.open_dataset(source, progress=progress, options=options)


def open_upload(
    name: str,
    content: bytes,
    images: ImagesAsked | None = None,
    progress: Progress | None = None,
    dialect: Asked | None = None,
    roles: RolesAsked | None = None,
    like: Contract | None = None,
    max_side: int = ImportOptions.max_side,
) -> TableInput | Dataset:
    """Open an uploaded table, NPZ or NPY file, zip of images, or image in memory; nothing is written to disk.

    Args:
        name: of the file, for its kind and for errors.
        content: its bytes; they are not trusted.
        images, progress, dialect, roles, like, max_side: as in ``open_input``; images get smaller where all together
            would take more than ``MAX_UPLOAD_BYTES``.

    Raises:
        DataError: it cannot be read.
    """
    lowered = known_as(name, content).lower()
    if lowered.endswith(TABLE_SUFFIXES):
        return _table(content, name, dialect, roles, like)
    is_array = lowered.endswith(ARRAY_SUFFIXES) and not _is_image(images, like)
    arrays = _array(content, known_as(name, content), roles, like, dialect) if is_array else None
    if arrays is not None:
        return arrays
    options = replace(_options(images, like), max_side=max_side, max_bytes=MAX_UPLOAD_BYTES)
    opened = data.from_upload(name, content, progress=progress, options=options)
    return opened if opened.kind == "image" else of_dataset(opened)


def _is_image(asked: ImagesAsked | None, like: Contract | None) -> bool:
    """Whether it is said that an array, even one of two axes, holds images, or images were learnt from."""
    is_said = asked is not None and (asked.axes is not None or asked.size is not None)
    return is_said or isinstance(like, ImageContract)


def _table(
    source: Path | bytes, name: str, dialect: Asked | None, roles: RolesAsked | None, like: Contract | None
) -> TableInput:
    rows = open_rows(source, name, dialect, roles, like if isinstance(like, TableContract) else None)
    is_asked = roles is not None and roles.label is not None
    return TableInput(name, rows, rows.contract.label, label_is_asked=is_asked)


def _array(
    source: Path | bytes, name: str, roles: RolesAsked | None, like: Contract | None, dialect: Asked | None
) -> TableInput | None:
    """The table in an array file; None where it holds images."""
    in_file = read_rows(source, name, roles, like if isinstance(like, TableContract) else None, dialect)
    if in_file is None:
        return None
    rows, labels, splits = in_file
    label = rows.contract.label
    is_asked = roles is not None and roles.label is not None
    return TableInput(name, rows, label, None if label else labels, splits=splits, label_is_asked=is_asked)


def _options(images: ImagesAsked | None, like: Contract | None) -> ImportOptions:
    return ImportOptions(images or ImagesAsked(), like=like if isinstance(like, ImageContract) else None)


def of_dataset(dataset: Dataset) -> TableInput:
    """A dataset of table rows as an input."""
    labels = None if dataset.labels is None else np.array(dataset.label_names)[dataset.labels]
    numbers = np.arange(len(dataset)) if dataset.item_numbers is None else dataset.item_numbers
    rows = ArrayRows(dataset.x, dataset.feature_names, dataset.title, numbers)
    return TableInput(dataset.title, rows, labels=labels, dataset=dataset, splits=dataset.splits)


def gather(table: TableInput, wanted: Int[np.ndarray, " n"]) -> tuple[dict[str, Cells], Int[np.ndarray, " n"]]:
    """The cells of chosen rows, column by column, and (n,) their numbers in the file; the table is read through once.

    Args:
        wanted: (n,) sorted positions of rows.
    """
    columns: dict[str, list[Sequence[str] | np.ndarray]] = {}
    numbers = []
    for part in table.parts():
        low, high = np.searchsorted(wanted, [part.start, part.start + len(part)])
        chosen = wanted[low:high] - part.start
        numbers.append(part.rows[chosen])
        for column, values in part.cells.items():
            columns.setdefault(column, []).append(pick(values, chosen))
    return {column: _joined(pieces) for column, pieces in columns.items()}, np.concatenate(numbers)


def taken(values: Any, rows: Int[np.ndarray, " n"]) -> Any:
    """Some rows (n,) of a column that goes along: a list of text, or an Arrow array."""
    return values.take(pa.array(rows)) if isinstance(values, pa.Array) else [values[i] for i in rows.tolist()]


def _joined(pieces: Sequence[Sequence[str] | np.ndarray]) -> Cells:
    if isinstance(pieces[0], np.ndarray):
        return np.concatenate([np.asarray(piece) for piece in pieces])
    return [str(cell) for piece in pieces for cell in piece]
