"""A CSV file as data: numeric columns become features, a column of classes becomes labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.data.base import Imported, ImportReport, encode_labels
from explorer.errors import DataError

MAX_BYTES = 512 << 20
LABEL_COLUMNS = ("label", "class", "target", "y")
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))
_DELIMITERS = ",;\t|"
_MOSTLY = 0.9  # a column with this share of numbers is numeric, its other cells are missing
_MOSTLY_MISSING = 0.5  # a column with more than this share of missing cells costs too many rows


@dataclass(frozen=True)
class _Text:
    """A CSV file cut into cells.

    Args:
        columns: their names.
        rows: cells, as many as there are columns.
        ragged: number of rows that had another number of cells.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    ragged: int


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
    text = _cells(data, name)
    label_index = _label_index(text, name, label_column)
    values, numeric, left_out = [], [], []
    for i, column in enumerate(text.columns):
        if i == label_index:
            continue
        numbers = _numbers([row[i] for row in text.rows])
        if numbers is None:
            left_out.append((column, "text, not numbers"))
        else:
            values.append(numbers)
            numeric.append(column)
    if not numeric:
        raise DataError(f"{name} has no column of numbers.", "Each feature must be a column of numbers.")
    labels = None if label_index is None else np.array([row[label_index].strip() for row in text.rows])
    if labels is not None and label_column is None and _is_continuous(labels):
        left_out.append((text.columns[label_index or 0], "holds measurements, not classes"))
        labels = None
    if text.ragged:
        left_out.append((f"{text.ragged:,} rows", f"do not have {len(text.columns)} cells"))
    return clean_table(np.stack(values, axis=1), numeric, labels, name, left_out)


def clean_table(
    values: np.ndarray,
    names: Sequence[str],
    labels: np.ndarray | None,
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


def _is_continuous(labels: np.ndarray) -> bool:
    values = _numbers(list(labels))
    return values is not None and bool((values[np.isfinite(values)] % 1 != 0).any())


def _numbers(cells: Sequence[str]) -> np.ndarray | None:
    """(n,) float64 with NaN where a cell is missing; None where the cells are text."""
    values = np.array([_number(cell) for cell in cells], np.float64)
    present = sum(cell.strip().lower() not in _MISSING for cell in cells)
    parsed = int((~np.isnan(values)).sum())
    return values if parsed >= _MOSTLY * present else None


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        pass
    try:
        return float(cell.replace(",", "."))  # decimal comma
    except ValueError:
        return float("nan")


def _label_index(text: _Text, name: str, label_column: str | None) -> int | None:
    if label_column is not None:
        if label_column not in text.columns:
            raise DataError(f"{name} has no column {label_column!r}.", f"It has: {', '.join(text.columns[:20])}.")
        return text.columns.index(label_column)
    lowered = [column.strip().lower() for column in text.columns]
    return next((lowered.index(word) for word in LABEL_COLUMNS if word in lowered), None)


def _cells(data: bytes, name: str) -> _Text:
    if len(data) > MAX_BYTES:
        raise DataError(f"{name} has more than {MAX_BYTES >> 20} MiB.", "Save it as NPZ instead.")
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("latin-1")
    if "\0" in content:
        raise DataError(f"{name} is not a text file.", "Save the table as CSV.")
    try:
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=_delimiter(content))
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise DataError(f"{name} is not a readable CSV file: {error}.", "Save it again as CSV.") from error
    if not rows:
        raise DataError(f"{name} is empty.", "Give it at least one row.")
    columns = tuple(cell.strip() or f"column {i}" for i, cell in enumerate(rows[0], 1))
    if _is_header(rows):
        rows = rows[1:]
    else:
        columns = tuple(f"column {i}" for i in range(1, len(columns) + 1))
    whole = [row for row in rows if len(row) == len(columns)]
    if not whole:
        raise DataError(f"{name} has no rows below its header.", "Give it at least one row.")
    return _Text(columns, whole, len(rows) - len(whole))


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
