"""Colours of the items on a map: one a class, or steps of a quantity."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Num

from explorer.core.palette import NORMAL, NOVEL, SEQUENTIAL, UNLABELLED, class_colours
from explorer.core.written import three_digits
from explorer.views.items import CodedItems


@dataclass(frozen=True, eq=False)
class Colouring:
    """Colours of the items: ``groups`` (n,) from 0 into ``names`` and ``palette``; None for one colour."""

    groups: Int[np.ndarray, " n"] | None
    names: tuple[str, ...]
    palette: tuple[str, ...]


def by_label(items: CodedItems) -> Colouring:
    """One colour a class; normal and novel in their own, where a model was trained on one class of two."""
    labels = items.labels()
    if labels is None:
        return Colouring(None, (), (UNLABELLED,))
    names = items.dataset.label_names
    palette = class_colours(range(len(names)))
    trained_on = () if items.model is None else items.model.card.recipe.data.classes
    if len(names) == 2 and len(trained_on) == 1 and trained_on[0] in names:
        palette = [NORMAL if name == trained_on[0] else NOVEL for name in names]
    if (labels < 0).any():
        labels = np.where(labels < 0, len(names), labels)
        names, palette = (*names, "not labelled"), [*palette, UNLABELLED]
    return Colouring(labels, tuple(names), tuple(palette))


def by_value(values: Num[np.ndarray, " n"]) -> Colouring:
    """Eight steps of colour with about as many items each, dark to light; the legend names their ranges."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, len(SEQUENTIAL) + 1)))
    if len(edges) < 2:
        return Colouring(None, (), (SEQUENTIAL[0],))
    groups = np.searchsorted(edges[1:-1], values, side="right")
    names = tuple(f"{three_digits(a)} to {three_digits(b)}" for a, b in itertools.pairwise(edges))
    return Colouring(groups, names, SEQUENTIAL)
