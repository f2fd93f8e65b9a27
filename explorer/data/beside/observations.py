"""What an AnnData file says of its observations: the columns of ``obs``, and the places on its maps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Num

from explorer.data.annotated import X, dense_arrays, opened_annotated
from explorer.data.beside.typed import ItemColumn, typed_array, typed_categories, typed_cells
from explorer.data.cells import texts


def obs_columns(source: Path | bytes, name: str, numbers: Num[np.ndarray, " n"] | None) -> Iterator[ItemColumn]:
    """The columns of ``obs``, typed, and maps of two numbers from ``obsm``, each as two numbers.

    Args:
        numbers: (N,) of the kept items in the file, from 1; None: all are.

    Raises:
        DataError: as ``read_h5ad``.
    """
    with opened_annotated(source, name) as (file, read):
        table = read(file["obs"])
        maps = {
            key: np.asarray(read(file["obsm"][key]))
            for key, (_, size) in dense_arrays(file).items()
            if size == 2 and key != X
        }
    rows = np.arange(len(table)) if numbers is None else np.asarray(numbers) - 1
    for column in table.columns:
        if (typed := _typed(str(column), table[column].iloc[rows])) is not None:
            yield typed
    for key, places in maps.items():
        for axis in range(2):
            if (typed := typed_array(f"{key} {axis + 1}", places[rows, axis])) is not None:
                yield typed


def _typed(name: str, values: Any) -> ItemColumn | None:
    """A column of a data frame as what it holds."""
    kind = values.dtype
    if kind.name == "category":
        cells = ["" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]
        typed = typed_cells(name, cells)  # AnnData makes text that comes again categories, dates too
        return typed if typed is None or typed.kind == "date" else typed_categories(name, texts(cells))
    if kind.name in ("bool", "boolean"):
        codes = np.array([-1 if missing else int(value) for value, missing in zip(values, values.isna(), strict=True)])
        return ItemColumn(name, "category", codes, ("false", "true"))
    if kind.kind in "uif" or kind.name.lower().startswith(("int", "uint", "float")):
        return typed_array(name, values.to_numpy(np.float64, na_value=np.nan))
    return typed_cells(name, ["" if missing else str(v) for v, missing in zip(values, values.isna(), strict=True)])
