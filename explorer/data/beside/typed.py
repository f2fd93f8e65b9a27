"""A column beside items, as what it holds: numbers, dates, categories or text; what is missing stays missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from explorer.core.errors import DataError
from explorer.data.cells import cell_numbers, texts
from explorer.io.tables.categories import sorted_values
from explorer.io.tables.date_cells import is_date, to_seconds
from explorer.io.tables.dates import find_form
from explorer.io.tables.dialect import Asked

ColumnKind = Literal["number", "date", "category", "text"]
MAX_CATEGORIES = 200
"""Text of more different values is text: they are names or remarks."""
MAX_CODES = 12
"""Whole numbers of at most so many different values are categories: clusters, grades, flags."""
FEW_WHOLE = f"whole numbers of at most {MAX_CODES} different values, taken for categories"
"""The remark on them."""
MOSTLY_DATES = 0.9


@dataclass(frozen=True, eq=False)
class ItemColumn:
    """A column of N items.

    Args:
        name: of the column.
        kind: what it holds.
        values: (N,) float64: numbers, or dates in seconds since 1970, NaN where missing; of a category int64 positions
            in ``names``, -1 where missing; of text its cells, "" where missing.
        names: of a category's values.
        remark: what was guessed in reading it; empty: nothing.
    """

    name: str
    kind: ColumnKind
    values: Shaped[np.ndarray, " n"]
    names: tuple[str, ...] = ()
    remark: str = ""

    @property
    def missing(self) -> Bool[np.ndarray, " n"]:
        """(N,) whether an item has no value."""
        if self.kind == "text":
            return np.asarray(self.values == "")
        return np.asarray(self.values < 0) if self.kind == "category" else np.isnan(self.values)

    def written(self, rows: Int[np.ndarray, " m"]) -> list[str]:
        """(M,) values of some items as people read them, "" where missing."""
        chosen = self.values[rows]
        if self.kind == "text":
            return [str(cell) for cell in chosen]
        if self.kind == "category":
            return [self.names[i] if i >= 0 else "" for i in chosen.tolist()]
        if self.kind == "date":
            return [date_in_words(seconds) for seconds in chosen.tolist()]
        return ["" if np.isnan(value) else f"{value:.6g}" for value in chosen.tolist()]

    def of(self, rows: Int[np.ndarray, " m"]) -> ItemColumn:
        """The same column of some items."""
        return ItemColumn(self.name, self.kind, self.values[rows], self.names, self.remark)


def date_in_words(seconds: float) -> str:
    """An instant, seconds since 1970: as a day, with its time where it has one; empty for none."""
    if not np.isfinite(seconds):
        return ""
    text = str(np.datetime64(round(seconds), "s"))
    return text.removesuffix("T00:00:00").replace("T", " ")


def typed_cells(name: str, cells: Sequence[str]) -> ItemColumn | None:
    """A column of text as what it holds; None where every cell is missing.

    Args:
        name: of the column.
        cells: (N,) as they are written.
    """
    trimmed = texts(list(cells))
    known = trimmed[trimmed != ""]
    if not len(known):
        return None
    numbers = cell_numbers(trimmed.tolist())
    if numbers is not None:
        strays = int(np.isnan(numbers[trimmed != ""]).sum())
        remark = f"{strays:,} cells are no numbers and count as missing" if strays else ""
        return typed_numbers(name, numbers, remark)
    different = np.unique(known)
    if sum(map(is_date, different.tolist())) >= MOSTLY_DATES * len(different):
        dates = dates_of(name, trimmed)
        if dates is not None:
            return dates
    if len(different) <= min(MAX_CATEGORIES, max(2, len(trimmed) // 2)):
        return typed_categories(name, trimmed)
    return ItemColumn(name, "text", trimmed)


def typed_numbers(name: str, values: Shaped[np.ndarray, " n"], remark: str = "") -> ItemColumn | None:
    """A column of numbers (N,); few different whole ones are categories. None where every value is missing."""
    numbers = np.asarray(values, np.float64)
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    different = np.unique(numbers[~np.isnan(numbers)])
    if not len(different):
        return None
    if len(different) > MAX_CODES or (different % 1 != 0).any():
        return ItemColumn(name, "number", numbers, remark=remark)
    codes = np.where(np.isnan(numbers), -1, np.searchsorted(different, numbers))
    said = f"{remark}; {FEW_WHOLE}" if remark else FEW_WHOLE
    return ItemColumn(name, "category", codes.astype(np.int64), tuple(f"{v:.0f}" for v in different), said)


def typed_categories(name: str, cells: Shaped[np.ndarray, " n"]) -> ItemColumn:
    """A column of categories from trimmed text (N,), "" where a cell is missing."""
    names = sorted_values(set(cells.tolist()) - {""})
    place = {value: i for i, value in enumerate(names)} | {"": -1}
    return ItemColumn(name, "category", np.array([place[cell] for cell in cells.tolist()], np.int64), names)


def typed_array(name: str, values: Shaped[np.ndarray, " n"]) -> ItemColumn | None:
    """An array (N,) of a file as what it holds; None where it holds nothing that can be typed."""
    kind = values.dtype.kind
    if kind == "M":
        seconds = values.astype("datetime64[ms]").astype(np.float64) / 1000
        return ItemColumn(name, "date", np.where(np.isnat(values), np.nan, seconds))
    if kind == "b":
        return ItemColumn(name, "category", values.astype(np.int64), ("false", "true"))
    if kind in "uif":
        return typed_numbers(name, values)
    if kind == "S":
        return typed_cells(name, [cell.decode("utf-8", "replace") for cell in values.tolist()])
    return typed_cells(name, values.tolist()) if kind == "U" else None


def dates_of(name: str, cells: Shaped[np.ndarray, " n"]) -> ItemColumn | None:
    """A column of dates from trimmed text (N,), "" where a cell is missing, or from numbers; None where none is one."""
    given = cells if cells.dtype.kind == "f" else cells.tolist()
    try:
        form, findings = find_form(name, [given], Asked(), name)
    except DataError:
        return None
    seconds: Float[np.ndarray, " n"] = to_seconds(given, form.order)
    return ItemColumn(name, "date", seconds, remark=" ".join(finding.reason for finding in findings))
