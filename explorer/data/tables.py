"""Tables as data: the rows of a file or array as items to learn from."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Num, Shaped

from explorer.core.errors import DataError
from explorer.data.base import Imported, ImportOptions, ImportReport, batches, encode_labels
from explorer.data.item_names import row_names
from explorer.data.table_rows import FileRows, cell_numbers, matched_columns, open_rows, texts
from explorer.io.tables.contract import TableContract
from explorer.io.tables.numbers import MISSING, MOSTLY
from explorer.io.tables.roles import INPUTS, as_label_text

_VALUES_AT_ONCE = 1 << 20
_MOSTLY_MISSING = 0.5  # a column with more than this share of missing cells costs too many rows


def read_table(source: bytes | Path, name: str, options: ImportOptions) -> Imported:
    """Read a table: its columns of numbers as features, its labels as they are written.

    Args:
        source: the file's bytes, or its path.
        name: of the file, for errors.
        options: what is known of it, and the columns that a model takes.

    Returns:
        (N, D) float32 rows without missing values, with what was left out and why.

    Raises:
        DataError: no such column, no numeric column, or no whole row.
    """
    like = options.like if isinstance(options.like, TableContract) else None
    table = open_rows(source, name, options.dialect, options.roles, like)
    contract = _for_model(table, options.model_columns) if options.model_columns else table.contract
    if not contract.rows:
        raise DataError(f"{name} has no rows below its header.", "Give it at least one row.")
    wanted, label = options.model_columns or contract.number_inputs, contract.label
    left_out = [
        (column.name, "text, not numbers" if column.role in ("category", "metadata") else column.reason)
        for column in contract.columns
        if column.role not in ("number", "date", "label")
    ]
    if not wanted:
        raise DataError(f"{name} has no column of numbers.", "Each feature must be a column of numbers.")
    x = np.empty((contract.rows, len(wanted)), np.float32)
    rows, labels, at = np.empty(contract.rows, np.int64), [], 0
    ids: dict[str, list[str]] = {column: [] for column in contract.of("identifier")}
    as_text = (*ids, *([] if label is None else [label]))
    for chunk in table.chunks(as_text=as_text, as_numbers=wanted, only={*wanted, *as_text}):
        part = slice(at, at + len(chunk))
        with np.errstate(over="ignore"):  # beyond float32 is infinite, and so missing
            for place, column in enumerate(wanted):
                x[part, place] = chunk.cells[column]
        rows[part] = chunk.rows
        if label is not None:
            labels.append(texts(chunk.cells[label]))
        for column, cells in ids.items():
            cells += chunk.cells[column]
        at += len(chunk)
    if contract.ragged:
        left_out.append((f"{contract.ragged:,} rows", f"do not have {len(table.columns)} cells"))
    facts = {fact.name: fact for fact in table.facts}
    ranges = [
        (facts[column].low, facts[column].high) if column in facts else _range(x[:, place])
        for place, column in enumerate(wanted)
    ]
    imported, whole = _cleaned(
        x, ranges, wanted, np.concatenate(labels) if labels else None, name, left_out, bool(options.model_columns)
    )
    numbers = rows[whole]
    ids = {column: list(itertools.compress(cells, whole.tolist())) for column, cells in ids.items()}
    others = [column for column in contract.kept(options.keep, name) if column not in ids]
    return replace(
        imported,
        item_names=row_names(numbers, ids),
        item_numbers=numbers,
        contract=contract,
        kept={**ids, **_kept(table, others, whole)},
    )


def _range(values: np.ndarray) -> tuple[float, float]:
    """The least and the greatest finite value; NaN without one."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (np.nan, np.nan)


def _kept(table: FileRows, columns: Sequence[str], whole: np.ndarray) -> dict[str, list[str]]:
    """Columns as they are written, of the rows (N,) that are whole."""
    if not columns:
        return {}
    cells: dict[str, list[str]] = {column: [] for column in columns}
    at = 0
    for chunk in table.chunks(as_text=columns, only=columns):
        chosen = whole[at : at + len(chunk)].tolist()
        for column in columns:
            cells[column] += itertools.compress(chunk.cells[column], chosen)
        at += len(chunk)
    return cells


def _for_model(table: FileRows, wanted: Sequence[str]) -> TableContract:
    """How a table is read for a model that takes these columns.

    Raises:
        DataError: it lacks some of them, or they hold text.
    """
    matched_columns(wanted, table.columns, table.name)
    for fact in table.facts:
        known = fact.n - fact.missing
        if fact.name in wanted and fact.numbers < MOSTLY * known:
            raise DataError(
                f"The column {fact.name!r} of {table.name} holds text such as {fact.stray!r},"
                " where the model learnt from numbers.",
                "Give the column in the same form as when the model was trained.",
            )
    columns = tuple(
        column.model_copy(update={"role": "number", "reason": "the model takes it"})
        if column.name in wanted
        else column.model_copy(update={"role": "left out", "reason": "the model does not take it"})
        if column.role in INPUTS and not {*wanted} & {*column.inputs}
        else column
        for column in table.contract.columns
    )
    return table.contract.model_copy(update={"columns": columns})


