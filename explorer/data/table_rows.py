"""Tables in files, read a chunk of rows at a time, with what each column is for."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.data.cells import as_array, texts
from explorer.data.column_names import matched_columns
from explorer.data.flat_images import pictures_in_rows
from explorer.data.stored import batches
from explorer.io.findings import SURE
from explorer.io.tables.array_table import ArrayTable
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.categories import MAX_VALUES, sorted_values
from explorer.io.tables.columns import CHUNK_ROWS, Chunk, ColumnFacts
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dates import find_form, strays
from explorer.io.tables.dialect import ENCODING, Asked, DialectFinding
from explorer.io.tables.doubts import doubts
from explorer.io.tables.file import TableFile
from explorer.io.tables.labels import LabelFinding, label_finding, may_hold_labels
from explorer.io.tables.parquet import ParquetTable
from explorer.io.tables.roles import AS_ASKED, AS_LEARNT, NUMBERS, ColumnRole, find_roles
from explorer.io.tables.row_keys import with_row_key
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

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        """Columns with types, (n,) of the rows of each of ``chunks()``; what is missing is null."""


class FileRows:
    """A table in a file, with the role of each column.

    Args:
        file: the table.
        roles: what is known of its columns.
        like: how the table was read that a model learnt from: columns of the same names have the same roles.
        dialect: whether days come before months, where it is said.

    Raises:
        DataError: it has no column of a name that was asked for.
    """

    def __init__(
        self,
        file: TableFile | ParquetTable | ArrayTable,
        roles: RolesAsked | None = None,
        like: TableContract | None = None,
        dialect: Asked | None = None,
    ) -> None:
        self._file, self.name, self.has_names = file, file.name, file.has_names
        self.facts = file.facts
        self.mixed = frozenset(fact.name for fact in file.facts if fact.stray)
        matched_columns(like.of("date") if like else (), file.columns, file.name)
        found_roles = find_roles(file.facts, roles or RolesAsked(), file.name, like.columns if like else ())
        found_roles, keys = with_row_key(found_roles, file.facts, lambda names: file.chunks(only=names))
        columns, findings = self._with_forms(self._with_values(found_roles), dialect or Asked())
        is_asked = like is not None or (roles is not None and roles.label is not None)
        labels = [] if is_asked else self._labels(columns)
        self._dates = {column.name: column.date for column in columns if column.date is not None}
        self.columns = (*file.columns, *(name for c, form in self._dates.items() for name in form.names(c)))
        numbers = {column.name for column in columns if column.role in NUMBERS}
        stray = [
            (fact.name, fact.n - fact.missing - fact.numbers, fact.stray)
            for fact in file.facts
            if fact.name in numbers and fact.stray
        ] + self._date_strays()
        self.contract = TableContract(
            rows=file.n_rows,
            dialect=file.dialect,
            columns=columns,
            ragged=len(file.ragged),
            first_ragged=file.ragged[:8],
            empty=file.empty,
            repeated=file.repeated,
            stray=sum(n for _, n, _ in stray),
            first_stray=(stray[0][0], stray[0][2][:40]) if stray else ("", ""),
            findings=(
                *_as_they_matter(file.findings, file.columns, columns, file.facts),
                *findings,
                *keys,
                *labels,
                *doubts(
                    file.facts,
                    {c.name for c in columns if c.role in NUMBERS and c.reason not in (AS_ASKED, AS_LEARNT)},
                ),
            ),
        )

    def chunks(
        self,
        rows: int = CHUNK_ROWS,
        as_text: Collection[str] = (),
        as_numbers: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> Iterator[Chunk]:
        """As of the file, inputs as their role says where it is not said here, and the numbers of dates."""
        categories = [column for column in self.contract.of("category") if column not in as_numbers]
        numbers_ = [column for column in self.contract.of(*NUMBERS) if column not in as_text]
        asked = ((*as_text, *categories), (*as_numbers, *numbers_))
        dates = {
            column: form
            for column, form in self._dates.items()
            if only is None or any(name in only for name in form.names(column))
        }
        wanted = None if only is None else {*only, *dates}
        for chunk in self._file.chunks(rows, *asked, wanted):
            cells = dict(chunk.cells)
            for column, form in dates.items():
                cells |= form.numbers(column, chunk.cells[column])
            yield chunk if not dates else Chunk(chunk.rows, cells)

    def arrays(self, columns: Collection[str]) -> Iterator[dict[str, pa.Array]]:
        """Columns of Parquet as they are; of other files numbers where every cell is one, else what is written."""
        if isinstance(self._file, ParquetTable):
            yield from self._file.arrays(columns)
            return
        names = (*self.contract.of("identifier"), *self.contract.of("label"))
        plain = [fact for fact in self.facts if fact.is_number and not fact.stray and not fact.unit]
        kinds = {fact.name: _arrow_type(fact) for fact in plain if fact.name in columns and fact.name not in names}
        text = [column for column in columns if column not in kinds]
        for chunk in self._file.chunks(as_text=text, as_numbers=kinds, only=columns):
            yield {column: as_array(chunk.cells[column], kinds.get(column)) for column in columns}

    def _date_strays(self) -> list[tuple[str, int, str]]:
        """Columns of dates with cells that are none: how many, and one of them."""
        remarks = []
        for column, form in self._dates.items():
            cells = [cell for chunk in self._file.chunks(only=[column]) for cell in strays(chunk.cells[column], form)]
            if cells:
                remarks.append((column, len(cells), cells[0]))
        return remarks

    def _labels(self, columns: Sequence[ColumnRole]) -> list[LabelFinding]:
        """That the last column may hold labels, where no other does."""
        if any(column.role == "label" for column in columns):
            return []
        kinds = (*NUMBERS, "category")
        fact = may_hold_labels(self.facts, [c.name for c in columns if c.role in kinds and c.reason != AS_ASKED])
        if fact is None:
            return []
        counts: Counter[str] = Counter()
        for chunk in self._file.chunks(as_text=[fact.name], only=[fact.name]):
            counts.update(texts(chunk.cells[fact.name]).tolist())
        return [label_finding(fact, counts)]

    def _with_values(self, columns: Sequence[ColumnRole]) -> list[ColumnRole]:
        """The columns, categories with the values that they may have.

        Raises:
            DataError: one has so many that it is none.
        """
        facts = {fact.name: fact for fact in self.facts}
        whole = []
        for column in columns:
            if column.role != "category" or column.values:
                whole.append(column)
                continue
            fact = facts[column.name]
            values = set(fact.values)
            if fact.many or fact.numbers:  # not all are remembered, or not as they are written
                values = set()
                for chunk in self._file.chunks(as_text=[column.name], only=[column.name]):
                    values.update(texts(chunk.cells[column.name]).tolist())
                    if len(values) > MAX_VALUES:
                        raise DataError(
                            f"{column.name!r} of {self.name} has more than {MAX_VALUES:,} different values,"
                            " too many for a category.",
                            f"Leave it out with --ignore {shlex.quote(column.name)}.",
                        )
            values = values - {""} | ({""} if fact.missing else set())
            whole.append(column.model_copy(update={"values": sorted_values(values)}))
        return whole

    def _with_forms(
        self, columns: Sequence[ColumnRole], dialect: Asked
    ) -> tuple[tuple[ColumnRole, ...], list[DialectFinding]]:
        """The columns, those of dates with how these are written, and what was found about that."""
        whole: list[ColumnRole] = []
        findings: list[DialectFinding] = []
        for column in columns:
            if column.role != "date" or column.date is not None:
                whole.append(column)
                continue
            cells = (chunk.cells[column.name] for chunk in self._file.chunks(only=[column.name]))
            form, of_form = find_form(column.name, cells, dialect, self.name)
            findings += of_form
            whole.append(column.model_copy(update={"date": form, "reason": f"dates, {form.words}"}))
        return tuple(whole), findings


def _arrow_type(fact: ColumnFacts) -> pa.DataType:
    is_whole = fact.is_whole and max(abs(fact.low), abs(fact.high)) < 2**53  # exact in double precision
    return pa.int64() if is_whole else pa.float64()


def _as_they_matter(
    findings: Sequence[DialectFinding],
    names: Sequence[str],
    columns: Sequence[ColumnRole],
    facts: Sequence[ColumnFacts],
) -> list[DialectFinding]:
    """Findings, that about letters as one to be said alone where no name, category or label has such letters."""
    labels = {column.name for column in columns if column.role == "label"}
    values = [value for column in columns for value in column.values]
    values += [value for fact in facts if fact.name in labels for value in fact.values]
    if not all(text.isascii() for text in (*names, *values)):
        return list(findings)
    said = {"confidence": SURE + 0.1, "readings": ()}
    return [
        finding.model_copy(update=said) if finding.what == ENCODING and finding.confidence < SURE else finding
        for finding in findings
    ]


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
        _check_said(dialect, name)
        ignore, missing = roles.ignore if roles else (), dialect.missing if dialect else ()
        return FileRows(ParquetTable(source, name, ignore, known, missing), roles, like, dialect)
    return FileRows(TableFile(source, name, dialect, like.dialect if like else None, known), roles, like, dialect)


def array_rows(
    x: Num[np.ndarray, "n d"],
    columns: Sequence[str],
    name: str,
    roles: RolesAsked | None = None,
    like: TableContract | None = None,
    dialect: Asked | None = None,
    findings: Sequence[DialectFinding] = (),
) -> FileRows:
    """An array of a file as a table, with the role of each column.

    Args:
        x: (N, D) numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name, roles, like, dialect: as in ``open_rows``; of the dialect only numbers that are missing can be said.
        findings: about the file.

    Raises:
        DataError: as ``open_rows``.
    """
    _check_said(dialect, name)
    pictures = None if columns or like else pictures_in_rows(x)
    table = ArrayTable(x, columns, name, batches, dialect.missing if dialect else ())
    table.findings = (*findings, *([pictures] if pictures else []))
    return FileRows(table, roles, like, dialect)


def _check_said(dialect: Asked | None, name: str) -> None:
    """Refuse what says how text is written, of a table that is none.

    Raises:
        DataError: with what was said.
    """
    of_any = ("missing", "day_first")
    said = [part for part, value in dialect or () if part not in of_any and value not in (None, ())]
    if said:
        raise DataError(
            f"{name} is not written as text: it has no {said[0].replace('_', ' ')} that could be said.",
            f"Leave out {' and '.join('--' + part.replace('_', '-') for part in said)}.",
        )
