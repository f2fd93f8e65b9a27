"""Quotes that begin a cell and have no end in it: they would make one row of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from explorer.core.errors import DataError
from explorer.io.tables.dialect import CUT
from explorer.io.tables.frame import Frame
from explorer.io.tables.numbers import MISSING
from explorer.io.tables.records import holds_number
from explorer.io.tables.source import PIECE, ByteSource

_LINE_END = re.compile(r"\r\n|\r|\n")
_WIDE = ("utf-16", "utf-32")
"""In these a byte of a quote may be part of another sign."""


class OpenQuotes:
    """Looks at cells of several lines while a file is read once: such a cell may hold rows, or just be written so.

    Args:
        frame: where cells begin and end.
        name: of the file, for messages.
        is_said: a user said which sign stands around cells: then such a cell is one.
    """

    def __init__(self, frame: Frame, name: str, is_said: bool) -> None:
        self._frame, self._name = frame, name
        self._is_said = is_said
        self._is_off = is_said or frame.delimiter == CUT or not frame.quote
        self._several, self._like_rows, self._example = 0, 0, ""

    def look_at_first(self) -> None:
        """Look at the file's first record, of which a cell may hold the first rows.

        Raises:
            DataError: it does.
        """
        first = self._frame.first
        places = [place for place, cell in enumerate(first) if "\n" in cell]
        if self._is_off or not places:
            return
        if len(first) != self._frame.width:
            self._look_at_ragged(self._frame.delimiter.join(first))
            return
        for place in places:
            self._look_at_row(first, place)

    def look(self, block: Sequence[pa.Array], ragged: list[str]) -> None:
        """Look at the next rows.

        Args:
            block: (n,) untrimmed cells of each column, or numbers.
            ragged: text of those rows among them that have another number of cells and take several lines;
                it is emptied.

        Raises:
            DataError: a cell holds rows.
        """
        if self._is_off:
            return
        while ragged:
            self._look_at_ragged(ragged.pop())
        for place, cells in enumerate(block):
            if pa.types.is_floating(cells.type) or not may_hold(cells, b"\n"):
                continue
            for row in pc.indices_nonzero(pc.match_substring(cells, "\n")).to_pylist():
                self._look_at_row([column[row].as_py() for column in block], place)

    def end(self, source: ByteSource) -> None:
        """The file has no more rows.

        Raises:
            DataError: cells of several lines look like rows more often than not, or the last quote has no end.
        """
        if self._like_rows and 2 * self._like_rows >= self._several:
            raise self._refusal(self._example)
        sign = self._frame.quote.encode()
        if self._is_said and len(sign) == 1 and not self._frame.encoding.startswith(_WIDE):
            with source.open() as file:
                if sum(piece.count(sign) for piece in iter(lambda: file.read(PIECE), b"")) % 2:
                    raise DataError(
                        f"{self._name} has an odd number of quotes: one of them has no end.",
                        "Close it, or say --quote none where quotes are letters.",
                    )

    def _look_at_ragged(self, text: str) -> None:
        lines = [line for line in _LINE_END.split(text) if line.strip()]
        if len(lines) > 1 and any(map(self._is_row, lines)):
            raise self._refusal(lines[0])

    def _look_at_row(self, row: Sequence[str | float | None], place: int) -> None:
        """Whether each line of a cell, with what stands before and behind the cell, is a row by itself."""
        width = self._frame.width
        cell = str(row[place])
        first, *between, last = ([line, *self._cut(line)] for line in _LINE_END.split(cell))
        self._several += 1
        if n := sum(self._is_row(line) for line, *_ in between):
            raise self._refusal(cell, f"{n:,} whole row{'s' * (n > 1)}")
        whole = all(len(cells) == width for _, *cells in between)
        if not whole or len(first) - 1 != width - place or len(last) - 1 != place + 1:
            return
        if width == 1:
            if holds_number(first[0]) and holds_number(last[0]):
                raise self._refusal(cell)
            return
        # The end of the first row and the start of the last one stand in the cell; the row itself has the others.
        alike = [
            _is_number(own) == _is_number(within)
            for own, within in zip([*row[:place], *row[place + 1 :]], [*last[1:-1], *first[2:]], strict=True)
            if not (_is_missing(own) or _is_missing(within))
        ]
        if not all(alike):
            return
        if any(map(_is_number, [*row[:place], *row[place + 1 :]])):
            raise self._refusal(cell)
        self._like_rows += 1
        self._example = self._example or cell

    def _cut(self, line: str) -> list[str]:
        return line.split(self._frame.delimiter)

    def _is_row(self, line: str) -> bool:
        cells = self._cut(line)
        return len(cells) == self._frame.width > 1 and any(map(holds_number, cells))

    def _refusal(self, cell: str, rows: str = "a part of the row below it") -> DataError:
        return DataError(
            f"{self._name}: a cell that begins with {_LINE_END.split(cell)[0][:20]!r} holds {rows}:"
            " the quote before it has no end.",
            "Close the quote, or say --quote none where quotes are letters,"
            f" --quote '{self._frame.quote}' where it is one cell of several lines.",
        )


def may_hold(cells: pa.Array, sign: bytes) -> bool:
    """Whether bytes stand anywhere in the memory of some text: where they do not, no cell needs to be looked at."""
    letters = cells.buffers()[2]
    return letters is not None and sign in letters.to_pybytes()


def _is_missing(cell: str | float | None) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING)


def _is_number(cell: str | float | None) -> bool:
    return not isinstance(cell, str) or holds_number(cell)
