"""What the filters show of a column beside the items: bars, and which of them each item falls into."""

from __future__ import annotations

import itertools

import numpy as np

from explorer.browser.filters.message import FilterColumn
from explorer.core.written import three_digits
from explorer.data.beside import ItemColumn
from explorer.data.beside.typed import date_in_words
from explorer.views.colouring import MISSING, scale_limits

BARS = 24
"""Of numbers and dates."""
DECADES = 3
MOST_VALUES = 60
"""Of a category; the rarer ones share a bar."""


def filter_column(name: str, column: ItemColumn) -> FilterColumn | None:
    """A column (N,) as bars; None for text, and where every item has the same value.

    Numbers and dates are cut into bars of one width, numbers above 0 that go over ``DECADES`` powers of ten into bars
    of one factor; where few values lie far out, these are in the first and the last.
    """
    missing = column.missing
    if column.kind == "text" or missing.all():
        return None
    bars, titles = _of_category(column) if column.kind == "category" else _of_numbers(column)
    if missing.any():
        bars, titles = np.where(missing, len(titles), bars), [*titles, MISSING]
    if len(titles) < 2:
        return None
    return FilterColumn(
        name=name, bars=bars, titles=titles, ordered=column.kind != "category", missing=bool(missing.any())
    )


def _of_category(column: ItemColumn) -> tuple[np.ndarray, list[str]]:
    counts = np.bincount(column.values[column.values >= 0], minlength=len(column.names))
    shown = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    shown = shown[counts[shown] > 0]
    if all(name.lstrip("-").isdecimal() for name in column.names):  # grades and clusters keep their order
        shown = np.sort(shown)
    place = np.full(len(column.names) + 1, len(shown))
    place[shown] = np.arange(len(shown))
    titles = [column.names[i] for i in shown.tolist()]
    others = int((counts > 0).sum()) - len(shown)
    return place[column.values], [*titles, f"{others:,} others"] if others else titles


def _of_numbers(column: ItemColumn) -> tuple[np.ndarray, list[str]]:
    known = column.values[~column.missing]
    if known.min() == known.max():
        return np.zeros(len(column.values), np.int64), [_write(column, float(known[0]))]
    if column.kind == "number" and known.min() > 0 and known.max() >= 10**DECADES * known.min():
        edges = np.exp(np.linspace(*scale_limits(np.log(known)), BARS + 1))
    else:
        edges = np.linspace(*scale_limits(known), BARS + 1)
    edges[0], edges[-1] = known.min(), known.max()
    titles = [f"{_write(column, a)} to {_write(column, b)}" for a, b in itertools.pairwise(edges.tolist())]
    return np.searchsorted(edges[1:-1], column.values, side="right"), titles


def _write(column: ItemColumn, value: float) -> str:
    return date_in_words(value) if column.kind == "date" else three_digits(value)
