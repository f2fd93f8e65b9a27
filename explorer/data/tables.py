"""A CSV file as data: whole (numeric columns as features, a column of classes as labels), or a chunk at a time."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import numpy as np
from jaxtyping import Float, Num, Shaped

from explorer.core.errors import DataError
from explorer.data.base import Imported, ImportReport, encode_labels

MAX_BYTES = 512 << 20
LABEL_COLUMNS = ("label", "class", "target", "y")
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))
_DELIMITERS = ",;\t|"
MOSTLY = 0.9
"""A column with this share of numbers is numeric, its other cells are missing."""
_MOSTLY_MISSING = 0.5  # a column with more than this share of missing cells costs too many rows


CHUNK_ROWS = 20_000
_SNIFFED_BYTES = 1 << 16

Cells = list[str] | np.ndarray
"""One column of some rows: text as it stands in the file, or float64 numbers with NaN where a value is missing."""


class TableRows(Protocol):
    """A table that is read a chunk of rows at a time."""

    name: str
    columns: tuple[str, ...]
    has_names: bool
    """Whether the columns have names of their own, not just numbers."""
    ragged: int
    """Rows that had another number of cells and were skipped, so far."""

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[dict[str, Cells]]:
        """The cells of each column, at most ``rows`` of them at a time, from the first row on."""


class ArrayRows:
    """Rows (N, D) in memory or memory-mapped as a table.

    Args:
        x: numbers, NaN where a value is missing.
        columns: their names; empty: they are numbered.
        name: of the table, for errors.
    """

    ragged = 0

    def __init__(self, x: Num[np.ndarray, "n d"], columns: Sequence[str], name: str) -> None:
        self.name, self.has_names, self._x = name, bool(columns), x
        self.columns = tuple(columns) or tuple(f"column {i}" for i in range(1, x.shape[1] + 1))

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[dict[str, Cells]]:
        for start in range(0, len(self._x), rows):
            part = self._x[start : start + rows].astype(np.float64)
            yield dict(zip(self.columns, part.T, strict=True))


class CellRows:
    """Rows in memory, column by column, as a table.

    Args:
        cells: (N,) of each column, at least one.
        name: of the table, for errors.
    """

    has_names, ragged = True, 0

    def __init__(self, cells: Mapping[str, Cells], name: str) -> None:
        self.name, self.columns, self._cells = name, tuple(cells), cells

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[dict[str, Cells]]:
        for start in range(0, len(next(iter(self._cells.values()))), rows):
            yield {column: values[start : start + rows] for column, values in self._cells.items()}


class CsvRows:
    """A CSV or TSV file that is read as it is needed; delimiter, header and encoding are found out first.

    Args:
        source: the file's path, or its bytes.
        name: of the file, for errors.

    Raises:
        DataError: it cannot be read, is empty or is not text.
    """

    def __init__(self, source: Path | bytes, name: str) -> None:
        self.name, self.ragged, self._source = name, 0, source
        with self._open() as file:
            self._encoding = _encoding(file, name)
        with self._lines() as lines:
            start = "".join(itertools.islice(_pieces(lines), 1))
        self._delimiter = _delimiter(start)
        with self._lines() as lines:
            first = list(itertools.islice(self._rows(lines), 2))
        if not first:
            raise DataError(f"{name} is empty.", "Give it at least one row.")
        self.has_names = _is_header(first)
        numbered = tuple(f"column {i}" for i in range(1, len(first[0]) + 1))
        named = [cell.strip() or number for cell, number in zip(first[0], numbered, strict=True)]
        self.columns = _told_apart(named) if self.has_names else numbered

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[dict[str, Cells]]:
        self.ragged = 0
        with self._lines() as lines:
            whole = self._whole(itertools.islice(self._rows(lines), int(self.has_names), None))
            while chunk := list(itertools.islice(whole, rows)):
                yield {
                    column: list(cells) for column, cells in zip(self.columns, zip(*chunk, strict=True), strict=True)
                }

    def _whole(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        for row in rows:
            if len(row) == len(self.columns):
                yield row
            else:
                self.ragged += 1

    def _rows(self, lines: IO[str]) -> Iterator[list[str]]:
        try:
            for row in csv.reader(lines, delimiter=self._delimiter):
                if any(cell.strip() for cell in row):
                    yield row
        except (csv.Error, UnicodeError) as error:
            raise DataError(f"{self.name} is not a readable CSV file: {error}.", "Save it again as CSV.") from error

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        try:
            with io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source.open("rb") as file:
                yield file
        except OSError as error:
            raise DataError(f"{self.name} cannot be read: {error.strerror}.", "Check the path.") from error

    @contextmanager
    def _lines(self) -> Iterator[IO[str]]:
        with self._open() as file, io.TextIOWrapper(file, self._encoding, newline="") as text:
            yield text


def read_csv(data: bytes, name: str, label_column: str | None = None) -> Imported:
    """Read a CSV or TSV file; delimiter, header and encoding (UTF-8 or Latin-1) are found out.

    Args:
        data: the file.
        name: of the file, for errors.
        label_column: the column with the labels; None: one called label, class, target or y.

    Returns:
        (N, D) float32 rows without missing values, with what was left out and why.

    Raises:
        DataError: no such column, no numeric column, or no whole row.
    """
    if len(data) > MAX_BYTES:
        raise DataError(f"{name} has more than {MAX_BYTES >> 20} MiB.", "Save it as NPZ instead.")
    table = CsvRows(data, name)
    cells: dict[str, list[str]] = {column: [] for column in table.columns}
    for chunk in table.chunks():
        for column, some in chunk.items():
            cells[column].extend(some)
    if not cells[table.columns[0]]:
        raise DataError(f"{name} has no rows below its header.", "Give it at least one row.")
    label = label_of(table, label_column)
    values, numeric, left_out = [], [], []
    for column, texts in cells.items():
        if column == label:
            continue
        parsed = _numbers(texts)
        if parsed is None:
            left_out.append((column, "text, not numbers"))
        else:
            values.append(parsed)
            numeric.append(column)
    if not numeric:
        raise DataError(f"{name} has no column of numbers.", "Each feature must be a column of numbers.")
    labels = None if label is None else np.array([cell.strip() for cell in cells[label]])
    if label is not None and labels is not None and label_column is None and is_continuous(labels):
        left_out.append((label, "holds measurements, not classes"))
        labels = None
    if table.ragged:
        left_out.append((f"{table.ragged:,} rows", f"do not have {len(table.columns)} cells"))
    return clean_table(np.stack(values, axis=1), numeric, labels, name, left_out)


def clean_table(
    values: Num[np.ndarray, "n d"],
    names: Sequence[str],
    labels: Shaped[np.ndarray, " n"] | None,
    source: str,
    left_out: Sequence[tuple[str, str]] = (),
) -> Imported:
    """Leave out what no model can learn from: empty and constant columns, rows with missing values.

    Args:
        values: (N, D); missing is NaN or infinity.
        names: of the columns.
        labels: (N,) strings or numbers, or None; a missing label leaves its row out.
        source: for errors.
        left_out: what was left out before.

    Returns:
        (n, d) float32.

    Raises:
        DataError: nothing is left.
    """
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and so missing
        values = values.astype(np.float32)
    left_out = list(left_out)
    finite = np.isfinite(values)
    keep = []
    for i, name in enumerate(names):
        if reason := _useless(values[finite[:, i], i], len(values)):
            left_out.append((name, reason))
        else:
            keep.append(i)
    whole = finite[:, keep].all(axis=1)
    if incomplete := int((~whole).sum()):
        counts = ", ".join(f"{names[i]} ({n:,})" for i in keep if (n := int((~finite[:, i]).sum())))
        left_out.append((f"{incomplete:,} rows", f"missing, not a number or infinite in: {counts}"))
    if labels is not None:
        unlabelled = _missing_labels(labels)
        if n := int((unlabelled & whole).sum()):
            left_out.append((f"{n:,} rows", "no label"))
        whole &= ~unlabelled
    x = np.ascontiguousarray(values[whole][:, keep])
    if not x.size:
        raise DataError(f"{source} has no whole row of numbers that differ.", _first_reason(left_out))
    codes, label_names = (None, ()) if labels is None else encode_labels(_tidy(labels[whole]))
    report = ImportReport(len(x), left_out=tuple(left_out))
    return Imported(x, codes, label_names, report, feature_names=tuple(names[i] for i in keep))


def _first_reason(left_out: Sequence[tuple[str, str]]) -> str:
    return f"Left out: {left_out[0][0]}, {left_out[0][1]}." if left_out else "Give it at least one row."


def _useless(present: np.ndarray, n: int) -> str:
    """Why a column is left out, given its n cells' finite values; empty if it is not."""
    if not len(present):
        return "empty"
    if len(present) < (1 - _MOSTLY_MISSING) * n:
        return f"missing in {n - len(present):,} of {n:,} rows"
    if n > 1 and present.min() == present.max():
        return f"always {present[0]:g}"
    return ""


