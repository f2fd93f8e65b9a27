"""The rows of an array as a table: every column holds numbers, and is read a few rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa
from jaxtyping import Num

from explorer.io.tables import numbers
from explorer.io.tables.columns import CHUNK_ROWS, Cells, Chunk, ColumnFacts, are_exact, told_apart
from explorer.io.tables.columns import as_text as written
from explorer.io.tables.dialect import DialectFinding

_CELLS_AT_ONCE = 8_000_000

Parts = Callable[[Num[np.ndarray, "n d"], int], Iterator[tuple[int, np.ndarray]]]
"""Cuts an array into parts of at most so many rows, each with the number of its first."""


class ArrayTable:
    """Rows (N, D) in memory or in their file as a table; see ``TableFile``.

    Args:
        x: numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name: of the file, for messages.
        parts: how to read some rows at a time.
        missing: numbers, as text, that stand for a missing value.
    """

    dialect = None
    findings: tuple[DialectFinding, ...] = ()
    ragged: tuple[int, ...] = ()
    empty = repeated = 0

    def __init__(
        self, x: Num[np.ndarray, "n d"], columns: Sequence[str], name: str, parts: Parts, missing: Sequence[str] = ()
    ) -> None:
        self.name, self.has_names, self._x, self._parts, self._missing = name, bool(columns), x, parts, missing
        self.columns = told_apart(columns) or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))
        self.n_rows = len(x)
        self.facts = tuple(ColumnFacts(column) for column in self.columns)
        for _, part in self._blocks(CHUNK_ROWS):
            for fact, values in zip(self.facts, part.T, strict=True):
                numbers_ = self._numbers(values)
                keeps = values.dtype.kind not in "iu" or are_exact(numbers_)
                fact.add(numbers_, None if keeps else pa.array(self._written(values)))

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """The rows, at most so many at a time, from the first one on; as ``TableFile.chunks``."""
        for start, part in self._blocks(rows):
            named = zip(self.columns, part.T, strict=True)
            cells: dict[str, Cells] = {
                name: self._written(values) if name in as_text and name not in as_numbers else self._numbers(values)
                for name, values in named
                if only is None or name in only
            }
            yield Chunk(np.arange(start + 1, start + 1 + len(part)), cells)

    def _blocks(self, rows: int) -> Iterator[tuple[int, np.ndarray]]:
        size = max(1, min(rows, _CELLS_AT_ONCE // max(1, self._x.shape[1])))
        yield from self._parts(self._x, size)

    def _numbers(self, values: np.ndarray) -> np.ndarray:
        return numbers.without(np.ascontiguousarray(values, np.float64), self._missing)

    def _written(self, values: np.ndarray) -> list[str]:
        """Values (n,) as text, whole ones with all their digits, which a double does not keep beyond 2**53."""
        if values.dtype.kind not in "iu":
            return written(self._numbers(values))
        missing = np.isnan(self._numbers(values)).tolist()
        return ["" if is_missing else str(value) for value, is_missing in zip(values.tolist(), missing, strict=True)]
