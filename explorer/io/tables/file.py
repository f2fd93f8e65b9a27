"""The rows of a text table: found out from the whole file once, then read a chunk at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float, Int
from pyarrow import csv

from explorer.core.errors import DataError
from explorer.io.tables import numbers
from explorer.io.tables.dialect import SIGNS, SURE, Asked, ColumnRange, Dialect, Finding, find_frame, find_header
from explorer.io.tables.numbers import MOSTLY, Marks, Signs
from explorer.io.tables.source import TableSource, scan

CHUNK_ROWS = 20_000
KEPT_BYTES = 256 << 20
"""A table whose text is smaller is kept in memory after it was looked through; a larger one is read again."""
_BLOCK = 4 << 20
_FEW = 64
"""Different values of a column that are remembered."""

Cells = list[str] | np.ndarray
"""One column of some rows: text as it stands in the file, or float64 numbers with NaN where a value is missing."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some rows of a table.

    Args:
        rows: (n,) int64 number of each row in its file, counted from 1 below the header; rows that were passed over
            and empty lines count too.
        cells: of each column, (n,).
    """

    rows: Int[np.ndarray, " n"]
    cells: dict[str, Cells]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass
class ColumnFacts:
    """What all cells of a column are like.

    Args:
        name: of the column.
        n: cells.
        missing: those that hold nothing.
        numbers: those that are numbers.
        low, high: the least and the greatest number, in double precision; NaN without one.
        fractions: numbers that are not whole.
        steps: differences between neighbouring rows' numbers, as (least, greatest); NaN with fewer than two rows.
        values: some different cells as they are written, at most ``_FEW``.
        many: there are more.
        stray: a cell that is no number, in a column of numbers.
        longest: characters of its longest cell.
    """

    name: str
    n: int = 0
    missing: int = 0
    numbers: int = 0
    low: float = np.nan
    high: float = np.nan
    fractions: int = 0
    steps: tuple[float, float] = (np.nan, np.nan)
    values: dict[str, None] = field(default_factory=dict)
    many: bool = False
    stray: str = ""
    longest: int = 0
    _last: float = np.nan

    @property
    def is_number(self) -> bool:
        """Nearly all cells that hold something are numbers."""
        return self.numbers > 0 and self.numbers >= MOSTLY * (self.n - self.missing)

    @property
    def is_whole(self) -> bool:
        """All are whole numbers."""
        return self.is_number and not self.fractions

    @property
    def is_constant(self) -> bool:
        """All rows hold the same, judged in double precision for numbers and by the letter for text."""
        if self.is_number:
            return self.low == self.high and not self.stray
        return len(self.values) == 1 and not self.many

    def add(self, cells: pa.Array, values: Float[np.ndarray, " n"]) -> None:
        """Add trimmed cells (n,) of text and the same as numbers, NaN where there is none."""
        finite = values[np.isfinite(values)]
        if len(finite) == len(values):
            missing = is_stray = np.zeros(len(values), bool)
        else:
            missing = numbers.is_missing(cells).to_numpy(zero_copy_only=False)
            is_stray = np.isnan(values) & ~missing
        self.n += len(cells)
        self.missing += int(missing.sum())
        self.numbers += int((~np.isnan(values)).sum())
        if len(finite):
            self.low, self.high = float(np.fmin(self.low, finite.min())), float(np.fmax(self.high, finite.max()))
            self.fractions += int((finite % 1 != 0).sum())
        if is_stray.any() and not self.stray:
            self.stray = cells[int(is_stray.argmax())].as_py()
        ordered = np.concatenate([[self._last], values]) if self.n > len(values) else values
        if len(ordered) > 1:
            steps = np.diff(ordered)
            least = float(steps.min()) if not np.isnan(steps).any() else -np.inf  # a gap breaks the order
            self.steps = (
                float(np.fmin(self.steps[0], least)),
                float(np.fmax(self.steps[1], np.nan_to_num(steps, nan=np.inf).max())),
            )
        self._last = float(values[-1]) if len(values) else self._last
        if not self.many:
            few = np.unique(finite)[: _FEW + 1] if self.numbers == self.n and len(finite) > 10 * _FEW else None
            if few is not None and len(few) > _FEW:
                self.many = True
            else:
                for value in pc.unique(cells.filter(pa.array(~missing))).to_pylist():
                    if len(self.values) >= _FEW and value not in self.values:
                        self.many = True
                        break
                    self.values[value] = None
        if not len(finite):
            self.longest = max(self.longest, int(pc.max(pc.utf8_length(cells)).as_py() or 0))


class TableFile:
    """A text table. Everything about it is found from the whole of it when it is opened.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for messages.
        asked: what is known of its dialect.

    Attributes:
        dialect: how it is written.
        findings: what was found, each with its reason.
        columns: names of its columns, each once.
        has_names: whether they are its own, not numbers.
        facts: what each column's cells are like.
        n_rows: rows that are read.
        ragged: numbers of the rows that have another number of cells and are passed over.
        empty: how many rows hold nothing and are passed over.

    Raises:
        DataError: it cannot be read, is empty, is not text, or has no row of the usual number of cells.
    """

    def __init__(self, source: Path | bytes, name: str, asked: Asked | None = None) -> None:
        asked = asked or Asked()
        self.name, self._source = name, TableSource(source, name)
        self._kept: list[tuple[np.ndarray, list[pa.Array]]] | None = None
        self._plain: dict[int, np.ndarray] = {}  # of kept cells that are plain numbers, by the identity of their array
        self._ragged: dict[int, int] = {}
        scanned = scan(self._source, asked.encoding)
        self._frame = find_frame(scanned, self._source.packing, name, asked)
        self.signs = signs = self._look_through(asked)
        below = self._facts([""] * self._frame.width, self._blocks())
        ranges = [_range(fact) for fact in below]
        header = find_header(self._frame.first, ranges, signs.decimal, signs.thousands, below[0].n)
        if asked.header is not None:
            header = Finding(what="header", value="yes" if asked.header else "no", reason="as asked")
        self.has_names = header.value == "yes"
        self.dialect = Dialect(
            encoding=self._frame.encoding, packing=self._frame.packing, delimiter=self._frame.delimiter,
            decimal=signs.decimal, thousands=signs.thousands, header=self.has_names,
            lines_above=self._frame.lines_above,
        )  # fmt: skip
        self.findings = (*self._frame.findings, self._signs(asked), header)
        self.columns = self._names()
        if self.has_names:
            self.facts = below[: len(self.columns)]
            for fact, column in zip(self.facts, self.columns, strict=True):
                fact.name = column
        else:
            self.facts = self._facts(self.columns, self._rows())
        if not self.n_rows and not self.has_names:
            raise DataError(f"{name} has no row that can be read.", "Check its delimiter.")

    # --- Signs ---

    def chunks(
        self, rows: int = CHUNK_ROWS, as_text: Collection[str] = (), as_numbers: Collection[str] = ()
    ) -> Iterator[Chunk]:
        """The rows, at most so many at a time, from the first one on.

        Args:
            as_text: columns to be given as they are written, even where they are numbers.
            as_numbers: columns to be given as numbers, NaN where a cell is none, even where most are not.
        """
        kinds = [
            name in as_numbers or (fact.is_number and name not in as_text)
            for name, fact in zip(self.columns, self.facts, strict=True)
        ]
        for numbers_, block in self._rows():
            for start in range(0, len(numbers_), rows):
                part = [column.slice(start, rows) for column in block]
                yield Chunk(
                    numbers_[start : start + rows],
                    {
                        name: self._as_numbers(cells) if is_number else cells.to_pylist()
                        for name, cells, is_number in zip(self.columns, part, kinds, strict=False)
                    },
                )

    @cached_property
    def ragged(self) -> tuple[int, ...]:
        """Numbers of the rows with another number of cells."""
        shift = 0 if self.has_names else 1
        return tuple(number + shift for number in sorted(self._ragged))

    @property
    def n_rows(self) -> int:
        """Rows that are read."""
        return self.facts[0].n if self.facts else 0

    def _as_numbers(self, cells: pa.Array) -> np.ndarray:
        known = self._plain.get(id(cells))
        if known is not None and self.signs.decimal == "." and not self.signs.thousands:
            return known
        return numbers.to_numbers(cells, self.signs.decimal, self.signs.thousands)

    def _rows(self) -> Iterator[tuple[np.ndarray, list[pa.Array]]]:
        """Row numbers and trimmed cells of the used columns, block by block, the first record where it is a row."""
        n = len(self.columns)
        if not self.has_names:
            padded = [*self._frame.first, *[""] * self._frame.width][:n]
            yield np.ones(1, np.int64), [pa.array([cell.strip()], pa.string()) for cell in padded]
        for rows, block in self._blocks():
            yield rows + (not self.has_names), block[:n]

    def _blocks(self) -> Iterator[tuple[np.ndarray, list[pa.Array]]]:
        """Numbers of the records below the first, from 1, and their trimmed cells, without empty and ragged ones."""
        if self._kept is not None:
            yield from self._kept
            return
        frame, name = self._frame, self.name
        above = 1 + frame.lines_above
        ragged: dict[int, int] = {}
        places = [f"{i}" for i in range(frame.width)]

        def pass_over(row: csv.InvalidRow) -> str:
            ragged[row.number - above] = row.actual_columns
            return "skip"

        self.empty = 0
        try:
            with self._source.open() as raw:
                reader = csv.open_csv(
                    pa.PythonFile(raw, "r"),
                    csv.ReadOptions(
                        use_threads=False, block_size=_BLOCK, skip_rows=frame.lines_above, column_names=places,
                        skip_rows_after_names=1, encoding="utf-8" if frame.encoding == "utf-8-sig" else frame.encoding,
                    ),
                    csv.ParseOptions(
                        delimiter=frame.delimiter, newlines_in_values=True, ignore_empty_lines=False,
                        invalid_row_handler=pass_over,
                    ),
                    csv.ConvertOptions(column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=False),
                )  # fmt: skip
                at = 0
                for batch in reader:
                    rows = _next_rows(at, batch.num_rows, ragged)
                    at = int(rows[-1]) if len(rows) else at
                    block = [pc.utf8_trim_whitespace(column) for column in batch.columns]
                    yield from self._without_empty(rows, block)
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error) and "no data" not in str(error).lower():
                raise DataError(f"{name} is not a readable table: {error}.", "Save it again as CSV.") from error
        except (UnicodeError, pa.ArrowException) as error:
            raise DataError(f"{name} is not a readable table: {error}.", "Say its encoding.") from error
        self._ragged = ragged

    def _without_empty(self, rows: np.ndarray, block: list[pa.Array]) -> Iterator[tuple[np.ndarray, list[pa.Array]]]:
        if not len(rows):
            return
        blank = pc.equal(block[0], "")
        for column in block[1:]:
            if not pc.any(blank).as_py():
                break
            blank = pc.and_(blank, pc.equal(column, ""))
        n = int(pc.sum(blank).as_py() or 0)
        if n and self._frame.width > 1:
            self.empty += n
            keep = pc.invert(blank)
            rows, block = rows[keep.to_numpy(zero_copy_only=False)], [column.filter(keep) for column in block]
        if len(rows):
            yield rows, block

    # --- Finding out ---

    def _look_through(self, asked: Asked) -> Signs:
        marks, size = Marks(), 0
        kept: list[tuple[np.ndarray, list[pa.Array]]] | None = []
        first = [pa.array([cell.strip()], pa.string()) for cell in self._frame.first]
        for rows, block in self._blocks():
            size += sum(column.nbytes for column in block)
            if kept is not None:
                kept = None if size > KEPT_BYTES else [*kept, (rows, block)]
            for column in block:
                self._count(marks, column, keep=kept is not None)
        for cell in first:
            self._count(marks, cell, keep=False)
        self._kept = kept
        if kept is None:
            self._plain = {}
        self._marks = marks
        signs = numbers.tell_signs(marks, self._frame.delimiter)
        if asked.decimal is None and asked.thousands is None:
            if (
                asked.likely
                and signs.confidence < 1
                and asked.likely in ((signs.decimal, signs.thousands), signs.other)
            ):
                return Signs(asked.likely[0], asked.likely[1], "as in the file that was learnt from", 0.9)
            return signs
        decimal = asked.decimal or ("." if asked.thousands == "," else "," if asked.thousands == "." else signs.decimal)
        thousands = asked.thousands if asked.thousands is not None else signs.thousands
        if thousands == decimal:
            thousands = (
                ","
                if decimal == "." and (marks.either_comma or marks.grouping_comma)
                else "."
                if (decimal == "," and (marks.either_point or marks.grouping_point))
                else ""
            )
        return Signs(decimal, thousands, "as asked", 1.0)

    def _count(self, marks: Marks, column: pa.Array, keep: bool) -> None:
        try:
            values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            marks.count(column)
            return
        if keep:
            self._plain[id(column)] = values
        if self._frame.delimiter != ",":
            marks.count(column)

    def _facts(
        self, names: Sequence[str], blocks: Iterator[tuple[np.ndarray, list[pa.Array]]]
    ) -> tuple[ColumnFacts, ...]:
        facts = tuple(ColumnFacts(name) for name in names)
        for _, block in blocks:
            for fact, cells in zip(facts, block, strict=False):
                fact.add(cells, self._as_numbers(cells))
        return facts

    def _signs(self, asked: Asked) -> Finding:
        words = "point" if self.signs.decimal == "." else "comma"
        if self.signs.thousands:
            words += f", {SIGNS[self.signs.thousands]} between thousands"
        signs = [(self.signs.decimal, self.signs.thousands), *([self.signs.other] if self.signs.other else [])]
        return Finding(
            what="decimal sign", value=words, reason=self.signs.reason, confidence=self.signs.confidence,
            flag="--decimal . or --decimal ,",
            readings=tuple(Asked(decimal=decimal, thousands=thousands) for decimal, thousands in signs)
            if self.signs.confidence < SURE and len(signs) > 1 else (),
        )  # fmt: skip

    def _names(self) -> tuple[str, ...]:
        frame = self._frame
        n = frame.width - frame.rows_end_in_delimiter
        numbered = [f"column {i}" for i in range(1, n + 1)]
        if not self.has_names:
            return tuple(numbered)
        given = [cell.strip() for cell in frame.first]
        if len(given) == n - 1:  # as R writes them: the column of row names has no name
            given = ["", *given]
        given = [*given, *[""] * n][:n]
        return told_apart([name or number for name, number in zip(given, numbered, strict=True)])


def _next_rows(last: int, count: int, ragged: Mapping[int, int]) -> np.ndarray:
    """Numbers of the next ``count`` rows that are not passed over."""
    gaps = np.array(sorted(number for number in ragged if number > last), np.int64)
    rows = np.arange(last + 1, last + 1 + count + len(gaps), dtype=np.int64)
    return rows[~np.isin(rows, gaps)][:count] if len(gaps) else rows


def _range(fact: ColumnFacts) -> ColumnRange:
    repeats = fact.many or len(fact.values) < fact.n - fact.missing
    return ColumnRange(fact.is_number, fact.low, fact.high, fact.fractions > 0, frozenset(fact.values), repeats)


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which none is the same as an earlier one: a second "a" becomes "a (2)"."""
    counts: dict[str, int] = {}
    taken = set(names)
    told: list[str] = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        if counts[name] == 1:
            told.append(name)
            continue
        number = counts[name]
        while f"{name} ({number})" in taken:
            number += 1
        taken.add(f"{name} ({number})")
        told.append(f"{name} ({number})")
    return tuple(told)


def counted(names: Mapping[str, int]) -> str:
    """Names with their counts, such as "a (3), b (1)"."""
    return ", ".join(f"{name} ({n:,})" for name, n in names.items())
