"""Items to choose from: their texts are made when they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.map.shown_items import RowIds, Told


def test_a_text_is_made_when_it_is_asked_for() -> None:
    asked: list[int] = []
    told = Told(1_000_000, lambda place: str(asked.append(place) or place))
    assert (told[3], told[-1], told[5:7]) == ("3", "999999", ["5", "6"])
    assert asked == [3, 999_999, 5, 6]
    with pytest.raises(IndexError):
        told[1_000_000]


def test_row_numbers_are_looked_up_as_in_a_list() -> None:
    rows = np.array([4, 7, 19])
    ids, expected = RowIds(rows), ["4", "7", "19"]
    assert list(ids) == expected
    for text in [*expected, "5", "07", "", "x", "data~7"]:
        assert (text in ids) == (text in expected)
    assert [ids.index(text) for text in expected] == [0, 1, 2]
    with pytest.raises(ValueError, match="none of the rows"):
        ids.index("5")
