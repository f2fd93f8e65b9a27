"""Tables a chunk of rows at a time: text files, arrays and cells in memory, and what a column's cells hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Num, Shaped

from explorer.io.tables import numbers as reading
from explorer.io.tables.columns import CHUNK_ROWS, Cells, Chunk, as_text
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.file import TableFile
from explorer.io.tables.numbers import MISSING, MOSTLY
from explorer.io.tables.parquet import ParquetTable
from explorer.io.tables.roles import ColumnRole, RolesAsked, as_label_text, find_roles
from explorer.io.tables.source import is_parquet


class TableRows(Protocol):
    """A table that is read a chunk of rows at a time."""

    name: str
    columns: tuple[str, ...]
    has_names: bool
    """Whether the columns have names of their own, not just numbers."""
    contract: TableContract
    """How it is read, and what each column is for."""
    mixed: frozenset[str]
    """Columns with cells that are no numbers."""

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """The cells of each column, at most ``rows`` of them at a time, from the first row on; see ``TableFile``."""


class FileRows:
    """A table in a file, with the role of each column.

    Args:
        file: the table.
        roles: what is known of its columns.
        like: how the table was read that a model learnt from: columns of the same names have the same roles.

    Raises:
        DataError: it has no column of a name that was asked for.
    """

    def __init__(
        self, file: TableFile | ParquetTable, roles: RolesAsked | None = None, like: TableContract | None = None
    ) -> None:
        self._file, self.name, self.columns, self.has_names = file, file.name, file.columns, file.has_names
        self.facts = file.facts
        self.mixed = frozenset(fact.name for fact in file.facts if fact.stray)
        columns = find_roles(file.facts, roles or RolesAsked(), file.name, like.columns if like else ())
        numbers = {column.name for column in columns if column.role == "number"}
        stray = [fact for fact in file.facts if fact.name in numbers and fact.stray]
        self.contract = TableContract(
            rows=file.n_rows,
            dialect=file.dialect,
            columns=columns,
            ragged=len(file.ragged),
            first_ragged=file.ragged[:8],
            empty=file.empty,
            stray=sum(fact.n - fact.missing - fact.numbers for fact in stray),
            first_stray=(stray[0].name, stray[0].stray[:40]) if stray else ("", ""),
            findings=file.findings,
        )

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """As of the file, inputs as their role says where it is not said here."""
        categories = [column for column in self.contract.of("category") if column not in as_numbers]
        numbers_ = [column for column in self.contract.of("number") if column not in as_text]
        return self._file.chunks(rows, (*as_text, *categories), (*as_numbers, *numbers_), only)


def open_rows(
    source: Path | bytes,
    name: str,
    dialect: Asked | None = None,
    roles: RolesAsked | None = None,
    like: TableContract | None = None,
) -> FileRows:
    """Open a table in a file.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for messages.
        dialect: what is known of how it is written.
        roles: what is known of its columns.
        like: how the table was read that a model learnt from: what this one cannot tell is as there.

    Raises:
        DataError: it cannot be read, or has no column of a name that was asked for.
    """
    known = [column.name for column in like.columns] if like else []
    if is_parquet(source):
        return FileRows(ParquetTable(source, name, roles.ignore if roles else (), known), roles, like)
    return FileRows(TableFile(source, name, dialect, like.dialect if like else None, known), roles, like)


class ArrayRows:
    """Rows (N, D) in memory or memory-mapped as a table; every column is a number to learn from.

    Args:
        x: numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name: of the table, for errors.
    """

    mixed: frozenset[str] = frozenset()

    def __init__(self, x: Num[np.ndarray, "n d"], columns: Sequence[str], name: str) -> None:
        self.name, self.has_names, self._x = name, bool(columns), x
        self.columns = tuple(columns) or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))
        self.contract = TableContract(
            rows=len(x), dialect=None, columns=tuple(ColumnRole(name=column, role="number") for column in self.columns)
        )

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        for start in range(0, len(self._x), rows):
            part = self._x[start : start + rows].astype(np.float64)
            named = zip(self.columns, part.T, strict=True)
            cells: dict[str, Cells] = {name: values for name, values in named if only is None or name in only}
            yield Chunk(np.arange(start + 1, start + 1 + len(part)), cells)


class CellRows:
    """Rows in memory, column by column, as a table.

    Args:
        cells: (N,) of each column, at least one.
        name: of the table, for errors.
        contract: of the table that they come from; None: what each column is for is found.
    """

    has_names = True
    mixed: frozenset[str] = frozenset()

    def __init__(self, cells: Mapping[str, Cells], name: str, contract: TableContract | None = None) -> None:
        self.name, self.columns, self._cells = name, tuple(cells), cells
        self._n = len(next(iter(cells.values())))
        self.contract = contract or TableContract(
            rows=self._n, dialect=None, columns=tuple(_column_of(column, values) for column, values in cells.items())
        )

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        for start in range(0, self._n, rows):
            named = self._cells.items()
            cells = {name: values[start : start + rows] for name, values in named if only is None or name in only}
            yield Chunk(np.arange(start + 1, 1 + min(start + rows, self._n)), cells)


def _column_of(name: str, values: Cells) -> ColumnRole:
    is_number = isinstance(values, np.ndarray) or cell_numbers(values) is not None
    return ColumnRole(name=name, role="number" if is_number else "category")


def cell_numbers(cells: list[str]) -> Float[np.ndarray, " n"] | None:
    """(n,) float64 of one column's cells with NaN where a cell is missing; None where the cells are text."""
    values = numbers(cells)
    present = sum(cell.strip().lower() not in MISSING for cell in cells)
    parsed = int((~np.isnan(values)).sum())
    return values if parsed >= MOSTLY * present else None


def numbers(cells: Cells) -> Float[np.ndarray, " n"]:
    """(n,) float64 of one column's cells, NaN where there is no number; a decimal comma is one."""
    if isinstance(cells, np.ndarray):
        return cells.astype(np.float64)
    trimmed = pa.array([cell.strip() for cell in cells], pa.string())
    values = reading.to_numbers(trimmed, ".", "")
    commas = reading.to_numbers(trimmed, ",", "")
    return np.where(np.isnan(values), commas, values)


def texts(cells: Cells) -> Shaped[np.ndarray, " n"]:
    """(n,) text of one column's cells without spaces around it, empty where a value is missing."""
    if isinstance(cells, np.ndarray):
        return as_label_text(cells.astype(np.float64))
    stripped = (cell.strip() for cell in cells)
    return np.array(["" if cell.lower() in MISSING else cell for cell in stripped], str)


def as_written(cells: Cells) -> list[str]:
    """(n,) cells as text; numbers of an array as short as they can be read back."""
    return as_text(cells) if isinstance(cells, np.ndarray) else cells
