"""Colours of the items on a map: one a class, or steps of a quantity."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.palette import CLASS_COLOURS, DIVERGING, NORMAL, NOVEL, SEQUENTIAL, UNLABELLED, class_colours
from explorer.core.written import three_digits
from explorer.data.beside import ItemColumn
from explorer.data.beside.typed import date_in_words
from explorer.views.items import CodedItems

ColourScale = Literal["even counts", "linear", "logarithmic", "diverging"]
COLOUR_SCALES: tuple[ColourScale, ...] = get_args(ColourScale)
LIMITS = (0.01, 0.99)
"""Quantiles between which an even scale runs, where what lies beyond would leave the rest one colour."""
FAR = 3.0
"""What lies beyond is left out of the scale where it would make it so many times as long."""
MOST_CLASSES = 40
"""Categories with colours of their own; the rarer ones share one."""
OTHERS = CLASS_COLOURS[8]
MISSING = "missing"


@dataclass(frozen=True, eq=False)
class Colouring:
    """Colours of the items: ``groups`` (n,) from 0 into ``names`` and ``palette``; None for one colour.

    Args:
        note: of what the scale is, and what has no place on it; empty: the names say it.
        kinds: so many of the names, the first, are kinds of items that can be named on a map; 0: they are steps.
        kinds_written: whether they are at first.
    """

    groups: Int[np.ndarray, " n"] | None
    names: tuple[str, ...]
    palette: tuple[str, ...]
    note: str = ""
    kinds: int = 0
    kinds_written: bool = False


def by_label(items: CodedItems) -> Colouring:
    """One colour a class; normal and novel in their own, where a model was trained on one class of two."""
    labels = items.labels()
    if labels is None:
        return Colouring(None, (), (UNLABELLED,))
    names = items.dataset.label_names
    kinds = len(names)
    palette = class_colours(range(len(names)))
    trained_on = () if items.model is None else items.model.card.recipe.data.classes
    if len(names) == 2 and len(trained_on) == 1 and trained_on[0] in names:
        palette = [NORMAL if name == trained_on[0] else NOVEL for name in names]
    if (labels < 0).any():
        labels = np.where(labels < 0, len(names), labels)
        names, palette = (*names, "not labelled"), [*palette, UNLABELLED]
    return Colouring(labels, tuple(names), tuple(palette), kinds=kinds)


def by_column(column: ItemColumn, scale: ColourScale = "even counts") -> Colouring:
    """Colours by a column (n,) beside the shown items: a colour a category, steps of numbers and dates."""
    if column.kind == "category":
        return _by_category(column)
    if column.kind == "text":
        return Colouring(None, (), (UNLABELLED,), "Text has no colours: search in it.")
    write = date_in_words if column.kind == "date" else three_digits
    return by_value(column.values, scale, write)


def _by_category(column: ItemColumn) -> Colouring:
    counts = np.bincount(column.values[column.values >= 0], minlength=len(column.names))
    shown = np.sort(np.argsort(-counts, kind="stable")[:MOST_CLASSES])
    names, palette = [column.names[i] for i in shown.tolist()], class_colours(range(len(shown)))
    place = np.full(len(column.names) + 1, len(shown))  # the last is what is missing, at -1, and gets a group below
    place[shown] = np.arange(len(shown))
    note = ""
    if len(shown) < len(column.names):
        others = len(column.names) - len(shown)
        names, palette = [*names, f"{others:,} others"], [*palette, OTHERS]
        note = f"The {MOST_CLASSES} commonest values of {len(column.names):,} have colours of their own."
    groups = place[column.values]
    return _with_missing(Colouring(groups, tuple(names), tuple(palette), note, len(shown)), column.missing)


def by_value(
    values: Num[np.ndarray, " n"],
    scale: ColourScale = "even counts",
    write: Callable[[float], str] = three_digits,
) -> Colouring:
    """Eight steps of colour, dark to light; the legend names their ranges, and what is missing.

    Args:
        values: NaN where an item has none.
        scale: ``even counts``: about as many items a step; ``linear`` and ``logarithmic``: steps as wide as one
            another, between the values that hold 98 % where some lie far beyond; ``diverging``: purple below and green
            above a middle, 0 where values lie on both sides of it, else the median.
        write: a value in words.
    """
    numbers = np.asarray(values, np.float64)
    is_known = np.isfinite(numbers)
    on_scale = is_known & (numbers > 0) if scale == "logarithmic" else is_known
    if not on_scale.any():
        nothing = (
            "No value is above 0, so there is no logarithmic scale." if is_known.any() else "Every value is missing."
        )
        return Colouring(None, (), (UNLABELLED,), nothing)
    edges, note = _edges(numbers[on_scale], scale, write)
    palette = DIVERGING if scale == "diverging" else SEQUENTIAL
    if len(edges) < 2:
        colours = Colouring(np.zeros(len(numbers), np.int64), (write(float(edges[0])),), (palette[0],), note)
        plain = Colouring(None, (), (palette[0],), note)
        return plain if on_scale.all() else _with_missing(colours, ~on_scale)
    low, high = float(numbers[on_scale].min()), float(numbers[on_scale].max())
    # Ends that lie within the values are open; they are named as such.
    names = [f"{write(a)} to {write(b)}" for a, b in itertools.pairwise(edges.tolist())]
    names[0] = f"up to {write(float(edges[1]))}" if low < edges[0] and len(names) > 1 else names[0]
    names[-1] = f"from {write(float(edges[-2]))}" if high > edges[-1] and len(names) > 1 else names[-1]
    groups = np.searchsorted(edges[1:-1], numbers, side="right")
    colours = Colouring(groups, tuple(names), palette[: len(names)], note)
    if scale == "logarithmic" and (is_known & ~on_scale).any():
        colours = _with_group(colours, is_known & ~on_scale, "0 or below", CLASS_COLOURS[9])
    return _with_missing(colours, ~is_known)


def _edges(known: np.ndarray, scale: ColourScale, write: Callable[[float], str]) -> tuple[np.ndarray, str]:
    """Ends of the steps of a scale over known values, rising, and what it is in words."""
    n = len(SEQUENTIAL)
    if scale == "even counts":
        return np.unique(np.quantile(known, np.linspace(0, 1, n + 1))), ""
    if known.min() == known.max():
        return known[:1], ""
    if scale == "diverging":
        middle = 0.0 if known.min() < 0 < known.max() else float(np.median(known))
        _, limit = scale_limits(np.abs(known - middle))
        edges = middle + limit * np.linspace(-1, 1, n + 1)
        return edges, f"Diverging from {write(middle)}, even to {write(limit)} on both sides{_beyond(known, edges)}."
    if scale == "logarithmic":
        low, high = np.exp(scale_limits(np.log(known)))
        edges = np.geomspace(low, high, n + 1)
    else:
        low, high = scale_limits(known)
        edges = np.linspace(low, high, n + 1)
    return edges, f"{scale.capitalize()} from {write(float(low))} to {write(float(high))}{_beyond(known, edges)}."


def scale_limits(known: Float[np.ndarray, " n"]) -> tuple[float, float]:
    """Where a scale begins and ends: at the least and the greatest value, or where the few that lie far out begin."""
    low, high = np.quantile(known, LIMITS)
    least, greatest = float(known.min()), float(known.max())
    if high > low and greatest - least > FAR * (high - low):
        return float(low), float(high)
    return least, greatest


def _beyond(known: np.ndarray, edges: np.ndarray) -> str:
    n = int(((known < edges[0]) | (known > edges[-1])).sum())
    return f"; {n:,} items beyond have the colour of their end" if n else ""


def _with_missing(colours: Colouring, missing: np.ndarray) -> Colouring:
    """The same colours, items without a value in grey and named so."""
    if not missing.any():
        return colours
    return _with_group(colours, missing, f"{MISSING} ({int(missing.sum()):,})", UNLABELLED)


def _with_group(colours: Colouring, chosen: Float[np.ndarray, " n"] | np.ndarray, name: str, colour: str) -> Colouring:
    assert colours.groups is not None  # noqa: S101 (the caller has made them)
    groups = np.where(chosen, len(colours.names), colours.groups)
    return replace(colours, groups=groups, names=(*colours.names, name), palette=(*colours.palette, colour))
