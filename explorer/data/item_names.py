"""What items are called: the one way, for pages, commands and files.

An item of a user's own data is called by its file's name, or by its number in its file, from 1, with what the table
itself calls it. Registered data have neither: their items are called by their row, from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from jaxtyping import Int

from explorer.data.base import Dataset
from explorer.io.tables.columns import Cells, as_text, told_apart
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import is_unnamed

Column = TypeVar("Column")
ITEM = "item"
"""The column, in files, of what items are called."""


def item_name(dataset: Dataset, row: int) -> str:
    """What an item is called where people read it: "a/cat.png", "row 7, id A3", "row 1,234"."""
    return dataset.item_names[row] if dataset.item_names else f"row {row:,}"


def with_title(dataset: Dataset, row: int) -> str:
    """As ``item_name``, among items of several datasets."""
    return item_name(dataset, row) if dataset.item_names else f"{dataset.title}, {item_name(dataset, row)}"


def item_keys(dataset: Dataset, rows: Int[np.ndarray, " n"]) -> list[str]:
    """(n,) what items are called in files: by its file's name, its number in its file, or its row."""
    if dataset.item_numbers is not None:
        return [str(number) for number in dataset.item_numbers[rows].tolist()]
    if dataset.item_names:
        return [dataset.item_names[row] for row in rows.tolist()]
    return [str(row) for row in rows.tolist()]


def read_names(dataset: Dataset, rows: Int[np.ndarray, " n"]) -> list[str]:
    """(n,) what items are called where people read it: by their file's name, else by the number that files have."""
    keys = item_keys(dataset, rows)
    return keys if dataset.item_names else [f"row {int(key):,}" for key in keys]


def item_columns(
    dataset: Dataset, rows: Int[np.ndarray, " n"], own: Mapping[str, Sequence[object] | np.ndarray]
) -> dict[str, Sequence[object] | np.ndarray]:
    """The columns of a file of items: the identifiers of a table as they are written, what each is called, and the own.

    Args:
        rows: (n,) of the items.
        own: (n,) each; an identifier of the same name is renamed.
    """
    chosen = rows.tolist()
    ids = {column: [cells[row] for row in chosen] for column, cells in dataset.ids.items()}
    return {**dict(beside([ITEM, *own], ids)), ITEM: item_keys(dataset, rows), **own}


def beside(own: Sequence[str], others: Mapping[str, Column]) -> list[tuple[str, Column]]:
    """A table's columns under names that none of our own columns has."""
    names = told_apart([*own, "file", *others])[len(own) + 1 :]  # an NPZ cannot hold an array called file
    return list(zip(names, others.values(), strict=True))


def row_names(numbers: Int[np.ndarray, " n"], ids: Mapping[str, Cells]) -> tuple[str, ...]:
    """What rows of a table are called: their numbers in the file, with what the table itself calls them.

    Args:
        numbers: (n,) in the file, from 1.
        ids: cells (n,) of each column that identifies; those that say no more than the numbers are not used.
    """
    texts = {column: _written(cells) for column, cells in ids.items() if not is_unnamed(column)}
    telling = {column: cells for column, cells in texts.items() if not _only_counts(cells, numbers)}
    if not telling:
        return tuple([f"row {number}" for number in numbers.tolist()])
    return tuple(
        ", ".join([f"row {number}", *(f"{column} {cells[place]}" for column, cells in telling.items())])
        for place, number in enumerate(numbers.tolist())
    )


def identifying(cells: Mapping[str, Cells], contract: TableContract) -> dict[str, Cells]:
    """Those of a table's cells that identify its rows."""
    return {column: cells[column] for column in contract.of("identifier") if column in cells}


def pieces_of(names: Sequence[str], counts: Iterable[int]) -> tuple[str, ...]:
    """A name an item, of files that were cut into so many each: the pieces of one are numbered."""
    pieces = zip(names, counts, strict=True)
    return tuple(name if n == 1 else f"{name} #{i}" for name, n in pieces for i in range(1, n + 1))


def _written(cells: Cells) -> list[str]:
    return as_text(cells) if isinstance(cells, np.ndarray) and cells.dtype == np.float64 else [str(c) for c in cells]


def _only_counts(texts: Sequence[str], numbers: np.ndarray) -> bool:
    """Whether cells say no more than the numbers of their rows."""
    if not all(text.isdecimal() for text in texts):
        return False
    return len({int(text) - number for text, number in zip(texts, numbers.tolist(), strict=True)}) == 1