def clean_table(
    values: Num[np.ndarray, "n d"], names: Sequence[str], labels: Shaped[np.ndarray, " n"] | None, source: str
) -> Imported:
    """Leave out what no model can learn from: empty and constant columns, rows with missing values.

    Args:
        values: (N, D); missing is NaN or infinity.
        names: of the columns.
        labels: (N,) strings or numbers, or None; a missing label leaves its row out.
        source: for errors.

    Returns:
        (n, d) float32.

    Raises:
        DataError: nothing is left.
    """
    single = np.empty(values.shape, np.float32)
    low, high = np.full((2, values.shape[1]), np.nan)
    for start, part in batches(values, max(1, _VALUES_AT_ONCE // max(1, values.shape[1]))):
        with np.errstate(over="ignore"):  # beyond float32 is infinite, and so missing
            single[start : start + len(part)] = part
        known = np.where(np.isfinite(part), part, np.nan)
        low, high = np.fmin(low, np.fmin.reduce(known)), np.fmax(high, np.fmax.reduce(known))
    ranges = list(zip(low.tolist(), high.tolist(), strict=True))
    imported, whole = _cleaned(single, ranges, names, labels, source, [], keep_all=False)
    numbers = np.flatnonzero(whole) + 1
    return replace(imported, item_names=row_names(numbers, {}), item_numbers=numbers)


def _cleaned(
    x: np.ndarray,
    ranges: Sequence[tuple[float, float]],
    names: Sequence[str],
    labels: np.ndarray | None,
    source: str,
    left_out: list[tuple[str, str]],
    keep_all: bool,
) -> tuple[Imported, np.ndarray]:
    """Whole rows of columns that can be learnt from, and (N,) bool which rows these are.

    Args:
        x: (N, D) float32.
        ranges: of each column before it became single precision.
        keep_all: whether columns stay that hold nothing to learn from, since a model takes them.
    """
    finite = np.isfinite(x)
    counts = finite.sum(axis=0, dtype=np.int64).tolist()
    keep = []
    for i, name in enumerate(names):
        reason = "" if keep_all else _useless(counts[i], len(x), *ranges[i])
        if reason:
            left_out.append((name, reason))
        else:
            keep.append(i)
    whole = np.asarray(finite.all(axis=1) if len(keep) == len(names) else finite[:, keep].all(axis=1))
    if incomplete := int((~whole).sum()):
        gaps = ", ".join(f"{names[i]} ({len(x) - counts[i]:,})" for i in keep if counts[i] < len(x))
        left_out.append((f"{incomplete:,} rows", f"missing, not a number or infinite in: {gaps}"))
    if labels is not None:
        unlabelled = _missing_labels(labels)
        if n := int((unlabelled & whole).sum()):
            left_out.append((f"{n:,} rows", "no label"))
        whole &= ~unlabelled
    del finite
    x = _chosen(x, whole, keep)
    if not x.size:
        raise DataError(f"{source} has no whole row of numbers that differ.", _first_reason(left_out))
    codes, label_names = (None, ()) if labels is None else encode_labels(_tidy(np.asarray(labels)[whole]))
    report = ImportReport(len(x), left_out=tuple(left_out))
    return Imported(x, codes, label_names, report, feature_names=tuple(names[i] for i in keep)), whole


def _chosen(x: np.ndarray, rows: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """Some rows (N,) bool and columns, with no more copies than are needed."""
    if len(columns) == x.shape[1]:
        return x if rows.all() else x[rows]
    if rows.all():
        return np.ascontiguousarray(x[:, columns])
    return x[np.flatnonzero(rows)[:, None], columns]


def _first_reason(left_out: Sequence[tuple[str, str]]) -> str:
    return f"Left out: {left_out[0][0]}, {left_out[0][1]}." if left_out else "Give it at least one row."


def _useless(known: int, n: int, low: float, high: float) -> str:
    """Why a column is left out, given how many of its n cells are finite and their range; empty if it is not."""
    if not known:
        return "empty"
    if known < (1 - _MOSTLY_MISSING) * n:
        return f"missing in {n - known:,} of {n:,} rows"
    if n > 1 and low == high:
        return f"always {low:.12g}"
    # As stored, not as float32, in which neighbouring large numbers are the same.
    with np.errstate(over="ignore"):
        single = np.array([low, high]).astype(np.float32)
    if n > 1 and single[0] == single[1]:
        return f"from {low:.12g} to {high:.12g}: the same in single precision"
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
    values = cell_numbers(list(labels))
    return values is not None and bool((values[np.isfinite(values)] % 1 != 0).any())
