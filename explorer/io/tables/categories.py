"""Categories as numbers that a model can learn from: a column for each value, and one for any other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from jaxtyping import Float, Shaped

OTHER = "(another value)"
"""A value that none of the rows has that were learnt from."""
EQUALS = " = "
MISSING = "(missing)"
"""What an empty cell is called, where some of the rows that were learnt from have one."""
MAX_VALUES = 1000
"""More different values than this are no category, whatever is said: each would be a column."""


def coded_names(column: str, values: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of numbers that a category becomes, such as "kind = red"."""
    return tuple(f"{column}{EQUALS}{value or MISSING}" for value in (*values, OTHER))


def sorted_values(values: Collection[str]) -> tuple[str, ...]:
    """Values in an order that does not depend on that of the rows: whole numbers by size, text by its letters."""
    if values and all(value.lstrip("+-").isdecimal() for value in values):
        return tuple(sorted(values, key=lambda value: (int(value), value)))
    return tuple(sorted(values))


def coded(cells: Shaped[np.ndarray, " n"], values: Sequence[str]) -> Float[np.ndarray, "n k"]:
    """Cells of text as numbers.

    Args:
        cells: (n,) text; empty where a value is missing.
        values: those that are known; "" among them where a missing cell is one of them.

    Returns:
        (n, len(values) + 1) float64: 1 at the cell's value, in the last column where it is not known; NaN where the
        cell is missing and that is none of the values.
    """
    place = {value: i for i, value in enumerate(values)}
    codes = np.array([place.get(cell, len(values)) for cell in cells.tolist()], np.int64)
    columns = np.eye(len(values) + 1)[codes]
    if "" not in place:
        columns[cells == ""] = np.nan
    return columns


def likeliest(columns: Float[np.ndarray, "n k"], values: Sequence[str]) -> list[str]:
    """The way back, also from a model's guesses: (n,) the value of the largest number, empty where it is missing."""
    names = (*values, OTHER)
    return ["" if np.isnan(row).any() else names[int(row.argmax())] for row in columns]
