"""Tables as data: the rows of a file or array as items to learn from."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Shaped

from explorer.core.errors import DataError
from explorer.data.base import ImportReport
from explorer.data.cells import as_written, cell_numbers, texts
from explorer.data.column_names import matched_columns
from explorer.data.importing import Imported, ImportOptions
from explorer.data.item_names import row_names
from explorer.data.stored import encode_labels
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.categories import EQUALS, coded
from explorer.io.tables.contract import TableContract
from explorer.io.tables.numbers import MISSING, MOSTLY
from explorer.io.tables.roles import INPUTS, ColumnRole, as_label_text, require_counts

NO_CATEGORIES: Mapping[str, Sequence[int]] = {}
_MOSTLY_MISSING = 0.5  # a column with more than this share of missing cells costs too many rows


def read_table(source: bytes | Path, name: str, options: ImportOptions) -> Imported:
    """Read a table: its columns of numbers and categories as features, its labels as they are written.

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
    return items_of(open_rows(source, name, options.dialect, options.roles, like), options)


def nothing_to_learn(contract: TableContract, name: str) -> DataError:
    """That a table has no column that can be learnt from, with how it was read."""
    hint = "Give it a column of numbers or of categories"
    if len(contract.columns) == 1 and contract.dialect is not None:
        hint = "Each row is one cell: where a sign stands between cells, say --delimiter SIGN"
    return DataError(f"{name} has no column to learn from.", f"{hint}. It was read as {contract.line}.")


def items_of(
    table: FileRows, options: ImportOptions, labels_beside: Shaped[np.ndarray, " n"] | None = None
) -> Imported:
    """The rows of an opened table as items; see ``read_table``.

    Args:
        table: as it was opened with the options' dialect and roles.
        options: as in ``read_table``.
        labels_beside: (N,) labels that stand beside the columns, where no column holds them.

    Raises:
        DataError: as ``read_table``.
    """
    name, like = table.name, options.like if isinstance(options.like, TableContract) else None
    contract = _for_model(table, options.model_columns, like) if options.model_columns else table.contract
    if not contract.rows:
        raise DataError(f"{name} has no rows below its header.", "Give it at least one row.")
    wanted, label = options.model_columns or contract.features, contract.label
    left_out = [
        (column.name, "text, not numbers" if column.role == "metadata" else column.reason)
        for column in contract.columns
        if column.role not in (*INPUTS, "label")
    ]
    if not wanted:
        raise nothing_to_learn(contract, name)
    categories = [column for column in contract.columns if column.role == "category"]
    columns = _columns_of(wanted, categories, name)
    x = np.empty((contract.rows, len(wanted)), np.float32)
    rows, labels, at = np.empty(contract.rows, np.int64), [], 0
    ids: dict[str, list[str]] = {column: [] for column in contract.of("identifier")}
    as_text = (*ids, *([] if label is None else [label]), *(column.name for column in categories))
    as_numbers = [column for column in columns if column not in as_text]
    unknown = {column.name: Unknown() for column in categories}
    for chunk in table.chunks(as_text=as_text, as_numbers=as_numbers, only={*as_text, *as_numbers}):
        part = slice(at, at + len(chunk))
        with np.errstate(over="ignore"):  # beyond float32 is infinite, and so missing
            for place, column in zip((columns[name] for name in as_numbers), as_numbers, strict=True):
                x[part, place[0]] = chunk.cells[column]
        for category in categories:
            cells = texts(chunk.cells[category.name])
            of_values = coded(cells, category.values)
            x[part, columns[category.name]] = of_values
            unknown[category.name].add(cells, of_values)
        rows[part] = chunk.rows
        if label is not None:
            labels.append(texts(chunk.cells[label]))
        for column, written in ids.items():
            written += chunk.cells[column]
        at += len(chunk)
    if contract.ragged:
        left_out.append((f"{contract.ragged:,} rows", f"do not have {len(table.columns)} cells"))
    facts = {fact.name: fact for fact in table.facts}
    ranges = [
        (facts[column].low, facts[column].high) if column in facts else _range(x[:, place])
        for place, column in enumerate(wanted)
    ]
    imported, whole = _cleaned(
        x, ranges, wanted, np.concatenate(labels) if labels else labels_beside, name, left_out,
        bool(options.model_columns),
        {column.name: columns[column.name] for column in categories},
    )  # fmt: skip
    numbers = rows[whole]
    ids = {column: list(itertools.compress(cells, whole.tolist())) for column, cells in ids.items()}
    others = [column for column in contract.kept(options.keep, name) if column not in ids]
    changed = tuple((column, seen.words(contract.rows)) for column, seen in unknown.items() if seen.n)
    return replace(
        imported,
        report=replace(imported.report, converted=(*imported.report.converted, *changed)),
        item_names=row_names(numbers, ids),
        item_numbers=numbers,
        contract=contract,
        kept={**ids, **_kept(table, others, whole)},
    )


