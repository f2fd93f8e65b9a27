"""What a column beside items is said to hold, where that is not what was guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from jaxtyping import Shaped

from explorer.data.beside.reading import ItemColumns, guesses
from explorer.data.beside.typed import ColumnKind, ItemColumn, dates_of, typed_categories
from explorer.data.cells import numbers, texts

AskedKind = Literal[ColumnKind, "left out"]
ASKED_KINDS: tuple[AskedKind, ...] = get_args(AskedKind)
MOST_VALUES = 1000
"""Different values of what is asked to be a category."""


def as_asked(columns: ItemColumns, asked: Mapping[str, AskedKind]) -> ItemColumns:
    """Columns as somebody says that they are; what cannot be so stays as it was, with a remark.

    Args:
        columns: as they were read.
        asked: what a column holds, by its name; of those not named what was guessed stands.
    """
    guessed = guesses(columns.columns)
    kept, remarks = [], [remark for remark in columns.remarks if remark not in guessed]
    for column in columns.columns:
        kind = asked.get(column.name, column.kind)
        if kind == "left out":
            remarks.append(f"{column.name}: left out, as asked.")
            continue
        other = column if kind == column.kind else _as_kind(column, kind)
        if other is None:
            remarks.append(f"{column.name} stays {column.kind}: its values cannot be read as {kind}.")
        kept.append(other or column)
    return ItemColumns(tuple(kept), (*remarks, *guesses(kept)))


def _as_kind(column: ItemColumn, kind: ColumnKind) -> ItemColumn | None:
    cells = cells_of(column)
    if kind == "text":
        return ItemColumn(column.name, "text", cells)
    if kind == "category":
        return typed_categories(column.name, cells) if len(np.unique(cells)) <= MOST_VALUES else None
    values = numbers(cells.tolist()) if kind == "number" else None
    of_dates = column.values if column.kind == "number" else cells
    other = dates_of(column.name, of_dates) if values is None else ItemColumn(column.name, "number", values)
    if other is None or not (~other.missing).any():
        return None
    strays = int((other.missing & ~column.missing).sum())
    return replace(other, remark=f"{strays:,} cells are no {kind}s and count as missing" if strays else "")


def cells_of(column: ItemColumn) -> Shaped[np.ndarray, " n"]:
    """(N,) values as text that tells each from every other, "" where missing."""
    if column.kind == "number":
        written = [f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}" for value in column.values]
        return np.where(column.missing, "", np.array(written, str))
    return texts(column.written(np.arange(len(column.values))))
