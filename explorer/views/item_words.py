"""What the items of a view and their columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int, Num

from explorer.browser.parts import Feature
from explorer.core.written import cut
from explorer.data.beside import ItemColumn
from explorer.data.item_names import item_name
from explorer.io.contract import as_columns
from explorer.views.items import CodedItems

DESCRIBED = 80
"""Letters of what describes an item under the pointer."""


def item_word(items: CodedItems) -> str:
    """What one item is called."""
    return "image" if items.is_image else "row"


def item_kind(items: CodedItems) -> str:
    """Whether items are real or decoded samples, in a word: "real", "decoded"."""
    return "real" if items.is_real else "decoded"


def label_name(items: CodedItems, position: int) -> str:
    """The label of a shown item; empty where it has none."""
    labels, names = items.labels(), items.dataset.label_names
    return names[labels[position]] if labels is not None and 0 <= labels[position] < len(names) else ""


def row_title(items: CodedItems, row: int) -> str:
    """What the item of a row of the data is called, as plain text; a made one is called so."""
    return item_name(items.dataset, row) if items.is_real else f"decoded item {row:,}"


def item_title(items: CodedItems, position: int) -> str:
    """What a shown item is called, as plain text; a made one is called so."""
    return row_title(items, int(items.rows[position]))


def item_titles(items: CodedItems) -> list[str]:
    """What each shown item is called; see ``item_title``."""
    rows = items.rows.tolist()
    if items.is_real and (names := items.dataset.item_names):
        return [names[row] for row in rows]
    return [row_title(items, row) for row in rows]


def numbers_alone(items: CodedItems) -> Int[np.ndarray, " n"] | None:
    """The number in its file (n,) of each shown item, where that is all that it is called by ("row 7"); else None."""
    names, numbers = items.dataset.item_names, items.dataset.item_numbers
    if not items.is_real or not names or numbers is None:
        return None
    of_each = zip(items.rows.tolist(), numbers[items.rows].tolist(), strict=True)
    return numbers[items.rows] if all(names[row] == f"row {number}" for row, number in of_each) else None


def titles_with_labels(items: CodedItems) -> list[str]:
    """What each shown item is called, its label first."""
    labels, names = items.labels(), items.dataset.label_names
    titles = [item_name(items.dataset, row) for row in items.rows.tolist()]
    if labels is None or not names:
        return titles
    return [f"{names[k]}, {t}" if 0 <= k < len(names) else t for k, t in zip(labels.tolist(), titles, strict=True)]


def described(columns: Mapping[str, ItemColumn]) -> list[str]:
    """(n,) what the first column of text says of each item, cut to ``DESCRIBED`` letters; empty without one."""
    text = next((column for column in columns.values() if column.kind == "text"), None)
    return [] if text is None else [cut(str(cell), DESCRIBED) for cell in text.values.tolist()]


def column_names(items: CodedItems) -> list[str]:
    """Names of a table's columns; numbered where the data has none."""
    names = items.dataset.feature_names
    return list(names) or [f"column {i + 1}" for i in range(items.dataset.event_shape[0])]


def columns_of(items: CodedItems, x: Num[np.ndarray, "n d"]) -> dict[str, list[Any]]:
    """Rows (n, D) of a table, real or decoded, column by column: numbers, and categories as their values."""
    columns = as_columns(np.asarray(x), items.contract, column_names(items))
    return {name: values if isinstance(values, list) else values.tolist() for name, values in columns.items()}


def features(items: CodedItems) -> list[Feature]:
    """Columns of a table with the range that holds 98 % of the shown rows; empty for images."""
    if items.is_image:
        return []
    low, high = np.quantile(np.asarray(items.x(), np.float64), (0.01, 0.99), axis=0)
    return [
        Feature(name=name, low=float(a), high=float(b) if b > a else float(a) + 1)
        for name, a, b in zip(column_names(items), low, high, strict=True)
    ]