def _missing_labels(labels: np.ndarray) -> np.ndarray:
    if labels.dtype.kind == "U":
        return np.array([label.lower() in _MISSING for label in labels], bool)
    return ~np.isfinite(labels) if labels.dtype.kind == "f" else np.zeros(len(labels), bool)


def _tidy(labels: np.ndarray) -> np.ndarray:
    """Labels that are all numbers as numbers, so that 10 comes after 9 and 1.0 is 1."""
    if labels.dtype.kind != "U":
        return labels
    try:
        return labels.astype(np.float64)
    except ValueError:
        return labels


def is_continuous(labels: Shaped[np.ndarray, " n"]) -> bool:
    """Whether labels (n,) of text are measurements: numbers that are not all whole."""
    values = _numbers(list(labels))
    return values is not None and bool((values[np.isfinite(values)] % 1 != 0).any())


def _numbers(cells: list[str]) -> np.ndarray | None:
    """(n,) float64 with NaN where a cell is missing; None where the cells are text."""
    values = numbers(cells)
    present = sum(cell.strip().lower() not in _MISSING for cell in cells)
    parsed = int((~np.isnan(values)).sum())
    return values if parsed >= MOSTLY * present else None


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        pass
    try:
        return float(cell.replace(",", "."))  # decimal comma
    except ValueError:
        return float("nan")


