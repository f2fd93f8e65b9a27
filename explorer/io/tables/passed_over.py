"""Lines of a text table that are none of its rows: ragged and empty ones, and names of columns that come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from explorer.io.tables.plain import NotPlainError

Block = tuple[np.ndarray, list[pa.Array]]
"""Numbers of some rows, and their cells column by column."""


@dataclass
class PassedOver:
    """What is passed over while a file is read once, from its first row to its last.

    Args:
        above: lines of the file above its first row, the header among them.
        heads: names of the columns that may come again; empty: they do not.

    Attributes:
        ragged: number of each row with another number of cells, counted from 1 below the header.
        empty: how many rows hold nothing.
        repeated: how many rows repeat the names of the columns.
        last: number of the last row so far.
        of_several_lines: text of the ragged rows that take several lines.
    """

    above: int
    heads: tuple[str, ...]
    ragged: set[int] = field(default_factory=set)
    empty: int = 0
    repeated: int = 0
    last: int = 0
    of_several_lines: list[str] = field(default_factory=list)

    def ragged_row(self, row: csv.InvalidRow) -> str:
        """What pyarrow is to do with a row of another number of cells."""
        self.ragged.add(row.number - self.above)
        if row.text and "\n" in row.text.strip():
            self.of_several_lines.append(row.text)
        return "skip"

    def kept(self, block: list[pa.Array]) -> Block:
        """The rows of a block that are rows of the table.

        Args:
            block: (n,) cells of each column, those of the next rows that are not ragged.

        Raises:
            NotPlainError: a row may be empty, or hold words for that: only its text says.
        """
        rows = self._next_rows(len(block[0]))
        return self._without_empty(*self._without_heads(rows, block))

    def _next_rows(self, count: int) -> np.ndarray:
        gaps = np.array(sorted(number for number in self.ragged if number > self.last), np.int64)
        rows = np.arange(self.last + 1, self.last + 1 + count + len(gaps), dtype=np.int64)
        rows = rows[~np.isin(rows, gaps)][:count] if len(gaps) else rows
        self.last = int(rows[-1]) if len(rows) else self.last
        return rows

    def _without_heads(self, rows: np.ndarray, block: list[pa.Array]) -> Block:
        if not self.heads:
            return rows, block
        same = None
        for head, column in zip(self.heads, block, strict=False):
            if pa.types.is_floating(column.type):
                return rows, block
            of_column = pc.equal(column, head.strip())
            same = of_column if same is None else pc.and_(same, of_column)
            if not pc.any(same).as_py():
                return rows, block
        self.repeated += int(pc.sum(same).as_py())
        return _filtered(rows, block, pc.invert(same))

    def _without_empty(self, rows: np.ndarray, block: list[pa.Array]) -> Block:
        if len(block) == 1 or not len(rows):
            return rows, block
        blank = is_blank(block[0])
        for column in block[1:]:
            if not pc.any(blank).as_py():
                return rows, block
            blank = pc.and_(blank, is_blank(column))
        n = int(pc.sum(blank).as_py() or 0)
        if not n:
            return rows, block
        if any(pa.types.is_floating(column.type) for column in block):
            raise NotPlainError  # whether they hold nothing, or words for that, only their text says
        self.empty += n
        return _filtered(rows, block, pc.invert(blank))


def is_blank(cells: pa.Array) -> pa.Array:
    """(n,) whether each cell, trimmed text or a number, holds nothing."""
    return pc.is_null(cells) if pa.types.is_floating(cells.type) else pc.equal(cells, "")


def _filtered(rows: np.ndarray, block: Sequence[pa.Array], keep: pa.Array) -> Block:
    return rows[keep.to_numpy(zero_copy_only=False)], [column.filter(keep) for column in block]
