"""The rows of a Parquet file: its types say what a column holds, so nothing about how it is written is to be found."""

from __future__ import annotations

import io
import shlex
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from explorer.core.errors import DataError
from explorer.io.tables import numbers
from explorer.io.tables.columns import CHUNK_ROWS, Cells, Chunk, ColumnFacts, are_exact, told_apart
from explorer.io.tables.dialect import DialectFinding
from explorer.io.tables.doubts import DOUBT

_CELLS_AT_ONCE = 2_000_000
_SAID = 3
"""Columns that are named in a remark, at most."""
_BUFFER = 1 << 18
"""Bytes of a column that are read at once: a whole column of a large file may not fit in memory."""


class ParquetTable:
    """A Parquet file as a table, read a few rows at a time; see ``TableFile``.

    Numbers, truth values and decimals are numbers; text, dates and times are text, dates in the form of ISO 8601,
    those with a time zone in UTC. Text that holds numbers, with units or decimal places, is read as numbers, and so are
    whole numbers where all columns are text: then the file's types say nothing.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for messages.
        ignore: columns that need not be readable.
        known: columns of the table that a model learnt from, which could be read.
        missing: cells that hold nothing, beside the usual words for that.

    Raises:
        DataError: it is damaged, or has a column that holds neither numbers nor text.
    """

    dialect = None
    has_names = True
    ragged: tuple[int, ...] = ()
    empty = repeated = 0

    def __init__(
        self,
        source: Path | bytes,
        name: str,
        ignore: Collection[str] = (),
        known: Collection[str] = (),
        missing: Sequence[str] = (),
    ) -> None:
        self.name, self._source, self._missing = name, source, missing
        with self._open() as file:
            schema = file.schema_arrow
            rows = file.metadata.num_rows
        index = {*map(str, (schema.pandas_metadata or {}).get("index_columns", ()))}
        names = told_apart([field.name or f"column {i}" for i, field in enumerate(schema, 1)])
        self._types = dict(zip(names, schema.types, strict=True))
        nested = {column: kind for column, kind in self._types.items() if not _is_readable(kind)}
        self._types |= dict.fromkeys(nested, pa.null())  # not read
        if refused := [column for column in nested if column not in ignore and not known]:
            more = f", and so do {len(refused) - 1} more" if len(refused) > 1 else ""
            raise DataError(
                f"The column {refused[0]!r} of {name} holds {nested[refused[0]]}, which is neither a number nor text"
                f"{more}.",
                f"Say {' '.join(f'--ignore {shlex.quote(column)}' for column in refused)}"
                " to leave out what is so, or write its parts as columns of their own.",
            )
        self.columns = tuple(self._types)
        self.n_rows = rows
        self.facts = tuple(ColumnFacts(column) for column in self.columns)
        if not self.columns:
            raise DataError(f"{name} has no columns.", "Give it at least one.")
        for fact, field in zip(self.facts, schema, strict=True):
            fact.names_rows = "the index of the rows of a data frame" if field.name in index else ""
        self._add_facts()
        self.findings = self._tell_text()

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """The rows, at most so many at a time, from the first one on; as ``TableFile.chunks``."""
        at = 0
        for block in self._blocks(only):
            held = len(next(iter(block.values())))
            for start in range(0, held, rows):
                part = {name: cells.slice(start, rows) for name, cells in block.items() if only is None or name in only}
                n = min(rows, held - start)
                cells = {name: self._cells(name, values, as_text, as_numbers) for name, values in part.items()}
                yield Chunk(np.arange(at + 1, at + 1 + n), cells)
                at += n

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        """Columns as the file has them, of the rows of each of ``chunks()``."""
        for batch in self._batches(columns):
            yield {name: _plain(batch[name]) for name in columns}

    def _add_facts(self) -> None:
        """Go through all rows for what each column's cells are like."""
        texts = {name for name, kind in self._types.items() if not _is_number(kind)}
        may_be_numbers = set(texts)
        for block in self._blocks():
            for fact, cells in zip(self.facts, block.values(), strict=True):
                if fact.name not in texts:
                    values = numbers.without(_values(cells), self._missing)
                    keeps = not pa.types.is_integer(self._types[fact.name]) or are_exact(values)
                    fact.add(values, None if keeps else self._written(cells))
                    continue
                text = self._written(cells)
                is_tried = fact.name in may_be_numbers
                fact.add(numbers.to_numbers(text, ".", "") if is_tried else np.full(len(cells), np.nan), text)
                if 2 * fact.numbers < fact.n - fact.missing:
                    may_be_numbers.discard(fact.name)

    def _tell_text(self) -> tuple[DialectFinding, ...]:
        """Tell text that holds numbers from text that the file's types mean as such, and say which it is."""
        read, are_typed = [], not all(_is_text(kind) for kind in self._types.values())
        for fact in self.facts:
            kind = self._types[fact.name]
            if _is_text(kind) and fact.is_number and (fact.fractions or fact.unit or not are_typed):
                read.append(fact.name)
            elif not _is_number(kind):
                fact.is_text = True
        if not read:
            return ()
        named = ", ".join(f"`{name}`" for name in read[:_SAID]) + (", …" if len(read) > _SAID else "")
        reason = f"the file keeps {named} as text, which is read as the numbers that it holds"
        flag = f"--meta {shlex.quote(read[0])} or --category {shlex.quote(read[0])} to leave it as text"
        return (DialectFinding(what=DOUBT, value=named, reason=reason, confidence=0.8, flag=flag),)

    def _cells(self, name: str, cells: pa.Array, as_text: Collection[str], as_numbers: Collection[str]) -> Cells:
        if _is_number(self._types[name]) and (name in as_numbers or name not in as_text):
            return numbers.without(_values(cells), self._missing)
        text = self._written(cells)
        if name in as_numbers:
            return numbers.without(numbers.to_numbers(text, ".", ""), self._missing)
        return text.to_pylist()

    def _written(self, cells: pa.Array) -> pa.Array:
        text = _text(cells)
        if not self._missing:
            return text
        return pc.if_else(pc.is_in(text, value_set=pa.array(self._missing)), "", text)

    def _blocks(self, only: Collection[str] | None = None) -> Iterator[dict[str, pa.Array]]:
        """Columns by name, at least those of ``only``; those that cannot be read hold nothing."""
        for batch in self._batches(only):
            yield {
                name: pa.nulls(len(cells)) if pa.types.is_null(self._types[name]) else cells
                for name, cells in batch.items()
            }

    def _batches(self, only: Collection[str] | None = None) -> Iterator[dict[str, pa.Array]]:
        with self._open() as file:
            size = max(1, min(CHUNK_ROWS, _CELLS_AT_ONCE // max(1, len(self._types))))
            names = self._names_to_read(file.schema_arrow.names, only)
            called = [called for called, name in zip(self._types, file.schema_arrow.names, strict=True)
                      if names is None or name in names]  # fmt: skip
            try:
                for batch in file.iter_batches(size, columns=names, use_threads=False):
                    batch.validate(full=True)  # text that is none, places beyond an end
                    yield dict(zip(called, batch.columns, strict=True))
            except (pa.ArrowException, OSError) as error:
                raise DataError(f"{self.name} is damaged: {error}.", "Write it again.") from error

    def _names_to_read(self, names: Sequence[str], only: Collection[str] | None) -> list[str] | None:
        """The file's names of the columns that are wanted; None for all, where a name does not say which it is."""
        if not only or len(set(names)) < len(names) or any("." in name for name in names):
            return None
        return [name for called, name in zip(self._types, names, strict=True) if called in only] or None

    @contextmanager
    def _open(self) -> Iterator[parquet.ParquetFile]:
        source: Any = io.BytesIO(self._source) if isinstance(self._source, bytes) else str(self._source)
        try:
            file = parquet.ParquetFile(source, pre_buffer=False, buffer_size=_BUFFER)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last: names that are no text
            raise DataError(f"{self.name} cannot be read as Parquet: {error}.", "Write it again.") from error
        with file:
            yield file


def _is_number(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return _is_number(kind.value_type)
    is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return is_number or types.is_boolean(kind) or types.is_duration(kind)


def _is_text(kind: pa.DataType) -> bool:
    """Whether cells are text that is no category by its type, as that of a dictionary is."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_readable(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    return (
        _is_number(kind) or _is_text(kind) or types.is_null(kind) or types.is_timestamp(kind) or _is_day_or_time(kind)
    )


def _is_day_or_time(kind: pa.DataType) -> bool:
    return pa.types.is_date(kind) or pa.types.is_time(kind)


def _plain(cells: pa.Array) -> pa.Array:
    return cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells


def _values(cells: pa.Array) -> np.ndarray:
    """(n,) float64, NaN where a cell is null; durations in seconds."""
    cells = _plain(cells)
    if pa.types.is_boolean(cells.type):
        cells = pc.cast(cells, pa.uint8())
    elif pa.types.is_duration(cells.type):
        per_second = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}[cells.type.unit]
        cells = pc.divide(pc.cast(pc.cast(cells, pa.int64()), pa.float64(), safe=False), per_second)
    # Beyond 2**53 a whole number has no exact double: its neighbours are as one, as they are in CSV.
    return np.asarray(pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)


def _text(cells: pa.Array) -> pa.Array:
    """(n,) trimmed text, empty where a cell is null."""
    cells = _plain(cells)
    if pa.types.is_null(cells.type):
        return pa.array([""] * len(cells), pa.string())
    zone = "Z" if pa.types.is_timestamp(cells.type) and cells.type.tz is not None else ""
    if zone:  # as the file keeps it: the instant, in UTC
        cells = pc.cast(cells, pa.timestamp(cells.type.unit))
    text = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(cells, pa.string()), ""))
    if not pa.types.is_timestamp(cells.type) and not pa.types.is_time(cells.type):
        return text
    return pc.replace_substring_regex(text, r"^(.+?)(\.0+)?$", rf"\1{zone}")
