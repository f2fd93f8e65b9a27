"""The rows of a text table: found out from the whole file once, then read a chunk at a time."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from explorer.core.errors import DataError
from explorer.io.tables import numbers, told_signs
from explorer.io.tables.below import sums_below
from explorer.io.tables.cell_places import CellPlaces, find_cell_places
from explorer.io.tables.columns import CHUNK_ROWS, Chunk, ColumnFacts, is_index, told_apart
from explorer.io.tables.dialect import Asked, Dialect, DialectFinding
from explorer.io.tables.frame import Frame
from explorer.io.tables.header import ColumnRange, find_header, head_below, names_above, one_short, two_heads
from explorer.io.tables.passed_over import Block, is_blank
from explorer.io.tables.plain import Plain, find_plain
from explorer.io.tables.record_blocks import RecordBlocks
from explorer.io.tables.source import TableSource


class TableFile:
    """A text table. Everything about it is found from the whole of it when it is opened.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for messages.
        asked: what is known of its dialect.
        like: the dialect of the table that a model learnt from: what this one cannot tell is as there.
        known: names of that table's columns.

    Attributes:
        dialect: how it is written.
        findings: what was found, each with its reason.
        columns: names of its columns, each once.
        has_names: whether they are its own, not numbers.
        facts: what each column's cells are like.
        n_rows: rows that are read.
        ragged: numbers of the rows that have another number of cells and are passed over.
        empty: how many rows hold nothing and are passed over.
        repeated: how many rows repeat the names of the columns and are passed over.

    Raises:
        DataError: it cannot be read, is empty, is not text, or has no row of the usual number of cells.
    """

    def __init__(
        self,
        source: Path | bytes,
        name: str,
        asked: Asked | None = None,
        like: Dialect | None = None,
        known: Collection[str] = (),
    ) -> None:
        asked = asked or Asked()
        self._missing = tuple(dict.fromkeys([*asked.missing, *(like.missing if like else ())]))
        self.name = name
        places = find_cell_places(TableSource(source, name), asked, like.encoding if like else "")
        plain = find_plain(places.sample.head, places.sample.later, places.frame, asked)
        facts = self._look_through(self._blocks_of(places, plain, asked), places.frame, asked, like)
        sums = None
        if places.below is None and asked.lines_below is None:
            sums = sums_below(places.sample, places.tail, self._frame, facts)
        if sums is not None:
            places = places.without(*sums)
            facts = self._look_through(self._blocks_of(places, plain, asked), places.frame, asked, like)
        if any(_repeats(fact, head) for fact, head in zip(facts, self._frame.first, strict=False)):
            self._blocks.heads = self._frame.first
            facts = self._look_through(self._blocks, self._frame, asked, like)
        header = self._header(facts, asked, known)
        self.has_names = header.value == "yes"
        self.dialect = Dialect(
            encoding=places.encoding, packing=self._frame.packing,
            delimiter=places.delimiter, widths=places.widths,
            decimal=self.signs.decimal, thousands=self.signs.thousands,
            header=self.has_names, units=bool(self._frame.units), lines_above=self._frame.lines_above,
            lines_below=int(places.below.value) if places.below else 0, quote=self._frame.quote, missing=self._missing,
        )  # fmt: skip
        self.findings = (*places.findings, told_signs.finding(self.signs), header)
        if self.has_names and self._is_one_short:
            self.findings += (one_short(self._frame.first, len(facts)),)
        self.columns = self._names()
        if self.has_names:
            self.facts = facts[: len(self.columns)]
            for fact, column in zip(self.facts, self.columns, strict=True):
                fact.name = column
            self._mark_names_of_rows()
            for fact, unit in zip(self.facts, self._frame.units, strict=False):
                if unit and not fact.unit:
                    fact.units = Counter({unit: fact.numbers})
        else:
            self.facts = self._facts(self.columns, self._rows())
        if not self.n_rows and not self.has_names:
            raise DataError(f"{name} has no row that can be read.", "Check its delimiter.")

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """The rows, at most so many at a time, from the first one on.

        Args:
            as_text: columns to be given as they are written, even where they are numbers.
            as_numbers: columns to be given as numbers, NaN where a cell is none, even where most are not.
            only: the columns to give; None: all.
        """
        kinds = {
            name: name in as_numbers or (fact.is_number and name not in as_text)
            for name, fact in zip(self.columns, self.facts, strict=True)
            if only is None or name in only
        }
        places = [place for place, name in enumerate(self.columns) if name in kinds]
        written = [place for place, is_number in zip(places, kinds.values(), strict=True) if not is_number]
        for numbers_, block in self._rows(written):
            for start in range(0, len(numbers_), rows):
                part = [block[place].slice(start, rows) for place in places]
                yield Chunk(
                    numbers_[start : start + rows],
                    {
                        name: self._as_numbers(cells) if is_number else cells.to_pylist()
                        for (name, is_number), cells in zip(kinds.items(), part, strict=True)
                    },
                )

    @cached_property
    def ragged(self) -> tuple[int, ...]:
        """Numbers of the rows with another number of cells."""
        shift = 0 if self.has_names else 1
        return tuple(number + shift for number in sorted(self._blocks.passed_over.ragged))

    @property
    def empty(self) -> int:
        """How many rows hold nothing."""
        return self._blocks.passed_over.empty

    @property
    def repeated(self) -> int:
        """How many rows repeat the names of the columns."""
        return self._blocks.passed_over.repeated

    @property
    def n_rows(self) -> int:
        """Rows that are read."""
        return self.facts[0].n if self.facts else 0

    def _as_numbers(self, cells: pa.Array) -> np.ndarray:
        if pa.types.is_floating(cells.type):
            values = cells.to_numpy(zero_copy_only=False)
        else:
            values = numbers.to_numbers(cells, self.signs.decimal, self.signs.thousands)
        return numbers.without(values, self._missing)

    def _rows(self, written: Collection[int] = ()) -> Iterator[Block]:
        """Row numbers and cells of the used columns, block by block, the first record where it is a row.

        Args:
            written: places of the columns that are wanted as text.
        """
        n = len(self.columns)
        if not self.has_names:
            padded = [*self._frame.first, *[""] * self._frame.width][:n]
            yield np.ones(1, np.int64), [self._blocks.tidy(pa.array([cell], pa.string())) for cell in padded]
        for rows, block in self._blocks.read(written):
            yield rows + (not self.has_names), block[:n]

    def _header(self, facts: Sequence[ColumnFacts], asked: Asked, known: Collection[str]) -> DialectFinding:
        """Whether the first record names the columns."""
        frame, signs = self._frame, self.signs
        if asked.header is not None:
            return DialectFinding(what="header", value="yes" if asked.header else "no", reason="as asked")
        if frame.units:
            reason = f"the row below it names units, as {next(filter(None, frame.units), '')!r}"
            return DialectFinding(what="header", value="yes", reason=reason, confidence=0.95, flag="--no-units")
        if frame.in_remark:
            return names_above(frame)
        header = find_header(frame.first, list(map(_range, facts)), signs.decimal, signs.thousands, facts[0].n, known)
        if asked.lines_above is None and asked.units is None and (text := self._head_below(facts)):
            return two_heads(header, text, frame)
        return header

    def _head_below(self, facts: Sequence[ColumnFacts]) -> str:
        """A cell of the first row where this may be the header; else empty."""
        if not facts[0].n:
            return ""
        _, block = next(self._blocks.read())
        place = 0 if len(block) > 1 else max(0, int(pc.index(is_blank(block[0]), False).as_py()))
        first = [column.slice(place, 1) for column in block]
        return head_below(self._frame, facts, first, np.array([self._as_numbers(cell)[0] for cell in first]))

    def _blocks_of(self, places: CellPlaces, plain: Plain, asked: Asked) -> RecordBlocks:
        return RecordBlocks(
            places.source, places.frame, self.name, places.sample.size, plain, self._missing, asked.quote is not None
        )

    def _look_through(
        self, blocks: RecordBlocks, frame: Frame, asked: Asked, like: Dialect | None
    ) -> tuple[ColumnFacts, ...]:
        """Go through all rows for the signs of numbers and what each column's cells are like."""
        self._blocks, self._frame = blocks, frame
        self.signs = told_signs.told_signs(blocks, frame, asked, like)
        return self._facts([""] * frame.width, blocks.read())

    def _facts(self, names: Sequence[str], blocks: Iterator[Block]) -> tuple[ColumnFacts, ...]:
        facts = tuple(ColumnFacts(name) for name in names)
        for _, block in blocks:
            for fact, cells in zip(facts, block, strict=False):
                values = self._as_numbers(cells)
                fact.add(values, None if pa.types.is_floating(cells.type) else cells)
        return facts

    def _names(self) -> tuple[str, ...]:
        numbered = [f"column {i}" for i in range(1, len(self._given) + 1)]
        return told_apart([name or number for name, number in zip(self._given, numbered, strict=True)])

    @cached_property
    def _given(self) -> list[str]:
        """Of each column the name that it has in the file; empty: none."""
        frame = self._frame
        n = frame.width - frame.rows_end_in_delimiter
        given = [cell.strip() for cell in frame.first] if self.has_names else []
        if given and self._is_one_short:  # as R writes them: the column of row names has no name
            given = ["", *given]
        return [*given, *[""] * n][:n]

    @property
    def _is_one_short(self) -> bool:
        """Whether the first record has one cell less than the rows."""
        return len(self._frame.first) == self._frame.width - self._frame.rows_end_in_delimiter - 1

    def _mark_names_of_rows(self) -> None:
        """Columns without a name, left of all that have one, are an index, as data frames write it.

        A single one is none where its numbers have decimal places.
        """
        index = [*itertools.takewhile(lambda column: is_index(column[1]), zip(self.facts, self._given, strict=True))]
        if len(index) == len(self.facts):
            return
        for fact, _ in index:
            if len(index) > 1 or not fact.fractions:
                fact.names_rows = "no name above it, as above the names of rows"


def _repeats(fact: ColumnFacts, head: str) -> bool:
    """Whether a name above a column of numbers stands among them again."""
    return fact.is_number and bool(head.strip()) and fact.stray == head.strip()


def _range(fact: ColumnFacts) -> ColumnRange:
    repeats = fact.many or len(fact.values) < fact.n - fact.missing
    return ColumnRange(
        fact.is_number, fact.low, fact.high, fact.fractions > 0, frozenset(fact.values), repeats, frozenset(fact.units)
    )
