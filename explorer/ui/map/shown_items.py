"""The items that a page looks at, to choose one from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import numpy as np
from jaxtyping import Int

from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.item_choice import ItemsToChoose
from explorer.views import item_words


class Told(Sequence[str]):
    """Texts of items, each made when it is asked for: pages show a few of up to a million.

    Args:
        n: how many there are.
        text_of: the text at a place, from 0.
    """

    def __init__(self, n: int, text_of: Callable[[int], str]) -> None:
        self._n, self._text_of = n, text_of

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self._text_of(i) for i in range(*place.indices(self._n))]
        return self._text_of(range(self._n)[place])


class RowIds(Told):
    """Row numbers (n,) as the link writes them; one is looked up without writing the others."""

    def __init__(self, rows: Int[np.ndarray, " n"]) -> None:
        super().__init__(len(rows), lambda place: str(rows[place]))
        self._rows = rows

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and bool(len(self._places(text)))

    def index(self, text: str, start: int = 0, stop: int | None = None) -> int:
        """The place of a row number.

        Raises:
            ValueError: it is not there.
        """
        places = [place for place in self._places(text) if place in range(*slice(start, stop).indices(len(self)))]
        if not places:
            raise ValueError(f"{text} is none of the rows.")
        return int(places[0])

    def _places(self, text: str) -> Int[np.ndarray, " k"]:
        return np.flatnonzero(self._rows == int(text)) if text.isdecimal() and str(int(text)) == text else np.arange(0)


def items_of(context: MapContext, positions: Int[np.ndarray, " k"] | None = None) -> ItemsToChoose:
    """Shown items by their row in the dataset.

    Args:
        context: the choice in the sidebar.
        positions: (k,) which of the shown ones, in this order; None: pictures with every class in turn, rows in order.
    """
    if positions is None:
        positions = context.samples(len(context.rows)) if context.is_image else np.arange(len(context.rows))
    rows, dataset = context.rows[positions], context.dataset
    labels: Sequence[str] = []
    if (numbers := context.labels()) is not None and dataset.label_names:
        of_each, label_names = numbers[positions], dataset.label_names
        labels = Told(len(rows), lambda place: label_names[of_each[place]] if of_each[place] >= 0 else "")
    return ItemsToChoose(
        RowIds(rows),
        Told(len(rows), lambda place: item_words.row_title(context, int(rows[place]))),
        rows if dataset.item_numbers is None or not context.is_real else dataset.item_numbers[rows],
        (lambda shown: dataset.x[rows[shown]]) if context.is_image else None,
        labels,
    )