def label_of(table: TableRows, label_column: str | None) -> str | None:
    """The column that holds the labels: the one asked for, or one called label, class, target or y.

    Raises:
        DataError: there is no column of the name asked for.
    """
    if label_column is not None:
        if label_column not in table.columns:
            raise DataError(
                f"{table.name} has no column {label_column!r}.", f"It has: {', '.join(table.columns[:20])}."
            )
        return label_column
    lowered = {column.strip().lower(): column for column in reversed(table.columns)}
    return next((lowered[word] for word in LABEL_COLUMNS if word in lowered), None)


def numbers(cells: Cells) -> Float[np.ndarray, " n"]:
    """(n,) float64 of one column's cells, NaN where there is no number; a decimal comma is one."""
    if isinstance(cells, np.ndarray):
        return cells.astype(np.float64)
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return np.array([_number(cell) for cell in cells], np.float64)


def texts(cells: Cells) -> Shaped[np.ndarray, " n"]:
    """(n,) text of one column's cells without spaces around it, empty where a value is missing."""
    if isinstance(cells, np.ndarray):
        return np.array(["" if np.isnan(value) else f"{value:g}" for value in cells.tolist()], str)
    stripped = (cell.strip() for cell in cells)
    return np.array(["" if cell.lower() in _MISSING else cell for cell in stripped], str)


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which none is the same as an earlier one: a second "a" becomes "a (2)"."""
    counts: dict[str, int] = {}
    told: list[str] = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        told.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return tuple(told)


def _encoding(file: IO[bytes], name: str) -> str:
    """UTF-16 where the file says so, UTF-8 where it is that throughout, else Latin-1."""
    start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder, encoding = codecs.getincrementaldecoder("utf-8")(), "utf-8-sig"
    file.seek(0)
    while piece := file.read(1 << 20):
        if b"\0" in piece:
            raise DataError(f"{name} is not a text file.", "Save the table as CSV.")
        if encoding != "latin-1":
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                encoding = "latin-1"
    return encoding


def _pieces(lines: IO[str]) -> Iterator[str]:
    while piece := lines.read(_SNIFFED_BYTES):
        yield piece


def _delimiter(content: str) -> str:
    """The delimiter that cuts the first lines into the most columns, the same number in each."""
    lines = [line for line in content[: 1 << 16].splitlines()[:20] if line.strip()]

    def columns(delimiter: str) -> int:
        counts = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
        return counts.pop() if len(counts) == 1 else 0

    best = max(_DELIMITERS, key=columns)
    return best if columns(best) > 1 else max(_DELIMITERS, key=lines[0].count) if lines else ","


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: it has text where the second has a number, or no number at all."""
    first = [np.isnan(_number(cell)) for cell in rows[0]]
    if len(rows) == 1:
        return all(first)
    second = [np.isnan(_number(cell)) for cell in rows[1]]
    return all(first) or any(a and not b for a, b in zip(first, second, strict=False))
