"""Tables as data: text files, arrays and cells in memory as rows to read, and rows as items to learn from."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int, Num, Shaped

from explorer.core.errors import DataError
from explorer.data.base import Imported, ImportReport, encode_labels
from explorer.io.tables import numbers as reading
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.file import CHUNK_ROWS, Cells, Chunk, TableFile
from explorer.io.tables.numbers import MISSING, MOSTLY
from explorer.io.tables.roles import ColumnRole, RolesAsked, as_label_text, find_roles

__all__ = ["MOSTLY", "ArrayRows", "CellRows", "Cells", "Chunk", "TableRows", "TextRows", "numbers", "texts"]

_MOSTLY_MISSING = 0.5  # a column with more than this share of missing cells costs too many rows


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
        self, rows: int = CHUNK_ROWS, as_text: Collection[str] = (), as_numbers: Collection[str] = ()
    ) -> Iterator[Chunk]:
        """The cells of each column, at most ``rows`` of them at a time, from the first row on; see ``TableFile``."""


class TextRows(TableFile):
    """A text table with the role of each column; see ``TableFile``.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for messages.
        dialect: what is known of how it is written.
        roles: what is known of its columns.

    Raises:
        DataError: it cannot be read, or has no column of a name that was asked for.
    """

    def __init__(
        self, source: Path | bytes, name: str, dialect: Asked | None = None, roles: RolesAsked | None = None
    ) -> None:
        super().__init__(source, name, dialect)
        self.contract = TableContract(
            rows=self.n_rows,
            dialect=self.dialect,
            columns=find_roles(self.facts, roles or RolesAsked(), name),
            ragged=len(self.ragged),
            first_ragged=self.ragged[:8],
            empty=self.empty,
            findings=self.findings,
        )
        self.mixed = frozenset(fact.name for fact in self.facts if fact.stray)

    def chunks(
        self, rows: int = CHUNK_ROWS, as_text: Collection[str] = (), as_numbers: Collection[str] = ()
    ) -> Iterator[Chunk]:
        """As of a ``TableFile``, inputs as their role says where it is not said here."""
        categories = [column for column in self.contract.of("category") if column not in as_numbers]
        numbers = [column for column in self.contract.of("number") if column not in as_text]
        return super().chunks(rows, (*as_text, *categories), (*as_numbers, *numbers))


class ArrayRows:
    """Rows (N, D) in memory or memory-mapped as a table; every column is a number to learn from.

    Args:
        x: numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name: of the table, for errors.
    """

    mixed: frozenset[str] = frozenset()

    def __init__(self, x: Num[np.ndarray, "n d"], columns: Sequence[str], name: str) -> None:
        self.name, self.has_names, self._x = name, bool(columns), x
        self.columns = tuple(columns) or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))
        self.contract = TableContract(
            rows=len(x), dialect=None, columns=tuple(ColumnRole(name=column, role="number") for column in self.columns)
        )

    def chunks(
        self, rows: int = CHUNK_ROWS, as_text: Collection[str] = (), as_numbers: Collection[str] = ()
    ) -> Iterator[Chunk]:
        for start in range(0, len(self._x), rows):
            part = self._x[start : start + rows].astype(np.float64)
            cells: dict[str, Cells] = dict(zip(self.columns, part.T, strict=True))
            yield Chunk(np.arange(start + 1, start + 1 + len(part)), cells)


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

    def chunks(
        self, rows: int = CHUNK_ROWS, as_text: Collection[str] = (), as_numbers: Collection[str] = ()
    ) -> Iterator[Chunk]:
        for start in range(0, self._n, rows):
            cells = {column: values[start : start + rows] for column, values in self._cells.items()}
            yield Chunk(np.arange(start + 1, 1 + min(start + rows, self._n)), cells)


def _column_of(name: str, values: Cells) -> ColumnRole:
    is_number = isinstance(values, np.ndarray) or _numbers(values) is not None
    return ColumnRole(name=name, role="number" if is_number else "category")


def read_table(
    data: bytes | Path,
    name: str,
    dialect: Asked | None = None,
    roles: RolesAsked | None = None,
    model_columns: Sequence[str] = (),
) -> Imported:
    """Read a text table: its columns of numbers as features, its labels as they are written.

    Args:
        data: the file's bytes, or its path.
        name: of the file, for errors.
        dialect: what is known of how it is written.
        roles: what is known of its columns.
        model_columns: columns that a model takes, matched by name; others are left out.

    Returns:
        (N, D) float32 rows without missing values, with what was left out and why.

    Raises:
        DataError: no such column, no numeric column, or no whole row.
    """
    table = TextRows(data, name, dialect, roles)
    if model_columns:
        matched_columns(model_columns, table.columns, name)
        others = [column for column in table.columns if column not in model_columns and column != table.contract.label]
        asked = (roles or RolesAsked()).model_copy(update={"inputs": tuple(model_columns), "ignore": tuple(others)})
        table = TextRows(data, name, dialect, asked)
    contract = table.contract
    if not contract.rows:
        raise DataError(f"{name} has no rows below its header.", "Give it at least one row.")
    wanted, label = tuple(model_columns) or contract.of("number"), contract.label
    left_out = [
        (column.name, "text, not numbers" if column.role in ("category", "metadata") else column.reason)
        for column in contract.columns
        if column.role not in ("number", "label") and column.name not in wanted
    ]
    if not wanted:
        raise DataError(f"{name} has no column of numbers.", "Each feature must be a column of numbers.")
    values, labels, rows = [], [], []
    for chunk in table.chunks(as_text=() if label is None else (label,), as_numbers=wanted):
        values.append(np.stack([chunk.cells[column] for column in wanted], axis=1))
        rows.append(chunk.rows)
        if label is not None:
            labels.append(texts(chunk.cells[label]))
    if table.ragged:
        left_out.append((f"{len(table.ragged):,} rows", f"do not have {len(table.columns)} cells"))
    return clean_table(
        np.concatenate(values), wanted, np.concatenate(labels) if labels else None, name, left_out,
        np.concatenate(rows), contract, keep_all=bool(model_columns),
    )  # fmt: skip


def matched_columns(wanted: Sequence[str], names: Sequence[str], source: str) -> list[int]:
    """Where the columns that a model takes stand in a table, found by their names.

    Args:
        wanted: names of the model's columns, in its order.
        names: of the table's columns.
        source: of the table, for messages.

    Raises:
        DataError: some are not there, with what may be meant.
    """
    absent = [column for column in wanted if column not in names]
    if absent:
        foreign = [column for column in names if column not in wanted]
        near = [(a, close[0]) for a in absent if (close := difflib.get_close_matches(a, foreign, 1))]
        similar = "; ".join(f"is {b!r} meant by {a!r}?" for a, b in near[:3])
        listed = ", ".join(map(repr, absent[:10])) + (", …" if len(absent) > 10 else "")
        has = ", ".join(map(repr, foreign[:10])) + (", …" if len(foreign) > 10 else "")
        raise DataError(
            f"{source} lacks {len(absent)} of the {len(wanted)} columns that the model takes: {listed}.",
            f"It has others: {has or 'none'}. {similar[:1].upper()}{similar[1:]}".rstrip(),
        )
    return [names.index(column) for column in wanted]


def clean_table(
    values: Num[np.ndarray, "n d"],
    names: Sequence[str],
    labels: Shaped[np.ndarray, " n"] | None,
    source: str,
    left_out: Sequence[tuple[str, str]] = (),
    rows: Int[np.ndarray, " n"] | None = None,
    contract: TableContract | None = None,
    keep_all: bool = False,
) -> Imported:
    """Leave out what no model can learn from: empty and constant columns, rows with missing values.

    Args:
        values: (N, D); missing is NaN or infinity.
        names: of the columns.
        labels: (N,) strings or numbers, or None; a missing label leaves its row out.
        source: for errors.
        left_out: what was left out before.
        rows: (N,) number of each row in its file; None: they are counted from 1.
        contract: how the file was read.
        keep_all: whether columns stay that hold nothing to learn from, since a model takes them.

    Returns:
        (n, d) float32.

    Raises:
        DataError: nothing is left.
    """
    left_out = list(left_out)
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and so missing
        single = values.astype(np.float32)
    finite = np.isfinite(single)
    keep = []
    for i, name in enumerate(names):
        # As stored, not as float32, in which neighbouring large numbers are the same.
        if keep_all:
            keep.append(i)
        elif reason := _useless(values[finite[:, i], i], single[finite[:, i], i], len(values)):
            left_out.append((name, reason))
        else:
            keep.append(i)
    whole = np.asarray(finite[:, keep].all(axis=1))
    if incomplete := int((~whole).sum()):
        counts = ", ".join(f"{names[i]} ({n:,})" for i in keep if (n := int((~finite[:, i]).sum())))
        left_out.append((f"{incomplete:,} rows", f"missing, not a number or infinite in: {counts}"))
    if labels is not None:
        unlabelled = _missing_labels(labels)
        if n := int((unlabelled & whole).sum()):
            left_out.append((f"{n:,} rows", "no label"))
        whole &= ~unlabelled
    x = np.ascontiguousarray(single[whole][:, keep])
    if not x.size:
        raise DataError(f"{source} has no whole row of numbers that differ.", _first_reason(left_out))
    codes, label_names = (None, ()) if labels is None else encode_labels(_tidy(np.asarray(labels)[whole]))
    report = ImportReport(len(x), left_out=tuple(left_out))
    numbered = np.arange(1, len(whole) + 1) if rows is None else rows
    return Imported(
        x, codes, label_names, report,
        feature_names=tuple(names[i] for i in keep),
        item_names=() if rows is None else tuple(f"row {number}" for number in numbered[whole]),
        contract=contract,
    )  # fmt: skip


def _first_reason(left_out: Sequence[tuple[str, str]]) -> str:
    return f"Left out: {left_out[0][0]}, {left_out[0][1]}." if left_out else "Give it at least one row."


def _useless(present: np.ndarray, single: np.ndarray, n: int) -> str:
    """Why a column is left out, given its n cells' finite values, as stored and as float32; empty if it is not."""
    if not len(present):
        return "empty"
    if len(present) < (1 - _MOSTLY_MISSING) * n:
        return f"missing in {n - len(present):,} of {n:,} rows"
    if n > 1 and present.min() == present.max():
        return f"always {present[0]:.12g}"
    if n > 1 and single.min() == single.max():
        return f"from {present.min():.12g} to {present.max():.12g}: the same in single precision"
    return ""