@dataclass
class Unknown:
    """Cells of a category with values that the rows learnt from do not have: how many, and one of them."""

    n: int = 0
    example: str = ""

    def add(self, cells: Shaped[np.ndarray, " n"], of_values: Float[np.ndarray, "n k"]) -> None:
        """Count those among cells (n,), of which the last column of ``of_values`` is 1."""
        is_unknown = of_values[:, -1] == 1
        self.n += int(is_unknown.sum())
        if is_unknown.any() and not self.example:
            self.example = str(cells[int(is_unknown.argmax())])

    def words(self, rows: int) -> str:
        """In a few words, of so many rows."""
        return f"a value that was not learnt, as {self.example!r}, in {self.n:,} of {rows:,} rows"


def _columns_of(features: Sequence[str], categories: Sequence[ColumnRole], name: str) -> dict[str, list[int]]:
    """Which of the numbers that a model takes each column of a table becomes, by the column's name.

    Raises:
        DataError: two of them have one name.
    """
    place = {feature: i for i, feature in enumerate(features)}
    if len(place) < len(features):
        twin = next(feature for i, feature in enumerate(features) if feature in features[:i])
        raise DataError(
            f"{name} gives {twin!r} twice: a column of that name and a value of a category.", "Rename the column."
        )
    of_categories = {column.name: [place[feature] for feature in column.features] for column in categories}
    coded_places = {i for places in of_categories.values() for i in places}
    return of_categories | {name: [i] for name, i in place.items() if i not in coded_places}


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
            cells[column] += itertools.compress(as_written(chunk.cells[column]), chosen)
        at += len(chunk)
    return cells


def _for_model(table: FileRows, wanted: Sequence[str], like: TableContract | None) -> TableContract:
    """How a table is read for a model that takes these numbers.

    Args:
        like: how the table was read that the model learnt from: it says which of them are values of a category.

    Raises:
        DataError: it lacks some of their columns, or they hold text.
    """
    learnt = [] if like is None else [column for column in like.columns if {*column.features} & {*wanted}]
    owner = {feature: column.name for column in learnt if column.role == "category" for feature in column.features}
    needed = dict.fromkeys(owner.get(feature, feature) for feature in wanted)
    matched_columns(list(needed), table.columns, table.name)
    is_category = {column.name for column in learnt if column.role == "category"}
    for fact in table.facts:
        known = fact.n - fact.missing
        if fact.name in needed and fact.name not in is_category and fact.numbers < MOSTLY * known:
            raise DataError(
                f"The column {fact.name!r} of {table.name} holds text such as {fact.stray!r},"
                " where the model learnt from numbers.",
                "Give the column in the same form as when the model was trained.",
            )
    is_count = {column.name for column in learnt if column.role == "count"}
    for fact in table.facts:
        if fact.name in is_count and fact.numbers:
            require_counts(fact, table.name, "take a model that learnt from it as numbers")
    values = {column.name: column.values for column in learnt if column.role == "category"}
    columns = tuple(
        column.model_copy(update={"role": "category", "reason": "the model takes it", "values": values[column.name]})
        if column.name in is_category
        else column.model_copy(
            update={"role": "count" if column.name in is_count else "number", "reason": "the model takes it"}
        )
        if column.name in needed
        else column.model_copy(update={"role": "left out", "reason": "the model does not take it"})
        if column.role in INPUTS and not {*wanted} & {*column.inputs}
        else column
        for column in table.contract.columns
    )
    return table.contract.model_copy(update={"columns": columns})


def _cleaned(
    x: np.ndarray,
    ranges: Sequence[tuple[float, float]],
    names: Sequence[str],
    labels: np.ndarray | None,
    source: str,
    left_out: list[tuple[str, str]],
    keep_all: bool,
    categories: Mapping[str, Sequence[int]] = NO_CATEGORIES,
) -> tuple[Imported, np.ndarray]:
    """Whole rows of columns that can be learnt from, and (N,) bool which rows these are.

    Args:
        x: (N, D) float32.
        ranges: of each column before it became single precision.
        keep_all: whether columns stay that hold nothing to learn from, since a model takes them.
        categories: places of the columns that stand for the values of one category, by its name.
    """
    finite = np.isfinite(x)
    counts = finite.sum(axis=0, dtype=np.int64).tolist()
    owner = {i: category for category, places in categories.items() for i in places}
    keep = []
    for i, name in enumerate(names):
        if i in owner:
            places = categories[owner[i]]
            # A value and the one for others: all rows have the same.
            reason = f"always {names[i].partition(EQUALS)[2]!r}" if len(places) == 2 and i == places[0] else ""
            is_used = keep_all or len(places) > 2
        else:
            reason = "" if keep_all else _useless(counts[i], len(x), *ranges[i])
            is_used = not reason
        if is_used:
            keep.append(i)
        elif reason:
            left_out.append((owner.get(i, name), reason))
    whole = np.asarray(finite.all(axis=1) if len(keep) == len(names) else finite[:, keep].all(axis=1))
    if incomplete := int((~whole).sum()):
        missing_in = {owner.get(i, names[i]): len(x) - counts[i] for i in keep if counts[i] < len(x)}
        gaps = ", ".join(f"{column} ({n:,})" for column, n in missing_in.items())
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
