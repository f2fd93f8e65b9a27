"""How an item is found by what is typed."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.widgets.item_choice import ItemsToChoose

ROWS = ItemsToChoose(
    ("30", "1077", "5"), ["row 30", "row 1,077", "row 5"], np.array([30, 1077, 5]), None, ["cat", "dog", "catfish"]
)
FILES = ItemsToChoose(("0", "1", "2"), ["a/77 x.png", "b.png", "a.png"], np.array([1, 2, 3]), None)


@pytest.mark.parametrize(
    ("items", "typed", "place"),
    [
        (ROWS, "5", 2),
        (ROWS, "row 1077", 1),
        (ROWS, " Row 1,077 ", 1),
        (ROWS, "1,077", 1),
        (ROWS, "dog", 1),
        (ROWS, "cat", 0),
        (ROWS, "77", 1),
        (ROWS, "6", 0),
        (ROWS, "2000", None),
        (ROWS, "bird", None),
        (ROWS, "", None),
        (FILES, "77", 0),
        (FILES, "2", 1),
        (FILES, "A.PNG", 2),
    ],
)
def test_an_item_is_found_by_number_name_or_label(items: ItemsToChoose, typed: str, place: int | None) -> None:
    assert items.find(typed) == place