def _missing_labels(labels: np.ndarray) -> np.ndarray:
    if labels.dtype.kind == "U":
        return np.array([label.lower() in MISSING for label in labels], bool)
    return ~np.isfinite(labels) if labels.dtype.kind == "f" else np.zeros(len(labels), bool)


def _tidy(labels: np.ndarray) -> np.ndarray:
    """Labels as they are written; numbers of an array as text without a needless decimal point."""
    return as_label_text(labels) if labels.dtype.kind == "f" else labels


def is_continuous(labels: Shaped[np.ndarray, " n"]) -> bool:
    """Whether labels (n,) of text are measurements: numbers that are not all whole."""
    values = _numbers(list(labels))
    return values is not None and bool((values[np.isfinite(values)] % 1 != 0).any())


def _numbers(cells: list[str]) -> np.ndarray | None:
    """(n,) float64 with NaN where a cell is missing; None where the cells are text."""
    values = numbers(cells)
    present = sum(cell.strip().lower() not in MISSING for cell in cells)
    parsed = int((~np.isnan(values)).sum())
    return values if parsed >= MOSTLY * present else None


def numbers(cells: Cells) -> Float[np.ndarray, " n"]:
    """(n,) float64 of one column's cells, NaN where there is no number; a decimal comma is one."""
    if isinstance(cells, np.ndarray):
        return cells.astype(np.float64)
    trimmed = pa.array([cell.strip() for cell in cells], pa.string())
    values = reading.to_numbers(trimmed, ".", "")
    commas = reading.to_numbers(trimmed, ",", "")
    return np.where(np.isnan(values), commas, values)


def texts(cells: Cells) -> Shaped[np.ndarray, " n"]:
    """(n,) text of one column's cells without spaces around it, empty where a value is missing."""
    if isinstance(cells, np.ndarray):
        return as_label_text(cells.astype(np.float64))
    stripped = (cell.strip() for cell in cells)
    return np.array(["" if cell.lower() in MISSING else cell for cell in stripped], str)
