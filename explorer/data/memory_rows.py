"""Rows in memory as a table that is read a chunk at a time: an array, or cells column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from jaxtyping import Int, Num

from explorer.data.cells import as_array, cell_numbers
from explorer.io.tables.columns import CHUNK_ROWS, Cells, Chunk
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import ColumnRole


class ArrayRows:
    """Rows (N, D) of registered data as a table; every column is a number to learn from.

    Args:
        x: numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name: of the table, for errors.
        numbers: (N,) of the rows; None: from 1.
    """

    mixed: frozenset[str] = frozenset()

    def __init__(
        self,
        x: Num[np.ndarray, "n d"],
        columns: Sequence[str],
        name: str,
        numbers: Int[np.ndarray, " n"] | None = None,
    ) -> None:
        self.name, self.has_names, self._x = name, bool(columns), x
        self._numbers = np.arange(1, len(x) + 1) if numbers is None else numbers
        self.columns = tuple(columns) or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))
        self.contract = TableContract(
            rows=len(x), dialect=None, columns=tuple(ColumnRole(name=column, role="number") for column in self.columns)
        )

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        for chunk in self.chunks(only=columns):
            yield {column: as_array(chunk.cells[column]) for column in columns}

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
            yield Chunk(self._numbers[start : start + rows], cells)


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

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        for chunk in self.chunks(only=columns):
            yield {column: as_array(chunk.cells[column]) for column in columns}

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
