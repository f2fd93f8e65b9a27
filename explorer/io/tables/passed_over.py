"""Lines of a text table that are none of its rows: ragged and empty ones, and names of columns that come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from explorer.core.errors import DataError
from explorer.io.tables.dialect import Frame, holds_number, records
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
    """

    above: int
    heads: tuple[str, ...]
    ragged: set[int] = field(default_factory=set)
    empty: int = 0
    repeated: int = 0
    last: int = 0

    def ragged_row(self, row: csv.InvalidRow) -> str:
        """What pyarrow is to do with a row of another number of cells."""
        self.ragged.add(row.number - self.above)
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


def refuse_open_quote(cells: pa.Array, frame: Frame, name: str, to_end: bool = False) -> None:
    """Refuse a cell that holds whole rows: a quote before it has no end.

    Args:
        cells: (n,) text of one column.
        frame: where cells begin and end.
        name: of the file, for messages.
        to_end: the cells are the file's last ones: such a quote may end with the file.

    Raises:
        DataError: with how the cell begins.
    """
    if not may_hold(cells, b"\n"):
        return
    swallowed = r"\n" if to_end else r"\n[^\n]*\n"
    for cell in cells.filter(pc.match_substring_regex(cells, swallowed)).to_pylist():
        rows = records(cell.splitlines()[1 : None if to_end else -1], frame.delimiter, "")
        if any(len(row) == frame.width > 1 and any(map(holds_number, row)) for row in rows):
            raise DataError(
                f"{name}: a cell that begins with {cell[:20].splitlines()[0]!r} holds {len(rows):,} whole"
                f" row{'s' * (len(rows) > 1)}: the quote before it has no end.",
                "Close the quote, or say --quote none where quotes are letters.",
            )


def may_hold(cells: pa.Array, sign: bytes) -> bool:
    """Whether bytes stand anywhere in the memory of some text: where they do not, no cell needs to be looked at."""
    letters = cells.buffers()[2]
    return letters is not None and sign in letters.to_pybytes()


def _filtered(rows: np.ndarray, block: Sequence[pa.Array], keep: pa.Array) -> Block:
    return rows[keep.to_numpy(zero_copy_only=False)], [column.filter(keep) for column in block]
