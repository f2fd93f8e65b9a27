"""The rows of a text table: found out from the whole file once, then read a chunk at a time."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from explorer.core.errors import DataError
from explorer.io.findings import SURE
from explorer.io.tables import numbers
from explorer.io.tables.below import sums_below
from explorer.io.tables.cell_places import find_cell_places
from explorer.io.tables.columns import CHUNK_ROWS, Chunk, ColumnFacts, is_index, told_apart
from explorer.io.tables.dialect import CUT, SIGNS, Asked, Dialect, DialectFinding
from explorer.io.tables.header import ColumnRange, find_header, head_below, names_above, one_short, two_heads
from explorer.io.tables.letters import ENCODINGS
from explorer.io.tables.numbers import Marks, Signs
from explorer.io.tables.open_quotes import OpenQuotes, may_hold
from explorer.io.tables.passed_over import Block, PassedOver, is_blank
from explorer.io.tables.plain import NULLS, NotPlainError, find_plain
from explorer.io.tables.source import OneSpace, TableSource

KEPT_BYTES = 256 << 20
"""A table whose text is smaller is kept in memory after it was looked through; a larger one is read again."""
_BLOCK, _LARGE_BLOCK = 4 << 20, 64 << 20
"""Bytes that are cut into cells at once; a longer row needs the large ones."""
_ATTEMPTS = 5
_MARK = "\ufeff"
"""That text is UTF-8, as some programs write it at its start; between rows it stands for nothing."""
_NOT_PLAIN = re.compile(r"CSV column #(\d+):.*conversion error", re.DOTALL)


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
        self._quote_is_said = asked.quote is not None
        self._kept: list[Block] | None = None
        self._heads: tuple[str, ...] = ()
        self._block = _BLOCK
        places = find_cell_places(TableSource(source, name), asked, like.encoding if like else "")
        self._source, self._frame, self._size = places.source, places.frame, places.sample.size
        self._plain = find_plain(places.sample.head, places.sample.later, self._frame, asked)
        signs, facts = self._look_through(asked, like)
        sums = None
        if places.below is None and asked.lines_below is None:
            sums = sums_below(places.sample, places.tail, self._frame, facts)
        if sums is not None:
            places = places.without(*sums)
            self._source, self._frame = places.source, places.frame
            signs, facts = self._look_through(asked, like)
        if any(_repeats(fact, head) for fact, head in zip(facts, self._frame.first, strict=False)):
            self._heads = self._frame.first
            signs, facts = self._look_through(asked, like)
        header = self._header(facts, asked, known)
        self.has_names = header.value == "yes"
        self.dialect = Dialect(
            encoding=places.encoding, packing=self._frame.packing,
            delimiter=places.delimiter, widths=places.widths,
            decimal=signs.decimal, thousands=signs.thousands, header=self.has_names, units=bool(self._frame.units),
            lines_above=self._frame.lines_above, lines_below=int(places.below.value) if places.below else 0,
            quote=self._frame.quote, missing=self._missing,
        )  # fmt: skip
        self.findings = (*places.findings, self._signs(asked), header)
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
        return tuple(number + shift for number in sorted(self._passed_over.ragged))

    @property
    def empty(self) -> int:
        """How many rows hold nothing."""
        return self._passed_over.empty

    @property
    def repeated(self) -> int:
        """How many rows repeat the names of the columns."""
        return self._passed_over.repeated

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
            yield np.ones(1, np.int64), [self._tidy(pa.array([cell], pa.string())) for cell in padded]
        for rows, block in self._blocks(written):
            yield rows + (not self.has_names), block[:n]

    def _blocks(self, written: Collection[int] = ()) -> Iterator[Block]:
        """Numbers of the records below the first, from 1, and their cells, without empty and ragged ones.

        Cells are trimmed text, or float64 with null where one is missing, of columns that hold plain numbers alone.
        """
        plain = self._plain.places - set(written)
        if self._kept is not None and plain == self._plain.places:
            yield from self._kept
            return
        frame, name = self._frame, self.name
        passed_over = PassedOver(1 + frame.lines_above, self._heads, last=frame.passed_over)
        quotes = OpenQuotes(frame, name, self._quote_is_said)
        quotes.look_at_first()
        try:
            with self._source.open() as raw:
                is_aligned = frame.delimiter == " " and frame.encoding not in ("utf-16", "utf-32")
                lines = io.BufferedReader(OneSpace(raw)) if is_aligned else raw
                reader = csv.open_csv(pa.PythonFile(lines, "r"), *self._options(plain, passed_over.ragged_row))
                for batch in reader:
                    quotes.look(batch.columns, passed_over.of_several_lines)
                    rows, block = passed_over.kept(
                        [c if i in plain else self._tidy(c) for i, c in enumerate(batch.columns)]
                    )
                    if len(rows):
                        yield rows, block
                quotes.end(self._source)
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error):
                raise self._not_in_its_encoding() from error
            is_one_line = "straddl" in str(error) and self._size < self._block  # without an end
            if "straddl" in str(error) and not is_one_line and self._block < _LARGE_BLOCK:
                self._block = _LARGE_BLOCK
                raise NotPlainError(-1) from error
            if (place := _NOT_PLAIN.search(str(error))) is not None:
                raise NotPlainError(int(place[1])) from error
            if not is_one_line and "Empty CSV" not in str(error) and "no data" not in str(error).lower():
                raise DataError(f"{name} is not a readable table: {error}.", "Save it again as CSV.") from error
        except UnicodeError as error:
            raise self._not_in_its_encoding() from error
        except pa.ArrowException as error:
            raise DataError(f"{name} is not a readable table: {error}.", "Save it again as CSV.") from error
        self._passed_over = passed_over

    def _not_in_its_encoding(self) -> DataError:
        encoding = ENCODINGS.get(self._frame.encoding, self._frame.encoding)
        return DataError(
            f"{self.name} holds bytes that are no letters in {encoding}.",
            "Leave --encoding out to have it found, or say another one.",
        )

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
        _, block = next(self._blocks())
        place = 0 if len(block) > 1 else max(0, int(pc.index(is_blank(block[0]), False).as_py()))
        first = [column.slice(place, 1) for column in block]
        return head_below(self._frame, facts, first, np.array([self._as_numbers(cell)[0] for cell in first]))

    def _options(
        self, plain: Collection[int], pass_over: Callable[[csv.InvalidRow], str]
    ) -> tuple[csv.ReadOptions, csv.ParseOptions, csv.ConvertOptions]:
        frame = self._frame
        places = [f"{i}" for i in range(frame.width)]
        return (
            csv.ReadOptions(
                use_threads=False, block_size=self._block, skip_rows=frame.lines_above, column_names=places,
                skip_rows_after_names=1 + frame.passed_over,
                encoding="utf-8" if frame.encoding == "utf-8-sig" else frame.encoding,
            ),
            csv.ParseOptions(
                delimiter=frame.delimiter, quote_char=False if frame.delimiter == CUT else frame.quote[-1:] or False,
                escape_char=frame.quote[:-1] or False, double_quote=len(frame.quote) < 2,
                newlines_in_values=True, ignore_empty_lines=False,
                invalid_row_handler=pass_over,
            ),
            csv.ConvertOptions(
                column_types={place: pa.float64() if int(place) in plain else pa.string() for place in places},
                null_values=[*NULLS, *self._missing], strings_can_be_null=False,
                decimal_point=self._plain.decimal,
            ),
        )  # fmt: skip

    def _tidy(self, cells: pa.Array) -> pa.Array:
        trimmed = pc.utf8_trim_whitespace(cells)
        if may_hold(trimmed, _MARK.encode()):  # where files were put one behind the other
            trimmed = pc.replace_substring(trimmed, _MARK, "")
        if not self._missing:
            return trimmed
        return pc.if_else(pc.is_in(trimmed, value_set=pa.array(self._missing)), "", trimmed)

    def _look_through(self, asked: Asked, like: Dialect | None) -> tuple[Signs, tuple[ColumnFacts, ...]]:
        """Go through all rows for the signs of numbers and what each column's cells are like."""
        self.signs = self._told_signs(asked, like)
        return self.signs, self._facts([""] * self._frame.width, self._blocks())

    def _told_signs(self, asked: Asked, like: Dialect | None) -> Signs:
        signs = self._counted_signs()
        if self._plain.places and signs.decimal != self._plain.decimal and asked.decimal is None:
            self._plain = replace(self._plain, places=frozenset())
            signs = self._counted_signs()
        if asked.decimal is None and asked.thousands is None:
            if (
                like is not None
                and signs.confidence < 1
                and (like.decimal, like.thousands) in ((signs.decimal, signs.thousands), signs.other)
            ):
                return Signs(like.decimal, like.thousands, "as in the table that was learnt from", 0.9)
            return signs
        if asked.thousands is None and signs.other is not None and asked.decimal == signs.other[0]:
            return Signs(*signs.other, "as asked", 1.0)
        decimal = asked.decimal or ("." if asked.thousands == "," else "," if asked.thousands == "." else signs.decimal)
        thousands = asked.thousands if asked.thousands is not None else signs.thousands
        if thousands == decimal:
            thousands = (
                ","
                if decimal == "." and (self._marks.either_comma or self._marks.grouping_comma)
                else "."
                if (decimal == "," and (self._marks.either_point or self._marks.grouping_point))
                else ""
            )
        return Signs(decimal, thousands, "as asked", 1.0)

    def _counted_signs(self) -> Signs:
        for attempt in range(_ATTEMPTS):
            try:
                self._marks = self._pass()
                break
            except NotPlainError as error:
                is_last = error.place is None or attempt >= _ATTEMPTS - 3  # and one for a row longer than a block
                left = frozenset() if is_last else self._plain.places - {error.place}
                self._plain = replace(self._plain, places=left)
        return numbers.tell_signs(self._marks, "," if self._frame.cuts_at_commas else "")

    def _pass(self) -> Marks:
        """Go through all rows once: keep them if they are small, and count how numbers are written.

        Raises:
            NotPlainError: a column that was taken for plain numbers is none.
        """
        marks, size = Marks(), 0
        kept: list[Block] | None = []
        self._kept = None
        for rows, block in self._blocks():
            size += sum(column.nbytes for column in block)
            kept = None if kept is None or size > KEPT_BYTES else [*kept, (rows, block)]
            for place, column in enumerate(block):
                if place not in self._plain.places:
                    self._count(marks, column)
                elif not (self._frame.cuts_at_commas and marks.point):  # one is enough where commas cut
                    self._count_plain(marks, column)
        for cell in self._frame.first:
            self._count(marks, pa.array([cell.strip()], pa.string()))
        self._kept = kept
        return marks

    def _count(self, marks: Marks, column: pa.Array) -> None:
        if self._frame.cuts_at_commas:
            try:
                pc.cast(column, pa.float64())
            except pa.ArrowInvalid:
                marks.count(column)
        else:
            marks.count(column)

    def _count_plain(self, marks: Marks, column: pa.Array) -> None:
        """A fraction was written with the sign that the sample showed; where it showed none, the text is looked at."""
        values = column.to_numpy(zero_copy_only=False)
        fractions = int((np.floor(values) < values).sum())
        if not fractions:
            return
        if not self._plain.is_seen:
            raise NotPlainError
        if self._plain.decimal == ".":
            marks.point += fractions
        else:
            marks.comma += fractions

    def _facts(self, names: Sequence[str], blocks: Iterator[Block]) -> tuple[ColumnFacts, ...]:
        facts = tuple(ColumnFacts(name) for name in names)
        for _, block in blocks:
            for fact, cells in zip(facts, block, strict=False):
                values = self._as_numbers(cells)
                fact.add(values, None if pa.types.is_floating(cells.type) else cells)
        return facts

    def _signs(self, asked: Asked) -> DialectFinding:
        words = "point" if self.signs.decimal == "." else "comma"
        if self.signs.thousands:
            words += f", {SIGNS[self.signs.thousands]} between thousands"
        signs = [(self.signs.decimal, self.signs.thousands), *([self.signs.other] if self.signs.other else [])]
        return DialectFinding(
            what="decimal sign", value=words, reason=self.signs.reason, confidence=self.signs.confidence,
            flag="--decimal . or --decimal ,",
            readings=tuple(Asked(decimal=decimal, thousands=thousands) for decimal, thousands in signs)
            if self.signs.confidence < SURE and len(signs) > 1 else (),
        )  # fmt: skip

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
