"""The values of rows by column, for the row under the pointer of a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Float

from explorer.browser.latent_map.parts import RowColumn
from explorer.data.beside import ItemColumn
from explorer.io.contract import as_columns
from explorer.views import item_words
from explorer.views.items import CodedItems

MAX_NUMBERS = 2_000_000
"""Of all values together, which every browser gets: 16 MB. More are not sent, and the map says so."""
MAX_OWN = 40
"""Numbers of a vector without a model that has other columns beside it: of more, as of an embedding, none says much."""
NORMAL_QUARTILES = 1.349
"""Distance of the quartiles of a normal distribution, in standard deviations."""


def row_columns(items: CodedItems, beside: Mapping[str, ItemColumn]) -> tuple[RowColumn, ...]:
    """The columns of the shown items; none where there are too many values, see ``are_too_many``.

    Args:
        beside: columns beside the items, (n,) each. Text is no value of a row: it is what the item is called. Of
            vectors of more than ``MAX_OWN`` numbers without a model these stand in place of the numbers.
    """
    return () if are_too_many(items, beside) else tuple(_columns(items, beside))


def are_too_many(items: CodedItems, beside: Mapping[str, ItemColumn]) -> bool:
    """Whether the items have more values than a browser is sent."""
    own = items.dataset.event_shape[0] if has_own(items, beside) else 0
    return len(items.rows) * (own + len(beside)) > MAX_NUMBERS


def has_own(items: CodedItems, beside: Mapping[str, ItemColumn]) -> bool:
    """Whether a row is told by its own numbers: not those of a long vector with other columns beside it."""
    if items.is_image:
        return False
    are_few = items.dataset.event_shape[0] <= MAX_OWN
    return items.model is not None or are_few or all(one.kind == "text" for one in beside.values())


def _columns(items: CodedItems, beside: Mapping[str, ItemColumn]) -> Iterator[RowColumn]:
    if has_own(items, beside):
        x = np.asarray(items.x(), np.float64)
        for name, cells in as_columns(x, items.contract, item_words.column_names(items)).items():
            if isinstance(cells, np.ndarray):
                yield _numbers(name, cells)
            else:
                names, places = np.unique(np.array(cells, dtype=str), return_inverse=True)
                yield _category(name, places.astype(np.float64), tuple(names.tolist()))
    for name, column in beside.items():
        if column.kind == "category":
            yield _category(name, np.where(column.values < 0, np.nan, column.values), column.names)
        elif column.kind == "date":
            yield RowColumn(name=name, values=column.values, kind="date")
        elif column.kind == "number":
            yield _numbers(name, column.values)


def _numbers(name: str, values: Float[np.ndarray, " n"]) -> RowColumn:
    known = values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return RowColumn(name=name, values=values)
    low, middle, high = np.quantile(known, (0.25, 0.5, 0.75))
    spread = (high - low) / NORMAL_QUARTILES or known.std() or 1.0
    return RowColumn(name=name, values=values, middle=float(middle), spread=float(spread))


def _category(name: str, places: Float[np.ndarray, " n"], names: tuple[str, ...]) -> RowColumn:
    known = places[~np.isnan(places)].astype(np.int64)
    shares = np.bincount(known, minlength=len(names)) / max(1, len(known))
    return RowColumn(name=name, values=places, names=names, shares=tuple(shares.tolist()))
