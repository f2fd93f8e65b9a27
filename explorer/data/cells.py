"""Cells of one column as numbers and as text, whichever of the two they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float, Int, Shaped

from explorer.io.tables import numbers as reading
from explorer.io.tables.columns import Cells, as_text
from explorer.io.tables.numbers import MISSING, MOSTLY
from explorer.io.tables.roles import as_label_text


def cell_numbers(cells: list[str]) -> Float[np.ndarray, " n"] | None:
    """(n,) float64 of one column's cells with NaN where a cell is missing; None where the cells are text."""
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


def as_written(cells: Cells) -> list[str]:
    """(n,) cells as text; numbers of an array as short as they can be read back."""
    return as_text(cells) if isinstance(cells, np.ndarray) else cells


def as_array(cells: Cells, kind: pa.DataType | None = None) -> pa.Array:
    """(n,) cells of one column as an array of Arrow: numbers of that kind, or else text; null where one is missing."""
    if isinstance(cells, np.ndarray):
        return pc.cast(pa.array(cells, from_pandas=True), kind or pa.float64())
    return pa.array([cell or None for cell in cells], pa.string())


def pick(values: Cells, rows: Int[np.ndarray, " n"]) -> Cells:
    """Some rows (n,) of a column's cells."""
    return values[rows] if isinstance(values, np.ndarray) else [values[i] for i in rows.tolist()]
